"""The fonts shipped with the compiler, read once: it would be a quarter of the time of a letter."""

from __future__ import annotations

import functools

import typst


@functools.cache
def shipped_fonts() -> typst.Fonts:
    """Return the fonts of the wheel; those of the machine are ignored."""
    return typst.Fonts(include_system_fonts=False)
