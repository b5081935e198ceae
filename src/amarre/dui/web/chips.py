"""Words, pictogram and tone of each state shown by a chip: one table, the same words on every screen.

Keys are those of the models, compared without accents, case nor separators (``A_VALIDER``, ``à valider``).
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from enum import Enum, StrEnum


class Tone(StrEnum):
    """Tone of a chip or of a message; always doubled by a word and a pictogram."""

    NEUTRAL = ""
    OK = "ok"
    WATCH = "att"
    DANGER = "dan"
    INFO = "inf"


@dataclass(frozen=True, slots=True)
class Chip:
    """What a chip shows. `icon` is a symbol of the sprite without its ``i-``."""

    label: str
    icon: str
    tone: Tone = Tone.NEUTRAL


IDENTITY: dict[str, Chip] = {
    "provisoire": Chip("Identité provisoire", "ins-prov"),
    "recuperee": Chip("Identité récupérée", "ins-recup", Tone.INFO),
    "validee": Chip("Identité validée", "ins-vali", Tone.INFO),
    "qualifiee": Chip("Identité qualifiée", "ins-qual", Tone.OK),
    "douteuse": Chip("Identité douteuse", "alerte", Tone.DANGER),
    "fictive": Chip("Identité fictive", "info"),
    "homonyme": Chip("Homonyme", "personnes", Tone.WATCH),
}
EXCHANGE: dict[str, Chip] = {
    "a_valider": Chip("À valider", "ecrit", Tone.WATCH),
    "en_file": Chip("En file", "horloge"),
    "envoye": Chip("Envoyé", "envoyer", Tone.INFO),
    "accepte": Chip("Accepté", "ok", Tone.OK),
    "refuse": Chip("Refusé", "refus", Tone.DANGER),
    "inconnu": Chip("Issue inconnue", "alerte", Tone.WATCH),
    "a_refaire": Chip("À refaire", "cycle", Tone.DANGER),
    "annule": Chip("Annulé", "croix"),
    "retenu": Chip("Envoi retenu", "cadenas", Tone.WATCH),
}
RECEIPT: dict[str, Chip] = {
    "remis": Chip("Remis", "ok", Tone.OK),
    "lu": Chip("Lu", "oeil", Tone.OK),
    "rejete": Chip("Rejeté", "refus", Tone.DANGER),
}
STEP: dict[str, Chip] = {
    "fait": Chip("Fait", "coche", Tone.OK),
    "en_cours": Chip("En cours", "horloge", Tone.INFO),
    "a_faire": Chip("À faire", "afaire"),
    "bloque": Chip("Bloqué", "cadenas", Tone.WATCH),
    "a_renouveler": Chip("À renouveler", "alerte", Tone.WATCH),
    "brouillon": Chip("Brouillon", "ecrit"),
    "valide": Chip("Validé", "coche", Tone.OK),
}
FAMILIES: dict[str, dict[str, Chip]] = {
    "identite": IDENTITY,
    "echange": EXCHANGE,
    "accuse": RECEIPT,
    "etape": STEP,
}


def key_of(value: object) -> str:
    """Return the key of a state given as text or enumeration: ``Statut.QUALIFIEE`` → ``qualifiee``."""
    text = str(value.value if isinstance(value, Enum) else value)
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return plain.strip().lower().replace(" ", "_").replace("-", "_")


def chip(family: str, value: object) -> Chip:
    """Return the chip of a state; an unknown one is shown as it is, neutral (never hidden).

    Raises KeyError for an unknown family (programming error).
    """
    return FAMILIES[family].get(key_of(value), Chip(str(value), "info"))
