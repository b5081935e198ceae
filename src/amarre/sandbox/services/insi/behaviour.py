"""The simulated service: reads, judges, searches, answers, and says in French what it thought."""

from __future__ import annotations

import dataclasses
import re
from dataclasses import dataclass

from amarre.interop.common.xml import XmlError
from amarre.sandbox import cards
from amarre.sandbox.context import SandboxContext
from amarre.sandbox.service import Remark, SandboxRequest, SandboxResponse, Verdict
from amarre.sandbox.services.insi import answers
from amarre.sandbox.services.insi.assertion import judge_card
from amarre.sandbox.services.insi.decoder import Received, decode
from amarre.sandbox.services.insi.people_file import people_from_file
from amarre.sandbox.services.insi.persons import (
    INJECTED,
    Person,
    known_persons,
    remark_on,
    search,
    search_by_card,
)
from amarre.sandbox.services.insi.quota import Quota
from amarre.sandbox.services.insi.rules import ACTION_TRAITS, FAULTS, Facts, judge
from amarre.sandbox.services.insi.verification import PREFIX as VERIFICATION
from amarre.sandbox.services.insi.verification import SCENARIOS as VERIFICATION_SCENARIOS
from amarre.sandbox.services.insi.verification import VerificationDesk

NAME = "insi"
PATH = "/lps"
SCENARIOS: dict[str, str] = {
    "introuvable": "Aucune identité n'est trouvée, quels que soient les traits (code 01).",
    "plusieurs": "Plusieurs identités sont trouvées, quels que soient les traits (code 02).",
    "erreur-technique": "Erreur technique de la recherche par traits (insi_102).",
    "insi-102-au-lieu-de-01": "Une personne inconnue donne insi_102 au lieu du code 01.",
    "teleservices-indisponibles": "Les téléservices sont indisponibles (insi_111).",
    "passerelle-indisponible": "La passerelle répond que le service est inaccessible (desir_1020).",
    "autre-personne": "La réponse concerne une autre personne que celle demandée.",
    "historique-desordonne": "L'historique des INS est écrit dans un ordre contraire au schéma.",
    "desir-1020-au-lieu-de-01": "Une personne inconnue donne desir_1020 au lieu du code 01.",
    "prefixes": "La réponse porte des préfixes au lieu de l'espace de noms par défaut.",
    "latence-100-ms": "La demande est traitée, la réponse arrive après un dixième de seconde.",
    "latence-2-s": "La demande est traitée, la réponse arrive après deux secondes.",
    "quota-depasse": "Trop de demandes : le service répond 429 et demande d'attendre 2 secondes.",
    "rep-cr01": "Fichier d'injection REP_CR01 : aucune identité, quels que soient les traits.",
    "test-2-04-cas2": "Fichier d'injection TEST_2.04 cas 2 : ECETINSI, historique écrit contre le schéma.",
    "test-2-05": "Fichier d'injection TEST_2.05 : PROVISOIRE, numéro d'attente (NIA).",
    "test-2-08-cas1": "Fichier d'injection TEST_2.08 cas 1 : CORSE, l'historique répète l'INS active.",
    "test-2-08-cas2": "Fichier d'injection TEST_2.08 cas 2 : HERMANN, clés fausses.",
}
_DELAYS = {"latence-100-ms": 0.1, "latence-2-s": 2.0}
_INSTEAD_OF_01 = {"insi-102-au-lieu-de-01": "insi_102", "desir-1020-au-lieu-de-01": "desir_1020"}
_QUOTA_SECONDS = 2
_FORCED_FAULTS = {
    "erreur-technique": "insi_102",
    "teleservices-indisponibles": "insi_111",
    "passerelle-indisponible": "desir_1020",
}
_ACTION = re.compile(r'action\s*=\s*"([^"]*)"')
_XML = {"content-type": "application/soap+xml; charset=utf-8"}
_LABELS = {
    "NomNaissance": "Nom de naissance",
    "Prenom": "Prénom",
    "Sexe": "Sexe",
    "DateNaissance": "Date de naissance",
    "LieuNaissance": "Lieu de naissance",
    "MatriculeIndividu/NumIdentifiant": "NIR du bénéficiaire",
    "MatriculeOD/NumIdentifiant": "NIR de l'ouvrant droit",
    "RangNaissance": "Rang de naissance",
}


