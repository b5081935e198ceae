"""Rules on the shape of the header: presence, identifiers, times, versions."""

from __future__ import annotations

import csv
import datetime
import functools
import importlib.resources
import re
from collections.abc import Iterator
from dataclasses import dataclass

from amarre.interop.cda import codes
from amarre.interop.cda.reading import is_oid, parse_time, select, text_of
from amarre.interop.cda.rules.base import STRUCT_MIN, Hit, Severity, Subject, rule
from amarre.interop.common.xml import XSI

FIXED_VALUES: tuple[tuple[str, str, str], ...] = (
    ("h:realmCode", "code", "FR"),
    ("h:typeId", "root", "2.16.840.1.113883.1.3"),
    ("h:typeId", "extension", "POCD_HD000040"),
    ("h:legalAuthenticator/h:signatureCode", "code", "S"),
)

# Elements on which any nullFlavor is forbidden (CI-SIS Structuration minimale V1.16.8, nullFlavor).
NO_NULL = (
    "h:id|h:code|h:title|h:effectiveTime|h:confidentialityCode|h:languageCode|h:setId|h:versionNumber"
    "|h:recordTarget|h:recordTarget/h:patientRole|h:recordTarget/h:patientRole/h:id"
    "|h:recordTarget/h:patientRole/h:patient|h:recordTarget/h:patientRole/h:patient/h:name"
    "|h:recordTarget/h:patientRole/h:patient/h:name/h:family|h:recordTarget/h:patientRole/h:patient/h:name/h:given"
    "|h:author|h:author/h:assignedAuthor|h:author/h:assignedAuthor/h:id|h:custodian|h:legalAuthenticator"
    "|h:legalAuthenticator/h:assignedEntity|h:legalAuthenticator/h:assignedEntity/h:id"
    "|h:documentationOf|h:documentationOf/h:serviceEvent|h:documentationOf[1]/h:serviceEvent/h:effectiveTime"
    "|h:documentationOf[1]/h:serviceEvent/h:performer|h:documentationOf[1]//h:standardIndustryClassCode"
    "|h:relatedDocument/h:parentDocument|h:relatedDocument/h:parentDocument/h:id|h:componentOf"
    "|h:componentOf/h:encompassingEncounter|h:componentOf/h:encompassingEncounter/h:location"
    "|h:componentOf//h:healthCareFacility|h:componentOf//h:healthCareFacility/h:code"
)

# Times that need seconds and offset, then times that need at least the minute and the offset.
INSTANTS = "h:effectiveTime|h:author/h:time|h:legalAuthenticator/h:time|h:authenticator/h:time"
MINUTES = "h:documentationOf[1]/h:serviceEvent/h:effectiveTime/h:low"
_INSTANT = re.compile(r"\d{14}(\.\d+)?[+-]\d{4}")
_MINUTE = re.compile(r"\d{12}(\d{2}(\.\d+)?)?[+-]\d{4}")
CLOCK_TOLERANCE = datetime.timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Cardinality:
    """How many of an element in each of its parents; `most` is None for any number. `name` is French."""

    parent: str
    child: str
    least: int
    most: int | None
    name: str


@functools.cache
def cardinalities() -> tuple[Cardinality, ...]:
    """Return the rows of ``cardinalities.tsv``."""
    table = importlib.resources.files(__package__ or "amarre.interop.cda.rules") / "cardinalities.tsv"
    lines = [line for line in table.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
    found = []
    for row in csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE):
        *above, child = [f"h:{step}" for step in row["path"].split("/")]
        most = None if row["most"] == "*" else int(row["most"])
        found.append(Cardinality("/".join(above) or ".", child, int(row["least"]), most, row["name"]))
    return tuple(found)


def _counts(subject: Subject) -> Iterator[tuple[Cardinality, str, int]]:
    """Yield each row with the place it is about and how many there are, for each parent that exists."""
    for row in cardinalities():
        for parent in subject.all(row.parent):
            where = f"{subject.where(parent)}/{row.child}".replace("h:", "")
            yield row, where, len(select(parent, row.child))


@rule(
    "CDA-R01",
    source=f"{STRUCT_MIN}, éléments de l'en-tête",
    sentence="Il manque {name}.",
    advice="Complétez cette information dans le dossier, puis refaites le document.",
)
def missing_element(subject: Subject) -> Iterator[Hit]:
    """Mandatory elements of the header; a missing parent is reported by its own row."""
    for row, where, count in _counts(subject):
        if count < row.least:
            yield Hit(where, {"name": row.name})


