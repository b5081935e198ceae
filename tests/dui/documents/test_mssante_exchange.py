"""One message through the outbox and the sandbox's operator, whatever fails; notices read back."""

from __future__ import annotations

import datetime
from typing import Any

import pytest

from amarre.dui.access.scope import system_scope
from amarre.dui.core.clock import now
from amarre.dui.documents import mssante_handler
from amarre.dui.documents.models import MailboxCursor, MailReceipt, MssanteMessage
from amarre.dui.documents.mssante_connector import KitCursor, mssante_client
from amarre.dui.documents.mssante_errors import CitizenOpposed
from amarre.dui.documents.services import read_receipts as reading
from amarre.dui.documents.services.read_receipts import read_receipts
from amarre.dui.exchanges.enums import Receipt, State
from amarre.dui.exchanges.models import Exchange
from amarre.dui.exchanges.services.before_send import note_departure
from amarre.dui.exchanges.services.claim import claim_next
from amarre.dui.exchanges.services.resume import resume_exchange
from amarre.dui.exchanges.worker import drain
from amarre.dui.organisations.models import ConnectorProfile
from amarre.dui.usagers.models import DmpInformation
from amarre.dui.usagers.services.mark_identity import mark_identity
from amarre.interop.clients.mssante import ReceiptBatch
from amarre.interop.ins.status import Attribute
from amarre.interop.mssante import Receipt as Notice
from amarre.interop.mssante import ReceiptKind
from amarre.interop.transport.errors import ServiceUnreachable
from amarre.interop.transport.mail_errors import FolderUnavailable, MailOutcomeUnknown
from tests.dui import factories
from tests.dui.connected import House
from tests.dui.documents.mail import DOCTOR, copies, entry, exchange_of, send
from tests.dui.exchanges.conftest import make_due

pytestmark = pytest.mark.django_db


def choose(house: House, situation: str, count: int | None = 1) -> None:
    assert house.sandbox is not None
    house.sandbox.choose("mssante", situation, count)


def lease_ends() -> None:
    with system_scope("test"):
        Exchange.objects.update(lease_until=now() - datetime.timedelta(seconds=1))


def reload(message: MssanteMessage) -> MssanteMessage:
    with system_scope("test"):
        return MssanteMessage.objects.get(pk=message.pk)


def test_accepted_kept_among_the_sent_then_delivered(house: House) -> None:
    message = send(house, house.filed())
    assert drain() == 1
    exchange = exchange_of(message)
    assert exchange.state == State.ACCEPTE, exchange.explanation
    assert exchange.result["copy_kept"] is True
    assert reload(message).accepted_at is not None
    with system_scope("test"):
        client = mssante_client(house.profile)
    assert client.find_sent(message.message_id) == 1
    assert (read_receipts(), read_receipts()) == (1, 0)
    assert exchange_of(message).receipt == Receipt.REMIS
    with system_scope("test"):
        assert MailReceipt.objects.filter(message=message, kind="remis").count() == 1


def test_read_by_its_recipient(house: House) -> None:
    choose(house, "accuse-de-lecture")
    message = send(house, house.filed())
    drain()
    assert read_receipts() == 2
    assert exchange_of(message).receipt == Receipt.LU


def test_to_the_person_in_mon_espace_sante(house: House) -> None:
    message = send(house, house.filed(), entry=None)
    drain()
    assert exchange_of(message).state == State.ACCEPTE, exchange_of(message).explanation
    read_receipts()
    assert exchange_of(message).receipt == Receipt.REMIS


def test_mailbox_refused_at_once(house: House) -> None:
    choose(house, "boite-inconnue-immediate")
    message = send(house, house.filed())
    drain()
    exchange = exchange_of(message)
    assert (exchange.state, exchange.explanation["code"]) == (State.A_REFAIRE, "MSS-107")
    assert copies(house, message) == 0


def test_message_that_comes_back(house: House) -> None:
    choose(house, "boite-inconnue")
    message = send(house, house.filed(), entry=entry(house, DOCTOR))
    drain()
    assert exchange_of(message).state == State.ACCEPTE
    read_receipts()
    exchange = exchange_of(message)
    assert exchange.receipt == Receipt.REJETE
    said = exchange.explanation
    assert said["what"] == "Le message au Dr Aminata SOW est revenu : cette boîte n'existe pas."
    assert (said["data_state"], said["reference"]) == (
        "Rien n'a été remis, le document est gardé.",
        exchange.reference,
    )
    assert "annuaire" in said["advice"]


