"""Pro Santé Connect, simulated: pages for the browser, direct channel behind a client certificate."""

from __future__ import annotations

from amarre.sandbox.context import SandboxContext
from amarre.sandbox.service import SandboxRequest, SandboxResponse, Verdict
from amarre.sandbox.services.psc import situations
from amarre.sandbox.services.psc.authorization import NAME, AuthorizationPages
from amarre.sandbox.services.psc.back_channel import BackChannel
from amarre.sandbox.services.psc.people import holders
from amarre.sandbox.services.psc.registry import declared_clients

REALM_PATH = "/auth/realms/esante-wallet"


class PscService:
    """Answers the browser on the plain port and softwares on the mutual-TLS port."""

    name = NAME
    prefixes = (REALM_PATH,)
    plain_prefixes = ("/auth",)
    scenarios = dict(situations.ALL)

    def __init__(self, context: SandboxContext) -> None:
        issuer = f"{context.https_url}{REALM_PATH}"
        clients = declared_clients(context.settings.dui_url.rstrip("/"))
        people = holders()
        self._pages = AuthorizationPages(context, clients, people, issuer)
        self._back_channel = BackChannel(context, clients, people, issuer)
        self.issuer = issuer

    def handle(self, request: SandboxRequest) -> tuple[SandboxResponse, Verdict]:
        """Answer a software (client certificate present)."""
        return self._back_channel.handle(request)

    def handle_plain(self, request: SandboxRequest) -> tuple[SandboxResponse, Verdict | None]:
        """Answer a browser."""
        return self._pages.handle(request)


def create(context: SandboxContext) -> PscService:
    """Return the service, published under the realm path of the real one."""
    return PscService(context)


__all__ = ["REALM_PATH", "PscService", "create"]
