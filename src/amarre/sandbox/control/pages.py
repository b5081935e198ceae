"""The control page and its API, under /bac-a-sable/: what each service received, situations, reset.

None of these addresses exists on a real national service; every page says so.
"""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Callable
from dataclasses import asdict
from importlib.resources import files
from typing import Protocol
from urllib.parse import parse_qs

from amarre.sandbox.control import exchange_view, views
from amarre.sandbox.control.guard import comes_from_own_page
from amarre.sandbox.control.html import Html
from amarre.sandbox.journal import Exchange, Journal
from amarre.sandbox.scenarios import ActiveScenarios
from amarre.sandbox.service import Guided, GuideTable, SandboxRequest, SandboxResponse

PREFIX = "/bac-a-sable"
HEADERS = {
    "content-security-policy": "default-src 'none'; style-src 'self'; form-action 'self'; "
    "frame-ancestors 'none'; base-uri 'none'",
    "x-content-type-options": "nosniff",
    # Not "no-referrer": a browser then writes "Origin: null" on the forms of these very pages.
    "referrer-policy": "same-origin",
    "cache-control": "no-store",
}
NOT_REAL = {"x-amarre": "page du bac a sable, absente du service reel"}


class ControlledSandbox(Protocol):
    """What the control page needs of the sandbox."""

    journal: Journal
    scenarios: ActiveScenarios
    services: dict[str, object]

    def addresses(self) -> dict[str, str]: ...
    def scenario_names(self, service: str) -> dict[str, str]: ...
    def choose(self, service: str, name: str, count: int | None = None) -> None: ...
    def state(self) -> dict[str, object]: ...
    def reset(self) -> None: ...


