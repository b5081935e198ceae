"""The operator: one thread, one event loop, two servers, deliveries and reports."""

from __future__ import annotations

import asyncio
import datetime
import json
import logging
import threading
import unicodedata

from amarre.sandbox.context import SandboxContext
from amarre.sandbox.journal import Circumstances
from amarre.sandbox.service import Remark, Verdict
from amarre.sandbox.services.mssante import reports
from amarre.sandbox.services.mssante.directory import Directory, from_cast
from amarre.sandbox.services.mssante.judge import Mail, judge, read_mail
from amarre.sandbox.services.mssante.mailboxes import (
    SERVICE,
    CertificateConfig,
    CertificateLogin,
    ImapCallback,
    Mailboxes,
)
from amarre.sandbox.services.mssante.submission import CLOSE, Received, SubmissionHandler, SubmissionServer

SCENARIOS: dict[str, str] = {
    "boite-inconnue": "Le message est pris, puis un avis dit que la boîte du destinataire n'existe pas.",
    "boite-inconnue-immediate": "Le destinataire est refusé pendant l'envoi : boîte inconnue.",
    "boite-pleine": "Le message est pris, puis un avis dit que la boîte du destinataire est pleine.",
    "remise-retardee": "Le message est pris, puis un avis dit que la remise est retardée.",
    "accuse-de-lecture": "Le message est remis, puis le destinataire renvoie un accusé de lecture.",
    "refus-temporaire": "Le destinataire est refusé pour le moment (code 451).",
    "reponse-perdue": "Le message est pris et remis, la connexion est coupée avant la réponse.",
    "reponse-lente": "Le message est pris et remis, la réponse arrive après 30 secondes.",
    "indisponible": "Le serveur d'envoi répond qu'il est fermé (code 421).",
}
_FATES = {
    "boite-inconnue": reports.UNKNOWN,
    "boite-pleine": reports.FULL,
    "remise-retardee": reports.DELAYED,
}
_NOTIFY = {"delivered": "SUCCESS", "failed": "FAILURE", "delayed": "DELAY"}


