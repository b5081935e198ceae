"""What tests of messages share: a correspondent chosen, a message asked for, its state, its bytes."""

from __future__ import annotations

from typing import Any

from amarre.dui.access.scope import system_scope
from amarre.dui.directory.models import DirectoryEntry
from amarre.dui.directory.services.choose_entry import choose_entry
from amarre.dui.documents.models import DocumentVersion, MssanteMessage
from amarre.dui.documents.services.send_by_mssante import send_by_mssante
from amarre.dui.exchanges.models import Exchange, ExchangePart
from tests.dui.connected import House

CLAIRE = "99700000138"
DOCTOR = "99700000146"
NO_MAILBOX = "99700000179"
TEXT = "Bonjour,\n\nVoici le projet à jour.\n.\nBien à vous"


def entry(house: House, identifier: str = CLAIRE, kind: str = "professionnel") -> DirectoryEntry:
    """Choose a correspondent of the cast in the directory of the sandbox."""
    return choose_entry(essms=house.essms, kind=kind, identifier=identifier, actor=house.actor)


def send(house: House, version: DocumentVersion, **values: Any) -> MssanteMessage:
    """Ask for a message to Claire Roussel, unless told otherwise."""
    given: dict[str, Any] = {"text": TEXT, "actor": house.actor}
    if "entry" not in values:
        given["entry"] = entry(house)
    return send_by_mssante(versions=[version], **{**given, **values})


def exchange_of(message: MssanteMessage) -> Exchange:
    with system_scope("test"):
        return Exchange.objects.get(pk=message.exchange_id)


def part(message: MssanteMessage, name: str = "message") -> bytes:
    return bytes(ExchangePart.objects.get(exchange_id=message.exchange_id, name=name).data)


def copies(house: House, message: MssanteMessage) -> int:
    """Return how many times the operator took that Message-ID."""
    assert house.sandbox is not None
    accepted: Any = house.sandbox.state()["mssante"]
    return int(accepted.get(message.message_id, {}).get("accepted", 0))