@rule(
    "CDA-R02",
    source=f"{STRUCT_MIN}, éléments de l'en-tête",
    sentence="Une information figure plusieurs fois alors qu'une seule est permise : {name}.",
    advice="Refaites le document avec une seule valeur.",
)
def repeated_element(subject: Subject) -> Iterator[Hit]:
    """Elements present more often than allowed."""
    for row, where, count in _counts(subject):
        if row.most is not None and count > row.most:
            yield Hit(where, {"name": row.name})


@rule(
    "CDA-R03",
    source=f"{STRUCT_MIN}, templateId ; IHE ITI TF-3 §5.2 (XDS-SD)",
    sentence="Le document n'annonce pas le modèle {template}.",
    advice="Refaites le document : le modèle annoncé est celui que le destinataire vérifie.",
)
def missing_template(subject: Subject) -> Iterator[Hit]:
    """HL7 France and CI-SIS templates for all; XDS-SD for an unstructured body."""
    wanted = [codes.TEMPLATE_HL7_FRANCE, codes.TEMPLATE_CISIS_HEADER]
    if subject.body_text is not None:
        wanted.append(codes.TEMPLATE_XDS_SD)
    present = {element.get("root") for element in subject.all("h:templateId")}
    for template in wanted:
        if template not in present:
            yield Hit("ClinicalDocument/templateId", {"template": template})


@rule(
    "CDA-R04",
    source=f"{STRUCT_MIN}, valeurs fixées",
    sentence="La valeur de {name} doit être « {value} ».",
    advice="Refaites le document : cette valeur est imposée en France.",
)
def fixed_value(subject: Subject) -> Iterator[Hit]:
    """Values the specification fixes."""
    for path, attribute, value in FIXED_VALUES:
        for element in subject.all(path):
            if element.get(attribute) != value:
                name = f"{path.replace('h:', '')}/@{attribute}"
                yield Hit(subject.where(element), {"name": name, "value": value})


@rule(
    "CDA-R05",
    source=f"{STRUCT_MIN}, fichier",
    sentence="Le document renvoie vers un schéma extérieur (schemaLocation), ce qui est interdit.",
    advice="Refaites le document sans cet attribut.",
    severity=Severity.WARNING,
)
def schema_location(subject: Subject) -> Iterator[Hit]:
    """No xsi:schemaLocation on the root."""
    if subject.root.get(f"{{{XSI}}}schemaLocation") is not None:
        yield Hit("ClinicalDocument/@schemaLocation")


@rule(
    "CDA-R06",
    source=f"{STRUCT_MIN}, languageCode",
    sentence="La langue du document doit être « fr-FR » (trouvé : « {found} »).",
    advice="Indiquez fr-FR dans l'en-tête ; la langue d'un contenu étranger se note sur le corps.",
)
def language(subject: Subject) -> Iterator[Hit]:
    """languageCode is fr-FR; not detected by the official suite."""
    for element in subject.all("h:languageCode"):
        if element.get("code") != "fr-FR":
            yield Hit(subject.where(element), {"found": element.get("code", "")})


@rule(
    "CDA-R07",
    source=f"{STRUCT_MIN}, title ; IHE ITI TF-3, titre de 128 caractères au plus",
    sentence="Le titre doit compter de 1 à 128 caractères (trouvé : {length}).",
    advice="Raccourcissez le titre du document.",
)
def title_length(subject: Subject) -> Iterator[Hit]:
    """Title of 1 to 128 characters; not detected by the official suite."""
    for element in subject.all("h:title"):
        length = len(text_of(element))
        if not element.get("nullFlavor") and not 1 <= length <= 128:
            yield Hit(subject.where(element), {"length": length})


@rule(
    "CDA-R08",
    source=f"{STRUCT_MIN}, id ; DMP, construction de XDS uniqueId",
    sentence="L'identifiant du document porte une extension : le DMP le refuse.",
    advice="Utilisez un OID seul, propre à ce document, sous l'OID racine de l'établissement.",
)
def id_extension(subject: Subject) -> Iterator[Hit]:
    """ClinicalDocument/id is an OID alone; not detected by the official suite."""
    for element in subject.all("h:id"):
        if element.get("extension"):
            yield Hit(subject.where(element))


@rule(
    "CDA-R09",
    source=f"{STRUCT_MIN}, identifiants ; ISO 8824 (OID)",
    sentence="Un identifiant n'est pas un OID correct : {name}.",
    advice="Un OID est fait de nombres séparés par des points, sans zéro en tête, 64 caractères au plus.",
)
def oid_syntax(subject: Subject) -> Iterator[Hit]:
    """Document, set and parent identifiers are OIDs."""
    for element in subject.all("h:id|h:setId|h:relatedDocument/h:parentDocument/h:id"):
        if not element.get("nullFlavor") and not is_oid(element.get("root", "")):
            yield Hit(subject.where(element), {"name": subject.where(element)})


