"""Documents and devices that give high trust in an identity, as data.

Source: RNIV 1 v2.0 (EXI SI 10, 23; §3.3.3 for the special cases) and GI-INS EXI ID 19: the list is
proposed, each structure adapts it, and nothing is selected by default. Codes: FR Core
`fr-core-cs-mode-validation-identity`.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Situation(StrEnum):
    """When a device is enough."""

    ALWAYS = "always"
    MINOR = "minor"
    EHPAD_DIRECT_ADMISSION = "ehpad_direct_admission"


@dataclass(frozen=True, slots=True)
class Device:
    """One device: code, French label, when it is enough, and what must come with it ("" when nothing)."""

    code: str
    label: str
    situation: Situation
    together_with: str
    source: str


_RULE, _CASES = "RNIV 1 v2.0, EXI SI 10", "RNIV 1 v2.0, §3.3.3"
_PARENT = "le document à haut niveau de confiance d'un parent ou du représentant légal"
_CARD = "la carte Vitale avec photo"

DEVICES: tuple[Device, ...] = (
    Device("PA", "Passeport", Situation.ALWAYS, "", _RULE),
    Device("CN", "Carte nationale d'identité (France, Union européenne…)", Situation.ALWAYS, "", _RULE),
    Device("CS", "Titre de séjour", Situation.ALWAYS, "", _RULE),
    Device("eCN", "France Identité (carte d'identité électronique)", Situation.ALWAYS, "", _RULE),
    Device("IN", "Identité numérique La Poste", Situation.ALWAYS, "", _RULE),
    Device("AV", "Application carte Vitale", Situation.ALWAYS, "", _RULE),
    Device("AN", "Extrait d'acte de naissance d'un mineur", Situation.MINOR, _PARENT, _CASES),
    Device("LEP", "Livret de famille des parents d'un mineur", Situation.MINOR, _PARENT, _CASES),
    Device("CC", "Document de circulation d'un mineur étranger, avec photo", Situation.MINOR, "", _CASES),
    Device("LECV", "Livret de famille et carte Vitale", Situation.EHPAD_DIRECT_ADMISSION, _CARD, _CASES),
    Device("ANCV", "Acte de naissance et carte Vitale", Situation.EHPAD_DIRECT_ADMISSION, _CARD, _CASES),
)


def device(code: str) -> Device | None:
    """Return the device of that code, None when the list has none (a structure may have its own)."""
    return next((item for item in DEVICES if item.code == code), None)
