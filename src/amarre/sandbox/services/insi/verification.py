"""Verification of identities, in a form of this sandbox's own: NOT the official one, which is not public.

Everything it writes says so (`"officiel": false`), and the client of the kit refuses to speak this form to
anything but a sandbox. One identity at a time, or lots: deposited, worked through with time, fetched in
pieces.

    POST {PREFIX}/unitaire            {"format", "demande": {…}}   → {"resultat": "OK" | "KO"}
    PUT  {PREFIX}/lots/<uuid>         {"format", "demandes": […]}  → state; the same lot again is the same lot
    GET  {PREFIX}/lots/<uuid>?apres=n                              → state, results after line n
    DELETE {PREFIX}/lots/<uuid>                                    → forgotten
"""

from __future__ import annotations

import datetime
import hashlib
import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs

from cryptography import x509
from cryptography.x509.oid import NameOID

from amarre.sandbox.context import SandboxContext
from amarre.sandbox.service import Remark, SandboxRequest, SandboxResponse, Verdict
from amarre.sandbox.services.insi.persons import Person
from amarre.sandbox.services.insi.rules import ALLOWED_CN

PREFIX = "/insi-verification-non-officielle/v0"
FORMAT = "amarre-verification-0"
PAGE_LINES = 200
SCENARIOS: dict[str, str] = {
    "verification-ko": "Chaque identité vérifiée donne KO.",
    "lots-bloques": "Les lots déposés n'avancent pas.",
    "lots-oublies": "Les lots déposés sont inconnus au moment de lire leurs résultats.",
}
_STORE = "insi"
_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_NOM = re.compile(r"(?=[A-Z'])(?!.*(?:  |''|' | '|---))[A-Z' -]{0,99}[A-Z']")
_PRENOMS = re.compile(r"(?=[A-Z'])(?!.*(?:  |''|' | '|--))[A-Z' -]{0,99}[A-Z]")
_OIDS = tuple(f"1.2.250.1.213.1.4.{arc}" for arc in (8, 9, 10, 11))
_OWN = "forme propre au bac à sable, non officielle"


@dataclass(frozen=True, slots=True)
class LineRule:
    """One check of one identity to verify: its code when refused, what is expected, where it is said."""

    code: str
    expected: str
    source: str
    test: Callable[[dict[str, str]], bool]


LINE_RULES: tuple[LineRule, ...] = (
    LineRule("reference", "Référence de 1 à 64 caractères.", _OWN, lambda d: 0 < len(d["reference"]) <= 64),
    LineRule(
        "matricule",
        "Matricule de 13 caractères, Corse comprise.",
        "INSi_RESULTAT_INS.xsd, NumIdentifiant",
        lambda d: bool(re.fullmatch(r"\d{6}[A-Za-z0-9]\d{6}", d["matricule"])),
    ),
    LineRule(
        "cle",
        "Clé de 2 chiffres.",
        "INSi_RESULTAT_INS.xsd, Cle",
        lambda d: bool(re.fullmatch(r"\d{2}", d["cle"])),
    ),
    LineRule("oid", "OID d'une INS.", "ANS, liste des OID de l'INS", lambda d: d["oid"] in _OIDS),
    LineRule(
        "insi_20",
        "Nom de naissance selon les règles lexicales.",
        "SEL-MP-043 §3.4.1, EF_INS01_03",
        lambda d: bool(_NOM.fullmatch(d["nom"])),
    ),
    LineRule(
        "insi_21",
        "Prénoms selon les règles lexicales.",
        "SEL-MP-043 §3.4.1, EF_INS10_01, EF_INS10_02",
        lambda d: bool(_PRENOMS.fullmatch(d["prenoms"])),
    ),
    LineRule("insi_24", "Sexe F ou M.", "SEL-MP-043 EF_INS25_04", lambda d: d["sexe"] in ("F", "M")),
    LineRule(
        "insi_25",
        "Date AAAA-MM-JJ.",
        "INSi_RESULTAT_INS.xsd, DateLunaire",
        lambda d: bool(re.fullmatch(r"\d{4}-\d{2}-\d{2}", d["naissance"])),
    ),
    LineRule(
        "insi_26",
        "Lieu absent, ou code INSEE de 5 caractères.",
        "INSi_RESULTAT_INS.xsd, COG",
        lambda d: bool(re.fullmatch(r"[A-Za-z0-9]{5}|", d["lieu"])),
    ),
)
_FIELDS = ("reference", "matricule", "cle", "oid", "nom", "prenoms", "sexe", "naissance", "lieu")


class _Refused(Exception):
    """A whole request is refused: HTTP status, code, sentence."""

    def __init__(self, status: int, code: str, sentence: str, wait: int = 0) -> None:
        super().__init__(code)
        self.status, self.code, self.sentence, self.wait = status, code, sentence, wait


