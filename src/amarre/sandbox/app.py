"""The sandbox: assembles the services, their journal and their situations behind two HTTP servers."""

from __future__ import annotations

import contextlib
import dataclasses
import ssl
import threading
from collections.abc import Callable
from types import TracebackType

from amarre.interop.common.clock import Clock, IdSource, SystemClock, SystemIds
from amarre.sandbox import cards, pki, starter, vitale
from amarre.sandbox.context import SandboxContext
from amarre.sandbox.control.guard import is_addressed_to_loopback
from amarre.sandbox.control.pages import ControlPages
from amarre.sandbox.journal import Circumstances, Journal
from amarre.sandbox.scenarios import COMMON, ActiveScenarios
from amarre.sandbox.server import SandboxHttpServer, tls_server
from amarre.sandbox.service import (
    AssertionService,
    BackgroundService,
    Observable,
    PlainPages,
    Remark,
    Resettable,
    SandboxRequest,
    SandboxResponse,
    Service,
    Verdict,
)
from amarre.sandbox.services import annuaire, dmp, insi, mssante, psc
from amarre.sandbox.settings import SandboxSettings
from amarre.sandbox.store import Database, SqliteStore

CREATORS: dict[str, Callable[[SandboxContext], object]] = {
    "insi": insi.create,
    "dmp": dmp.create,
    "psc": psc.create,
    "annuaire": annuaire.create,
    "mssante": mssante.create,
}
SERVICES: tuple[str, ...] = tuple(CREATORS)

GIGANTIC = 10 * 1024**3

# Word of OpenSSL's reason → what happened, in French. Anything else is a client that left.
TLS_REFUSALS = {
    "PEER_DID_NOT_RETURN": "Aucun certificat client n'a été présenté.",
    "EXPIRED": "Le certificat client est expiré.",
    "NOT YET VALID": "Le certificat client n'est pas encore valable.",
    "PURPOSE": "Le certificat client n'est pas un certificat d'authentification.",
    "ISSUER": "Le certificat client vient d'une autorité inconnue.",
    "SELF-SIGNED": "Le certificat client vient d'une autorité inconnue.",
    "VERIFY_FAILED": "Le certificat client est refusé.",
    "UNKNOWN_CA": "Le client ne reconnaît pas l'autorité du bac à sable.",
    "BAD_CERTIFICATE": "Le client refuse le certificat du bac à sable.",
    "UNSUPPORTED_PROTOCOL": "Le client demande une version de TLS antérieure à 1.2.",
}

PROXY_PAGE = (
    "<!DOCTYPE html><html><head><title>Accès filtré</title></head><body><h1>Accès filtré</h1>"
    "<p>Votre connexion passe par un équipement de sécurité. Identifiez-vous pour continuer.</p>"
    "</body></html>"
).encode()


