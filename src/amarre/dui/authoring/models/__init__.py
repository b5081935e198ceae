"""Models of the documents to write."""

from __future__ import annotations

from amarre.dui.authoring.models.ecrit import Ecrit
from amarre.dui.authoring.models.standard_text import StandardText

__all__ = ["Ecrit", "StandardText"]