@dataclass(frozen=True, slots=True)
class _Result:
    """What is decided: a fault code, or a result code with at most one person."""

    fault: str = ""
    code: str = ""
    person: Person | None = None


class InsiService:
    """INSi: retrieval by traits and by carte Vitale, on the mutual-TLS port or with a card; verification."""

    name = NAME
    prefixes = (PATH, VERIFICATION)
    simple_prefixes = (PATH,)
    scenarios = SCENARIOS | VERIFICATION_SCENARIOS

    def __init__(self, context: SandboxContext) -> None:
        self._scenarios = context.scenarios
        file = context.settings.insi_people
        self._persons = known_persons() + (people_from_file(file) if file else ())
        self._quota = Quota(context.settings.insi_requests_per_minute)
        self._cards = cards.authorities(context.settings.data_dir)
        self._desk = VerificationDesk(context, self._persons)

    def reset(self) -> None:
        """Forget the requests counted."""
        self._quota.reset()

    def handle(self, request: SandboxRequest) -> tuple[SandboxResponse, Verdict]:
        """Answer one request. Situations common to every service are played by the server."""
        scenario = ""
        if self._scenarios.active(NAME) in self.scenarios:
            scenario = self._scenarios.consume(NAME)
        caller = _caller(request)
        wait = (
            _QUOTA_SECONDS if scenario == "quota-depasse" else self._quota.wait(caller, request.received_at)
        )
        if wait:
            return _too_many(wait)
        if request.path.startswith(VERIFICATION):
            response, verdict = self._desk.handle(request, scenario)
        else:
            response, verdict = self._retrieve(request, scenario)
        return dataclasses.replace(response, delay_seconds=_DELAYS.get(scenario, 0.0)), verdict

    def _retrieve(self, request: SandboxRequest, scenario: str) -> tuple[SandboxResponse, Verdict]:
        """Answer WS_INS1 or WS_INS2."""
        refusal = _refused_by_http(request)
        if refusal is not None:
            return refusal
        try:
            received = decode(request.body)
        except XmlError as error:
            remark = Remark("xml", "XML 1.0", False, error.explanation().what)
            response = _fault_response("desir_entete", "")
            return response, Verdict(False, "inconnue", "Refusé : la demande n'est pas lisible.", (remark,))
        action = _asked_action(request, received)
        remarks: tuple[Remark, ...] = ()
        fault, shown = "", dict[str, str]()
        if request.client_certificate is None:
            remarks, fault, shown = judge_card(received, self._cards, request.received_at)
        if not fault:
            more, fault = judge(Facts(received, action, request.client_certificate))
            remarks += more
        result = _Result(fault=fault) if fault else self._result(received, action, scenario)
        response, verdict = self._answer(received, action, remarks, result, scenario)
        return response, dataclasses.replace(verdict, decoded=verdict.decoded | shown)

    def _result(self, received: Received, action: str, scenario: str) -> _Result:
        """Search, under the chosen situation."""
        if scenario in _FORCED_FAULTS:
            return _Result(fault=_FORCED_FAULTS[scenario])
        if scenario in INJECTED:
            return _Result(code="00", person=INJECTED[scenario])
        if scenario in ("introuvable", "rep-cr01"):
            return _Result(code="01")
        if scenario == "plusieurs":
            return _Result(code="02")
        found = self._search(received, action)
        if scenario == "autre-personne":
            others = (person for person in self._persons if person not in found)
            return _Result(code="00", person=next(others))
        if not found:
            other = _INSTEAD_OF_01.get(scenario, "")
            return _Result(fault=other) if other else _Result(code="01")
        return _Result(code="00", person=found[0]) if len(found) == 1 else _Result(code="02")

    def _search(self, received: Received, action: str) -> tuple[Person, ...]:
        """Search the base by traits or by the NIR of the card."""
        if action == ACTION_TRAITS:
            nom, prenom, sexe, naissance, lieu = (
                received.field(name)
                for name in ("NomNaissance", "Prenom", "Sexe", "DateNaissance", "LieuNaissance")
            )
            return search(self._persons, nom, prenom, sexe, naissance, lieu)
        nir = received.field("MatriculeIndividu/NumIdentifiant")
        asked = received.field("NomNaissance"), received.field("DateNaissance")
        return search_by_card(self._persons, nir, *asked)

    def _answer(
        self,
        received: Received,
        action: str,
        remarks: tuple[Remark, ...],
        result: _Result,
        scenario: str,
    ) -> tuple[SandboxResponse, Verdict]:
        """Write the answer and the verdict."""
        operation = "WS_INS2" if action == ACTION_TRAITS else "WS_INS1"
        decoded = {
            label: " | ".join(received.fields[name])
            for name, label in _LABELS.items()
            if name in received.fields
        }
        decoded["Progiciel"] = received.lps_text("LPS", "Nom")
        decoded["Émetteur"] = received.lps_text("Emetteur")
        known = remark_on(received.field("NomNaissance"), received.field("Prenom"))
        if known:
            decoded["Personne de test"] = known
        verdict = Verdict(not result.fault, operation, _summary(result, scenario), remarks, decoded)
        if result.fault:
            return _fault_response(result.fault, received.message_id or ""), verdict
        shuffled = scenario in ("historique-desordonne", "test-2-04-cas2")
        body = answers.result(
            result.code, result.person, shuffled_history=shuffled, prefixed=scenario == "prefixes"
        )
        return SandboxResponse(200, dict(_XML), body), verdict


