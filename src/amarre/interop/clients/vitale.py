"""A reader of simulated cartes Vitale: the card « inserted » is a file.

The real reader is the establishment's, behind the same port (`VitaleReader`); none is shipped here.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from amarre.interop.ins.insi import VitaleCard, VitaleCardUnreadable, vitale_card_from_json
from amarre.interop.ins.insi.vitale import MAX_CARD_BYTES


@dataclass(frozen=True, slots=True)
class FileVitaleReader:
    """Reads the card in `path`, as the sandbox writes them under its `vitale` folder."""

    path: Path

    def read(self) -> VitaleCard:
        """Return the card. Raises VitaleCardUnreadable when there is no file or it is not a card."""
        try:
            with self.path.open("rb") as file:
                data = file.read(MAX_CARD_BYTES + 1)
        except OSError:
            raise VitaleCardUnreadable(reason="aucune carte n'est insérée") from None
        return vitale_card_from_json(data)