class MssanteService:
    """BackgroundService: SMTP submission and IMAP, both with STARTTLS and a client certificate."""

    name = SERVICE
    scenarios = SCENARIOS

    def __init__(self, context: SandboxContext) -> None:
        self._context = context
        self._directory: Directory = from_cast(context.pki)
        self._mailboxes = Mailboxes(context.store)
        self._addresses: dict[str, tuple[str, int]] = {}
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread: threading.Thread | None = None
        self._servers: list[asyncio.Server] = []
        # aiosmtpd writes addresses at level INFO, and warns about required client certificates.
        logging.getLogger("mail.log").setLevel(logging.ERROR)

    def start(self) -> None:
        """Listen on the ports of the settings. Raises OSError when one is taken."""
        loop = asyncio.new_event_loop()
        try:
            loop.run_until_complete(self._listen(loop))
        except OSError:
            loop.close()
            raise
        self._loop = loop
        self._thread = threading.Thread(target=self._run, args=(loop,), name="sandbox-mssante", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Stop both servers and join the thread."""
        if self._loop is None or self._thread is None:
            return
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)
        self._loop = self._thread = None

    def addresses(self) -> dict[str, tuple[str, int]]:
        """Return where SMTP and IMAP listen."""
        return dict(self._addresses)

    def reset(self) -> None:
        """Forget the messages in memory; the sandbox erases the store."""
        if self._loop is None:
            self._mailboxes.forget()
            return
        done = threading.Event()

        def forget() -> None:
            self._mailboxes.forget()
            done.set()

        self._loop.call_soon_threadsafe(forget)
        done.wait(5)

    def state(self) -> dict[str, object]:
        """Return, per Message-ID, how many times it was accepted and what became of each recipient."""
        store = self._context.store
        found = [store.get(SERVICE, key) for key in store.keys(SERVICE, "accepted/")]
        entries = [json.loads(item) for item in found if item is not None]
        return {entry["message_id"]: entry for entry in entries}

    def _run(self, loop: asyncio.AbstractEventLoop) -> None:
        asyncio.set_event_loop(loop)
        try:
            loop.run_forever()
        finally:
            for server in self._servers:
                server.close()
            tasks = asyncio.all_tasks(loop)
            for task in tasks:
                task.cancel()
            loop.run_until_complete(asyncio.gather(*tasks, return_exceptions=True))
            loop.run_until_complete(loop.shutdown_asyncgens())
            loop.close()

    async def _listen(self, loop: asyncio.AbstractEventLoop) -> None:
        settings = self._context.settings
        tls = self._context.pki.server_context()
        handler = SubmissionHandler(self._directory, self._accept, self._situation, loop)
        smtp = await loop.create_server(
            lambda: SubmissionServer(handler, tls), settings.host, settings.smtp_port
        )
        self._servers = [smtp]
        config = CertificateConfig(tls)
        login = CertificateLogin(config, self._directory, self._mailboxes)
        callback = ImapCallback(login, config)
        try:
            imap = await asyncio.start_server(callback, settings.host, settings.imap_port)
        except OSError:
            smtp.close()
            raise
        self._servers.append(imap)
        self._addresses = {"smtp": _address(smtp), "imap": _address(imap)}

    def _situation(self) -> str:
        return self._context.scenarios.active(SERVICE)

    async def _accept(self, received: Received) -> str:
        """Judge a message; when it is kept, deliver it and write the reports asked for."""
        situation = self._context.scenarios.consume(SERVICE)
        try:
            mail = read_mail(received.data, received.sender, received.recipients)
        except RecursionError:
            return "554 5.6.0 Message refuse : parties imbriquees a l'exces"
        remarks = judge(mail)
        wrong = [remark for remark in remarks if not remark.passed]
        if wrong:
            reply = f"554 5.6.0 Message refuse : {_ascii(wrong[0].rule)}"
            self._record(received, mail, remarks, False, reply, situation)
            return reply
        queue_id = self._context.ids.uuid().hex[:12].upper()
        count = self._remember(mail, received)
        reply = f"250 2.0.0 OK queued as {queue_id}"
        remarks += (_first_copy(count),)
        self._record(received, mail, remarks, True, reply, situation)
        await self._deliver(received, mail, situation)
        if situation == "reponse-perdue":
            return CLOSE
        if situation == "reponse-lente":
            await asyncio.sleep(self._context.settings.slow_answer_seconds)
        return reply

    def _remember(self, mail: Mail, received: Received) -> int:
        key = f"accepted/{mail.message_id}"
        stored = self._context.store.get(SERVICE, key)
        count = (json.loads(stored)["accepted"] if stored else 0) + 1
        value = {
            "message_id": mail.message_id,
            "accepted": count,
            "sender": received.sender,
            "recipients": list(received.recipients),
        }
        self._context.store.put(SERVICE, key, json.dumps(value).encode())
        return count

    async def _deliver(self, received: Received, mail: Mail, situation: str) -> None:
        now = self._context.clock.now()
        trace = f"Return-Path: <{received.sender}>\r\nDelivered-To: {{}}\r\n"
        for recipient in received.recipients:
            outcome = _FATES.get(situation)
            if outcome is None:
                known = self._directory.exists(recipient)
                outcome = reports.DELIVERED if known else reports.UNKNOWN
            if outcome is reports.DELIVERED:
                data = trace.format(recipient).encode("ascii", "replace") + received.data
                await self._mailboxes.deliver(recipient, data, now)
            await self._report(received, recipient, outcome, now)
            if situation == "accuse-de-lecture" and mail.header("Disposition-Notification-To"):
                receipt = reports.reading_receipt(
                    to=received.sender,
                    reader=recipient,
                    original_headers=_headers(received.data),
                    message_id=mail.message_id,
                    report_id=self._report_id(),
                    at=now,
                )
                await self._mailboxes.deliver(received.sender, receipt, now)

    async def _report(
        self, received: Received, recipient: str, outcome: tuple[str, str, str], now: datetime.datetime
    ) -> None:
        asked = received.notifications.notify.get(recipient, frozenset({"FAILURE"}))
        if _NOTIFY[outcome[0]] not in asked:
            return
        original = received.notifications.original.get(recipient, "")
        report = reports.delivery_report(
            to=received.sender,
            original_headers=_headers(received.data),
            envelope_id=received.notifications.envelope_id,
            fate=reports.delivery(recipient, original, outcome),
            report_id=self._report_id(),
            at=now,
        )
        await self._mailboxes.deliver(received.sender, report, now)

    def _report_id(self) -> str:
        return f"<{self._context.ids.uuid()}@{reports.REPORTING_MTA}>"

    def _record(
        self,
        received: Received,
        mail: Mail,
        remarks: tuple[Remark, ...],
        accepted: bool,
        reply: str,
        situation: str,
    ) -> None:
        wrong = [remark for remark in remarks if not remark.passed]
        count = len(received.recipients)
        summary = f"Message accepté pour {count} destinataire{'s' if count > 1 else ''}."
        if not accepted:
            summary = f"Message refusé : {wrong[0].sentence}"
        verdict = Verdict(
            accepted=accepted,
            operation="Envoi d'un message",
            summary=summary,
            remarks=remarks,
            decoded={
                "Objet": mail.header("Subject"),
                "De": mail.header("From"),
                "À": ", ".join(received.recipients),
                "Identifiant du message": mail.message_id,
                "Pièces jointes": ", ".join(item.name for item in mail.attachments),
            },
        )
        self._context.journal.record(
            service=SERVICE,
            verdict=verdict,
            request=received.data,
            response=reply.encode(),
            circumstances=Circumstances(
                address="SMTP", status=int(reply[:3]), scenario=situation, certificate=received.mailbox
            ),
        )


def _first_copy(count: int) -> Remark:
    sentence = "Premier exemplaire." if count == 1 else f"Ce message a déjà été reçu ({count} exemplaires)."
    return Remark("Exemplaire unique", "RFC 5322, 3.6.4 (identifiant unique)", count == 1, sentence)


def _headers(data: bytes) -> bytes:
    return data.partition(b"\r\n\r\n")[0] + b"\r\n"


def _address(server: asyncio.Server) -> tuple[str, int]:
    host, port = server.sockets[0].getsockname()[:2]
    return str(host), int(port)


def _ascii(text: str) -> str:
    """Replies of SMTP are ASCII (RFC 5321 §4.2)."""
    decomposed = unicodedata.normalize("NFD", text)
    return decomposed.encode("ascii", "ignore").decode("ascii")