class Sandbox:
    """The running sandbox. Use it as a context manager, or call `start` and `stop`.

    Raises OSError at `start` when a port is taken.
    """

    def __init__(
        self,
        settings: SandboxSettings,
        *,
        services: tuple[str, ...] = SERVICES,
        clock: Clock | None = None,
        ids: IdSource | None = None,
    ) -> None:
        self.settings = settings
        self.clock: Clock = clock or SystemClock()
        self._ids: IdSource = ids or SystemIds()
        self._names = services
        self.scenarios = ActiveScenarios()
        self.services: dict[str, object] = {}
        self._background: list[BackgroundService] = []
        self._opened = contextlib.ExitStack()
        self._stopped = threading.Event()

    def start(self) -> Sandbox:
        """Create the certificates if needed, listen on every port, and return at once."""
        try:
            self._open()
        except OSError:
            self.stop()
            raise
        return self

    def _open(self) -> None:
        """Bind, create, start, in that order; whatever was opened is closed by `stop`, last first."""
        settings = self.settings
        self.pki = pki.ensure(settings.data_dir, settings.structures, self.clock)
        cards.ensure(settings.data_dir, self.clock)
        vitale.write_cards(settings.data_dir)
        self._database = Database(settings.data_dir / "sandbox.sqlite3" if settings.durable else None)
        self.store = SqliteStore(self._database)
        self.journal = Journal(
            self._database, self.clock, kept=settings.kept_exchanges, kept_bytes=settings.kept_bytes
        )
        self._plain = SandboxHttpServer(
            (settings.host, settings.plain_port), self._handle_plain, self.clock, settings.max_body_bytes
        )
        self._https = tls_server(
            (settings.host, settings.https_port),
            self._handle_https,
            self.clock,
            settings.max_body_bytes,
            self.pki.server_context(),
            self._tls_refused,
        )
        self._simple = tls_server(
            (settings.host, settings.simple_tls_port),
            self._handle_simple,
            self.clock,
            settings.max_body_bytes,
            self.pki.server_context(client_certificate=False),
            self._tls_refused,
        )
        self._opened.callback(self._database.close)
        for server in (self._plain, self._https, self._simple):
            server.prepare()
            self._opened.callback(server.stop_and_join)
        starter.write(settings.data_dir, self.https_url, self.clock)
        self._create_services()
        self._control = ControlPages(self)
        self._plain.start_in_thread()
        self._https.start_in_thread()
        self._simple.start_in_thread()
        for service in self._background:
            self._opened.callback(service.stop)
            service.start()

    def stop(self) -> None:
        """Stop every server and close the store. Calling it twice is harmless."""
        if self._stopped.is_set():
            return
        self._stopped.set()
        self._opened.close()

    def wait(self, timeout: float | None = None) -> bool:
        """Wait until `stop` is called; return whether it was."""
        return self._stopped.wait(timeout)

    def __enter__(self) -> Sandbox:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    @property
    def plain_url(self) -> str:
        """Address of the plain server, without a trailing slash."""
        return f"http://{self.settings.public_host}:{self._plain.port}"

    @property
    def https_url(self) -> str:
        """Address of the mutual-TLS server, without a trailing slash."""
        return f"https://{self.settings.public_host}:{self._https.port}"

    @property
    def simple_url(self) -> str:
        """Address of the simple TLS server (INSi by professional card), without a trailing slash."""
        return f"https://{self.settings.public_host}:{self._simple.port}"

    def addresses(self) -> dict[str, str]:
        """Return where everything listens, for people and for programs that start the sandbox."""
        found = {
            "control": f"{self.plain_url}/bac-a-sable/",
            "plain": self.plain_url,
            "https": self.https_url,
            "https_simple": self.simple_url,
        }
        for service in self._background:
            for name, (host, port) in service.addresses().items():
                found[name] = f"{host}:{port}"
        return found

    def scenario_names(self, service: str) -> dict[str, str]:
        """Return the situations that may be chosen for a service: name → French description."""
        found = self.services.get(service)
        own: dict[str, str] = dict(getattr(found, "scenarios", {}))
        common = COMMON if isinstance(found, Service) and found.prefixes else {}
        return own | {name: text for name, text in common.items() if name not in own}

    def choose(self, service: str, name: str, count: int | None = None) -> None:
        """Choose a situation. Raises KeyError when the service or the situation does not exist."""
        if service not in self.services:
            raise KeyError(service)
        if name and name not in self.scenario_names(service):
            raise KeyError(name)
        self.scenarios.choose(service, name, count)

    def state(self) -> dict[str, object]:
        """Return the effects that each service holds: the oracle of tests."""
        return {name: item.state() for name, item in self.services.items() if isinstance(item, Observable)}

    def reset(self) -> None:
        """Forget everything received and every situation; certificates stay."""
        self.scenarios.reset()
        self.store.clear()
        self.journal.clear()
        for service in self.services.values():
            if isinstance(service, Resettable):
                service.reset()

    def _create_services(self) -> None:
        context = SandboxContext(
            settings=self.settings,
            store=self.store,
            journal=self.journal,
            scenarios=self.scenarios,
            clock=self.clock,
            ids=self._ids,
            pki=self.pki,
            plain_url=self.plain_url,
            https_url=self.https_url,
        )
        for name in self._names:
            service = CREATORS[name](context)
            self.services[name] = service
            if isinstance(service, BackgroundService):
                self._background.append(service)

    def _handle_plain(self, request: SandboxRequest) -> SandboxResponse:
        if not is_addressed_to_loopback(request):
            return _text(421, "Le bac à sable ne répond qu'à cette machine : localhost, 127.0.0.1 ou [::1].")
        if request.path in {"/", "/bac-a-sable"}:
            return SandboxResponse(302, {"location": "/bac-a-sable/"}, b"")
        if request.path.startswith("/bac-a-sable/"):
            return self._control.handle(request)
        for name, service in self.services.items():
            if isinstance(service, PlainPages) and _matches(request.path, service.plain_prefixes):
                response, verdict = service.handle_plain(request)
                if verdict is not None:
                    self._record(name, request, response, verdict, "")
                return response
        return _text(404, "Aucune page du bac à sable à cette adresse.")

    def _handle_https(self, request: SandboxRequest) -> SandboxResponse:
        for name, service in self.services.items():
            if isinstance(service, Service) and _matches(request.path, service.prefixes):
                return self._play(name, service, request)
        response = _text(404, "Aucun service du bac à sable à cette adresse.")
        verdict = Verdict(False, "inconnue", "Aucun service ne répond à cette adresse.")
        self._record("inconnu", request, response, verdict, "")
        return response

    def _handle_simple(self, request: SandboxRequest) -> SandboxResponse:
        """Answer without a client certificate, for the services that judge an assertion instead."""
        for name, service in self.services.items():
            if isinstance(service, AssertionService) and _matches(request.path, service.simple_prefixes):
                return self._play(name, service, request)
        return _text(404, "Aucun service du bac à sable ne répond ici sans certificat client.")

    def _play(self, name: str, service: Service, request: SandboxRequest) -> SandboxResponse:
        """Answer one request under the active situation, and write the journal before the answer leaves."""
        scenario = self.scenarios.active(name)
        if scenario not in COMMON or scenario in service.scenarios:
            response, verdict = service.handle(request)
            self._record(name, request, response, verdict, scenario)
            return response
        self.scenarios.consume(name)
        response, verdict = self._play_common(scenario, service, request)
        self._record(name, request, response, verdict, scenario)
        return response

    def _play_common(
        self, scenario: str, service: Service, request: SandboxRequest
    ) -> tuple[SandboxResponse, Verdict]:
        before = {
            "indisponible": _text(503, "Service temporairement indisponible."),
            "coupure-avant": SandboxResponse(200, {}, b"", cut=True),
            "page-html": SandboxResponse(200, {"content-type": "text/html; charset=utf-8"}, PROXY_PAGE),
        }
        if scenario in before:
            verdict = Verdict(False, "situation", f"Non traité. {COMMON[scenario]}")
            return before[scenario], verdict
        response, verdict = service.handle(request)
        size = len(response.body)
        after = {
            "reponse-lente": dataclasses.replace(response, delay_seconds=self.settings.slow_answer_seconds),
            "reponse-perdue": dataclasses.replace(response, cut=True),
            "reponse-tronquee": dataclasses.replace(response, truncate_at=size // 2),
            "reponse-goutte-a-goutte": dataclasses.replace(response, send_rate=2.0),
            "reponse-geante": dataclasses.replace(response, declared_length=GIGANTIC),
            "reponse-illisible": dataclasses.replace(response, body=b"\x00\x01\xfe\xff" * 64),
        }
        return after[scenario], dataclasses.replace(verdict, summary=f"{verdict.summary} {COMMON[scenario]}")

    def _tls_refused(self, error: ssl.SSLError) -> None:
        """Write a failed handshake in the journal: the service never saw the request."""
        text = f"{error.reason or ''} {error}".upper()
        sentence = next((french for word, french in TLS_REFUSALS.items() if word in text), "")
        if sentence:
            remark = Remark("tls.certificate", "RFC 8446 §4.4.2 ; IGC-Santé", False, sentence)
            verdict = Verdict(False, "connexion TLS", sentence, (remark,), {"OpenSSL": str(error)})
            self.journal.record(service="inconnu", verdict=verdict, request=b"")

    def _record(
        self, name: str, request: SandboxRequest, response: SandboxResponse, verdict: Verdict, scenario: str
    ) -> None:
        certificate = request.client_certificate
        self.journal.record(
            service=name,
            verdict=verdict,
            request=request.body,
            response=response.body,
            circumstances=Circumstances(
                address=f"{request.method} {request.path}" + (f"?{request.query}" if request.query else ""),
                status=0 if response.cut else response.status,
                scenario=scenario,
                certificate=certificate.subject.rfc4514_string() if certificate else "",
                request_headers=request.headers,
                response_headers=response.headers,
            ),
        )


def _matches(path: str, prefixes: tuple[str, ...]) -> bool:
    """Tell whether a path is one of the prefixes or below it."""
    return any(path == item.rstrip("/") or path.startswith(item.rstrip("/") + "/") for item in prefixes)


def _text(status: int, sentence: str) -> SandboxResponse:
    return SandboxResponse(status, {"content-type": "text/plain; charset=utf-8"}, sentence.encode())
