"""FR-Document-attache: a line of the checklist, with the file itself when it is attached.

Source: CI-SIS, Modèles de contenus CDA, entrée 1.2.250.1.213.1.1.3.18.
"""

from __future__ import annotations

import base64
from dataclasses import dataclass, field
from typing import ClassVar

from lxml import etree

from amarre.interop.cda.structured.entries.observation import Observation
from amarre.interop.cda.structured.writing import (
    Cell,
    EntryIds,
    Row,
    add_coded,
    add_entry_id,
    add_templates,
)
from amarre.interop.cda.writing import add
from amarre.interop.terminology import Code

TEMPLATE = "1.2.250.1.213.1.1.3.18"
ATTACHED = Code("55107-7", "Document attaché", "2.16.840.1.113883.6.1")
KIND = Code("69764-9", "Type de document", "2.16.840.1.113883.6.1")
KIND_TEMPLATE = "1.2.250.1.213.1.1.3.48.18"
# The document itself as a file (section FR-Document-PDF-copie, Structuration minimale V1.16.8).
COPY = Code("55108-5", "Copie du document", "2.16.840.1.113883.6.1")


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    """`kind` names the document (JDV_ChecklistDLU for a DLU); `data` is the file, None when not attached."""

    kind: Code
    data: bytes | None = field(default=None, repr=False)
    media_type: str = "application/pdf"

    columns: ClassVar[tuple[str, ...]] = ("Document", "Annexé")

    def cells(self, ids: EntryIds) -> tuple[Cell, ...]:
        """Return the document, then whether it is attached, with the file itself."""
        if self.data is None:
            return Cell(self.kind.display), Cell("non")
        return Cell(self.kind.display), Cell("oui", media="media-" + ids.next().lower())

    def write(self, section: etree._Element, row: Row, ids: EntryIds) -> None:
        """Append the organizer; a line that is not attached is only said in the narrative."""
        if self.data is None:
            return
        node = add(add(section, "entry"), "organizer", classCode="CLUSTER", moodCode="EVN")
        add_templates(node, (TEMPLATE,))
        add_entry_id(node, ids)
        add_coded(node, "code", ATTACHED)
        add(node, "statusCode", code="completed")
        kind = Observation(code=KIND, value=self.kind, templates=(KIND_TEMPLATE,))
        kind.append(add(node, "component"), Row((row.anchors[0], row.anchors[0])), ids)
        media = add(add(node, "component"), "observationMedia", classCode="OBS", moodCode="EVN")
        media.set("ID", row.media)
        value = add(media, "value", mediaType=self.media_type, representation="B64")
        value.text = base64.b64encode(self.data).decode("ascii")
