"""Documents of other houses, in the DMP before the first deposit: something to read.

From the cast (`amarre.cast.dmp_history`), written here as a house would have sent them: a CDA whose body is
sections, or a PDF; metadata as the registry keeps them. They are not deposits: nothing judged them.
"""

from __future__ import annotations

import base64
import datetime
from collections.abc import Iterable

from lxml import etree

from amarre.cast import CastUsager, usager
from amarre.cast.dmp_history import HISTORY, PastAuthor, PastDocument, PastSection, PastTable
from amarre.interop.common.xml import default_namespace
from amarre.sandbox.services.dmp import metadata
from amarre.sandbox.services.dmp.metadata import RIM, RegistryObject, read_object
from amarre.sandbox.services.dmp.registry import ARCHIVED, NewDocument, Registry

CDA = "urn:hl7-org:v3"
# Arc of these documents under a UUID-derived OID of the sandbox, and the name of their submission set.
ROOT = "2.25.291820351847205913.900"
SET = f"{ROOT}.1"
_PERSONS, _STRUCTURES = "1.2.250.1.71.4.2.1", "1.2.250.1.71.4.2.2"
_LOINC, _TYPES = "2.16.840.1.113883.6.1", "1.2.250.1.213.1.1.4.12"
_CLASSES, _CONFIDENTIALITY = "1.2.250.1.213.1.1.4.1", "2.16.840.1.113883.5.25"
_FACILITIES, _SETTINGS = "1.2.250.1.71.4.2.4", "1.2.250.1.213.1.1.4.9"
_TEMPLATES = ("2.16.840.1.113883.2.8.2.1", "1.2.250.1.213.1.1.1.1")
_UNSTRUCTURED = ("1.3.6.1.4.1.19376.1.2.20",)
_HIDDEN = "1.2.250.1.213.1.1.4.13"
_SEX = {"F": "Féminin", "M": "Masculin"}


def _made(namespace: str, tag: str, children: Iterable[etree._Element | str], **names: str) -> etree._Element:
    element = etree.Element(f"{{{namespace}}}{tag}", attrib=names, nsmap=default_namespace(namespace))
    for child in children:
        if isinstance(child, str):
            element.text = child
        else:
            element.append(child)
    return element


def _c(tag: str, *children: etree._Element | str, **names: str) -> etree._Element:
    return _made(CDA, tag, children, **names)


def _r(tag: str, *children: etree._Element | str, **names: str) -> etree._Element:
    return _made(RIM, tag, children, **names)


def fill(registry: Registry, now: datetime.datetime) -> None:
    """Put the documents in the registry, once for a store."""
    if not registry.first_time("history", "filled"):
        return
    for number, document in enumerate(HISTORY, start=1):
        put(registry, document, number, now)


def put(
    registry: Registry, document: PastDocument, number: int, now: datetime.datetime, data: bytes = b""
) -> str:
    """Put one document in the registry under `number`, its own bytes or `data`; return its uniqueId."""
    at = now - datetime.timedelta(days=document.days_ago)
    person = usager(document.usager)
    content = data or clinical_document(document, person, number, at)
    item = NewDocument(_entry(document, person, number, at), content)
    (entry,) = registry.register(_lot(number), [item], structure=document.author.structure, now=at)
    if document.archived:
        registry.change_status(entry, ARCHIVED)
    return entry.unique_id


def is_history(submission_set: str) -> bool:
    """Tell whether a submission set is one of these."""
    return submission_set.startswith(f"{SET}.")


def clinical_document(
    document: PastDocument, person: CastUsager, number: int, at: datetime.datetime
) -> bytes:
    """Return the CDA of a document (CI-SIS, Structuration minimale)."""
    when = at.strftime("%Y%m%d%H%M%S+0000")
    author = document.author
    code, label = document.kind
    system = _LOINC if code[0].isdigit() else _TYPES
    root = _c("ClinicalDocument",
        _c("realmCode", code="FR"),
        _c("typeId", root="2.16.840.1.113883.1.3", extension="POCD_HD000040"),
        *(_c("templateId", root=oid) for oid in _TEMPLATES + _UNSTRUCTURED * document.as_file),
        _c("id", root=f"{ROOT}.2.{number}"),
        _c("code", code=code, displayName=label, codeSystem=system),
        _c("title", document.title),
        _c("effectiveTime", value=when),
        _c("confidentialityCode", code="N", displayName="Normal", codeSystem=_CONFIDENTIALITY),
        _c("languageCode", code="fr-FR"),
        _c("setId", root=f"{ROOT}.3.{number}"),
        _c("versionNumber", value="1"),
        _patient(person),
        _c("author", _c("time", value=when), _professional("assignedAuthor", author)),
        _c("custodian",
            _c("assignedCustodian",
                _c("representedCustodianOrganization",
                    _c("id", root=_STRUCTURES, extension=author.structure), _c("name", author.structure_name),
                    _c("telecom", nullFlavor="NASK"), _c("addr", nullFlavor="NASK"),
                )
            )
        ),
        _c("legalAuthenticator",
            _c("time", value=when), _c("signatureCode", code="S"), _professional("assignedEntity", author)
        ),
        _c("documentationOf",
            _c("serviceEvent",
                _c("effectiveTime", _c("low", value=when)),
                _c("performer", _professional("assignedEntity", author, setting=True), typeCode="PRF"),
            )
        ),
        _c("componentOf",
            _c("encompassingEncounter",
                _c("effectiveTime", _c("low", value=at.strftime("%Y%m%d"))),
                _c("location",
                    _c("healthCareFacility",
                        _c("code",
                            code=author.facility[0], displayName=author.facility[1], codeSystem=_FACILITIES
                        )
                    )
                ),
            )
        ),
        _c("component", _body(document, person, at)),
    )  # fmt: skip
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8"))