def _caller(request: SandboxRequest) -> str:
    """Return who is counted for the quota: the certificate, or everybody who comes with a card."""
    certificate = request.client_certificate
    return "cartes" if certificate is None else certificate.subject.rfc4514_string()


def _too_many(seconds: int) -> tuple[SandboxResponse, Verdict]:
    """Ask to wait (RFC 6585 §4; the real service's way is not public)."""
    sentence = f"Refusé : trop de demandes en une minute, attendre {seconds} s."
    remark = Remark("quota", "RFC 6585 §4 ; quotas réels (unconfirmed)", False, sentence)
    headers = {"content-type": "text/plain; charset=utf-8", "retry-after": str(seconds)}
    return SandboxResponse(429, headers, b""), Verdict(False, "quota", sentence, (remark,))


def _refused_by_http(request: SandboxRequest) -> tuple[SandboxResponse, Verdict] | None:
    """Refuse what is not a SOAP 1.2 POST (WSDL, soap12 binding); None when it is."""
    if request.method != "POST":
        status, sentence = 405, "Refusé : INSi se demande par POST."
    elif not request.headers.get("content-type", "").lower().startswith("application/soap+xml"):
        status, sentence = 415, "Refusé : le type du contenu doit être application/soap+xml (SOAP 1.2)."
    else:
        return None
    remark = Remark("http", "DESIR_ICIR_EXP_1.5.0.wsdl, binding soap12", False, sentence)
    response = SandboxResponse(status, {"content-type": "text/plain; charset=utf-8"}, b"")
    return response, Verdict(False, "inconnue", sentence, (remark,))


def _asked_action(request: SandboxRequest, received: Received) -> str:
    """Return the action of the Content-Type, else wsa:Action: one address serves every AMO teleservice."""
    match = _ACTION.search(request.headers.get("content-type", ""))
    return match[1] if match else (received.action or "")


def _fault_response(code: str, message_id: str) -> SandboxResponse:
    """Return a fault as HTTP 500 (SOAP 1.2 Part 2 §7.5)."""
    return SandboxResponse(500, dict(_XML), answers.fault(FAULTS[code], message_id))


def _summary(result: _Result, scenario: str) -> str:
    """Return the verdict's sentence."""
    if result.fault:
        text = f"Refusé ({result.fault}) : {FAULTS[result.fault].reason}"
    elif result.person is not None:
        text = "Une identité trouvée (code 00)."
    else:
        text = {"01": "Aucune identité trouvée (code 01).", "02": "Plusieurs identités trouvées (code 02)."}[
            result.code
        ]
    return f"{text} Situation choisie : {SCENARIOS[scenario]}" if scenario in SCENARIOS else text
