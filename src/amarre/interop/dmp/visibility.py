"""Audiences a document of the DMP may be hidden from.

Source: JDV_J58 (codes of TRE_A07), written next to the document's own confidentiality.
"""

from __future__ import annotations

from enum import StrEnum


class Visibility(StrEnum):
    """Audiences a document may be hidden from (JDV_J58)."""

    MASQUE_PS = "MASQUE_PS"
    INVISIBLE_PATIENT = "INVISIBLE_PATIENT"
    INVISIBLE_REPRESENTANTS_LEGAUX = "INVISIBLE_REPRESENTANTS_LEGAUX"
