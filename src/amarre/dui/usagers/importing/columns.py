"""Which column gives what: headings found, recognised, corrected by hand, and the question of « Nom »."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from amarre.dui.usagers.importing.errors import (
    ColumnsMissing,
    ColumnTwice,
    ListEmpty,
    ListTooLong,
    MapUnknown,
    NomQuestion,
)
from amarre.dui.usagers.importing.fields import FIELDS, IGNORE, Aside, Field, NomMeaning
from amarre.dui.usagers.importing.headings import folded, meaning, recognised_count
from amarre.dui.usagers.importing.limits import HEADER_SEARCH_LINES, MAX_LINES
from amarre.dui.usagers.importing.sheet import Line, Sheet


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its place from 0, its heading as shown, what it gives or why it is not taken."""

    index: int
    heading: str
    field: Field | None = None
    aside: Aside | None = None


@dataclass(frozen=True, slots=True, repr=False)
class Table:
    """The headings and the lines under them."""

    columns: tuple[Column, ...]
    lines: tuple[Line, ...]
    header_line: int
    notes: tuple[str, ...] = ()

    def with_columns(self, columns: tuple[Column, ...]) -> Table:
        """Return the same lines under other columns."""
        return replace(self, columns=columns)

    def samples(self, column: Column, count: int = 3) -> list[str]:
        """Return the first values of a column, to recognise it; none for a column of national numbers."""
        if column.aside is Aside.NIR:
            return []
        found = (line.text(column.index) for line in self.lines)
        return [value[:60] for value in found if value][:count]


@dataclass(frozen=True, slots=True)
class Choice:
    """What every row is read with: one column per field (several never), and what « Nom » means."""

    columns: tuple[Column, ...]
    nom: NomMeaning | None

    def column(self, field: Field) -> Column | None:
        """Return the column of a field, None when the list has none."""
        return next((column for column in self.columns if column.field is field), None)

    def heading(self, *fields: Field) -> str:
        """Return the heading of the first field present, else the name of the first one."""
        for field in fields:
            column = self.column(field)
            if column is not None:
                return column.heading
        return fields[0].label


def read_table(sheet: Sheet) -> Table:
    """Find the headings and recognise them. Raises ListEmpty, ListTooLong."""
    if not sheet.lines:
        raise ListEmpty
    position = _header_position(sheet.lines)
    header, lines = sheet.lines[position], sheet.lines[position + 1 :]
    if not lines:
        raise ListEmpty
    if len(lines) > MAX_LINES:
        raise ListTooLong(limit=MAX_LINES)
    columns = _columns(header, lines)
    # The headings are sometimes repeated at each page.
    kept = tuple(line for line in lines if not _repeats(line, header))
    notes = list(sheet.notes)
    if position:
        notes.append(f"Titres de colonnes trouvés à la ligne {header.number}.")
    if not kept:
        raise ListEmpty
    if not any(column.field or column.aside in (Aside.NIR, Aside.COMBINED) for column in columns):
        notes.append(
            f"Aucun titre de colonne reconnu : la ligne {header.number} est prise pour les titres. "
            "Si une personne y est écrite, ajoutez une ligne de titres au fichier."
        )
    return Table(_without_repeats(columns, kept), kept, header.number, tuple(notes))


def _header_position(lines: tuple[Line, ...]) -> int:
    """Return the line with the most known headings; with none known, the first of the widest."""
    first = lines[:HEADER_SEARCH_LINES]
    known = [recognised_count([line.text(i) for i in range(len(line.cells))]) for line in first]
    if max(known) >= 2 or (max(known) == 1 and known[0] == 1):
        return known.index(max(known))
    filled = [sum(bool(line.text(i)) for i in range(len(line.cells))) for line in first]
    return filled.index(max(filled))


def _repeats(line: Line, header: Line) -> bool:
    return [folded(line.text(i)) for i in range(len(header.cells))] == [
        folded(header.text(i)) for i in range(len(header.cells))
    ]


