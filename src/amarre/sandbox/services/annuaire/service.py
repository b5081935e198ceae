"""The HTTP side: key, paths, paging, OperationOutcome.

Source: ANS, API FHIR Annuaire Santé v2 (access, verbs, limits, paging by opaque link).
"""

from __future__ import annotations

import base64
import binascii
import json
from typing import Any
from urllib.parse import parse_qsl

from amarre.cast.organisation import ANNUAIRE_KEY
from amarre.sandbox.context import SandboxContext
from amarre.sandbox.service import Remark, SandboxRequest, SandboxResponse, Verdict
from amarre.sandbox.services.annuaire.resources import cast_resources
from amarre.sandbox.services.annuaire.search import PARAMETERS, Resource, SearchRefused, matching

PREFIX = "/gateway/fhir/v2"
# Any client of the sandbox may know it: it protects nothing, it proves that the header is sent.
API_KEY = ANNUAIRE_KEY
DEFAULT_COUNT = 50
DOCUMENTATION = "ANS, API FHIR Annuaire Santé v2"
SCENARIOS: dict[str, str] = {
    "quota-depasse": "L'annuaire répond 429 : trop d'appels par seconde.",
    "cle-refusee": "L'annuaire refuse la clé (401).",
    "page-etrangere": "Le lien de la page suivante mène à une autre machine.",
}
REFERENCES = {
    "PractitionerRole:practitioner": "practitioner",
    "PractitionerRole:organization": "organization",
}


class AnnuaireService:
    """Service: read-only search of Practitioner, PractitionerRole and Organization."""

    name = "annuaire"
    prefixes: tuple[str, ...] = (PREFIX,)
    scenarios = SCENARIOS

    def __init__(self, context: SandboxContext) -> None:
        self._context = context
        self._resources = cast_resources()

    def handle(self, request: SandboxRequest) -> tuple[SandboxResponse, Verdict]:
        """Answer one call."""
        situation = self._context.scenarios.active(self.name)
        refused = self._refusal(request, situation)
        if refused is not None:
            return refused
        path = request.path.removeprefix(PREFIX).strip("/")
        parameters = parse_qsl(request.query, keep_blank_values=True)
        if request.method == "POST":
            parameters += parse_qsl(request.body.decode("utf-8", "replace"), keep_blank_values=True)
        if path == "_page":
            return self._page(dict(parameters).get("id", ""), situation)
        kind, _, rest = path.removesuffix("/_search").partition("/")
        if kind not in PARAMETERS:
            return _outcome(404, f"HAPI-0302: Unknown resource type '{kind}' - Server knows how to handle: "
                            f"{sorted(PARAMETERS)}")  # fmt: skip
        if rest:
            return self._read(kind, rest)
        return self._search(kind, parameters, 0, situation)

    def _refusal(self, request: SandboxRequest, situation: str) -> tuple[SandboxResponse, Verdict] | None:
        if situation == "quota-depasse":
            return _outcome(429, "API rate limit exceeded")
        if situation == "cle-refusee" or request.headers.get("esante-api-key") != API_KEY:
            return _outcome(401, "Authentication parameters missing or wrong (ESANTE-API-KEY)")
        if request.method not in ("GET", "POST"):
            return _outcome(405, f"Method {request.method} is not allowed: the directory is read-only")
        if request.method == "POST" and not request.path.endswith("/_search"):
            return _outcome(405, "POST is allowed on _search only")
        return None

    def _read(self, kind: str, identifier: str) -> tuple[SandboxResponse, Verdict]:
        for item in self._resources:
            if item["resourceType"] == kind and item["id"] == identifier:
                return _answer(200, item, f"Lecture d'une ressource {kind}", "Ressource trouvée.")
        return _outcome(404, f"HAPI-2001: Resource {kind}/{identifier} is not known")

    def _page(self, identifier: str, situation: str) -> tuple[SandboxResponse, Verdict]:
        try:
            kind, given, offset = json.loads(base64.urlsafe_b64decode(identifier.encode("ascii")))
            parameters = [(str(name), str(value)) for name, value in given]
        except (binascii.Error, ValueError, TypeError, RecursionError):
            return _outcome(410, "HAPI-0417: Search ID does not exist and may have expired")
        if kind not in PARAMETERS or not isinstance(offset, int) or offset < 0:
            return _outcome(410, "HAPI-0417: Search ID does not exist and may have expired")
        return self._search(kind, parameters, offset, situation)

    def _search(
        self, kind: str, parameters: list[tuple[str, str]], offset: int, situation: str
    ) -> tuple[SandboxResponse, Verdict]:
        count_text = dict(parameters).get("_count", str(DEFAULT_COUNT))
        if not (count_text.isascii() and count_text.isdigit() and len(count_text) < 10):
            return _outcome(400, "HAPI-0525: Invalid _count parameter value")
        try:
            found = matching(kind, self._resources, parameters)
            extra = self._included(kind, found[offset : offset + int(count_text)], parameters)
        except SearchRefused as error:
            return _outcome(400, str(error))
        shown = found[offset : offset + int(count_text)]
        bundle = self._bundle(kind, parameters, shown, extra, offset, len(found), situation)
        summary = f"{len(found)} résultat{'s' if len(found) > 1 else ''}, {len(shown)} dans cette page."
        return _answer(200, bundle, f"Recherche de {kind}", summary, parameters)

    def _included(
        self, kind: str, shown: list[Resource], parameters: list[tuple[str, str]]
    ) -> list[Resource]:
        found: list[Resource] = []
        ids = {f"{item['resourceType']}/{item['id']}" for item in shown}
        for name, value in parameters:
            if name not in ("_include", "_revinclude"):
                continue
            field = REFERENCES.get(value)
            if field is None:
                raise SearchRefused(f'HAPI-2015: Invalid {name} parameter value: "{value}"')
            if name == "_revinclude":
                found += [
                    item for item in self._resources if field in item and item[field]["reference"] in ids
                ]
            else:
                targets = {item[field]["reference"] for item in shown if field in item}
                found += [
                    item for item in self._resources if f"{item['resourceType']}/{item['id']}" in targets
                ]
        return found

    def _bundle(
        self,
        kind: str,
        parameters: list[tuple[str, str]],
        shown: list[Resource],
        extra: list[Resource],
        offset: int,
        total: int,
        situation: str,
    ) -> dict[str, Any]:
        base = f"{self._context.https_url}{PREFIX}"
        links = [{"relation": "self", "url": f"{base}/{kind}"}]
        following = offset + len(shown)
        if shown and following < total:
            state = json.dumps([kind, parameters, following]).encode()
            opaque = base64.urlsafe_b64encode(state).decode("ascii")
            origin = "https://ailleurs.example/fhir/v2" if situation == "page-etrangere" else base
            links.insert(0, {"relation": "next", "url": f"{origin}/_page?id={opaque}"})
        entries = [_entry(base, item, "match") for item in shown]
        entries += [_entry(base, item, "include") for item in extra]
        bundle: dict[str, Any] = {"resourceType": "Bundle", "id": str(self._context.ids.uuid())}
        bundle |= {"type": "searchset", "link": links}
        if dict(parameters).get("_total") != "none":
            bundle["total"] = total
        if entries:
            bundle["entry"] = entries
        return bundle