@rule(
    "CDA-R10",
    source=f"{STRUCT_MIN}, identifiants : OID attribués par l'émetteur",
    sentence="L'identifiant {name} n'est pas sous l'OID racine de l'établissement.",
    advice="Vérifiez l'OID racine dans les réglages de l'établissement, puis refaites le document.",
)
def oid_under_root(subject: Subject) -> Iterator[Hit]:
    """Identifiers given by the establishment stand under its root OID."""
    base = subject.context.root_oid
    for element in subject.all("h:id|h:setId") if base else ():
        value = element.get("root", "")
        if is_oid(value) and not value.startswith(f"{base}."):
            yield Hit(subject.where(element), {"name": subject.where(element)})


@rule(
    "CDA-R11",
    source=f"{STRUCT_MIN}, types génériques : ts",
    sentence="La date « {name} » doit indiquer l'heure et le décalage horaire.",
    advice="Refaites le document ; la forme attendue est AAAAMMJJhhmmss+0100.",
)
def time_offset(subject: Subject) -> Iterator[Hit]:
    """Offset and precision of times; not detected by the official suite."""
    for path, pattern in ((INSTANTS, _INSTANT), (MINUTES, _MINUTE)):
        for element in subject.all(path):
            value = element.get("value", "")
            if not element.get("nullFlavor") and not pattern.fullmatch(value):
                yield Hit(subject.where(element), {"name": subject.where(element)})


@rule(
    "CDA-R12",
    source="Contrôle complémentaire : un document ne peut pas être daté du futur",
    sentence="La date « {name} » est dans le futur.",
    advice="Vérifiez l'horloge du poste ou du serveur, puis refaites le document.",
)
def time_in_future(subject: Subject) -> Iterator[Hit]:
    """No time after now, with five minutes of tolerance between clocks."""
    now = subject.context.now
    for element in subject.all(INSTANTS) if now else ():
        value = parse_time(element.get("value", ""))
        if now and value and value > now + CLOCK_TOLERANCE:
            yield Hit(subject.where(element), {"name": subject.where(element)})


@rule(
    "CDA-R13",
    source="IHE ITI TF-3, serviceStartTime ; contrôle complémentaire",
    sentence="L'acte commence après la création du document, ou finit avant d'avoir commencé.",
    advice="Corrigez les dates de l'acte.",
)
def time_order(subject: Subject) -> Iterator[Hit]:
    """Service start ≤ document creation, and start ≤ end."""
    event = "h:documentationOf[1]/h:serviceEvent/h:effectiveTime"
    start, end, created = (
        parse_time(element.get("value", "")) if (element := subject.first(path)) is not None else None
        for path in (f"{event}/h:low", f"{event}/h:high", "h:effectiveTime")
    )
    # The start is written to the minute: it is compared to the minute of the creation.
    if start and ((created and start > created) or (end and start > end)):
        yield Hit("ClinicalDocument/documentationOf/serviceEvent/effectiveTime")


@rule(
    "CDA-R14",
    source=f"{STRUCT_MIN}, versions et relatedDocument",
    sentence="La chaîne des versions n'est pas cohérente : {why}.",
    advice="Une nouvelle version a un nouvel identifiant, le même setId, un numéro plus grand, et remplace "
    "(RPLC) la précédente.",
)
def version_chain(subject: Subject) -> Iterator[Hit]:
    """RPLC only above version 1, with a known previous id different from ours; not detected officially."""
    version = subject.first("h:versionNumber")
    if version is None:
        return
    where = "ClinicalDocument/relatedDocument"
    number = version.get("value", "")
    if not re.fullmatch(r"[1-9]\d{0,8}", number):
        yield Hit(subject.where(version), {"why": "le numéro de version n'est pas un entier à partir de 1"})
        return
    related = subject.all("h:relatedDocument")
    kinds = {element.get("typeCode", "") for element in related}
    if not kinds <= {"RPLC", "XFRM"}:
        yield Hit(where, {"why": "seuls RPLC et XFRM sont permis"})
    elif int(number) > 1 and "RPLC" not in kinds:
        yield Hit(where, {"why": "la version précédente n'est pas désignée"})
    elif int(number) == 1 and "RPLC" in kinds:
        yield Hit(where, {"why": "une première version ne remplace rien"})
    own = {element.get("root") for element in subject.all("h:id")}
    if "RPLC" in kinds and own & {
        e.get("root") for e in subject.all("h:relatedDocument/h:parentDocument/h:id")
    }:
        yield Hit(where, {"why": "le document se remplace lui-même"})


