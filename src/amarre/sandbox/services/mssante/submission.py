"""SMTP submission (RFC 6409) with STARTTLS, client certificate and delivery notifications (RFC 3461)."""

from __future__ import annotations

import re
from asyncio import Transport
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from ssl import SSLContext
from typing import Any

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, Session, syntax

from amarre.sandbox.services.mssante.directory import Directory

HOSTNAME = "smtp.operateur.mssante.example"
MAX_BYTES = 30 * 1024 * 1024
CLOSE = "cut"
_PARAMETERS = re.compile(r"(?P<path>.*?<[^<>]*>)(?P<rest>(?:\s+\S+)*)\s*")


@dataclass(slots=True)
class Notifications:
    """What RFC 3461 lets a client ask."""

    ret: str = ""
    envelope_id: str = ""
    # Recipient → NOTIFY values, and ORCPT.
    notify: dict[str, frozenset[str]] = field(default_factory=dict)
    original: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Received:
    """One message as it came, with its envelope and the mailbox of the certificate."""

    mailbox: str
    sender: str
    recipients: tuple[str, ...]
    notifications: Notifications
    data: bytes


class SubmissionServer(SMTP):
    """aiosmtpd, plus the DSN parameters it does not know (it answers 555 to them)."""

    def __init__(self, handler: SubmissionHandler, context: SSLContext) -> None:
        self.notifications = Notifications()
        super().__init__(
            handler,
            data_size_limit=MAX_BYTES,
            hostname=HOSTNAME,
            ident="Bac a sable MSSante",
            tls_context=context,
            require_starttls=True,
            auth_exclude_mechanism=["LOGIN", "PLAIN"],
            timeout=120,
            loop=handler.loop,
        )

    def abort(self) -> None:
        """Close the connection without a word."""
        if isinstance(self.transport, Transport):
            self.transport.abort()

    @syntax("MAIL FROM: <address>", extended=" [SP <mail-parameters>]")
    async def smtp_MAIL(self, arg: str | None) -> None:
        """Take RET and ENVID, in their own case, then let aiosmtpd read the rest."""
        kept, own = _split(arg, ("RET", "ENVID"))
        self.notifications = Notifications(own.get("RET", "").upper(), own.get("ENVID", ""))
        if self.notifications.ret not in ("", "FULL", "HDRS") or len(self.notifications.envelope_id) > 100:
            await self.push("501 5.5.4 RET or ENVID not valid")
            return
        await super().smtp_MAIL(kept)

    @syntax("RCPT TO: <address>", extended=" [SP <mail-parameters>]")
    async def smtp_RCPT(self, arg: str | None) -> None:
        """Take NOTIFY and ORCPT, then let aiosmtpd read the rest."""
        kept, own = _split(arg, ("NOTIFY", "ORCPT"))
        notify = frozenset(own.get("NOTIFY", "FAILURE").upper().split(","))
        if not notify <= {"SUCCESS", "FAILURE", "DELAY"} and notify != {"NEVER"}:
            await self.push("501 5.5.4 NOTIFY not valid")
            return
        known = len(self.envelope.rcpt_tos) if self.envelope else 0
        await super().smtp_RCPT(kept)
        if self.envelope and len(self.envelope.rcpt_tos) > known:
            recipient = self.envelope.rcpt_tos[-1]
            self.notifications.notify[recipient] = notify
            self.notifications.original[recipient] = own.get("ORCPT", "")


class SubmissionHandler:
    """Decides on each command. `accept` judges and delivers a message and returns the reply."""

    def __init__(
        self,
        directory: Directory,
        accept: Callable[[Received], Awaitable[str]],
        situation: Callable[[], str],
        loop: Any,
    ) -> None:
        self.loop = loop
        self._directory = directory
        self._accept = accept
        self._situation = situation

    async def handle_EHLO(
        self,
        server: SubmissionServer,
        session: Session,
        envelope: Envelope,
        hostname: str,
        responses: list[str],
    ) -> list[str]:
        """Announce DSN once TLS is up."""
        session.host_name = hostname
        if self._situation() == "indisponible":
            return ["421 4.3.2 Service momentanement ferme"]
        if session.ssl is None:
            return responses
        return [*responses[:-1], "250-DSN", responses[-1]]

    async def auth_EXTERNAL(self, server: SubmissionServer, args: list[str]) -> AuthResult:
        """Open the mailbox of the certificate (RFC 4422, appendix A)."""
        if len(args) == 1:
            answer = await server.challenge_auth("", encode_to_b64=True)
            asked = answer.decode("utf-8", "replace") if isinstance(answer, bytes) else ""
        else:
            asked = "" if args[1] == "=" else "?"
        mailbox = self._mailbox(server)
        if not mailbox or asked.lower() not in ("", mailbox):
            return AuthResult(success=False, handled=False)
        return AuthResult(success=True, auth_data=mailbox)

    async def handle_MAIL(
        self, server: SubmissionServer, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Accept the mailbox of the certificate and no other sender."""
        mailbox = self._mailbox(server)
        if not mailbox:
            return "530 5.7.0 Aucune boite n'est rattachee a ce certificat client"
        if address.lower() != mailbox:
            return "553 5.7.1 L'expediteur n'est pas la boite rattachee au certificat"
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return "250 2.1.0 OK"

    async def handle_RCPT(
        self, server: SubmissionServer, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Accept the domains of the white list; whether the mailbox exists is known by its own operator."""
        situation = self._situation()
        if situation == "boite-inconnue-immediate":
            return f"550 5.1.1 <{address}>: boite inconnue"
        if situation == "refus-temporaire":
            return "451 4.3.0 Reessayez plus tard"
        if not self._directory.in_white_list(address):
            return "550 5.7.1 Domaine hors de la liste blanche MSSante"
        if len(envelope.rcpt_tos) >= 100:
            return "452 4.5.3 Trop de destinataires"
        envelope.rcpt_tos.append(address)
        envelope.rcpt_options.extend(options)
        return "250 2.1.5 OK"

    async def handle_DATA(self, server: SubmissionServer, session: Session, envelope: Envelope) -> str:
        """Judge, deliver, answer; or cut the connection after having done so."""
        received = Received(
            self._mailbox(server),
            envelope.mail_from or "",
            tuple(envelope.rcpt_tos),
            server.notifications,
            envelope.original_content or b"",
        )
        reply = await self._accept(received)
        if reply == CLOSE:
            server.abort()
            return "421 4.4.2"
        return reply

    def _mailbox(self, server: SubmissionServer) -> str:
        tls = server.transport.get_extra_info("ssl_object") if server.transport else None
        return self._directory.mailbox_of(tls.getpeercert(binary_form=True) if tls is not None else None)


def _split(arg: str | None, names: tuple[str, ...]) -> tuple[str | None, dict[str, str]]:
    """Return the argument without the parameters `names`, and those parameters."""
    match = _PARAMETERS.fullmatch(arg or "")
    if match is None:
        return arg, {}
    own: dict[str, str] = {}
    kept: list[str] = []
    for item in match["rest"].split():
        name, _, value = item.partition("=")
        if name.upper() in names:
            own[name.upper()] = value
        else:
            kept.append(item)
    return " ".join([match["path"], *kept]), own
