"""A document sent by MSSanté through the sandbox's operator: one decision, one message."""

from __future__ import annotations

import pytest

from amarre.dui.access.scope import system_scope
from amarre.dui.directory.models import DirectoryEntry
from amarre.dui.directory.services.choose_entry import choose_entry
from amarre.dui.documents.models import DocumentVersion, MailReceipt, MssanteMessage
from amarre.dui.documents.services.read_receipts import read_receipts
from amarre.dui.documents.services.send_by_mssante import send_by_mssante
from amarre.dui.exchanges.enums import Receipt, State
from amarre.dui.exchanges.models import Exchange
from amarre.dui.exchanges.worker import drain
from tests.dui.connected import House

pytestmark = pytest.mark.django_db

CLAIRE = "99700000138"


def claire(house: House) -> DirectoryEntry:
    return choose_entry(essms=house.essms, kind="professionnel", identifier=CLAIRE, actor=house.actor)


def send(house: House, version: DocumentVersion, **values: object) -> MssanteMessage:
    given = {"entry": claire(house), "text": "Bonjour, voici le projet.", "actor": house.actor}
    return send_by_mssante(versions=[version], **{**given, **values})  # type: ignore[arg-type]


def exchange_of(message: MssanteMessage) -> Exchange:
    with system_scope("test"):
        return Exchange.objects.get(pk=message.exchange_id)


def test_accepted_then_delivered(house: House) -> None:
    message = send(house, house.filed())
    assert drain() == 1
    assert exchange_of(message).state == State.ACCEPTE, exchange_of(message).explanation
    assert read_receipts() == 1
    assert exchange_of(message).receipt == Receipt.REMIS
    assert read_receipts() == 0
    with system_scope("test"):
        assert MailReceipt.objects.filter(message=message, kind="remis").count() == 1
