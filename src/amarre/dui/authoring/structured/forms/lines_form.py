"""The form of a block of lines: as many lines as are kept, and one empty more. No script is needed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django import forms

from amarre.dui.authoring.blocks import Block, Content, kind_of
from amarre.dui.authoring.structured.fields import FieldType, LineField
from amarre.dui.authoring.structured.forms.base import StructuredForm
from amarre.dui.authoring.structured.forms.fields import WordsField, form_field
from amarre.dui.authoring.structured.lines import MOST_LINES, LinesKind
from amarre.dui.authoring.structured.people import Contacts
from amarre.dui.authoring.structured.values import lines_of, text_of

LISTED = "lines"
COUNT = "lignes"


@dataclass(frozen=True, slots=True)
class LineFields:
    """The bound fields of one line, for the page. `empty`: nothing is kept of it yet."""

    number: int
    fields: list[tuple[forms.BoundField, LineField]]
    remove: forms.BoundField
    empty: bool


class LinesForm(StructuredForm):
    """Lines, and what may be ticked instead of them."""

    template_name = "authoring/blocs/lignes.html"

    def __init__(self, block: Block, content: Content, data: Mapping[str, Any] | None = None) -> None:
        super().__init__(block, content, data)
        kind = kind_of(block)
        if not isinstance(kind, LinesKind | Contacts):
            raise TypeError(f"{block.kind} is not made of lines")
        self.kind = kind
        self._kept = lines_of(content)
        self.states = kind.states if isinstance(kind, LinesKind) else ()
        if self.states:
            self.fields["state"] = forms.ChoiceField(
                label=block.title,
                required=False,
                choices=((LISTED, "Je liste ci-dessous"), *self.states),
                widget=forms.RadioSelect,
                initial=text_of(content, "state") or LISTED,
            )
        if isinstance(kind, LinesKind) and kind.note_label:
            self.fields["note"] = WordsField(
                label=kind.note_label,
                max_length=2000,
                widget=forms.Textarea({"rows": 2}),
                initial=text_of(content, "note"),
            )
        self.count = self._how_many(data)
        for number in range(self.count):
            self._add_line(number)

    @classmethod
    def initial_of(cls, content: Content) -> dict[str, Any]:
        """Return nothing: the fields are made from the content, each with its own."""
        return {}

    def _how_many(self, data: Mapping[str, Any] | None) -> int:
        """Return how many lines the page has: those that were shown, or those kept and an empty one."""
        shown = str(data.get(self.count_name, "")) if data is not None else ""
        wanted = int(shown) if shown.isascii() and shown.isdigit() and len(shown) < 4 else len(self._kept) + 1
        return max(1, min(wanted, MOST_LINES + 1))

    def _add_line(self, number: int) -> None:
        kept = self._kept[number] if number < len(self._kept) else {}
        for field in self.kind.fields:
            made = form_field(field)
            made.initial = text_of(kept, field.name)
            self.fields[f"{number}-{field.name}"] = made
        self.fields[f"{number}-retirer"] = forms.BooleanField(label="Retirer cette ligne", required=False)

    @property
    def count_name(self) -> str:
        """The name of the hidden field that says how many lines the page shows."""
        return f"{self.prefix}-{COUNT}"

    @property
    def lines(self) -> list[LineFields]:
        """The lines of the page."""
        return [
            LineFields(
                number + 1,
                [(self[f"{number}-{field.name}"], field) for field in self.kind.fields],
                self[f"{number}-retirer"],
                number >= len(self._kept),
            )
            for number in range(self.count)
        ]

    @property
    def needed(self) -> str:
        """What a line cannot do without, in a sentence; then what is good to know of its dates."""
        names = [f"« {field.label} »" for field in self.kind.fields if field.required]
        enough = "suffit" if len(names) == 1 else "suffisent"
        dated = any(field.type is FieldType.DAY for field in self.kind.fields)
        dates = " Pour une date, l'année suffit : 2019." if dated else ""
        return f"Sur chaque ligne, {' et '.join(names)} {enough}.{dates}"

    def content(self) -> dict[str, Any]:
        """Return {"state", "lines", "note"}, without what is empty."""
        cleaned = self.cleaned_data
        lines = [
            line
            for number in range(self.count)
            if not cleaned.get(f"{number}-retirer") and (line := self._line(number, cleaned))
        ]
        state = cleaned.get("state", "")
        found = {
            "state": state if state in dict(self.states) else "",
            "lines": lines,
            "note": cleaned.get("note", ""),
        }
        return {name: value for name, value in found.items() if value}

    def _line(self, number: int, cleaned: Mapping[str, Any]) -> dict[str, str]:
        values = {field.name: cleaned.get(f"{number}-{field.name}", "") for field in self.kind.fields}
        return {name: value for name, value in values.items() if value}