class ControlPages:
    """Answers everything under /bac-a-sable/."""

    def __init__(self, sandbox: ControlledSandbox) -> None:
        self._sandbox = sandbox
        self._routes: tuple[tuple[str, str, Callable[..., SandboxResponse]], ...] = (
            ("GET", r"/", self._overview),
            ("GET", r"/services/([a-z]+)", self._service),
            ("GET", r"/echanges/(\d{1,15})", self._exchange),
            ("GET", r"/echanges/(\d{1,15})/(requete|reponse)", self._download),
            ("GET", r"/style\.css", self._style),
            ("POST", r"/situation", self._choose_form),
            ("POST", r"/reinitialiser", self._reset_form),
            ("GET", r"/api/journal", self._api_journal),
            ("GET", r"/api/journal/(\d{1,15})", self._api_exchange),
            ("GET", r"/api/state", self._api_state),
            ("GET", r"/api/addresses", self._api_addresses),
            ("GET", r"/api/guide/([a-z]+)", self._api_guide),
            ("POST", r"/api/scenario", self._api_scenario),
            ("POST", r"/api/reset", self._api_reset),
        )

    def handle(self, request: SandboxRequest) -> SandboxResponse:
        """Route one request of the plain server."""
        path = request.path.removeprefix(PREFIX)
        method = "GET" if request.method == "HEAD" else request.method
        if method == "POST" and not comes_from_own_page(request):
            return _page(403, views.message("Refusé", "Cette demande vient d'une page d'un autre site."))
        other_method = False
        for wanted, pattern, answer in self._routes:
            found = re.fullmatch(pattern, path)
            if found and wanted == method:
                return answer(request, *found.groups())
            other_method = other_method or bool(found)
        if other_method:
            return _page(405, views.message("Méthode refusée", "Cette adresse attend une autre méthode."))
        return _page(404, views.message("Page introuvable", "Cette page n'existe pas dans le bac à sable."))

    def _overview(self, request: SandboxRequest) -> SandboxResponse:
        exchanges = self._sandbox.journal.list(limit=50)
        return _page(200, views.overview(self._panels(), exchanges, self._sandbox.addresses()))

    def _service(self, request: SandboxRequest, name: str) -> SandboxResponse:
        panels = [panel for panel in self._panels() if panel.name == name]
        if not panels:
            return _page(404, views.message("Service inconnu", "Aucun service ne porte ce nom."))
        exchanges = self._sandbox.journal.list(name, limit=200)
        state = self._sandbox.state().get(name)
        return _page(200, views.service(panels[0], exchanges, state, self._guide(name)))

    def _guide(self, name: str) -> tuple[GuideTable, ...]:
        service = self._sandbox.services.get(name)
        return service.guide() if isinstance(service, Guided) else ()

    def _exchange(self, request: SandboxRequest, number: str) -> SandboxResponse:
        exchange = self._sandbox.journal.get(int(number))
        if exchange is None:
            return _page(404, views.message("Échange introuvable", "Il a été effacé ou n'a jamais existé."))
        return _page(200, exchange_view.exchange(exchange))

    def _download(self, request: SandboxRequest, number: str, side: str) -> SandboxResponse:
        exchange = self._sandbox.journal.get(int(number))
        if exchange is None:
            return _page(404, views.message("Échange introuvable", "Il a été effacé ou n'a jamais existé."))
        data = exchange.request if side == "requete" else exchange.response
        headers = HEADERS | NOT_REAL
        headers["content-type"] = "application/octet-stream"
        headers["content-disposition"] = f'attachment; filename="echange-{number}-{side}.bin"'
        return SandboxResponse(200, headers, data)

    def _style(self, request: SandboxRequest) -> SandboxResponse:
        data = files("amarre.sandbox.control").joinpath("style.css").read_bytes()
        headers = {"content-type": "text/css; charset=utf-8", "cache-control": "no-cache"}
        return SandboxResponse(200, headers, data)

    def _choose_form(self, request: SandboxRequest) -> SandboxResponse:
        form = parse_qs(request.body.decode("utf-8", "replace"))
        count = form.get("nombre", [""])[0].strip()
        try:
            self._sandbox.choose(
                form.get("service", [""])[0],
                form.get("situation", [""])[0],
                int(count) if count else None,
            )
        except (KeyError, ValueError):
            sentence = "Le service, la situation ou le nombre est inconnu."
            return _page(400, views.message("Situation refusée", sentence))
        return _redirect()

    def _reset_form(self, request: SandboxRequest) -> SandboxResponse:
        self._sandbox.reset()
        return _redirect()

    def _api_journal(self, request: SandboxRequest) -> SandboxResponse:
        values = parse_qs(request.query)
        after = values.get("after", ["0"])[0]
        if not after.isdecimal():
            return _json(400, {"error": "after must be a number"})
        found = self._sandbox.journal.list(values.get("service", [""])[0], int(after))
        return _json(200, {"exchanges": [_summary(item) for item in found]})

    def _api_exchange(self, request: SandboxRequest, number: str) -> SandboxResponse:
        exchange = self._sandbox.journal.get(int(number))
        if exchange is None:
            return _json(404, {"error": "no such exchange"})
        detail = _summary(exchange) | {
            "request_headers": exchange.request_headers,
            "response_headers": exchange.response_headers,
            "request": base64.b64encode(exchange.request).decode("ascii"),
            "response": base64.b64encode(exchange.response).decode("ascii"),
        }
        return _json(200, detail)

    def _api_state(self, request: SandboxRequest) -> SandboxResponse:
        return _json(200, self._sandbox.state())

    def _api_addresses(self, request: SandboxRequest) -> SandboxResponse:
        return _json(200, dict(self._sandbox.addresses()))

    def _api_guide(self, request: SandboxRequest, name: str) -> SandboxResponse:
        if name not in self._sandbox.services:
            return _json(404, {"error": "no such service"})
        tables = [
            {"title": item.title, "rows": [dict(zip(item.heads, row, strict=True)) for row in item.rows]}
            for item in self._guide(name)
        ]
        return _json(200, {"tables": tables, "situations": self._sandbox.scenario_names(name)})

    def _api_scenario(self, request: SandboxRequest) -> SandboxResponse:
        try:
            wanted = json.loads(request.body)
            service, name, count = str(wanted["service"]), str(wanted.get("name", "")), wanted.get("count")
            self._sandbox.choose(service, name, None if count is None else int(count))
        except (KeyError, ValueError, TypeError, AttributeError):
            return _json(400, {"error": "unknown service, situation or count"})
        return _json(200, {"service": service, "active": self._sandbox.scenarios.active(service)})

    def _api_reset(self, request: SandboxRequest) -> SandboxResponse:
        self._sandbox.reset()
        return _json(200, {"reset": True})

    def _panels(self) -> list[views.Panel]:
        """Return one panel per service, in the order of the server."""
        return [
            views.Panel(
                name=name,
                scenarios=self._sandbox.scenario_names(name),
                active=self._sandbox.scenarios.active(name),
                remaining=self._sandbox.scenarios.remaining(name),
            )
            for name in self._sandbox.services
        ]


def _summary(exchange: Exchange) -> dict[str, object]:
    """Return an exchange without its bytes, ready for JSON."""
    return {
        "id": exchange.id,
        "at": exchange.at.isoformat(),
        "service": exchange.service,
        "address": exchange.address,
        "status": exchange.status,
        "scenario": exchange.scenario,
        "certificate": exchange.certificate,
        "request_size": exchange.request_size,
        "response_size": exchange.response_size,
        **asdict(exchange.verdict),
    }


def _page(status: int, page: Html) -> SandboxResponse:
    headers = HEADERS | NOT_REAL | {"content-type": "text/html; charset=utf-8"}
    return SandboxResponse(status, headers, ("<!DOCTYPE html>" + page).encode())


def _redirect() -> SandboxResponse:
    return SandboxResponse(303, HEADERS | NOT_REAL | {"location": f"{PREFIX}/"}, b"")


def _json(status: int, value: dict[str, object]) -> SandboxResponse:
    headers = HEADERS | NOT_REAL | {"content-type": "application/json; charset=utf-8"}
    return SandboxResponse(status, headers, json.dumps(value, ensure_ascii=False, indent=1).encode())
