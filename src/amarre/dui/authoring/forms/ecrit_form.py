"""The page of a draft: one form per block of its template, judged together."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict

from amarre.dui.authoring.block_forms import BlockForm, form_of
from amarre.dui.authoring.blocks import TEXT, Block, Content, Shown
from amarre.dui.authoring.catalogue import Template
from amarre.dui.authoring.models import StandardText

# What the selection of a standard text is called, for the block it would go into.
CHOSEN = "type-{key}"


@dataclass(frozen=True, slots=True)
class BlockPart:
    """One block on the page: its form, and the standard texts one may insert (text blocks only)."""

    block: Block
    form: BlockForm
    texts: tuple[StandardText, ...]
    choice_name: str


class EcritForm:
    """Every block of a draft."""

    def __init__(
        self,
        template: Template,
        contents: Mapping[str, Content],
        texts: list[StandardText],
        data: QueryDict | None = None,
    ) -> None:
        self._data = data
        self._texts = {text.pk: text for text in texts}
        insertable = tuple(text for text in texts if not text.block_key)
        self.parts = [
            BlockPart(
                block,
                form_of(block, contents.get(block.key, {}), data),
                insertable if _takes_texts(block) else (),
                CHOSEN.format(key=block.key),
            )
            for block in template.blocks
        ]

    @property
    def in_error(self) -> list[BlockForm]:
        """The forms that could not be read, in the order of the page."""
        return [part.form for part in self.parts if part.form.is_bound and not part.form.is_valid()]

    def contents(self) -> dict[str, Any]:
        """Return key → content of every block; call it once nothing is in error."""
        return {part.block.key: part.form.content() for part in self.parts}

    def chosen_text(self, key: str) -> StandardText | None:
        """Return the standard text chosen for the block `key`, None when none is."""
        chosen = self._data.get(CHOSEN.format(key=key), "") if self._data is not None else ""
        return self._texts.get(int(chosen)) if chosen.isdecimal() and len(chosen) < 19 else None


def _takes_texts(block: Block) -> bool:
    """Tell whether sentences go there: not an address, not the object of a letter."""
    return block.kind == TEXT and block.shown in (Shown.SECTION, Shown.PLAIN)
