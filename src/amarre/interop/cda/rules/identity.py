"""Rules on who the document is about and who signs it: INS, traits, national identifiers."""

from __future__ import annotations

import re
from collections.abc import Iterator

from amarre.interop.cda import codes
from amarre.interop.cda.reading import text_of
from amarre.interop.cda.rules.base import STRUCT_MIN, Hit, Severity, Subject, rule
from amarre.interop.cda.writing import format_birth
from amarre.interop.ins.errors import InsError
from amarre.interop.ins.matricule import matricule_received

INS_ANNEX = "CI-SIS, Annexe Prise en charge de l'INS"
IDNAT = "CI-SIS, identifiants nationaux des professionnels (PS_IdNat) et des structures (Struct_IdNat)"
ROLE = "h:recordTarget/h:patientRole"
PATIENT = f"{ROLE}/h:patient"
# Not INS: billing NIR, then the abandoned computed identifier (INS-C).
NOT_INS = frozenset({"1.2.250.1.213.1.4.13", "1.2.250.1.213.1.4.2", "1.2.250.1.213.1.4.6"})
_COG = re.compile(r"\d{5}|2[AB]\d{3}")
_PS_FORMS = re.compile(r"0\w{9}|[16]\w+/.+|3\w{9}/.+|4\d{9}/.+|5\d{14}/.+|8\d{11}")
_STRUCT_FORMS = re.compile(r"0\w{9}|1\w{9}|2\d{9}|3\d{14}|4\d{11}\w*|\w{10,}")


def _ins_ids(subject: Subject) -> list[tuple[str, str, str]]:
    """Return (root, extension, place) of the identifiers of the person that are an INS."""
    found = subject.all(f"{ROLE}/h:id")
    return [
        (e.get("root", ""), e.get("extension", ""), subject.where(e))
        for e in found
        if e.get("root") in codes.INS_OIDS
    ]


def _text(subject: Subject, path: str) -> str:
    element = subject.first(path)
    return "" if element is None else text_of(element)


def luhn(digits: str) -> bool:
    """Tell whether the last digit of a string of digits is its right Luhn key."""
    total = 0
    for index, digit in enumerate(reversed(digits)):
        value = int(digit) * (2 if index % 2 else 1)
        total += value - 9 if value > 9 else value
    return total % 10 == 0


@rule(
    "CDA-R50",
    source=f"{INS_ANNEX} ; DMP : le patient est désigné par son INS",
    sentence="Le document ne porte pas de matricule INS : le DMP le refusera.",
    advice="Qualifiez l'identité de la personne, puis refaites le document.",
)
def ins_for_dmp(subject: Subject) -> Iterator[Hit]:
    """An INS for the DMP; not detected by the official suite."""
    if subject.for_dmp and not _ins_ids(subject):
        yield Hit("ClinicalDocument/recordTarget/patientRole/id")


@rule(
    "CDA-R51",
    source=f"{INS_ANNEX}, OID des autorités d'affectation",
    sentence="Le matricule porte l'OID {oid}, qui n'est pas accepté dans cet environnement.",
    advice="Vérifiez que l'identité n'est pas une identité de test et que l'environnement est le bon.",
)
def ins_oid(subject: Subject) -> Iterator[Hit]:
    """INS OID among those the profile accepts; billing NIR and INS-C never."""
    for element in subject.all(f"{ROLE}/h:id"):
        oid = element.get("root", "")
        refused = oid in codes.INS_OIDS and oid not in subject.context.accepted_ins_oids
        if refused or oid in NOT_INS:
            yield Hit(subject.where(element), {"oid": oid})


@rule(
    "CDA-R52",
    source=f"{INS_ANNEX}, matricule de 15 caractères",
    sentence="Le matricule INS n'a pas la forme attendue (13 caractères et une clé de 2 chiffres).",
    advice="Refaites la recherche INSi ; ne corrigez pas le matricule à la main.",
)
def ins_shape(subject: Subject) -> Iterator[Hit]:
    """15 characters; not detected by the official suite."""
    for _, matricule, where in _ins_ids(subject):
        try:
            matricule_received(matricule[:13], matricule[13:])
        except InsError:
            yield Hit(where)
            continue
        if len(matricule) != 15:
            yield Hit(where)