def test_delayed_delivery_moves_nothing(house: House) -> None:
    choose(house, "remise-retardee")
    message = send(house, house.filed())
    drain()
    assert read_receipts() == 1
    assert exchange_of(message).receipt == Receipt.AUCUN


@pytest.mark.parametrize("situation", ["indisponible", "refus-temporaire"])
def test_operator_closed_for_now(house: House, situation: str) -> None:
    choose(house, situation)
    message = send(house, house.filed())
    drain()
    assert exchange_of(message).state == State.EN_FILE
    choose(house, "", None)
    make_due(exchange_of(message))
    drain()
    assert exchange_of(message).state == State.ACCEPTE
    assert copies(house, message) == 1


def test_answer_lost_after_the_content(house: House) -> None:
    choose(house, "reponse-perdue")
    message = send(house, house.filed())
    drain()
    assert exchange_of(message).state == State.INCONNU
    make_due(exchange_of(message))
    drain()
    exchange = exchange_of(message)
    assert (exchange.state, exchange.result["found"]) == (State.ACCEPTE, "notice")
    assert copies(house, message) == 1
    with system_scope("test"):
        assert mssante_client(house.profile).find_sent(message.message_id) == 1
    assert read_receipts() == 1
    assert exchange_of(message).receipt == Receipt.REMIS


def test_a_bounce_read_before_the_outcome_is_known_keeps_its_words(house: House) -> None:
    choose(house, "reponse-perdue")
    message = send(house, house.filed())
    drain()
    notice = _notice(message, ReceiptKind.REJETE, "<rejet@operateur.example>")
    assert reading._apply(house.essms.pk, notice)
    make_due(exchange_of(message))
    drain()
    exchange = exchange_of(message)
    assert (exchange.state, exchange.receipt) == (State.ACCEPTE, Receipt.REJETE)
    assert exchange.explanation["code"] == "MSS-220"


def test_worker_dead_before_or_after_sending(house: House) -> None:
    before, after = send(house, house.filed()), send(house, house.filed(house.dossier("jean-riou")))
    assert claim_next() is not None
    claim = claim_next()
    assert claim is not None
    assert claim.job.exchange_id == after.exchange_id
    mssante_handler.MssanteSendHandler().send(claim.job)
    lease_ends()
    drain()
    for message in (before, after):
        assert exchange_of(message).state == State.ACCEPTE
        assert copies(house, message) == 1
    assert exchange_of(after).result["found"] == "sent"


def test_copy_that_cannot_be_kept_is_no_failure(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*values: object) -> bool:
        raise FolderUnavailable(folder="Sent")

    monkeypatch.setattr("amarre.interop.clients.mssante.MssanteClient.append_sent", refuse)
    message = send(house, house.filed())
    drain()
    assert exchange_of(message).state == State.ACCEPTE
    assert exchange_of(message).result["copy_kept"] is False


