"""The draft as it will be printed: marked as a draft, without the INS, never filed."""

from __future__ import annotations

import datetime
from dataclasses import dataclass, field
from functools import cached_property

from amarre.dui.authoring.document import ecrit_draft
from amarre.dui.authoring.models import Ecrit
from amarre.dui.documents.printing import preview_content
from amarre.dui.documents.rendering import page_count, render_pdf
from amarre.dui.documents.rendering.errors import DocumentTooLong, UnprintableCharacter

# Pages shown as pictures; the PDF has them all.
MOST_PAGES = 3


@dataclass(frozen=True)
class Preview:
    """What the draft prints, or `refusal`: what cannot be printed."""

    pdf: bytes = field(default=b"", repr=False)
    refusal: UnprintableCharacter | DocumentTooLong | None = None

    @cached_property
    def page_count(self) -> int:
        """How many pages the document has, 0 when it cannot be printed."""
        return page_count(self.pdf) if self.pdf else 0

    @property
    def page_numbers(self) -> range:
        """The pages shown as pictures."""
        return range(1, min(self.page_count, MOST_PAGES) + 1)


def preview_of(ecrit: Ecrit, at: datetime.datetime) -> Preview:
    """Return the preview of a draft whose dossier is at hand."""
    content = preview_content(ecrit.dossier, ecrit_draft(ecrit, at=at), ecrit.version, at)
    try:
        return Preview(render_pdf(content))
    except (UnprintableCharacter, DocumentTooLong) as refusal:
        return Preview(refusal=refusal)
