"""The port of cartes Vitale: what the establishment has to read them, if anything.

`settings.AMARRE_VITALE_READER` names a function without argument that returns a `CardReaders`. Empty: nothing
about reading cartes Vitale appears on any screen. A real reader is at the desk, out of reach of the server:
its adapter is the establishment's (a local agent it asks). The one shipped here reads files, the test cards
that the sandbox writes, and no production starts with it (amarre.E013).
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Protocol

from django.conf import settings
from django.utils.module_loading import import_string

from amarre.interop.clients.vitale import FileVitaleReader
from amarre.interop.ins.insi import VitaleCard, VitaleCardUnreadable, VitaleQuery
from amarre.interop.ins.insi.model import VitaleCoverage


@dataclass(frozen=True, slots=True)
class Slot:
    """One place where a card may be: a reader of the desk, or one card of a demonstration."""

    key: str
    label: str


class CardReaders(Protocol):
    """The readers of an establishment."""

    def slots(self) -> list[Slot]:
        """Return the readers that may be used now; none is said as such."""
        ...

    def read(self, key: str) -> VitaleCard:
        """Return the card in a reader. Raises VitaleCardUnreadable."""
        ...


def card_readers() -> CardReaders | None:
    """Return the readers of this installation, None when it has none."""
    name = settings.AMARRE_VITALE_READER
    if not name:
        return None
    found: CardReaders = import_string(name)()
    return found


@dataclass(frozen=True, slots=True)
class DemonstrationCards:
    """Each file of a folder is a card « inserted »: the demonstration's, and the tests'."""

    folder: Path

    def slots(self) -> list[Slot]:
        """Return one slot per card."""
        return [Slot(path.stem, f"Carte d’essai {path.stem}") for path in sorted(self.folder.glob("*.json"))]

    def read(self, key: str) -> VitaleCard:
        """Return the card of that name, among those of the folder only. Raises VitaleCardUnreadable."""
        if key not in {slot.key for slot in self.slots()}:
            raise VitaleCardUnreadable(reason="aucune carte n'est insérée")
        return FileVitaleReader(self.folder / f"{key}.json").read()


def demonstration_cards() -> CardReaders:
    """Return the readers of the demonstration."""
    return DemonstrationCards(Path(settings.AMARRE_VITALE_TEST_CARDS))


def query_to_bytes(query: VitaleQuery) -> bytes:
    """Return what a card says of one person, to be kept until INSi is asked."""
    return json.dumps(asdict(query)).encode()


def query_from_bytes(data: bytes) -> VitaleQuery:
    """Read what `query_to_bytes` kept."""
    values = json.loads(data)
    coverage = values.pop("coverage")
    return VitaleQuery(**values, coverage=VitaleCoverage(**coverage) if coverage else None)