def _patient(person: CastUsager) -> etree._Element:
    given = [_c("given", person.prenoms), _c("given", person.premier_prenom, qualifier="BR")]
    return _c(
        "recordTarget",
        _c(
            "patientRole",
            _c("id", root=person.ins_oid, extension=person.matricule + person.cle),
            _c("addr", nullFlavor="NASK"),
            _c("telecom", nullFlavor="NASK"),
            _c(
                "patient",
                _c("name", _c("family", person.nom_naissance, qualifier="BR"), *given),
                _c(
                    "administrativeGenderCode",
                    code=person.sexe,
                    displayName=_SEX[person.sexe],
                    codeSystem="2.16.840.1.113883.5.1",
                ),
                _c("birthTime", value=person.date_naissance.replace("-", "")),
                _c("birthplace", _c("place", _c("addr", _c("county", person.lieu_naissance)))),
            ),
        ),
    )


def _professional(tag: str, who: PastAuthor, *, setting: bool = False) -> etree._Element:
    code, label, system = who.specialty
    organization = _c(
        "representedOrganization",
        _c("id", root=_STRUCTURES, extension=who.structure),
        _c("name", who.structure_name),
    )
    if setting:
        organization.append(
            _c(
                "standardIndustryClassCode",
                code=who.setting[0],
                displayName=who.setting[1],
                codeSystem=_SETTINGS,
            )
        )
    return _c(
        tag,
        _c("id", root=_PERSONS, extension=who.identifier),
        _c("code", code=code, displayName=label, codeSystem=system),
        _c("addr", nullFlavor="NASK"),
        _c("telecom", nullFlavor="NASK"),
        _c("assignedPerson", _c("name", _c("family", who.family_name), _c("given", who.given_name))),
        organization,
    )


def _body(document: PastDocument, person: CastUsager, at: datetime.datetime) -> etree._Element:
    if document.as_file:
        text = base64.b64encode(_pdf(_lines(document, person, at))).decode()
        return _c("nonXMLBody", _c("text", text, mediaType="application/pdf", representation="B64"))
    return _c("structuredBody", *(_c("component", _section(item)) for item in document.sections))


def _section(section: PastSection) -> etree._Element:
    text = _c("text", *(_c("paragraph", words) for words in section.paragraphs))
    if section.table is not None:
        text.append(_table(section.table))
    return _c(
        "section",
        _c("code", code=section.code, displayName=section.title, codeSystem=_LOINC),
        _c("title", section.title),
        text,
    )


def _table(table: PastTable) -> etree._Element:
    return _c(
        "table",
        _c("thead", _c("tr", *(_c("th", words) for words in table.head))),
        _c("tbody", *(_c("tr", *(_c("td", words) for words in row)) for row in table.rows)),
    )


def _lines(document: PastDocument, person: CastUsager, at: datetime.datetime) -> list[str]:
    """Return the words of a document as lines of text."""
    author = document.author
    lines = [
        author.structure_name,
        f"{author.given_name} {author.family_name}, {author.specialty[1]}",
        f"Le {at.strftime('%d/%m/%Y')}",
        "",
        document.title,
        f"{person.nom_naissance} {person.prenoms}, le {person.date_naissance}",
        "",
    ]
    for section in document.sections:
        lines += [section.title, *section.paragraphs]
        rows: Iterable[tuple[str, ...]] = section.table.rows if section.table else ()
        lines += [" : ".join(row) for row in rows]
        lines.append("")
    return lines


def _pdf(lines: list[str]) -> bytes:
    """Return one page of text as a PDF (ISO 32000-1, standard font Helvetica, WinAnsi)."""
    shown = "\n".join(f"({_escaped(line)}) Tj T*" for line in lines)
    stream = f"BT /F1 11 Tf 16 TL 60 780 Td\n{shown}\nET".encode("cp1252", "replace")
    font = b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>"
    page = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>"
    objects = (
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        page,
        b"<</Length %d>>stream\n%b\nendstream" % (len(stream), stream),
        font,
    )
    data, offsets = b"%PDF-1.4\n", []
    for number, content in enumerate(objects, start=1):
        offsets.append(len(data))
        data += b"%d 0 obj%b endobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    size = len(objects) + 1
    return data + (
        b"xref\n0 %d\n0000000000 65535 f \n%btrailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n"
        % (size, table, size, len(data))
    )


