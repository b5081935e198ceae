"""The rules this INSi applies, in the order the real one would: gateway first, application next.

A rule with a fault refuses; a rule without one is only remarked on the control page. Codes marked
"(unconfirmed)" in their source are this sandbox's choice, the official list not being public.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from cryptography import x509
from cryptography.x509.oid import NameOID

from amarre.cast.organisation import INSI_IDAM
from amarre.sandbox.service import Remark
from amarre.sandbox.services.insi.decoder import SANS, VITALE, Received

ACTION_TRAITS = "urn:ServiceIdentiteCertifiee:1.0.0:rechercherInsAvecTraitsIdentite"
ACTION_VITALE = "urn:ServiceIdentiteCertifiee:1.0.0:rechercherInsAvecCarteVitale"
OPERATIONS = {
    ACTION_TRAITS: f"{{{SANS}}}RECSANSVITALE",
    ACTION_VITALE: f"{{{VITALE}}}RECVITALE",
}

# The authorisation number this sandbox gives to every software.
ACCEPTED_IDAM = frozenset({INSI_IDAM})
ALLOWED_CN = ("INSI-MANU", "INSI-AUTO")

_UUID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)?")
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_COG = re.compile(r"[A-Za-z0-9]{5}")
_NOM = re.compile(r"(?=[A-Z'])(?!.*(?:  |''|' | '|---))[A-Z' -]*[A-Z']")
_PRENOM = re.compile(r"(?=[A-Z'])(?!.*(?:  |''|' | '|--))[A-Z' -]*[A-Z]")
_BAM_ORDER = ("Id", "Temps", "Emetteur", "DateRef", "COUVERTURE")
_LPS_ORDER = ("Id", "Temps", "Emetteur", "LPS")
_SOFTWARE_ORDER = ("IDAM", "Version", "Instance", "Nom")
_SANS_ORDER = ("NomNaissance", "Prenom", "Sexe", "DateNaissance", "LieuNaissance")


@dataclass(frozen=True, slots=True)
class FaultCode:
    """How a refusal is written: family, side, code, severity, and the reason shown to the user."""

    family: str
    side: str
    code: str
    severity: str
    reason: str

    @property
    def from_gateway(self) -> bool:
        """Whether the gateway (DESIR) writes it rather than the application: the dialects differ."""
        return self.code.startswith("desir_")


_CONTACT = "Contactez l'éditeur du progiciel ou votre responsable informatique."
_UNAVAILABLE = (
    "Le service est temporairement inaccessible. Veuillez renouveler votre demande ultérieurement. Si le"
    " problème persiste, contactez l'éditeur du progiciel ou votre responsable informatique."
)
FAULTS: dict[str, FaultCode] = {
    fault.code: fault
    for fault in (
        FaultCode(
            "siram_100",
            "Sender",
            "desir_550",
            "erreur",
            f"L'accès par ce progiciel au service n'est pas autorisé. {_CONTACT}",
        ),
        FaultCode(
            "siram_100",
            "Sender",
            "desir_560",
            "erreur",
            "Vous ne disposez pas des droits suffisants pour accéder à ce service.",
        ),
        FaultCode("siram_40", "Sender", "desir_1020", "fatale", _UNAVAILABLE),
        FaultCode(
            "siram_20", "Sender", "desir_entete", "erreur", f"La demande n'est pas conforme. {_CONTACT}"
        ),
        FaultCode(
            "siram_100",
            "Sender",
            "desir_assertion",
            "erreur",
            f"Votre carte ne permet pas d'accéder à ce service. {_CONTACT}",
        ),
        FaultCode("siram_40", "Receiver", "insi_102", "fatal", _UNAVAILABLE),
        FaultCode("siram_40", "Receiver", "insi_111", "fatale", _UNAVAILABLE),
        FaultCode("siram_10", "Sender", "insi_19", "erreur", "Le nom de naissance est obligatoire."),
        FaultCode("siram_10", "Sender", "insi_24", "erreur", "Le format du sexe est incorrect."),
        FaultCode("siram_10", "Sender", "insi_20", "erreur", "Le format du nom de naissance est incorrect."),
        FaultCode(
            "siram_10", "Sender", "insi_21", "erreur", "Le prénom est absent ou son format est incorrect."
        ),
        FaultCode(
            "siram_10", "Sender", "insi_25", "erreur", "Le format de la date de naissance est incorrect."
        ),
        FaultCode("siram_10", "Sender", "insi_26", "erreur", "Le format du lieu de naissance est incorrect."),
    )
}


@dataclass(frozen=True, slots=True)
class Facts:
    """What the rules look at: the request taken apart, the action asked, the certificate presented."""

    received: Received
    action: str
    certificate: x509.Certificate | None

    def subject(self, oid: x509.ObjectIdentifier) -> str:
        """Return an attribute of the certificate's subject, "" when there is none."""
        if self.certificate is None:
            return ""
        values = self.certificate.subject.get_attributes_for_oid(oid)
        return str(values[0].value) if values else ""

    @property
    def by_traits(self) -> bool:
        """Whether the search is by traits (WS_INS2)."""
        return self.action == ACTION_TRAITS


