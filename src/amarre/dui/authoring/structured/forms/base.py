"""What the structured forms share: folded when there is nothing to read, and what they say once folded."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from amarre.dui.authoring.block_forms import BlockForm
from amarre.dui.authoring.blocks import Block, Content


class StructuredForm(BlockForm):
    """The form of a structured block."""

    def __init__(self, block: Block, content: Content, data: Mapping[str, Any] | None = None) -> None:
        super().__init__(block, content, data)
        self.kept = content

    @property
    def unfolded(self) -> bool:
        """Whether the block is shown open: asked for, filled, or to be corrected."""
        return self.block.required or not self.is_empty or bool(self.errors)

    @property
    def is_empty(self) -> bool:
        """Whether nothing was typed yet."""
        if not self.is_bound:
            return not any(map(bool, self.kept.values()))
        return not any(self[name].data for name in self.fields)