@rule(
    "CDA-R15",
    source=f"{STRUCT_MIN}, nullFlavor",
    sentence="« {name} » est noté comme absent (nullFlavor {flavor}), ce qui n'est pas permis ici.",
    advice="Renseignez cette information dans le dossier, puis refaites le document.",
)
def null_flavor(subject: Subject) -> Iterator[Hit]:
    """nullFlavor forbidden on mandatory elements; only six values elsewhere in the header."""
    refused = {element for element in subject.all(NO_NULL) if element.get("nullFlavor")}
    others = subject.all("*[not(self::h:component)]/descendant-or-self::*[@nullFlavor]")
    refused |= {element for element in others if element.get("nullFlavor") not in codes.ALLOWED_NULL_FLAVORS}
    for where, flavor in sorted((subject.where(e), e.get("nullFlavor", "")) for e in refused):
        yield Hit(where, {"name": where, "flavor": flavor})


@rule(
    "CDA-R16",
    source=f"{STRUCT_MIN}, recordTarget",
    sentence="Le document contient une information interdite en France : {name}.",
    advice="Retirez cette information.",
)
def forbidden_in_france(subject: Subject) -> Iterator[Hit]:
    """Religion, race and ethnic group never appear."""
    patient = "h:recordTarget/h:patientRole/h:patient"
    names = ("religiousAffiliationCode", "raceCode", "ethnicGroupCode")
    for element in subject.all("|".join(f"{patient}/h:{name}" for name in names)):
        yield Hit(subject.where(element), {"name": subject.where(element)})


@rule(
    "CDA-R17",
    source=f"{STRUCT_MIN}, author",
    sentence="L'auteur doit avoir une adresse et un moyen de contact, ou la mention « non demandé ».",
    advice="Refaites le document.",
)
def author_contact(subject: Subject) -> Iterator[Hit]:
    """addr and telecom are required for a person who is an author."""
    for author in subject.all("h:author/h:assignedAuthor[h:assignedPerson][not(h:addr) or not(h:telecom)]"):
        yield Hit(subject.where(author))


@rule(
    "CDA-R18",
    source=f"{STRUCT_MIN}, author et legalAuthenticator",
    sentence="Le code de profession ou de rôle manque pour {name}.",
    advice="Indiquez la profession ou le rôle de cette personne dans son compte.",
)
def missing_profession(subject: Subject) -> Iterator[Hit]:
    """A professional or a system who is author or authenticator has a code."""
    paths = (
        "h:author/h:assignedAuthor[h:representedOrganization][not(h:code)]",
        "h:legalAuthenticator/h:assignedEntity[h:representedOrganization][not(h:code)]",
    )
    for element in subject.all("|".join(paths)):
        yield Hit(subject.where(element), {"name": subject.where(element)})


@rule(
    "CDA-R19",
    source=f"{STRUCT_MIN}, participant",
    sentence="Un participant n'a pas de date, ni la mention « sans objet ».",
    advice="Refaites le document.",
)
def participant_time(subject: Subject) -> Iterator[Hit]:
    """participant/time is mandatory, a nullFlavor being allowed."""
    for element in subject.all("h:participant[not(h:time)]"):
        yield Hit(subject.where(element))


@rule(
    "CDA-R22",
    source=f"{STRUCT_MIN}, types génériques : nom d'une personne",
    sentence="Une personne nommée dans l'en-tête n'a pas de nom de famille ({where}).",
    advice="Complétez le nom de cette personne, puis refaites le document.",
)
def named_people(subject: Subject) -> Iterator[Hit]:
    """Professionals and relatives have a family name, unless their name is masked or unknown."""
    paths = ("assignedPerson", "associatedPerson", "relatedPerson", "guardianPerson")
    for person in subject.all("|".join(f"*[not(self::h:component)]//h:{name}" for name in paths)):
        names = select(person, "h:name")
        families = [text_of(item) for item in select(person, "h:name/h:family")]
        if not any(name.get("nullFlavor") for name in names) and not any(families):
            yield Hit(subject.where(person), {"where": subject.where(person)})


RULES = (
    missing_element,
    repeated_element,
    missing_template,
    fixed_value,
    schema_location,
    language,
    title_length,
    id_extension,
    oid_syntax,
    oid_under_root,
    time_offset,
    time_in_future,
    time_order,
    version_chain,
    null_flavor,
    forbidden_in_france,
    author_contact,
    missing_profession,
    participant_time,
    named_people,
)