def _escaped(line: str) -> str:
    return line.replace("\\", "\\\\").replace("(", "\\(").replace(")", "\\)")


def _entry(document: PastDocument, person: CastUsager, number: int, at: datetime.datetime) -> RegistryObject:
    """Return the metadata as the registry receives them."""
    author = document.author
    cx = f"{person.matricule}{person.cle}^^^&{person.ins_oid}&ISO^NH"
    instant = at.strftime("%Y%m%d%H%M%S")
    identifier = f"history-{number}"
    code, label = document.kind
    element = _r(
        "ExtrinsicObject",
        *(
            _slot(name, value)
            for name, value in (
                ("creationTime", instant),
                ("serviceStartTime", instant),
                ("languageCode", "fr-FR"),
                ("sourcePatientId", cx),
                ("legalAuthenticator", _xcn(author)),
            )
        ),
        _r("Name", _r("LocalizedString", value=document.title)),
        _author(identifier, document, person),
        _coded(identifier, metadata.CLASS, *document.group, _CLASSES),
        _coded(identifier, metadata.TYPE, code, label, _LOINC if code[0].isdigit() else _TYPES),
        _coded(identifier, metadata.CONFIDENTIALITY, "N", "Normal", _CONFIDENTIALITY),
        *(_coded(identifier, metadata.CONFIDENTIALITY, one, one, _HIDDEN) for one in document.hidden),
        _coded(identifier, metadata.FORMAT, *_format(document)),
        _coded(identifier, metadata.FACILITY, *author.facility, _FACILITIES),
        _coded(identifier, metadata.PRACTICE, *author.setting, _SETTINGS),
        _external(identifier, metadata.ENTRY_PATIENT, cx),
        _external(identifier, metadata.ENTRY_UNIQUE, f"{ROOT}.2.{number}"),
        id=identifier,
        mimeType="text/xml",
        objectType=metadata.ENTRY_TYPE,
    )
    return read_object(element)


def _lot(number: int) -> RegistryObject:
    package = _r(
        "RegistryPackage",
        _external(f"lot-{number}", metadata.SET_UNIQUE, f"{SET}.{number}"),
        id=f"lot-{number}",
    )
    return read_object(package)


def _format(document: PastDocument) -> tuple[str, str, str]:
    if document.as_file:
        label = "Document à corps non structuré en Pdf/A-1"
        return "urn:ihe:iti:xds-sd:pdf:2008", label, "1.3.6.1.4.1.19376.1.2.3"
    label = "Document non référencé IHE ou CI-SIS"
    return "urn:asipSante:modelesHorsProfils:2011", label, "1.2.250.1.213.1.1.4.2.282"


def _slot(name: str, *values: str) -> etree._Element:
    return _r("Slot", _r("ValueList", *(_r("Value", value) for value in values)), name=name)


def _coded(owner: str, scheme: str, code: str, label: str, system: str) -> etree._Element:
    return _r(
        "Classification",
        _slot("codingScheme", system),
        _r("Name", _r("LocalizedString", value=label)),
        classificationScheme=scheme,
        classifiedObject=owner,
        nodeRepresentation=code,
        id=f"{owner}-{scheme[-12:]}-{code}",
    )


def _author(owner: str, document: PastDocument, person: CastUsager) -> etree._Element:
    who = document.author
    if document.by_patient:
        name = (
            f"{person.matricule}{person.cle}^{person.nom_naissance}^{person.premier_prenom}"
            f"^^^^^^&{person.ins_oid}&ISO^D^^^NH"
        )
        slots = [_slot("authorPerson", name)]
    else:
        code, label, system = who.specialty
        slots = [
            _slot("authorPerson", _xcn(who)),
            _slot("authorSpecialty", f"{code}^{label}^{system}"),
            _slot(
                "authorInstitution",
                f"{who.structure_name}^^^^^&{_STRUCTURES}&ISO^IDNST^^^{who.structure}",
            ),
        ]
    return _r("Classification",
        *slots, classificationScheme=metadata.AUTHOR, classifiedObject=owner, nodeRepresentation="",
        id=f"{owner}-author",
    )  # fmt: skip


def _external(owner: str, scheme: str, value: str) -> etree._Element:
    return _r(
        "ExternalIdentifier",
        identificationScheme=scheme,
        registryObject=owner,
        value=value,
        id=f"{owner}-{scheme[-12:]}",
    )


def _xcn(who: PastAuthor) -> str:
    return f"{who.identifier}^{who.family_name}^{who.given_name}^^^^^^&{_PERSONS}&ISO^D^^^IDNPS"