def _entry(base: str, item: Resource, mode: str) -> dict[str, Any]:
    return {
        "fullUrl": f"{base}/{item['resourceType']}/{item['id']}",
        "resource": item,
        "search": {"mode": mode},
    }


def _answer(
    status: int,
    value: dict[str, Any],
    operation: str,
    summary: str,
    parameters: list[tuple[str, str]] | None = None,
) -> tuple[SandboxResponse, Verdict]:
    body = json.dumps(value, ensure_ascii=False).encode()
    headers = {"content-type": "application/fhir+json;charset=utf-8"}
    remarks = (Remark("Clé d'accès (ESANTE-API-KEY)", DOCUMENTATION, True, "Conforme."),)
    decoded = {f"Critère {name}": text for name, text in parameters or [] if not name.startswith("_")}
    return SandboxResponse(status, headers, body), Verdict(True, operation, summary, remarks, decoded)


def _outcome(status: int, diagnostics: str) -> tuple[SandboxResponse, Verdict]:
    issue = {"severity": "error", "code": "processing", "diagnostics": diagnostics}
    body = json.dumps({"resourceType": "OperationOutcome", "issue": [issue]}, ensure_ascii=False).encode()
    sentences = {
        400: "Un critère n'est pas connu de l'annuaire.",
        401: "La clé d'accès manque ou n'est pas la bonne.",
        404: "Cette adresse n'existe pas dans l'annuaire.",
        405: "L'annuaire se lit seulement.",
        410: "Cette page de résultats n'existe plus.",
        429: "Trop d'appels par seconde.",
    }
    sentence = sentences[status]
    remark = Remark("Appel accepté", DOCUMENTATION, False, sentence)
    response = SandboxResponse(status, {"content-type": "application/fhir+json;charset=utf-8"}, body)
    return response, Verdict(False, "Recherche dans l'annuaire", sentence, (remark,), {"Motif": diagnostics})
