"""The mailbox client of the kit, over real sockets, against the simulated operator."""

from __future__ import annotations

import datetime
import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from amarre.interop.clients.mssante import MssanteClient, MssanteProfile
from amarre.interop.common.clock import SystemClock, SystemIds
from amarre.interop.common.errors import Effect, Retry
from amarre.interop.mssante import ReceiptKind
from amarre.interop.transport.errors import (
    ClientCertificateRefused,
    ServerNotTrusted,
    ServiceUnreachable,
    TransportError,
)
from amarre.interop.transport.mail import MailDeadlines
from amarre.interop.transport.mail_errors import (
    LoginRefused,
    MailboxUnknown,
    MailOutcomeUnknown,
    MailTooLarge,
    MessageRefused,
    RecipientRefused,
    SenderRefused,
    TemporaryRefusal,
)
from amarre.interop.transport.recorder import FolderRecorder
from amarre.interop.transport.tls import client_context
from amarre.sandbox.app import Sandbox
from amarre.sandbox.pki import FaultyUse, Use
from amarre.sandbox.settings import SandboxSettings
from tests.sandbox.services.mssante.samples import MAILBOX, NURSE, ORG, STRUCTURE, message

MESSAGE_ID = "<5f0c7b3a-1@deux-quais.mssante.fr>"
QUICK = MailDeadlines(connect=2, command=3, content=1, whole=20)


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    settings = SandboxSettings(
        data_dir=tmp_path_factory.mktemp("sandbox"),
        plain_port=0,
        https_port=0,
        smtp_port=0,
        imap_port=0,
        durable=False,
        slow_answer_seconds=2,
    )
    with Sandbox(settings, services=("mssante",)) as sandbox:
        yield sandbox


@pytest.fixture
def sandbox(running: Sandbox) -> Sandbox:
    running.reset()
    return running


def profile(sandbox: Sandbox, **changes: object) -> MssanteProfile:
    paths = sandbox.pki.paths(Use.MSSANTE, STRUCTURE)
    ports = {
        name: int(value.rpartition(":")[2])
        for name, value in sandbox.addresses().items()
        if name in ("smtp", "imap")
    }
    values: dict[str, object] = {
        "host": "localhost",
        "smtp_port": ports["smtp"],
        "imap_port": ports["imap"],
        "context": client_context(sandbox.pki.authorities, paths.certificate, paths.key),
        "mailbox": MAILBOX,
        "label": "Service domicile",
        "reply_to": ORG,
        "nil": "DEV000000",
        "deadlines": QUICK,
    }
    return MssanteProfile(**(values | changes))  # type: ignore[arg-type]


def client(sandbox: Sandbox, recorder: FolderRecorder | None = None, **changes: object) -> MssanteClient:
    return MssanteClient(profile(sandbox, **changes), SystemClock(), SystemIds(), recorder)


def eml(to: str = NURSE, message_id: str = MESSAGE_ID) -> bytes:
    return message(to=to, message_id=message_id).as_bytes().replace(b"\n", b"\r\n")


def send(kit: MssanteClient, to: str = NURSE) -> str:
    return kit.submit(eml(to), kit.envelope((to,), MESSAGE_ID)).reply_text


def test_submit_keep_a_copy_and_read_the_receipt(sandbox: Sandbox, tmp_path: Path) -> None:
    recorder = FolderRecorder(tmp_path / "kept")
    kit = client(sandbox, recorder)
    receipt = kit.submit(eml(), kit.envelope((NURSE,), MESSAGE_ID))
    assert receipt.reply_text.startswith("250 2.0.0 OK queued as ")
    assert receipt.reply_text.endswith(receipt.queue_id)
    assert receipt.notifications_requested
    assert kit.find_sent(MESSAGE_ID) == 0
    assert kit.append_sent(eml(), MESSAGE_ID)
    assert not kit.append_sent(eml(), MESSAGE_ID)
    assert kit.find_sent(MESSAGE_ID) == 1
    batch = kit.receipts()
    (delivered,) = batch.receipts
    assert (delivered.kind, delivered.original_message_id) == (ReceiptKind.REMIS, MESSAGE_ID)
    assert delivered.recipient == NURSE
    assert kit.receipts(batch.cursor).receipts == ()
    assert kit.receipts_of(MESSAGE_ID, datetime.date(2020, 1, 1)) == (delivered,)
    assert kit.receipts_of("<other@deux-quais.mssante.fr>") == ()
    kept = {item.name.partition("-")[2] for item in (tmp_path / "kept").glob("[0-9]*")}
    assert kept == {"mss-message.eml", "mss-recu.eml", "mss-reponse-smtp.txt"}


def test_receipts_are_read_by_small_batches(sandbox: Sandbox) -> None:
    kit = client(sandbox)
    for _ in range(3):
        send(kit)
    first = kit.receipts(limit=2)
    assert (len(first.receipts), first.more) == (2, True)
    second = kit.receipts(first.cursor, limit=2)
    assert (len(second.receipts), second.more) == (1, False)


