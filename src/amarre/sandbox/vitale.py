"""The simulated cartes Vitale, written as files that a file reader can « insert »."""

from __future__ import annotations

import json
from pathlib import Path

from amarre.cast.vitale import VITALE_CARDS, CastVitaleCard


def cards_folder(data_dir: Path) -> Path:
    """Return the folder of the cards under the sandbox's data directory."""
    return data_dir / "vitale"


def write_cards(data_dir: Path) -> None:
    """Write every card of the cast; each file is one card."""
    folder = cards_folder(data_dir)
    folder.mkdir(parents=True, exist_ok=True)
    for card in VITALE_CARDS:
        (folder / f"{card.key}.json").write_bytes(card_content(card))


def card_content(card: CastVitaleCard) -> bytes:
    """Return what a reader gives when this card is inserted."""
    document = {
        "format": "amarre-vitale-1",
        "note": card.note,
        "ouvrant_droit": {"nir": card.nir_od, "cle": card.cle_od},
        "couverture": {"regime": card.regime, "organisme": card.organisme, "centre": card.centre},
        "beneficiaires": [
            {
                "nom_naissance": person.nom_naissance,
                "nom_utilise": person.nom_utilise,
                "prenom": person.prenom,
                "date_naissance": person.date_naissance,
                "rang": person.rang,
                "nir": person.nir,
                "cle": person.cle,
                "nir_certifie_le": person.certified_on,
            }
            for person in card.beneficiaries
        ],
    }
    return json.dumps(document, ensure_ascii=False, indent=2).encode()