@dataclass(frozen=True, slots=True)
class Rule:
    """One check: what is expected (French), where it is said, the test, and the fault when it refuses."""

    name: str
    expected: str
    source: str
    test: Callable[[Facts], bool]
    fault: str = ""
    # Rules of the certificate mode do not apply to a call made with a card.
    certificate_only: bool = False


def _ordered(found: tuple[str, ...], allowed: tuple[str, ...]) -> bool:
    """Whether the names found are among those allowed, in the schema's order."""
    if any(name not in allowed for name in found):
        return False
    ranks = [allowed.index(name) for name in found]
    return ranks == sorted(ranks)


def _bam_complete(f: Facts) -> bool:
    r = f.received
    return (
        r.bam is not None
        and r.bam.get("Version") == "01_02"
        and r.bam.get("Nature") in (None, "CTXBAM")
        and _ordered(r.bam_order, _BAM_ORDER)
        and {"Id", "Temps", "COUVERTURE"} <= set(r.bam_order)
        and _INSTANT.fullmatch(r.bam_text("Temps")) is not None
    )


def _lps_complete(f: Facts) -> bool:
    r = f.received
    return (
        r.lps is not None
        and r.lps.get("Version") == "01_00"
        and r.lps.get("Nature") in (None, "CTXLPS")
        and _ordered(r.lps_order, _LPS_ORDER)
        and _ordered(r.software_order, _SOFTWARE_ORDER)
        and {"Id", "Temps"} <= set(r.lps_order)
        and _INSTANT.fullmatch(r.lps_text("Temps")) is not None
    )


_BAM = "ROOT_ctxbam_CTXBAM_V01_02.xsd"
_LPS = "ROOT_ctxlps_CTXLPS_V01_00.xsd"
_WSDL = "DESIR_ICIR_EXP_1.5.0.wsdl"
_GUIDE = "SEL-MP-043"

GATEWAY: tuple[Rule, ...] = (
    Rule(
        "enveloppe",
        "Enveloppe SOAP 1.2 avec un corps.",
        f"{_WSDL}, binding soap12",
        lambda f: f.received.envelope,
        "desir_entete",
    ),
    Rule(
        "certificat",
        "Certificat client dont le nom est INSI-MANU ou INSI-AUTO.",
        f"{_GUIDE} §3.2",
        lambda f: f.subject(NameOID.COMMON_NAME) in ALLOWED_CN,
        "desir_560",
        certificate_only=True,
    ),
    Rule(
        "idam",
        "Numéro d'autorisation CNDA connu.",
        f"{_GUIDE}, ContexteLPS/LPS/IDAM",
        lambda f: f.received.lps_text("LPS", "IDAM") in ACCEPTED_IDAM,
        "desir_550",
    ),
    Rule(
        "contexte_bam",
        "ContexteBAM version 01_02, éléments du schéma dans l'ordre, COUVERTURE présente.",
        f"{_BAM} ; code de refus (unconfirmed)",
        _bam_complete,
        "desir_entete",
    ),
    Rule(
        "contexte_lps",
        "ContexteLPS version 01_00, éléments du schéma dans l'ordre.",
        f"{_LPS} ; code de refus (unconfirmed)",
        _lps_complete,
        "desir_entete",
    ),
    Rule(
        "message_id",
        "wsa:MessageID présent.",
        f"{_WSDL}, NO1_MessageID",
        lambda f: bool(f.received.message_id),
        "desir_entete",
    ),
    Rule(
        "action",
        "Action connue, la même dans l'en-tête HTTP et dans wsa:Action, et corps correspondant.",
        f"{_WSDL}, soapAction",
        lambda f: OPERATIONS.get(f.action) == f.received.operation and f.received.action in (None, f.action),
        "desir_entete",
    ),
    Rule(
        "assertion",
        "Aucune assertion en mode certificat.",
        f"{_GUIDE} §3.2",
        lambda f: not f.received.security,
        certificate_only=True,
    ),
    Rule(
        "message_id_forme",
        "MessageID de la forme uuid:… et identifiants de contexte uuid.",
        f"{_GUIDE}, en-tête",
        lambda f: (
            (f.received.message_id or "").startswith(("uuid:", "urn:uuid:"))
            and bool(_UUID.fullmatch(f.received.bam_text("Id")))
            and bool(_UUID.fullmatch(f.received.lps_text("Id")))
        ),
    ),
    Rule(
        "emetteur",
        "Emetteur identique dans les deux contextes et égal à l'OU du certificat.",
        f"{_GUIDE} §3.2",
        lambda f: (
            f.received.bam_text("Emetteur")
            == f.received.lps_text("Emetteur")
            == f.subject(NameOID.ORGANIZATIONAL_UNIT_NAME)
        ),
        certificate_only=True,
    ),
    Rule(
        "progiciel",
        'LPS/Nom de la forme urn:lps:nom:version et IDAM avec R="4".',
        f"{_GUIDE}, ContexteLPS",
        lambda f: (
            bool(re.fullmatch(r"urn:lps:[^:]+:[^:]+", f.received.lps_text("LPS", "Nom")))
            and f.received.lps_attribute(("LPS", "IDAM"), "R") == "4"
        ),
    ),
)