def test_the_answer_lost_is_an_unknown_outcome_that_the_mailbox_settles(sandbox: Sandbox) -> None:
    sandbox.choose("mssante", "reponse-perdue", 1)
    kit = client(sandbox)
    with pytest.raises(MailOutcomeUnknown) as raised:
        send(kit)
    assert raised.value.effect is Effect.UNKNOWN
    assert [item.kind for item in kit.receipts_of(MESSAGE_ID)] == [ReceiptKind.REMIS]


def test_the_answer_late_is_an_unknown_outcome(sandbox: Sandbox) -> None:
    sandbox.choose("mssante", "reponse-lente", 1)
    kit = client(sandbox)
    with pytest.raises(MailOutcomeUnknown):
        send(kit)
    assert len(kit.receipts_of(MESSAGE_ID)) == 1


@pytest.mark.parametrize(
    ("scenario", "error", "effect"),
    [
        ("indisponible", TemporaryRefusal, Effect.NONE),
        ("boite-inconnue-immediate", MailboxUnknown, Effect.NONE),
        ("refus-temporaire", TemporaryRefusal, Effect.NONE),
    ],
)
def test_refusals_before_the_content(
    sandbox: Sandbox, scenario: str, error: type[TransportError], effect: Effect
) -> None:
    sandbox.choose("mssante", scenario)
    with pytest.raises(error) as raised:
        send(client(sandbox))
    assert raised.value.effect is effect
    assert sandbox.state()["mssante"] == {}


def test_refusals_of_the_operator(sandbox: Sandbox) -> None:
    with pytest.raises(RecipientRefused):
        send(client(sandbox), "someone@example.com")
    with pytest.raises(SenderRefused):
        send(client(sandbox, mailbox="amarre.ime@deux-quais.mssante.fr"))
    kit = client(sandbox)
    with pytest.raises(MessageRefused) as raised:
        kit.submit(b"Subject: nothing\r\n\r\nbody\r\n", kit.envelope((NURSE,), MESSAGE_ID))
    assert raised.value.remote_code == "5.6.0"
    with pytest.raises(MailTooLarge):
        kit.submit(bytes(31 * 2**20), kit.envelope((NURSE,), MESSAGE_ID))
    assert sandbox.state()["mssante"] == {}


def test_one_refused_recipient_holds_the_whole_message(sandbox: Sandbox) -> None:
    kit = client(sandbox)
    with pytest.raises(RecipientRefused):
        kit.submit(eml(), kit.envelope((NURSE, "someone@example.com"), MESSAGE_ID))
    assert sandbox.state()["mssante"] == {}


@pytest.mark.parametrize("fault", [FaultyUse.EXPIRED, FaultyUse.OTHER_AUTHORITY])
def test_a_refused_certificate_is_said_so_in_both_protocols(sandbox: Sandbox, fault: FaultyUse) -> None:
    folder = sandbox.pki.data_dir / "pki" / "faulty"
    context = client_context(sandbox.pki.authorities, folder / f"{fault}.pem", folder / f"{fault}.key")
    _assert_certificate_refused(client(sandbox, context=context))


def test_no_certificate_is_said_so_in_both_protocols(sandbox: Sandbox) -> None:
    _assert_certificate_refused(client(sandbox, context=client_context(sandbox.pki.authorities)))


def _assert_certificate_refused(kit: MssanteClient) -> None:
    with pytest.raises(ClientCertificateRefused) as raised:
        send(kit)
    assert raised.value.retry is Retry.AFTER_FIX
    with pytest.raises(ClientCertificateRefused):
        kit.receipts()


def test_a_certificate_without_mailbox(sandbox: Sandbox) -> None:
    paths = sandbox.pki.paths(Use.INSI, STRUCTURE)
    kit = client(sandbox, context=client_context(sandbox.pki.authorities, paths.certificate, paths.key))
    with pytest.raises(LoginRefused):
        send(kit)
    with pytest.raises(LoginRefused):
        kit.receipts()


def test_a_server_of_another_authority_is_not_trusted(sandbox: Sandbox) -> None:
    paths = sandbox.pki.paths(Use.MSSANTE, STRUCTURE)
    other = sandbox.pki.data_dir / "pki" / "faulty" / f"{FaultyUse.OTHER_AUTHORITY}.pem"
    context = client_context(other, paths.certificate, paths.key)
    with pytest.raises(ServerNotTrusted):
        send(client(sandbox, context=context))
    with pytest.raises(ServerNotTrusted):
        client(sandbox, context=context).receipts()


def test_a_closed_port_is_unreachable(sandbox: Sandbox) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    kit = client(sandbox, smtp_port=port, imap_port=port)
    with pytest.raises(ServiceUnreachable):
        send(kit)
    with pytest.raises(ServiceUnreachable):
        kit.receipts()


def test_several_senders_at_once(sandbox: Sandbox) -> None:
    failures: list[BaseException] = []

    def run(number: int) -> None:
        kit = client(sandbox)
        message_id = f"<parallel-{number}@deux-quais.mssante.fr>"
        try:
            kit.submit(eml(message_id=message_id), kit.envelope((NURSE,), message_id))
        except TransportError as error:
            failures.append(error)

    threads = [threading.Thread(target=run, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert len(sandbox.state()["mssante"]) == 6  # type: ignore[arg-type]
    assert len(client(sandbox).receipts().receipts) == 6
