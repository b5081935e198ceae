"""Faults put into our documents, each of which must be refused: what our rules are proved against.

`faults()` is seeded: the same list each time. A header fault goes into the ordinary document and into one
structured document drawn by chance; a body fault goes into each place it can be put in, some drawn by chance.
The official suite judges the same list (`make conformance`), which tells what it misses.
"""

from __future__ import annotations

import base64
import functools
import random
from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml import etree

from amarre.interop import cda
from amarre.interop.cda import structured as n3
from amarre.interop.cda.rules.structured.entries import entry_templates
from amarre.interop.terminology import ValueSetId
from tests.interop.cda.documents import NOW, PDF, ROOT, document, identity
from tests.interop.cda.mutations import (
    NS,
    V3,
    Mutation,
    body,
    code,
    copy_of,
    insert,
    one,
    put,
    remove,
    swap,
    text,
)
from tests.interop.cda.structured_documents import full, structured

SEED = 20261120
XSI_TYPE = "{http://www.w3.org/2001/XMLSchema-instance}type"
N1 = "N1"

ROLE = "h:recordTarget/h:patientRole"
PATIENT = f"{ROLE}/h:patient"
AUTHOR = "h:author/h:assignedAuthor"
SIGNER = "h:legalAuthenticator/h:assignedEntity"
EVENT = "h:documentationOf/h:serviceEvent"
STAY = "h:componentOf/h:encompassingEncounter"
KEEPER = "h:custodian/h:assignedCustodian/h:representedCustodianOrganization"


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault in one document. `base`: N1, or the name of a structured model."""

    name: str
    base: str
    mutation: Mutation = field(repr=False)

    def document(self) -> bytes:
        """Return the faulty document."""
        root = etree.fromstring(original(self.base))
        self.mutation(root)
        return etree.tostring(root, encoding="UTF-8", xml_declaration=True)


@functools.cache
def original(base: str) -> bytes:
    """Return the sound document."""
    if base == N1:
        return cda.encode(document())
    model = next(item for item in n3.MODELS if item.name == base)
    return cda.encode(structured(full(model)))


def context() -> cda.CheckContext:
    """What our rules know when a document is about to leave."""
    return cda.CheckContext(
        target=cda.Target.DMP,
        now=NOW,
        root_oid=ROOT,
        structure_id="1290099993",
        identity=identity(),
        max_body_bytes=100_000,
    )


HEADER: dict[str, Mutation] = {
    "pays absent": remove("h:realmCode"),
    "autre pays": put("h:realmCode", "code", "US"),
    "type technique absent": remove("h:typeId"),
    "type technique faux": put("h:typeId", "extension", "POCD_HD000041"),
    "modèle HL7 France absent": remove("h:templateId[@root='2.16.840.1.113883.2.8.2.1']"),
    "modèle CI-SIS absent": remove("h:templateId[@root='1.2.250.1.213.1.1.1.1']"),
    "identifiant absent": remove("h:id"),
    "identifiant avec extension": put("h:id", "extension", "7"),
    "identifiant qui n'est pas un OID": put("h:id", "root", "document-7"),
    "OID avec zéro en tête": put("h:id", "root", f"{ROOT}.7.094512"),
    "OID trop long": put("h:id", "root", f"{ROOT}.{'1' * 60}"),
    "OID d'un autre": put("h:id", "root", "1.2.250.1.888.7"),
    "type absent": remove("h:code"),
    "type inconnu": put("h:code", "code", "00000-0"),
    "type hors du DMP": code("h:code", ValueSetId.TYPE_CODE, "51851-4"),
    "libellé du type": put("h:code", "displayName", "Document"),
    "système du type": put("h:code", "codeSystem", "1.2.3"),
    "titre absent": remove("h:title"),
    "titre vide": text("h:title", ""),
    "titre trop long": text("h:title", "x" * 200),
    "titre noté absent": put("h:title", "nullFlavor", "UNK"),
    "date de création absente": remove("h:effectiveTime"),
    "date de création sans décalage": put("h:effectiveTime", "value", "20260314104512"),
    "date de création au jour": put("h:effectiveTime", "value", "20260314"),
    "date de création impossible": put("h:effectiveTime", "value", "hier"),
    "date de création future": put("h:effectiveTime", "value", "20290314104512+0100"),
    "confidentialité absente": remove("h:confidentialityCode"),
    "confidentialité hors liste": put("h:confidentialityCode", "code", "L"),
    "confidentialité d'un autre système": put("h:confidentialityCode", "codeSystem", "1.2.3"),
    "langue absente": remove("h:languageCode"),
    "langue anglaise": put("h:languageCode", "code", "en-US"),
    "langue notée absente": put("h:languageCode", "nullFlavor", "UNK"),
    "famille de versions absente": remove("h:setId"),
    "famille qui n'est pas un OID": put("h:setId", "root", "famille"),
    "famille d'un autre": put("h:setId", "root", "1.2.250.1.888.9"),
    "version absente": remove("h:versionNumber"),
    "version zéro": put("h:versionNumber", "value", "0"),
    "version en lettres": put("h:versionNumber", "value", "v1"),
    "version 2 sans la première": put("h:versionNumber", "value", "2"),
    "première version qui remplace": insert(".", '<relatedDocument typeCode="RPLC"/>'),
    "complément interdit": insert(".", '<relatedDocument typeCode="APND"/>'),
    "personne absente": remove("h:recordTarget"),
    "personne deux fois": copy_of("h:recordTarget"),
    "sans identifiant": remove(f"{ROLE}/h:id[1]"),
    "OID de l'INS faux": put(f"{ROLE}/h:id[1]", "root", "1.2.250.1.213.1.4.2"),
    "matricule tronqué": put(f"{ROLE}/h:id[1]", "extension", "28410291510"),
    "matricule d'un autre": put(f"{ROLE}/h:id[1]", "extension", "284102915104337"),
    "NIR de facturation": put(f"{ROLE}/h:id[1]", "root", "1.2.250.1.213.1.4.13"),
    "nom absent": remove(f"{PATIENT}/h:name"),
    "nom de naissance absent": remove(f"{PATIENT}/h:name/h:family[@qualifier='BR']"),
    "nom mal qualifié": put(f"{PATIENT}/h:name/h:family[@qualifier='CL']", "qualifier", "SP"),
    "nom d'un autre": text(f"{PATIENT}/h:name/h:family[@qualifier='BR']", "DURAND"),
    "prénoms absents": remove(f"{PATIENT}/h:name/h:given[not(@qualifier)]"),
    "premier prénom absent": remove(f"{PATIENT}/h:name/h:given[@qualifier='BR']"),
    "prénoms d'un autre": text(f"{PATIENT}/h:name/h:given[not(@qualifier)]", "PAUL"),
    "sexe absent": remove(f"{PATIENT}/h:administrativeGenderCode"),
    "sexe hors liste": put(f"{PATIENT}/h:administrativeGenderCode", "code", "X"),
    "sexe d'un autre": put(f"{PATIENT}/h:administrativeGenderCode", "code", "M"),
    "naissance absente": remove(f"{PATIENT}/h:birthTime"),
    "naissance d'un autre": put(f"{PATIENT}/h:birthTime", "value", "19841013"),
    "naissance illisible": put(f"{PATIENT}/h:birthTime", "value", "12/10/1984"),
    "lieu de naissance absent": remove(f"{PATIENT}/h:birthplace"),
    "lieu de naissance en lettres": text(f"{PATIENT}//h:county", "Morlaix"),
    "lieu de naissance d'un autre": text(f"{PATIENT}//h:county", "29019"),
    "origine ethnique": insert(PATIENT, '<ethnicGroupCode code="x"/>'),
    "religion": insert(PATIENT, '<religiousAffiliationCode code="x"/>'),
    "auteur absent": remove("h:author"),
    "date de l'auteur absente": remove("h:author/h:time"),
    "date de l'auteur sans décalage": put("h:author/h:time", "value", "20260314104512"),
    "date de l'auteur future": put("h:author/h:time", "value", "20290314104512+0100"),
    "identifiant de l'auteur absent": remove(f"{AUTHOR}/h:id"),
    "RPPS sans son préfixe": put(f"{AUTHOR}/h:id", "extension", "99700000013"),
    "identifiant de l'auteur noté absent": put(f"{AUTHOR}/h:id", "nullFlavor", "UNK"),
    "profession absente": remove(f"{AUTHOR}/h:code"),
    "profession hors liste": put(f"{AUTHOR}/h:code", "code", "G99"),
    "profession retirée": put(f"{AUTHOR}/h:code", "code", "G15_35"),
    "libellé de la profession": put(f"{AUTHOR}/h:code", "displayName", "Infirmière"),
    "adresse de l'auteur absente": remove(f"{AUTHOR}/h:addr"),
    "contact de l'auteur absent": remove(f"{AUTHOR}/h:telecom"),
    "nom de l'auteur absent": remove(f"{AUTHOR}/h:assignedPerson/h:name"),
    "nom de famille de l'auteur vide": text(f"{AUTHOR}/h:assignedPerson/h:name/h:family", ""),
    "structure de l'auteur mal désignée": put(
        f"{AUTHOR}/h:representedOrganization/h:id", "extension", "29009"
    ),
    "structure qui conserve absente": remove("h:custodian"),
    "structure qui conserve sans identifiant": remove(f"{KEEPER}/h:id"),
    "structure qui conserve sans nom": remove(f"{KEEPER}/h:name"),
    "structure qui conserve différente": put(f"{KEEPER}/h:id", "extension", "1290000017"),
    "structure qui conserve deux fois": copy_of("h:custodian"),
    "responsable absent": remove("h:legalAuthenticator"),
    "responsable deux fois": copy_of("h:legalAuthenticator"),
    "date du responsable absente": remove("h:legalAuthenticator/h:time"),
    "date du responsable sans décalage": put("h:legalAuthenticator/h:time", "value", "20260314"),
    "signature du responsable absente": remove("h:legalAuthenticator/h:signatureCode"),
    "signature du responsable fausse": put("h:legalAuthenticator/h:signatureCode", "code", "X"),
    "identifiant du responsable absent": remove(f"{SIGNER}/h:id"),
    "profession du responsable absente": remove(f"{SIGNER}/h:code"),
    "profession du responsable hors liste": put(f"{SIGNER}/h:code", "code", "G99"),
    "acte absent": remove("h:documentationOf"),
    "début de l'acte absent": remove(f"{EVENT}/h:effectiveTime/h:low"),
    "début de l'acte noté absent": put(f"{EVENT}/h:effectiveTime", "nullFlavor", "UNK"),
    "début de l'acte sans heure": put(f"{EVENT}/h:effectiveTime/h:low", "value", "20260314"),
    "acte après le document": put(f"{EVENT}/h:effectiveTime/h:low", "value", "202603141200+0100"),
    "exécutant absent": remove(f"{EVENT}/h:performer"),
    "exécutant deux fois": copy_of(f"{EVENT}/h:performer"),
    "cadre d'exercice absent": remove(f"{EVENT}//h:standardIndustryClassCode"),
    "cadre d'exercice hors liste": put(f"{EVENT}//h:standardIndustryClassCode", "code", "NULLE_PART"),
    "cadre d'exercice hors du DMP": code(
        f"{EVENT}//h:standardIndustryClassCode", ValueSetId.PRACTICE_SETTING, "ESSMS"
    ),
    "libellé du cadre d'exercice": put(f"{EVENT}//h:standardIndustryClassCode", "displayName", "Domicile"),
    "prise en charge absente": remove("h:componentOf"),
    "prise en charge sans dates": remove(f"{STAY}/h:effectiveTime"),
    "lieu de la prise en charge absent": remove(f"{STAY}/h:location"),
    "type de structure absent": remove(f"{STAY}//h:healthCareFacility/h:code"),
    "type de structure hors liste": put(f"{STAY}//h:healthCareFacility/h:code", "code", "SA99"),
    "type de structure hors du DMP": code(
        f"{STAY}//h:healthCareFacility/h:code", ValueSetId.FACILITY_TYPE, "SA66"
    ),
    "contenu absent": remove("h:component"),
    "titre avant le type": swap("h:code", "h:title"),
    "responsable avant la structure": swap("h:custodian", "h:legalAuthenticator"),
    "nom après la naissance": swap(f"{PATIENT}/h:name", f"{PATIENT}/h:birthTime"),
    "élément inventé": insert(".", '<remarque code="x"/>'),
}

FILE = "h:component/h:nonXMLBody/h:text"
UNSTRUCTURED: dict[str, Mutation] = {
    "modèle XDS-SD absent": remove("h:templateId[@root='1.3.6.1.4.1.19376.1.2.20']"),
    "contenu vide": text(FILE, ""),
    "contenu qui n'est pas du base64": text(FILE, "pas du base64 !"),
    "contenu HTML": put(FILE, "mediaType", "text/html"),
    "contenu sans encodage": put(FILE, "representation", "TXT"),
    "page web au lieu d'un PDF": body(b"<html></html>"),
    "PDF qui n'est pas PDF/A": body(b"%PDF-1.7\n%%EOF\n"),
    "PDF/A-3": body(PDF.replace(b"part>1<", b"part>3<")),
    "PDF chiffré": body(PDF.replace(b"/Size 2", b"/Size 2 /Encrypt 5 0 R")),
    "PDF trop lourd": body(PDF + b"0" * 200_000),
}


def faults() -> tuple[Fault, ...]:
    """Return every fault, in the same order each time."""
    draw = random.Random(SEED)
    models = [model.name for model in n3.MODELS]
    found = [Fault(name, N1, mutation) for name, mutation in (HEADER | UNSTRUCTURED).items()]
    again = draw.sample(sorted(HEADER), 40)
    found += [Fault(name, draw.choice(models), HEADER[name]) for name in again]
    for model in n3.MODELS:
        found += _of_model(model)
        found += _of_sections(model, draw)
        found += _of_entries(model, draw)
    return tuple(found)


def _of_model(model: n3.DocumentModel) -> Iterator[Fault]:
    """Faults in what a model imposes on the header, and its mandatory sections."""
    name = model.name
    yield Fault("modèle du document absent", name, remove(f"h:templateId[@root='{model.root}']"))
    yield Fault("type d'un autre modèle", name, code("h:code", ValueSetId.DMP_TYPE_CODE, "80788-3"))
    if model.service_code:
        yield Fault("acte imposé absent", name, remove(f"{EVENT}/h:code"))
        yield Fault("autre acte", name, put(f"{EVENT}/h:code", "code", "AMB"))
    if model.treating_physician:
        yield Fault("médecin traitant absent", name, remove("h:participant"))
    yield Fault("médecin traitant deux fois", name, copy_of("h:participant"))
    yield Fault("fonction du médecin traitant", name, put("h:participant/h:functionCode", "code", "MT"))
    yield Fault("date du médecin traitant", name, remove("h:participant/h:time"))
    for kind in _worded(model):
        if n3.SECTIONS[kind].needs_entry:
            yield Fault(f"rubrique sans donnée codée : {n3.SECTIONS[kind].title}", name, _codeless(kind))
    for kind in model.sections:
        if kind in model.mandatory:
            title = n3.SECTIONS[kind].title
            yield Fault(f"rubrique absente : {title}", name, remove(f"{_section(kind)}/.."))


def _section(kind: n3.SectionKind) -> str:
    return f".//h:section[h:templateId/@root='{n3.SECTIONS[kind].mark}']"


def _worded(model: n3.DocumentModel) -> list[n3.SectionKind]:
    """Sections of the document that have words of their own."""
    root = etree.fromstring(original(model.name))
    marks = {item.get("root") for item in root.iterfind(f".//{{{V3}}}section/{{{V3}}}templateId")}
    return [kind for kind, item in n3.SECTIONS.items() if item.mark in marks and not item.parts]


def _of_sections(model: n3.DocumentModel, draw: random.Random) -> Iterator[Fault]:
    """Faults in the frame and the words of sections drawn by chance."""
    kinds = _worded(model)
    root = etree.fromstring(original(model.name))
    coded = [kind for kind in kinds if one(root, _section(kind)).findall(f"{{{V3}}}entry")]
    referring = [k for k in coded if one(root, _section(k)).xpath(".//h:entry//h:reference", namespaces=NS)]

    def fault(what: str, among: list[n3.SectionKind], mutate: str, *more: str) -> Fault:
        kind = draw.choice(among)
        return Fault(f"{what} : {n3.SECTIONS[kind].title}", model.name, _WORDS[mutate](_section(kind), *more))

    yield fault("code absent", kinds, "without", "h:code")
    yield fault("autre code", kinds, "set", "h:code", "code", "00000-0")
    yield fault("titre absent", kinds, "without", "h:title")
    yield fault("titre vide", kinds, "say", "h:title", "")
    yield fault("texte absent", kinds, "without", "h:text")
    yield fault("texte vide", kinds, "empty", "h:text")
    yield fault("rubrique deux fois", kinds, "twice")
    yield fault("script dans le texte", kinds, "into", "h:text", "<script/>")
    yield fault("lien actif dans le texte", kinds, "into", "h:text", '<linkHtml href="javascript:x"/>')
    yield fault("cellule hors de son tableau", kinds, "into", "h:text", "<td/>")
    yield fault("titre après le texte", kinds, "swap", "h:title", "h:text")
    for turn in range(3):
        yield fault(f"renvoi vers rien {turn}", referring, "set", "h:entry//h:reference", "value", "#rien")
        yield fault(f"repère retiré {turn}", referring, "anchor")
        yield fault(f"texte d'un repère vidé {turn}", referring, "silence")
        yield fault(f"donnée codée sans texte {turn}", referring, "unsay")
    yield fault("renvoi vers une autre rubrique", referring[1:], "elsewhere")
    yield fault("repère en double", referring, "double")


def _of_entries(model: n3.DocumentModel, draw: random.Random) -> Iterator[Fault]:
    """Faults in the entries: for each template, one of each kind of fault that applies."""
    root = etree.fromstring(original(model.name))
    for template in entry_templates():
        path = f".//h:entry//h:*[h:templateId/@root='{template.root}']"
        if not root.xpath(path, namespaces=NS):
            continue

        def fault(what: str, mutation: Mutation, label: str = template.label) -> Fault:
            return Fault(f"{label} : {what}", model.name, mutation)

        need = draw.choice(template.needs)
        where, _, value = need.replace(">>", "/").replace(">", "/").partition("=")
        inner = "/".join(f"h:{part}" for part in where.split("/"))
        yield fault(f"{where} absent", remove(f"{path}/{inner}"))
        if value:
            yield fault(f"{where} faux", put(f"{path}/{inner}", "code", "autre"))
        if template.moods:
            yield fault("moodCode faux", put(path, "moodCode", "DEF"))
        if template.beside:
            parent = draw.choice(template.beside)
            yield fault("modèle parent absent", remove(f"{path}/h:templateId[@root='{parent}']"))
        if template.codes:
            yield fault("code hors liste", put(f"{path}/h:code", "code", "0"))
        if template.values:
            yield fault("type de la valeur", put(f"{path}/h:value", XSI_TYPE, "TS"))
    yield from _of_values(model, root)


def _of_values(model: n3.DocumentModel, root: etree._Element) -> Iterator[Fault]:
    """Faults in values, times, products, files."""
    entry = ".//h:entry//"
    rows: tuple[tuple[str, str, Mutation], ...] = (
        (
            "oui ou non illisible",
            "h:value[@value='true']",
            put(f"{entry}h:value[@value='true']", "value", "1?"),
        ),
        ("nombre illisible", "h:value[@unit]", put(f"{entry}h:value[@unit]", "value", "1,5")),
        ("unité fausse", "h:value[@unit]", put(f"{entry}h:value[@unit]", "unit", "zz")),
        ("date illisible", "h:low[@value]", put(f"{entry}h:low[@value]", "value", "2 mars")),
        ("date impossible", "h:low[@value]", put(f"{entry}h:low[@value]", "value", "20261345")),
        ("fin avant le début", "h:high[@value]", put(f"{entry}h:high[@value]", "value", "19000101")),
        ("absence non permise", "h:low[@nullFlavor]", put(f"{entry}h:low[@nullFlavor]", "nullFlavor", "OTH")),
        ("produit sans nom", "h:manufacturedMaterial", text(f"{entry}h:manufacturedMaterial/h:name", "")),
        ("voie hors liste", "h:routeCode", put(f"{entry}h:routeCode", "code", "0")),
        ("vaccination sans oui ni non", "h:lotNumberText", _no_negation),
        ("fichier illisible", "h:observationMedia", text(f"{entry}h:observationMedia/h:value", "***")),
        ("fichier vide", "h:observationMedia", text(f"{entry}h:observationMedia/h:value", "")),
        (
            "fichier HTML",
            "h:observationMedia",
            put(f"{entry}h:observationMedia/h:value", "mediaType", "text/html"),
        ),
        (
            "fichier annoncé PDF",
            "h:observationMedia",
            text(f"{entry}h:observationMedia/h:value", base64.b64encode(b"<html/>").decode()),
        ),
        (
            "fichier trop lourd",
            "h:observationMedia",
            text(f"{entry}h:observationMedia/h:value", base64.b64encode(b"%PDF-" + b"0" * 200_000).decode()),
        ),
        (
            "fichier annoncé absent",
            "h:observationMedia",
            put(".//h:renderMultiMedia", "referencedObject", "absent"),
        ),
        ("entrée d'une autre rubrique", "h:value[@unit]", _moved),
        ("rien de connu et autre chose", "h:consumable", _absent_beside),
    )
    for name, needed, mutation in rows:
        if root.xpath(f"{entry}{needed}", namespaces=NS):
            yield Fault(name, model.name, mutation)


def _codeless(kind: n3.SectionKind) -> Mutation:
    """Take the entries of a section away and leave its words."""

    def apply(root: etree._Element) -> None:
        section = one(root, _section(kind))
        for entry in section.findall(f"{{{V3}}}entry"):
            section.remove(entry)

    return apply


def _no_negation(root: etree._Element) -> None:
    """Take away what says whether a vaccination took place."""
    del one(root, ".//h:substanceAdministration[@negationInd]").attrib["negationInd"]


def _moved(root: etree._Element) -> None:
    """Put the first entry of a section in another one."""
    here = one(root, ".//h:section[h:entry]")
    there = one(root, ".//h:section[h:entry//h:manufacturedMaterial]")
    place = here if here is not there else one(root, ".//h:section[h:entry][2]")
    there.append(one(place, "h:entry"))


def _absent_beside(root: etree._Element) -> None:
    """Say that nothing is known of the treatments, beside a treatment."""
    path = ".//h:section[count(h:entry)>1]/h:entry/h:substanceAdministration[h:code/@code='DRUG']/h:code"
    code(path, ValueSetId.ABSENT_MEDICATION, "no-medication-info")(root)


def _anchor(section: str) -> Mutation:
    """Rename the anchor that an entry of the section points at."""

    def apply(root: etree._Element) -> None:
        _pointed(root, section).set("ID", "autre")

    return apply


def _silence(section: str) -> Mutation:
    """Empty the words an entry of the section points at."""

    def apply(root: etree._Element) -> None:
        target = _pointed(root, section)
        for child in list(target):
            target.remove(child)
        target.text = None

    return apply


def _pointed(root: etree._Element, section: str) -> etree._Element:
    reference = one(root, f"{section}/h:entry//h:reference[starts-with(@value, '#')]")
    return one(root, f"{section}/h:text//*[@ID='{reference.get('value', '')[1:]}']")


def _elsewhere(section: str) -> Mutation:
    """Point at the words of another section."""

    def apply(root: etree._Element) -> None:
        here = one(root, section)
        anchors = root.xpath(".//h:section/h:text//*[@ID]", namespaces=NS)
        other = next(item for item in anchors if here not in item.iterancestors())
        one(root, f"{section}/h:entry//h:reference").set("value", f"#{other.get('ID')}")

    return apply


def _double(section: str) -> Mutation:
    """Give two places the same anchor."""

    def apply(root: etree._Element) -> None:
        name = _pointed(root, section).get("ID", "")
        insert(f"{section}/h:text", f'<paragraph ID="{name}"/>')(root)

    return apply


def _empty(section: str, path: str) -> Mutation:
    def apply(root: etree._Element) -> None:
        node = one(root, f"{section}/{path}")
        node.text = None
        for child in list(node):
            node.remove(child)

    return apply


_WORDS = {
    "without": lambda section, path: remove(f"{section}/{path}"),
    "set": lambda section, path, name, value: put(f"{section}/{path}", name, value),
    "say": lambda section, path, value: text(f"{section}/{path}", value),
    "empty": _empty,
    "twice": lambda section: copy_of(f"{section}/.."),
    "into": lambda section, path, xml: insert(f"{section}/{path}", xml),
    "swap": lambda section, first, second: swap(f"{section}/{first}", f"{section}/{second}"),
    "anchor": _anchor,
    "silence": _silence,
    "unsay": lambda section: remove(f"{section}/h:entry//h:text"),
    "elsewhere": _elsewhere,
    "double": _double,
}