class VerificationDesk:
    """Unitary verification and lots, kept in the sandbox's store."""

    def __init__(self, context: SandboxContext, persons: tuple[Person, ...]) -> None:
        self._store = context.store
        self._settings = context.settings
        self._persons = {person.matricule: person for person in persons}

    def handle(self, request: SandboxRequest, scenario: str) -> tuple[SandboxResponse, Verdict]:
        """Answer one request of the non-official form."""
        steps = request.path.removeprefix(PREFIX).strip("/").split("/")
        try:
            _require_certificate(request.client_certificate)
            if steps == ["unitaire"] and request.method == "POST":
                return self._unitary(request, scenario)
            if len(steps) == 2 and steps[0] == "lots" and _UUID.fullmatch(steps[1]):
                return self._lot(request, steps[1], scenario)
            raise _Refused(404, "adresse", "Aucune opération de vérification à cette adresse.")
        except _Refused as refusal:
            return _refusal(refusal)

    def _unitary(self, request: SandboxRequest, scenario: str) -> tuple[SandboxResponse, Verdict]:
        document = _document(request)
        line = _line(document.get("demande"))
        remarks = _judge(line)
        result = self._result(line, scenario)
        verdict = Verdict(
            result["resultat"] != "ERREUR",
            "vérification (forme non officielle)",
            f"Vérification : {result['resultat']}.",
            remarks,
            {"Référence": line["reference"], "Nom de naissance": line["nom"], "Prénoms": line["prenoms"]},
        )
        return _json(200, result), verdict

    def _result(self, line: dict[str, str], scenario: str) -> dict[str, str]:
        """Return what is said of one identity: OK, KO, or ERREUR with the code of the rule it breaks."""
        broken = next((rule.code for rule in LINE_RULES if not rule.test(line)), "")
        if broken:
            return {"reference": line["reference"], "resultat": "ERREUR", "code": broken}
        person = self._persons.get(line["matricule"])
        same = person is not None and (
            (person.cle, person.oid, person.nom, person.prenoms, person.sexe, person.naissance)
            == (line["cle"], line["oid"], line["nom"], line["prenoms"], line["sexe"], line["naissance"])
            and line["lieu"] in ("", person.lieu)
        )
        found = "OK" if same and scenario != "verification-ko" else "KO"
        return {"reference": line["reference"], "resultat": found, "code": ""}

    def _lot(self, request: SandboxRequest, lot: str, scenario: str) -> tuple[SandboxResponse, Verdict]:
        key = f"verification/{_caller(request)}/{lot}"
        if request.method == "PUT":
            return self._deposit(request, key, lot)
        kept = None if scenario == "lots-oublies" else self._store.get(_STORE, key)
        if kept is None:
            raise _Refused(404, "lot_inconnu", "Ce lot n'existe pas, ou plus.")
        if request.method == "DELETE":
            self._store.delete(_STORE, key)
            return _json(200, {"lot": lot, "etat": "oublie"}), Verdict(True, "lot", "Lot oublié.")
        if request.method != "GET":
            raise _Refused(405, "methode", "PUT, GET ou DELETE.")
        return self._fetch(request, key, lot, json.loads(kept), scenario)

    def _deposit(self, request: SandboxRequest, key: str, lot: str) -> tuple[SandboxResponse, Verdict]:
        document = _document(request)
        lines = document.get("demandes")
        if not isinstance(lines, list) or not lines:
            raise _Refused(400, "lot_vide", "Un lot contient au moins une demande.")
        if len(lines) > self._settings.verification_lot_lines:
            raise _Refused(413, "lot_trop_long", f"{self._settings.verification_lot_lines} lignes au plus.")
        parsed = [_line(item) for item in lines]
        if len({line["reference"] for line in parsed}) != len(parsed):
            raise _Refused(400, "reference_repetee", "Chaque ligne d'un lot a sa propre référence.")
        digest = hashlib.sha256(json.dumps(parsed, sort_keys=True).encode()).hexdigest()
        kept = self._store.get(_STORE, key)
        if kept is None:
            self._require_room(key)
            value = {"empreinte": digest, "le": request.received_at.isoformat(), "lignes": parsed, "lu": 0}
            self._store.put_new(_STORE, key, json.dumps(value).encode())
            kept = self._store.get(_STORE, key)
        if kept is None or json.loads(kept)["empreinte"] != digest:
            raise _Refused(409, "lot_different", "Ce numéro désigne déjà un lot au contenu différent.")
        verdict = Verdict(
            True,
            "dépôt d'un lot (forme non officielle)",
            f"Lot de {len(parsed)} identités déposé.",
            (Remark("lot", _OWN, True, "Numéro, références et nombre de lignes acceptés."),),
            {"Lot": lot, "Lignes": str(len(parsed))},
        )
        return _json(201, _state(lot, "depose", len(parsed), 0, [], 0)), verdict

    def _require_room(self, key: str) -> None:
        """Refuse one lot more than allowed; a lot whose results were all read does not count any more."""
        limit = self._settings.verification_open_lots
        open_lots = 0
        for other in self._store.keys(_STORE, key.rpartition("/")[0] + "/"):
            kept = json.loads(self._store.get(_STORE, other) or b"{}")
            open_lots += kept.get("lu", 0) < len(kept.get("lignes", ()))
        if open_lots >= limit:
            raise _Refused(429, "trop_de_lots", f"{limit} lots au plus à la fois.", wait=2)

    def _fetch(
        self, request: SandboxRequest, key: str, lot: str, kept: dict[str, Any], scenario: str
    ) -> tuple[SandboxResponse, Verdict]:
        after_text = parse_qs(request.query).get("apres", ["0"])[0]
        if not (after_text.isascii() and after_text.isdigit() and len(after_text) < 9):
            raise _Refused(400, "apres", "apres est un nombre de lignes.")
        lines = kept["lignes"]
        elapsed = (request.received_at - datetime.datetime.fromisoformat(kept["le"])).total_seconds()
        per_line = self._settings.verification_seconds_per_line
        done = len(lines) if per_line <= 0 else min(len(lines), int(elapsed / per_line))
        if scenario == "lots-bloques":
            done = 0
        after = min(int(after_text), done)
        page = lines[after : min(done, after + PAGE_LINES)]
        results = [self._result(line, scenario) for line in page]
        reached = after + len(page)
        if reached > kept["lu"]:
            self._store.put(_STORE, key, json.dumps(kept | {"lu": reached}).encode())
        state = "termine" if done == len(lines) else ("en_cours" if done else "depose")
        verdict = Verdict(
            True,
            "lecture d'un lot (forme non officielle)",
            f"Lot {state} : {done} sur {len(lines)}, {len(page)} résultats rendus.",
            (),
            {"Lot": lot},
        )
        return _json(200, _state(lot, state, len(lines), done, results, reached)), verdict