def test_resent_once_then_only_looked_for(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """An operator that takes nothing and answers nothing: two sends, never a third without a person."""
    sends: list[bytes] = []

    def swallow(self: Any, message: bytes, envelope: Any) -> None:
        sends.append(message)
        raise MailOutcomeUnknown(service="L'opérateur MSSanté")

    message = send(house, house.filed())
    with monkeypatch.context() as patched:
        patched.setattr("amarre.interop.clients.mssante.MssanteClient.submit", swallow)
        for _ in range(12):
            make_due(exchange_of(message))
            _circuit_closes()
            drain()
    assert len(sends) == 2
    assert len(set(sends)) == 1
    exchange = exchange_of(message)
    assert (exchange.state, exchange.explanation["code"]) == (State.A_REFAIRE, "EXC-005")
    resume_exchange(exchange=exchange, actor=house.actor)
    _circuit_closes()
    drain()
    assert exchange_of(message).state == State.ACCEPTE
    assert copies(house, message) == 1


def test_a_send_whose_worker_died_counts_among_the_two(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """The operator took the first, its worker died before it could say so: one more send, never a third."""
    sends: list[bytes] = []

    def swallow(self: Any, message: bytes, envelope: Any) -> None:
        sends.append(message)
        raise MailOutcomeUnknown(service="L'opérateur MSSanté")

    message = send(house, house.filed())
    dying = claim_next()
    assert dying is not None
    note_departure(dying)
    sends.append(dying.job.parts["message"])
    lease_ends()
    monkeypatch.setattr("amarre.interop.clients.mssante.MssanteClient.submit", swallow)
    for _ in range(12):
        make_due(exchange_of(message))
        _circuit_closes()
        drain()
    assert len(sends) == 2
    exchange = exchange_of(message)
    assert exchange.state == State.A_REFAIRE, "a person decides"


def test_workers_that_died_before_sending_leave_both_sends(house: House) -> None:
    message = send(house, house.filed())
    for _ in range(4):
        assert claim_next() is not None, "claimed, then the worker dies before it sends"
        lease_ends()
    drain()
    assert exchange_of(message).state == State.ACCEPTE
    assert copies(house, message) == 1


def _circuit_closes() -> None:
    from amarre.dui.exchanges.models import Circuit

    Circuit.objects.all().delete()


def test_identity_doubted_while_the_message_waits(house: House) -> None:
    version = house.filed()
    message = send(house, version)
    mark_identity(
        dossier=version.document.dossier, attribute=Attribute.DOUTEUSE, held=True, reason="Deux pièces",
        actor=house.referent,
    )  # fmt: skip
    drain()
    assert exchange_of(message).state in (State.A_REFAIRE, State.REFUSE)
    assert copies(house, message) == 0


def test_opposition_recorded_while_the_message_waits(house: House) -> None:
    version = house.filed()
    message = send(house, version, entry=None)
    to_colleague = send(house, version)
    house.inform(version.document.dossier, DmpInformation.Decision.OPPOSITION)
    stopped = exchange_of(message)
    assert (stopped.state, stopped.explanation["code"]) == (State.ANNULE, "MSS-207"), "before any worker"
    drain()
    assert copies(house, message) == 0
    assert copies(house, to_colleague) == 1, "a professional may still be written to"


def test_an_opposition_recorded_while_a_worker_holds_the_message(house: House) -> None:
    version = house.filed()
    message = send(house, version, entry=None)
    claim = claim_next()
    assert claim is not None
    house.inform(version.document.dossier, DmpInformation.Decision.OPPOSITION)
    with pytest.raises(CitizenOpposed):
        mssante_handler.MssanteSendHandler().send(claim.job)
    assert copies(house, message) == 0


# --- Reading the mailbox -----------------------------------------------------------------------------------


def _notice(message: MssanteMessage, kind: ReceiptKind, report_id: str, original: str = "") -> Notice:
    return Notice(
        kind=kind,
        recipient=message.recipient_address,
        original_message_id=original or message.message_id,
        status="5.1.1" if kind is ReceiptKind.REJETE else "2.0.0",
        sentence="Cette boîte n'existe pas." if kind is ReceiptKind.REJETE else "Remis.",
        advice="Cherchez une autre adresse.",
        diagnostic="",
        reporter="",
        report_message_id=report_id,
        arrived_at=None,
    )


class FakeMailbox:
    """The kit's client, answering what the test says."""

    def __init__(self, *batches: ReceiptBatch | Exception) -> None:
        self.batches = list(batches)
        self.asked: list[KitCursor | None] = []

    def receipts(self, cursor: KitCursor | None, since: datetime.date) -> ReceiptBatch:
        self.asked.append(cursor)
        batch = self.batches.pop(0)
        if isinstance(batch, Exception):
            raise batch
        return batch


def _batch(*notices: Notice, validity: int = 7, last: int = 1, more: bool = False) -> ReceiptBatch:
    return ReceiptBatch(notices, KitCursor(validity, last), 0, more)


@pytest.fixture
def sent(house: House) -> MssanteMessage:
    message = send(house, house.filed())
    drain()
    return message


def test_nothing_is_read_before_anything_is_sent(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    mailbox = FakeMailbox()
    monkeypatch.setattr(reading, "mssante_client", lambda profile: mailbox)
    assert read_receipts() == 0
    assert mailbox.asked == []


def test_reading_starts_again_after_a_new_uidvalidity(
    sent: MssanteMessage, monkeypatch: pytest.MonkeyPatch
) -> None:
    notice = _notice(sent, ReceiptKind.REMIS, "<a@operateur.example>")
    mailbox = FakeMailbox(_batch(notice, last=9), _batch(notice, validity=8, last=3))
    monkeypatch.setattr(reading, "mssante_client", lambda profile: mailbox)
    assert (read_receipts(), read_receipts()) == (1, 0)
    assert mailbox.asked == [None, KitCursor(7, 9)]
    with system_scope("test"):
        kept = MailboxCursor.objects.get()
    assert (kept.uid_validity, kept.last_uid) == (8, 3)


def test_a_long_mailbox_is_read_in_several_batches(
    sent: MssanteMessage, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = _batch(_notice(sent, ReceiptKind.REMIS, "<a@o.example>"), last=200, more=True)
    mailbox = FakeMailbox(first, _batch(_notice(sent, ReceiptKind.LU, "<b@o.example>"), last=201))
    monkeypatch.setattr(reading, "mssante_client", lambda profile: mailbox)
    assert read_receipts() == 2
    assert exchange_of(sent).receipt == Receipt.LU


def test_what_was_read_before_a_failure_is_kept(
    sent: MssanteMessage, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = _batch(_notice(sent, ReceiptKind.REMIS, "<a@o.example>"), last=200, more=True)
    mailbox = FakeMailbox(first, ServiceUnreachable(service="L'opérateur MSSanté"))
    monkeypatch.setattr(reading, "mssante_client", lambda profile: mailbox)
    assert read_receipts() == 0
    assert exchange_of(sent).receipt == Receipt.REMIS
    with system_scope("test"):
        assert MailboxCursor.objects.get().last_uid == 200


def test_other_mails_are_left_alone(sent: MssanteMessage, monkeypatch: pytest.MonkeyPatch) -> None:
    mailbox = FakeMailbox(
        _batch(
            _notice(sent, ReceiptKind.LU, "<x@o.example>", original="<inconnu@ailleurs.example>"),
            _notice(sent, ReceiptKind.RELAYE, "<y@o.example>"),
        )
    )
    monkeypatch.setattr(reading, "mssante_client", lambda profile: mailbox)
    assert read_receipts() == 1
    assert exchange_of(sent).receipt == Receipt.AUCUN


def test_a_notice_only_speaks_of_messages_of_its_own_establishment(
    house: House, sent: MssanteMessage
) -> None:
    assert not reading._apply(house.essms.pk + 1, _notice(sent, ReceiptKind.LU, "<a@o.example>"))


@pytest.mark.parametrize(
    ("order", "shown"),
    [
        ([ReceiptKind.LU, ReceiptKind.REMIS], Receipt.LU),
        ([ReceiptKind.REMIS, ReceiptKind.REJETE], Receipt.REJETE),
        ([ReceiptKind.LU, ReceiptKind.REJETE], Receipt.LU),
        ([ReceiptKind.RETARDE, ReceiptKind.INTEGRE], Receipt.REMIS),
        ([ReceiptKind.REMIS, ReceiptKind.NON_INTEGRE], Receipt.REJETE),
    ],
)
def test_a_weaker_notice_never_hides_a_stronger_one(
    house: House, sent: MssanteMessage, order: list[ReceiptKind], shown: Receipt
) -> None:
    for number, kind in enumerate(order):
        assert reading._apply(house.essms.pk, _notice(sent, kind, f"<{number}@o.example>"))
    assert exchange_of(sent).receipt == shown


def test_notices_without_their_own_identifier_are_read_once(house: House, sent: MssanteMessage) -> None:
    notice = _notice(sent, ReceiptKind.REMIS, "")
    assert reading._apply(house.essms.pk, notice)
    assert not reading._apply(house.essms.pk, notice)
    assert reading._apply(house.essms.pk, _notice(sent, ReceiptKind.LU, f"<{'a' * 240}@o.example>"))


def test_one_mailbox_that_fails_does_not_stop_the_others(
    house: House, sent: MssanteMessage, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = factories.make_essms(house.essms.organisme, "Foyer")
    ConnectorProfile.objects.create(
        essms=other, mss_mailbox="foyer_app@essms.mssante.fr", mss_imap_host="localhost"
    )
    mailbox = FakeMailbox(_batch())

    def client_of(profile: ConnectorProfile) -> FakeMailbox:
        if profile.essms_id == house.essms.pk:
            raise ServiceUnreachable(service="L'opérateur MSSanté")
        return mailbox

    monkeypatch.setattr(reading, "mssante_client", client_of)
    monkeypatch.setattr(reading, "_first_day", lambda essms_id: datetime.date(2026, 11, 1))
    assert read_receipts() == 0
    assert mailbox.asked == [None]
