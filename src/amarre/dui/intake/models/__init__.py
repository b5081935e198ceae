"""Aggregates: a document brought from elsewhere, a document kept as it was received."""

from amarre.dui.intake.models.imported import ImportedDocument, OriginalFile
from amarre.dui.intake.models.received import ReceivedDocument

__all__ = ["ImportedDocument", "OriginalFile", "ReceivedDocument"]
