"""Lists made for the tests: no file is kept."""

from __future__ import annotations

import datetime
import io
import zipfile
from collections.abc import Sequence
from typing import Any

import xlsxwriter

from amarre.dui.usagers.importing.columns import Choice, Table, read_table, settle
from amarre.dui.usagers.importing.fields import NomMeaning
from amarre.dui.usagers.importing.known import KnownPeople
from amarre.dui.usagers.importing.plan import ImportPlan, plan_import
from amarre.dui.usagers.importing.source import read_list

TODAY = datetime.date(2026, 11, 20)
HEADINGS = ("Nom de naissance", "Prénom", "Sexe", "Date de naissance", "Code INSEE", "Date d'entrée")
LE_GOFF = ("Le Goff", "Anne-Marie", "F", "03/03/1938", "29151", "01/02/2020")
PRIGENT = ("Prigent", "Jean-Yves", "M", "14/07/1941", "29019", "05/06/2021")


def csv_of(*rows: Sequence[str], separator: str = ";", newline: str = "\r\n") -> str:
    return newline.join(separator.join(row) for row in rows) + newline


def usual(*rows: Sequence[str]) -> bytes:
    return csv_of(HEADINGS, *rows).encode()


def many(count: int) -> bytes:
    """`count` different persons, local number included."""
    letters = "ABCDEFGHIJ"
    rows = [
        (f"L{i:05d}", f"Kervella {''.join(letters[int(c)] for c in f'{i:05d}')}", "Anne", "FM"[i % 2],
         f"{1 + i % 28:02d}/{1 + i % 12:02d}/{1930 + i % 60}", "29151", "01/02/2020")
        for i in range(count)
    ]  # fmt: skip
    return csv_of(("Matricule interne", *HEADINGS), *rows).encode()


def table_of(data: bytes) -> Table:
    return read_table(read_list(data))


def plan_of(data: bytes, nom: str = "", people: KnownPeople | None = None) -> ImportPlan:
    table = table_of(data)
    choice: Choice = settle(table.columns, NomMeaning(nom) if nom else None)
    return plan_import(table, choice, people or KnownPeople(), TODAY, TODAY)


def reasons(plan: ImportPlan) -> list[str]:
    return [problem.reason for row in plan.refused for problem in row.problems]


def workbook(rows: Sequence[Sequence[Any]], name: str = "Feuil1", **options: Any) -> bytes:
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True, **options}) as book:
        write_sheet(book, name, rows)
    return buffer.getvalue()


def write_sheet(book: Any, name: str, rows: Sequence[Sequence[Any]]) -> Any:
    sheet = book.add_worksheet(name)
    day = book.add_format({"num_format": "dd/mm/yyyy"})
    for r, row in enumerate(rows):
        for c, value in enumerate(row):
            if isinstance(value, datetime.date):
                sheet.write_datetime(r, c, datetime.datetime.combine(value, datetime.time()), day)
            else:
                sheet.write(r, c, value)
    return sheet


def ods(rows: Sequence[Sequence[str]], extra: str = "") -> bytes:
    """A small OpenDocument spreadsheet, written by hand."""
    body = "".join(
        "<table:table-row>"
        + "".join(
            f'<table:table-cell office:value-type="string"><text:p>{cell}</text:p></table:table-cell>'
            for cell in row
        )
        + "</table:table-row>"
        for row in rows
    )
    names = " ".join(
        f'xmlns:{prefix}="urn:oasis:names:tc:opendocument:xmlns:{prefix}:1.0"'
        for prefix in ("office", "table", "text")
    )
    content = (
        f'<?xml version="1.0" encoding="UTF-8"?><office:document-content {names} office:version="1.3">'
        f'<office:body><office:spreadsheet><table:table table:name="Liste">{body}{extra}</table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    manifest = (
        '<?xml version="1.0"?><manifest:manifest '
        'xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
        '<manifest:file-entry manifest:full-path="/" '
        'manifest:media-type="application/vnd.oasis.opendocument.spreadsheet"/></manifest:manifest>'
    )
    return archive(
        {
            "mimetype": b"application/vnd.oasis.opendocument.spreadsheet",
            "content.xml": content.encode(),
            "META-INF/manifest.xml": manifest.encode(),
        }
    )


def archive(parts: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as made:
        for name, data in parts.items():
            made.writestr(name, data)
    return buffer.getvalue()