def _require_certificate(certificate: x509.Certificate | None) -> None:
    names = [] if certificate is None else certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
    if not names or names[0].value not in ALLOWED_CN:
        raise _Refused(403, "desir_560", "Certificat client dont le nom est INSI-MANU ou INSI-AUTO.")


def _caller(request: SandboxRequest) -> str:
    """Return the structure of the certificate: the lots of one are unknown to the others."""
    certificate = request.client_certificate
    if certificate is None:
        return "inconnu"
    found = certificate.subject.get_attributes_for_oid(NameOID.ORGANIZATIONAL_UNIT_NAME)
    return str(found[0].value) if found else "inconnu"


def _document(request: SandboxRequest) -> dict[str, Any]:
    """Return the JSON received, marked as of this form."""
    if not request.headers.get("content-type", "").lower().startswith("application/json"):
        raise _Refused(415, "type", "Le type du contenu doit être application/json.")
    try:
        document = json.loads(request.body)
    except (ValueError, RecursionError):
        raise _Refused(400, "json", "La demande n'est pas du JSON.") from None
    if not isinstance(document, dict) or document.get("format") != FORMAT:
        raise _Refused(400, "format", f'"format" doit valoir "{FORMAT}".')
    return document


def _line(item: object) -> dict[str, str]:
    """Return one identity to verify: every field is a text, nothing else is accepted."""
    if not isinstance(item, dict) or not set(item) <= set(_FIELDS):
        raise _Refused(400, "champs", "Une demande contient des champs inconnus.")
    line = {name: item.get(name, "") for name in _FIELDS}
    if not all(isinstance(value, str) and len(value) <= 200 for value in line.values()):
        raise _Refused(400, "champs", "Chaque champ d'une demande est un texte.")
    return line


def _judge(line: dict[str, str]) -> tuple[Remark, ...]:
    return tuple(Remark(rule.code, rule.source, rule.test(line), rule.expected) for rule in LINE_RULES)


def _state(
    lot: str, state: str, total: int, done: int, results: list[dict[str, str]], reached: int
) -> dict[str, Any]:
    return {
        "lot": lot,
        "etat": state,
        "lignes": total,
        "traitees": done,
        "resultats": results,
        "suivant": reached,
    }


def _json(status: int, document: dict[str, Any], wait: int = 0) -> SandboxResponse:
    body = json.dumps({"format": FORMAT, "officiel": False, **document}, ensure_ascii=False).encode()
    headers = {"content-type": "application/json"}
    if wait:
        headers["retry-after"] = str(wait)
    return SandboxResponse(status, headers, body)


def _refusal(refusal: _Refused) -> tuple[SandboxResponse, Verdict]:
    error = {"erreur": {"code": refusal.code, "message": refusal.sentence}}
    remark = Remark(refusal.code, _OWN, False, refusal.sentence)
    verdict = Verdict(False, "vérification (forme non officielle)", f"Refusé : {refusal.sentence}", (remark,))
    return _json(refusal.status, error, refusal.wait), verdict