def _columns(header: Line, lines: tuple[Line, ...]) -> tuple[Column, ...]:
    width = max(len(line.cells) for line in (header, *lines))
    columns: list[Column] = []
    seen: dict[str, int] = {}
    for index in range(width):
        heading = header.text(index)[:80]
        if not heading and not any(line.text(index) for line in lines):
            continue
        shown = heading or f"Colonne {index + 1} sans titre"
        seen[folded(shown)] = seen.get(folded(shown), 0) + 1
        if seen[folded(shown)] > 1:
            shown = f"{shown} ({seen[folded(shown)]})"
        found = meaning(heading) if heading else Aside.UNKNOWN
        if isinstance(found, Field):
            columns.append(Column(index, shown, field=found))
        else:
            columns.append(Column(index, shown, aside=found))
    return tuple(columns)


def _without_repeats(columns: tuple[Column, ...], lines: tuple[Line, ...]) -> tuple[Column, ...]:
    """Set aside a second column that gives the same field with the same content, or nothing at all."""
    first: dict[Field, Column] = {}
    kept: list[Column] = []
    for column in columns:
        known = first.get(column.field) if column.field else None
        if column.field and known is None:
            first[column.field] = column
        elif known is not None and all(
            line.text(column.index) in ("", line.text(known.index)) for line in lines
        ):
            column = replace(column, field=None, aside=Aside.REPEATED)
        kept.append(column)
    return tuple(kept)


def map_by_hand(columns: tuple[Column, ...], given: Mapping[str, str]) -> tuple[Column, ...]:
    """Apply `--map "Colonne=champ"`: headings compared without case nor accents. Raises MapUnknown."""
    known = ", ".join([*FIELDS, IGNORE])
    mapped = list(columns)
    for heading, value in given.items():
        matches = [i for i, c in enumerate(mapped) if folded(c.heading) == folded(heading)]
        if not matches or (value != IGNORE and value not in FIELDS):
            raise MapUnknown(wrong=f"{heading}={value}", known=known)
        for index in matches:
            mapped[index] = assign(mapped[index], value)
    return tuple(mapped)


def assign(column: Column, value: str) -> Column:
    """Return the column with the field `value`, or set aside (`ignorer`)."""
    if value == IGNORE:
        aside = column.aside if column.aside in (Aside.NIR, Aside.COMBINED, Aside.UNKNOWN) else Aside.BY_HAND
        return replace(column, field=None, aside=aside)
    return replace(column, field=FIELDS[value], aside=None)


def settle(columns: tuple[Column, ...], nom: NomMeaning | None) -> Choice:
    """Return what the rows are read with. Raises ColumnTwice, NomQuestion, ColumnsMissing.

    « Nom » takes the meaning given; MIXTE keeps both columns, row by row.
    """
    _refuse_twice(columns)
    fields = {column.field for column in columns}
    if Field.NOM in fields:
        column = next(column for column in columns if column.field is Field.NOM)
        if nom is None or (nom is NomMeaning.MIXTE and Field.NOM_NAISSANCE not in fields):
            raise NomQuestion(column=column.heading)
        if nom is not NomMeaning.MIXTE:
            meant = Field.NOM_NAISSANCE if nom is NomMeaning.NAISSANCE else Field.NOM_UTILISE
            columns = tuple(replace(c, field=meant) if c is column else c for c in columns)
            _refuse_twice(columns)
    _refuse_missing({column.field for column in columns})
    return Choice(columns, nom)


def _refuse_twice(columns: tuple[Column, ...]) -> None:
    for field in Field:
        same = [column.heading for column in columns if column.field is field]
        if len(same) > 1:
            raise ColumnTwice(field=field.label, columns=", ".join(f"« {heading} »" for heading in same))


def _refuse_missing(fields: set[Field | None]) -> None:
    missing = []
    if Field.NOM_NAISSANCE not in fields:
        missing.append("le nom de naissance")
    if not fields & {Field.PRENOM, Field.PRENOMS}:
        missing.append("le prénom")
    if not fields & {Field.SEXE, Field.CIVILITE}:
        missing.append("le sexe (ou la civilité)")
    if Field.DATE_NAISSANCE not in fields:
        missing.append("la date de naissance")
    if missing:
        raise ColumnsMissing(missing=", ".join(missing))