APPLICATION: tuple[Rule, ...] = (
    Rule(
        "schema",
        "Éléments du corps connus et dans l'ordre du schéma.",
        "INSi_RECSANS_INS.xsd ; code de refus (unconfirmed)",
        lambda f: not f.by_traits or _ordered(f.received.body_order, _SANS_ORDER),
        "desir_entete",
    ),
    Rule(
        "nom",
        "Nom de naissance présent.",
        f"{_GUIDE}, insi_19",
        lambda f: bool(f.received.field("NomNaissance")),
        "insi_19",
    ),
    Rule(
        "nom_forme",
        "Nom de naissance selon les règles lexicales.",
        f"{_GUIDE} §3.4.1, EF_INS01_03 ; code (unconfirmed)",
        lambda f: not f.by_traits or bool(_NOM.fullmatch(f.received.field("NomNaissance"))),
        "insi_20",
    ),
    Rule(
        "prenom",
        "Un seul prénom, selon les règles lexicales.",
        f"{_GUIDE} §3.4.1, EF_INS10_01, EF_INS10_02 ; code (unconfirmed)",
        lambda f: (
            not f.by_traits
            or (
                len(f.received.fields.get("Prenom", ())) == 1
                and bool(_PRENOM.fullmatch(f.received.field("Prenom")))
            )
        ),
        "insi_21",
    ),
    Rule(
        "sexe",
        "Sexe F ou M.",
        f"{_GUIDE} EF_INS25_04, insi_24",
        lambda f: not f.by_traits or f.received.field("Sexe") in ("F", "M"),
        "insi_24",
    ),
    Rule(
        "date",
        "Date de naissance AAAA-MM-JJ.",
        "INSi_RESULTAT_INS.xsd, DateLunaire ; code (unconfirmed)",
        lambda f: bool(_DATE.fullmatch(f.received.field("DateNaissance"))),
        "insi_25",
    ),
    Rule(
        "lieu",
        "Lieu de naissance absent, ou code INSEE de 5 caractères.",
        "INSi_RESULTAT_INS.xsd, COG ; code (unconfirmed)",
        lambda f: (
            "LieuNaissance" not in f.received.fields
            or bool(_COG.fullmatch(f.received.field("LieuNaissance")))
        ),
        "insi_26",
    ),
)


def judge(facts: Facts) -> tuple[tuple[Remark, ...], str]:
    """Apply the rules in order; return the remarks, and the code of the first refusal ("" when none).

    The application's rules are applied only when the gateway let the request through.
    """
    remarks: list[Remark] = []
    for rule in GATEWAY + APPLICATION:
        if rule.certificate_only and facts.certificate is None:
            continue
        passed = rule.test(facts)
        tolerated = "" if passed or rule.fault else " Toléré ici, à corriger."
        remarks.append(Remark(rule.name, rule.source, passed, rule.expected + tolerated))
        if not passed and rule.fault:
            return tuple(remarks), rule.fault
    return tuple(remarks), ""