@rule(
    "CDA-R53",
    source="SEL-MP-043, clé du matricule : 97 - (n mod 97)",
    sentence="La clé du matricule INS ne correspond pas à ses 13 premiers caractères.",
    advice="Comparez avec la réponse d'INSi. Si elle donne la même clé, le document peut partir.",
    severity=Severity.WARNING,
)
def ins_key(subject: Subject) -> Iterator[Hit]:
    """Key of the matricule: a warning, because published test persons have a wrong one."""
    for _, matricule, where in _ins_ids(subject):
        try:
            _, warnings = matricule_received(matricule[:13], matricule[13:])
        except InsError:
            continue
        if warnings:
            yield Hit(where)


@rule(
    "CDA-R54",
    source=f"{INS_ANNEX} : le matricule ne voyage jamais sans les traits",
    sentence="Le matricule INS est présent mais il manque {name}.",
    advice="Refaites la recherche INSi pour compléter l'identité.",
)
def ins_with_traits(subject: Subject) -> Iterator[Hit]:
    """With an INS: birth name, list of given names, first given name, COG code (date and sex: CDA-R01)."""
    if not _ins_ids(subject):
        return
    wanted = (
        ("h:name/h:family[@qualifier='BR']", "le nom de naissance"),
        ("h:name/h:given[not(@qualifier)]", "la liste des prénoms de naissance"),
        ("h:name/h:given[@qualifier='BR']", "le premier prénom de naissance"),
        ("h:birthplace/h:place/h:addr/h:county", "le code du lieu de naissance"),
    )
    for path, name in wanted:
        if not _text(subject, f"{PATIENT}/{path}"):
            yield Hit(f"ClinicalDocument/{PATIENT}/{path}".replace("h:", ""), {"name": name})


@rule(
    "CDA-R55",
    source=f"{STRUCT_MIN}, recordTarget : qualifier BR ou CL",
    sentence="Un nom ou un prénom de la personne est mal qualifié.",
    advice="Les noms sont « de naissance » (BR) ou « utilisé » (CL) ; refaites le document.",
)
def name_qualifiers(subject: Subject) -> Iterator[Hit]:
    """Every family has BR or CL; given has none, BR or CL."""
    path = (
        f"{PATIENT}/h:name/h:family[not(@qualifier='BR' or @qualifier='CL')]"
        f"|{PATIENT}/h:name/h:given[@qualifier and not(@qualifier='BR' or @qualifier='CL')]"
    )
    for element in subject.all(path):
        yield Hit(subject.where(element))


@rule(
    "CDA-R56",
    source=f"{INS_ANNEX}, lieu de naissance : code officiel géographique (INSEE)",
    sentence="Le lieu de naissance n'est pas un code officiel géographique de 5 caractères.",
    advice="Utilisez le code renvoyé par INSi (commune, ou pays commençant par 99).",
)
def cog_shape(subject: Subject) -> Iterator[Hit]:
    """COG code of the birthplace."""
    for element in subject.all(f"{PATIENT}/h:birthplace/h:place/h:addr/h:county"):
        text = (element.text or "").strip().upper()
        if text and not _COG.fullmatch(text):
            yield Hit(subject.where(element))


@rule(
    "CDA-R57",
    source="RNIV, identité qualifiée ; INS EXI : traits identiques à la réponse d'INSi",
    sentence="Le document ne dit pas la même chose que l'identité qualifiée du dossier : {name}.",
    advice="Refaites le document depuis le dossier. Si l'écart demeure, prévenez le référent identité.",
)
def same_as_record(subject: Subject) -> Iterator[Hit]:
    """Matricule and five traits equal to those of the qualified identity of the record."""
    identity = subject.context.identity
    if identity is None:
        return
    traits, ins = identity.traits, identity.ins
    gender = subject.first(f"{PATIENT}/h:administrativeGenderCode")
    birth = subject.first(f"{PATIENT}/h:birthTime")
    rows = (
        (
            "le nom de naissance",
            _text(subject, f"{PATIENT}/h:name/h:family[@qualifier='BR']"),
            traits.nom_naissance,
        ),
        ("les prénoms", _text(subject, f"{PATIENT}/h:name/h:given[not(@qualifier)]"), traits.prenoms),
        ("le sexe", "" if gender is None else gender.get("code", ""), traits.sexe.value),
        (
            "la date de naissance",
            "" if birth is None else birth.get("value", ""),
            format_birth(traits.date_naissance),
        ),
        (
            "le lieu de naissance",
            _text(subject, f"{PATIENT}/h:birthplace/h:place/h:addr/h:county"),
            traits.lieu_naissance,
        ),
    )
    for name, found, expected in rows:
        if found != expected:
            yield Hit("ClinicalDocument/recordTarget/patientRole/patient", {"name": name})
    expected_ids = {(ins.oid.value, ins.matricule.value)}
    if {(root, value) for root, value, _ in _ins_ids(subject)} != expected_ids:
        yield Hit("ClinicalDocument/recordTarget/patientRole/id", {"name": "le matricule INS"})


