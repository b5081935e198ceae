"""Rules on a structured body: its sections, its entries, its words, its files."""

from __future__ import annotations

from amarre.interop.cda.rules.base import Rule
from amarre.interop.cda.rules.structured import entries, files, sections, words

RULES: tuple[Rule, ...] = (*sections.RULES, *words.RULES, *files.RULES, *entries.RULES)
