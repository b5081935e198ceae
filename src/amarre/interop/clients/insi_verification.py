"""Verification of identities in the sandbox's own form, which is NOT the official one.

The official messages of WS_INS3 to WS_INS5 are not public. Until they are obtained this adapter refuses to
be built for any environment but the sandbox's, refuses a host of the national service whatever the
environment says, and refuses an answer that does not declare itself non-official.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any
from urllib.parse import urlsplit

from amarre.interop.clients.insi import SERVICE, retry_after
from amarre.interop.ins.insi import (
    InsiProfile,
    LotUnknown,
    QuotaExceeded,
    ServiceUnavailable,
    VerificationAnswerInvalid,
    VerificationNotOfficial,
    VerificationRefused,
)
from amarre.interop.ins.matricule import Environment
from amarre.interop.ins.verification import (
    LotReport,
    LotState,
    VerificationOutcome,
    VerificationRequest,
    VerificationResult,
)
from amarre.interop.transport.http import (
    DEFAULT_DEADLINES,
    Deadlines,
    HttpRequest,
    HttpResponse,
    HttpTransport,
)

PATH = "/insi-verification-non-officielle/v0"
FORMAT = "amarre-verification-0"
MAX_BYTES = 5_000_000
OFFICIAL_DOMAINS = ("ameli.fr", "sesam-vitale.fr", "gouv.fr", "cnamts.fr")


class SandboxVerification:
    """A `VerificationPort` that speaks the sandbox's non-official form. Safe between threads.

    Raises VerificationNotOfficial unless the profile's environment is the sandbox's.
    """

    def __init__(
        self, transport: HttpTransport, profile: InsiProfile, deadlines: Deadlines = DEFAULT_DEADLINES
    ) -> None:
        address = urlsplit(profile.endpoint)
        host = (address.hostname or "").lower()
        official = any(host == name or host.endswith(f".{name}") for name in OFFICIAL_DOMAINS)
        if profile.environment is not Environment.SANDBOX or official or not host:
            raise VerificationNotOfficial()
        self._transport = transport
        self._base = f"{address.scheme}://{address.netloc}{PATH}"
        self._deadlines = deadlines

    def verify(self, request: VerificationRequest) -> VerificationResult:
        """Verify one identity. Raises InsiError or TransportError subclasses."""
        result = _result(self._call("POST", "/unitaire", {"demande": _line(request)}))
        if result.reference != request.reference:
            raise VerificationAnswerInvalid(reason="elle concerne une autre identité")
        return result

    def deposit(self, lot_id: str, requests: Sequence[VerificationRequest]) -> LotReport:
        """Deposit a lot. Raises InsiError or TransportError subclasses."""
        lines = [_line(request) for request in requests]
        return _report(self._call("PUT", f"/lots/{lot_id}", {"demandes": lines}), lot_id)

    def fetch(self, lot_id: str, after: int = 0) -> LotReport:
        """Return the state of a lot and its next results. Raises LotUnknown and the other InsiError."""
        return _report(self._call("GET", f"/lots/{lot_id}?apres={after}", None), lot_id)

    def close(self, lot_id: str) -> None:
        """Forget a lot at the service; a lot already unknown is no error."""
        try:
            self._call("DELETE", f"/lots/{lot_id}", None)
        except LotUnknown:
            return

    def _call(self, method: str, path: str, content: dict[str, Any] | None) -> dict[str, Any]:
        """Send one request and return the document answered."""
        body = b"" if content is None else json.dumps({"format": FORMAT, **content}).encode()
        headers = {"content-type": "application/json", "accept": "application/json"}
        request = HttpRequest(method, self._base + path, headers, body, SERVICE, "insi-verification")
        response = self._transport.send(request, self._deadlines)
        if response.status == 429:
            raise QuotaExceeded(remote_code="429", seconds=retry_after(response))
        if response.status >= 500:
            raise ServiceUnavailable(remote_code=str(response.status), remote=f"HTTP {response.status}")
        document = _document(response)
        if response.status >= 300:
            error = document.get("erreur")
            code = str(error.get("code", ""))[:40] if isinstance(error, dict) else ""
            if code == "lot_inconnu":
                raise LotUnknown(remote_code=code)
            raise VerificationRefused(remote_code=code, remote=code or f"HTTP {response.status}")
        return document


def _line(request: VerificationRequest) -> dict[str, str]:
    """Return one identity in the non-official form."""
    ins, traits = request.ins, request.traits
    return {
        "reference": request.reference,
        "matricule": ins.matricule.base,
        "cle": ins.matricule.key,
        "oid": ins.oid.value,
        "nom": traits.nom_naissance,
        "prenoms": traits.prenoms,
        "sexe": traits.sexe.value,
        "naissance": traits.date_naissance.text,
        "lieu": "" if traits.lieu_naissance == "99999" else traits.lieu_naissance,
    }


def _document(response: HttpResponse) -> dict[str, Any]:
    """Read an answer that declares itself non-official. Raises VerificationAnswerInvalid."""
    if len(response.body) > MAX_BYTES:
        raise VerificationAnswerInvalid(reason="elle est anormalement longue")
    try:
        document = json.loads(response.body)
    except (ValueError, RecursionError):
        raise VerificationAnswerInvalid(reason="ce n'est pas du JSON") from None
    if not isinstance(document, dict):
        raise VerificationAnswerInvalid(reason="elle n'a pas la forme attendue")
    if document.get("format") != FORMAT or document.get("officiel") is not False:
        raise VerificationAnswerInvalid(reason="elle ne vient pas d'un bac à sable")
    return document


def _result(item: object) -> VerificationResult:
    if not isinstance(item, dict) or not isinstance(item.get("reference"), str):
        raise VerificationAnswerInvalid(reason="un résultat n'a pas de référence")
    try:
        outcome = VerificationOutcome(str(item.get("resultat")))
    except ValueError:
        raise VerificationAnswerInvalid(reason="un résultat n'est ni OK ni KO") from None
    return VerificationResult(item["reference"], outcome, str(item.get("code", ""))[:40])


def _report(document: dict[str, Any], lot_id: str) -> LotReport:
    if document.get("lot") != lot_id:
        raise VerificationAnswerInvalid(reason="elle concerne un autre lot")
    numbers = [document.get(name) for name in ("lignes", "traitees", "suivant")]
    results = document.get("resultats")
    if not all(type(number) is int and number >= 0 for number in numbers) or not isinstance(results, list):
        raise VerificationAnswerInvalid(reason="l'avancement du lot manque")
    try:
        state = LotState(str(document.get("etat")))
    except ValueError:
        raise VerificationAnswerInvalid(reason="l'état du lot n'est pas connu") from None
    total, processed, after = (int(str(number)) for number in numbers)
    return LotReport(lot_id, state, total, processed, tuple(_result(item) for item in results), after)