@rule(
    "CDA-R58",
    source=IDNAT,
    sentence="L'identifiant d'un professionnel n'a pas une forme connue ({where}).",
    advice="Un professionnel inscrit au RPPS a pour identifiant 8 suivi de ses 11 chiffres ; sinon 3, le "
    "numéro FINESS, une barre oblique et un identifiant interne.",
)
def professional_shape(subject: Subject) -> Iterator[Hit]:
    """PS_IdNat: first digit tells the kind."""
    for element in subject.all(f".//h:id[@root='{codes.OID_PS_IDNAT}']"):
        if not _PS_FORMS.fullmatch(element.get("extension", "")):
            yield Hit(subject.where(element), {"where": subject.where(element)})


@rule(
    "CDA-R59",
    source=IDNAT,
    sentence="L'identifiant d'une structure n'a pas une forme connue ({where}).",
    advice="Dans les réglages de l'établissement, indiquez 1 et le numéro FINESS, ou 3 et le numéro SIRET.",
)
def structure_shape(subject: Subject) -> Iterator[Hit]:
    """Struct_IdNat: first digit tells the kind; an internal technical number has at least ten characters."""
    for element in subject.all(f".//h:id[@root='{codes.OID_STRUCT_IDNAT}']"):
        if not _STRUCT_FORMS.fullmatch(element.get("extension", "")):
            yield Hit(subject.where(element), {"where": subject.where(element)})


@rule(
    "CDA-R60",
    source="RPPS : 11 chiffres dont une clé de Luhn",
    sentence="La clé d'un numéro RPPS est fausse ({where}).",
    advice="Vérifiez ce numéro sur la carte ou dans l'Annuaire Santé.",
    severity=Severity.WARNING,
)
def rpps_key(subject: Subject) -> Iterator[Hit]:
    """Luhn key of RPPS numbers; not detected by the official suite."""
    for element in subject.all(f".//h:id[@root='{codes.OID_PS_IDNAT}']"):
        value = element.get("extension", "")
        if re.fullmatch(r"8\d{11}", value) and not luhn(value[1:]):
            yield Hit(subject.where(element), {"where": subject.where(element)})


@rule(
    "CDA-R61",
    source="FINESS : 9 caractères dont une clé de Luhn ; SIRET : 14 chiffres dont une clé de Luhn",
    sentence="La clé d'un numéro FINESS ou SIRET est fausse ({where}).",
    advice="Vérifiez ce numéro dans les réglages de l'établissement.",
    severity=Severity.WARNING,
)
def structure_key(subject: Subject) -> Iterator[Hit]:
    """Luhn key of all-digit FINESS and SIRET numbers (Corsican FINESS have a letter: not checked)."""
    for element in subject.all(f".//h:id[@root='{codes.OID_STRUCT_IDNAT}']"):
        value = element.get("extension", "")
        if re.fullmatch(r"1\d{9}|3\d{14}", value) and not luhn(value[1:]):
            yield Hit(subject.where(element), {"where": subject.where(element)})


@rule(
    "CDA-R62",
    source="DMP, mode INDIRECTE : la structure est celle du certificat (champ OU)",
    sentence="La structure du document n'est pas celle du certificat utilisé pour le dépôt.",
    advice="Vérifiez le numéro FINESS ou SIRET de l'établissement et le certificat installé.",
)
def same_as_certificate(subject: Subject) -> Iterator[Hit]:
    """Custodian's Struct_IdNat equal to the certificate's OU."""
    expected = subject.context.structure_id
    path = "h:custodian/h:assignedCustodian/h:representedCustodianOrganization/h:id"
    for element in subject.all(path) if expected else ():
        if element.get("extension", "") != expected:
            yield Hit(subject.where(element))


RULES = (
    ins_for_dmp,
    ins_oid,
    ins_shape,
    ins_key,
    ins_with_traits,
    name_qualifiers,
    cog_shape,
    same_as_record,
    professional_shape,
    structure_shape,
    rpps_key,
    structure_key,
    same_as_certificate,
)
