"""The simulated service: reads, judges, searches, answers, and says in French what it thought."""

from __future__ import annotations

import re
from dataclasses import dataclass

from amarre.interop.common.xml import XmlError
from amarre.sandbox.context import SandboxContext
from amarre.sandbox.service import Remark, SandboxRequest, SandboxResponse, Verdict
from amarre.sandbox.services.insi import answers
from amarre.sandbox.services.insi.decoder import Received, decode
from amarre.sandbox.services.insi.persons import Person, known_persons, search, search_by_card
from amarre.sandbox.services.insi.rules import ACTION_TRAITS, FAULTS, Facts, judge

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
}
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
    """INSi, retrieval by traits and by carte Vitale, on the mutual-TLS port."""

    name = NAME
    prefixes = (PATH,)
    scenarios = dict(SCENARIOS)

    def __init__(self, context: SandboxContext) -> None:
        self._scenarios = context.scenarios
        self._persons = known_persons()

    def handle(self, request: SandboxRequest) -> tuple[SandboxResponse, Verdict]:
        """Answer one request. Situations common to every service are played by the server."""
        scenario = ""
        if self._scenarios.active(NAME) in SCENARIOS:
            scenario = self._scenarios.consume(NAME)
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
        remarks, fault = judge(Facts(received, action, request.client_certificate))
        result = _Result(fault=fault) if fault else self._result(received, action, scenario)
        return self._answer(received, action, remarks, result, scenario)

    def _result(self, received: Received, action: str, scenario: str) -> _Result:
        """Search, under the chosen situation."""
        if scenario in _FORCED_FAULTS:
            return _Result(fault=_FORCED_FAULTS[scenario])
        if scenario == "introuvable":
            return _Result(code="01")
        if scenario == "plusieurs":
            return _Result(code="02")
        found = self._search(received, action)
        if scenario == "autre-personne":
            others = (person for person in self._persons if person not in found)
            return _Result(code="00", person=next(others))
        if not found:
            unknown = scenario == "insi-102-au-lieu-de-01"
            return _Result(fault="insi_102") if unknown else _Result(code="01")
        return _Result(code="00", person=found[0]) if len(found) == 1 else _Result(code="02")

    def _search(self, received: Received, action: str) -> tuple[Person, ...]:
        """Search the base by traits or by the NIR of the card."""
        if action == ACTION_TRAITS:
            nom, prenom, sexe, naissance, lieu = (
                received.field(name)
                for name in ("NomNaissance", "Prenom", "Sexe", "DateNaissance", "LieuNaissance")
            )
            return search(self._persons, nom, prenom, sexe, naissance, lieu)
        nir = received.field("MatriculeIndividu/NumIdentifiant") or received.field(
            "MatriculeOD/NumIdentifiant"
        )
        return search_by_card(self._persons, nir, received.field("DateNaissance"))

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
        verdict = Verdict(not result.fault, operation, _summary(result, scenario), remarks, decoded)
        if result.fault:
            return _fault_response(result.fault, received.message_id or ""), verdict
        shuffled = scenario == "historique-desordonne"
        body = answers.result(result.code, result.person, shuffled_history=shuffled)
        return SandboxResponse(200, dict(_XML), body), verdict


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
    return f"{text} Situation choisie : {SCENARIOS[scenario]}" if scenario else text
