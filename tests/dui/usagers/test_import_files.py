"""Files as services have them, and files that attack: read right, or refused with a reason."""

from __future__ import annotations

import csv
import datetime
import io

import pytest
import xlsxwriter

from amarre.dui.usagers.importing import errors
from amarre.dui.usagers.importing.columns import map_by_hand, settle
from amarre.dui.usagers.importing.fields import Aside, Field, NomMeaning
from amarre.dui.usagers.importing.limits import MAX_BYTES
from amarre.dui.usagers.importing.refused_file import refused_csv
from amarre.dui.usagers.importing.source import read_list
from tests.dui.usagers.import_samples import (
    HEADINGS,
    LE_GOFF,
    PRIGENT,
    archive,
    csv_of,
    ods,
    plan_of,
    reasons,
    table_of,
    usual,
    workbook,
    write_sheet,
)

ACCENTED = ("Guézénoc", "Éloïse", "F", "03/03/1938", "29151", "01/02/2020")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("separator", [";", ",", "\t", "|"])
@pytest.mark.parametrize("newline", ["\r\n", "\n", "\r"])
def test_letters_separators_and_line_ends(encoding: str, separator: str, newline: str) -> None:
    text = csv_of(HEADINGS, ACCENTED, PRIGENT, separator=separator, newline=newline)
    plan = plan_of(text.encode(encoding))
    assert reasons(plan) == []
    assert [row.person.traits.nom_naissance for row in plan.rows] == ["GUEZENOC", "PRIGENT"]
    assert plan.rows[0].person.traits.premier_prenom == "ELOISE"


@pytest.mark.parametrize("encoding", ["cp850", "mac_roman"])
@pytest.mark.parametrize("name", ["Michèle", "Rémy", "Andrée", "Noël", "Benoît", "René"])
def test_letters_of_another_time_are_refused_and_never_guessed(encoding: str, name: str) -> None:
    data = csv_of(("Nom de naissance", "Prenom", *HEADINGS[2:]), ("Merlin", name, *LE_GOFF[2:]))
    try:
        plan = plan_of(data.encode(encoding))
    except errors.EncodingUnknown:
        return
    assert plan.rows == [], "a name nobody bears was written"


def test_french_signs_of_windows_are_read() -> None:
    rows = (("L’Œillet", "Mælle", *LE_GOFF[2:]), ("CŒUR", "Loïc", *PRIGENT[2:]))
    text = csv_of(HEADINGS, *rows) + "…;“x” – €\r\n"
    plan = plan_of(text.encode("cp1252"))
    assert [row.person.traits.nom_naissance for row in plan.rows] == ["L'OEILLET", "COEUR"]


def test_a_list_without_headings_says_which_line_it_took_for_them() -> None:
    table = table_of(csv_of(LE_GOFF, PRIGENT).encode())
    assert any("Aucun titre de colonne reconnu : la ligne 1" in note for note in table.notes)
    assert not any("Aucun titre" in note for note in table_of(usual(LE_GOFF)).notes)


def test_title_lines_blank_lines_and_trailing_columns() -> None:
    text = (
        "SSIAD de Port-Amarre;;;;;;;;\r\nÉdité le 20/11/2026;;;;;;;;\r\n;;;;;;;;\r\n"
        + csv_of((*HEADINGS, "", "", ""), (*LE_GOFF, "", "", ""))
        + ";;;;;;;;\r\n\r\n"
        + csv_of((*PRIGENT, "", "", ""))
    )
    table = table_of(text.encode("cp1252"))
    assert table.header_line == 4
    assert [line.number for line in table.lines] == [5, 8]
    assert len(table.columns) == len(HEADINGS)
    assert len(plan_of(text.encode("cp1252")).rows) == 2


def test_quotes_hold_separators_and_line_ends() -> None:
    text = csv_of(HEADINGS) + '"Le ""Goff""";"Anne;Marie";F;03/03/1938;29151;"01/02/2020"\r\n'
    text += csv_of(("Autre", "Paul", "M", "14/07/1941", '"29\r\n019"', ""))
    plan = plan_of(text.encode())
    assert '« " »' in reasons(plan)[0]
    assert [row.line.number for row in plan.refused] == [2]
    # A line end inside quotes is a space like another; the next line keeps its number.
    assert [(row.person.line, row.person.traits.lieu_naissance) for row in plan.rows] == [(3, "29019")]


def test_a_quote_left_open_refuses_the_file_rather_than_lose_its_end() -> None:
    text = csv_of(HEADINGS, LE_GOFF) + '"Prigent;Jean;M;14/07/1941;29019;\r\n' + csv_of(LE_GOFF)
    with pytest.raises(errors.QuotesBroken) as caught:
        read_list(text.encode())
    assert "ligne 3" in caught.value.explanation().what


def test_the_line_sep_of_excel_is_understood_and_counted() -> None:
    table = table_of(b"sep=|\r\n" + csv_of(HEADINGS, LE_GOFF, separator="|").encode())
    assert [line.number for line in table.lines] == [3]


def test_a_comma_in_names_does_not_win_over_the_semicolon() -> None:
    rows = [("Le Goff", "Anne, Marie, Jeanne, Louise, Renée", *LE_GOFF[2:])] * 2
    table = table_of(csv_of(("Nom de naissance", "Prénoms", *HEADINGS[2:]), *rows).encode())
    assert len(table.columns) == 6


@pytest.mark.parametrize(
    ("data", "error"),
    [
        (b"", errors.ListEmpty),
        (b"\xef\xbb\xbf\r\n\r\n", errors.ListEmpty),
        (csv_of(HEADINGS).encode(), errors.ListEmpty),
        (b"%PDF-1.7 ...", errors.NotAList),
        (b"\x89PNG\r\n", errors.NotAList),
        (b"\xd0\xcf\x11\xe0" + b"\0" * 600, errors.OldWorkbook),
        (b"<html><table><tr><td>Nom", errors.NotAList),
        (b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>', errors.NotAList),
        (b"Nom;Pr\x00nom\x01\x02\r\n", errors.NotAList),
        (b"Nom;Pr\x81nom\xe9\r\nA;B\r\n", errors.EncodingUnknown),
        (b"PK\x03\x04 not an archive", errors.WorkbookUnreadable),
        (archive({"word/document.xml": b"<w/>"}), errors.NotAList),
        (archive({"xl/workbook.bin": b"x"}), errors.NotAList),
        (archive({"xl/workbook.xml": b"<broken"}), errors.WorkbookUnreadable),
        (b"a;b\r\n" + b"x;y\r\n" * 5100, errors.ListTooLong),
        ((";".join(f"c{i}" for i in range(300)) + "\r\n").encode() * 2, errors.ListTooWide),
        (b"x" * (MAX_BYTES + 1), errors.ListTooLarge),
    ],
    # Not the bytes: an archive carries the time it was made.
    ids=lambda value: value.__name__ if isinstance(value, type) else f"{len(value)}-octets",
)  # fmt: skip
def test_what_is_no_list_is_refused_with_its_own_error(data: bytes, error: type[Exception]) -> None:
    with pytest.raises(error):
        table_of(data)


class TestWorkbooks:
    def test_cells_keep_their_dates_and_lose_no_zero(self) -> None:
        day = datetime.date(1938, 3, 3)
        data = workbook([("Liste",), HEADINGS, ("Le Goff", "Anne", "F", day, 1053, "01/02/2020")])
        person = plan_of(data).rows[0].person
        assert person.line == 3
        assert person.traits.date_naissance.text == "1938-03-03"
        assert person.traits.lieu_naissance == "01053"
        assert any("zéro" in flag for flag in person.flags)

    def test_a_workbook_of_the_1904_calendar(self) -> None:
        data = workbook(
            [HEADINGS, ("Le Goff", "Anne", "F", datetime.date(1938, 3, 3), "29151", "")], date_1904=True
        )
        assert plan_of(data).rows[0].person.traits.date_naissance.text == "1938-03-03"

    def test_formulas_are_not_computed_and_their_errors_are_refused(self) -> None:
        buffer = io.BytesIO()
        with xlsxwriter.Workbook(buffer, {"in_memory": True}) as book:
            sheet = write_sheet(book, "Liste", [HEADINGS, LE_GOFF])
            sheet.write_formula(1, 0, '=HYPERLINK("http://example.org","Le Goff")', None, "Le Goff")
            sheet.write_row(2, 0, PRIGENT)
            sheet.write_formula(2, 0, "=1/0", None, "#DIV/0!")
        plan = plan_of(buffer.getvalue())
        assert [row.person.traits.nom_naissance for row in plan.rows] == ["LE GOFF"]
        # A formula in error is an empty cell for the reader of workbooks.
        assert "nom de naissance manque" in reasons(plan)[0]

    def test_the_sheet_with_known_headings_is_read_and_the_hidden_one_is_not(self) -> None:
        buffer = io.BytesIO()
        with xlsxwriter.Workbook(buffer, {"in_memory": True}) as book:
            write_sheet(book, "Mode d'emploi", [("Lisez-moi",), ("Une ligne par personne",)])
            write_sheet(book, "Personnes", [HEADINGS, LE_GOFF])
            write_sheet(book, "Anciens", [HEADINGS, PRIGENT, LE_GOFF]).hide()
        plan = plan_of(buffer.getvalue())
        assert len(plan.rows) == 1
        notes = " ".join(table_of(buffer.getvalue()).notes)
        assert "« Personnes »" in notes
        assert "Mode d'emploi" in notes
        assert "Anciens" not in notes

    def test_two_cells_worlds_apart_only_kill_their_reader(self) -> None:
        buffer = io.BytesIO()
        with xlsxwriter.Workbook(buffer, {"in_memory": True}) as book:
            sheet = write_sheet(book, "Liste", [HEADINGS, LE_GOFF])
            sheet.write(1_048_575, 16_383, "x")
        with pytest.raises(errors.WorkbookUnreadable):
            read_list(buffer.getvalue())

    def test_an_archive_that_unpacks_enormous_is_not_unpacked(self) -> None:
        parts = {"xl/workbook.xml": b"<workbook/>", "xl/worksheets/sheet1.xml": b" " * (101 * 1024 * 1024)}
        with pytest.raises(errors.WorkbookUnreadable) as caught:
            read_list(archive(parts))
        assert "trop grand" in caught.value.explanation().what

    def test_an_enormous_cell_stays_in_the_process_that_reads_it(self) -> None:
        data = workbook([HEADINGS, LE_GOFF, ("A" * 32_000, *PRIGENT[1:])])
        assert max(len(str(cell)) for line in read_list(data).lines for cell in line.cells) <= 501
        assert "beaucoup trop long" in reasons(plan_of(data))[0]

    def test_a_sheet_of_millions_of_cells_is_refused_before_it_is_read(self) -> None:
        buffer = io.BytesIO()
        with xlsxwriter.Workbook(buffer, {"in_memory": True}) as book:
            sheet = write_sheet(book, "Liste", [HEADINGS, LE_GOFF])
            sheet.write(9_000, 190, "x")
        with pytest.raises(errors.ListTooLong):
            read_list(buffer.getvalue())

    def test_thousands_of_parts_are_refused(self) -> None:
        parts = {f"xl/part{i}.xml": b"x" for i in range(600)} | {"xl/workbook.xml": b"<workbook/>"}
        with pytest.raises(errors.WorkbookUnreadable):
            read_list(archive(parts))

    def test_an_opendocument_sheet(self) -> None:
        plan = plan_of(ods([HEADINGS, LE_GOFF, PRIGENT]))
        assert [row.person.traits.nom_naissance for row in plan.rows] == ["LE GOFF", "PRIGENT"]

    def test_an_opendocument_cell_repeated_a_billion_times(self) -> None:
        extra = (
            '<table:table-row table:number-rows-repeated="1048576">'
            '<table:table-cell office:value-type="string" table:number-columns-repeated="16384">'
            "<text:p>x</text:p></table:table-cell></table:table-row>"
        )
        with pytest.raises(errors.ImportListError):
            read_list(ods([HEADINGS, LE_GOFF], extra))


class TestColumns:
    def test_usual_headings_in_any_dress(self) -> None:
        headings = (
            "N° de dossier", "NOM DE JEUNE FILLE", "Nom d’usage", "Prénom(s)", "Né(e) le", "Civilité",
            "Ville naiss.", "CP_naissance", "Dt entrée", "Matricule interne", "N° Sécu", "Observations",
        )  # fmt: skip
        table = table_of(csv_of(headings, ["x"] * len(headings)).encode())
        assert [column.field for column in table.columns] == [
            Field.NUMERO_DOSSIER, Field.NOM_NAISSANCE, Field.NOM_UTILISE, Field.PRENOMS, Field.DATE_NAISSANCE,
            Field.CIVILITE, Field.LIEU_NOM, Field.LIEU_CP, Field.DATE_ENTREE, Field.NUMERO_LOCAL, None, None,
        ]  # fmt: skip
        assert [column.aside for column in table.columns[-2:]] == [Aside.NIR, Aside.UNKNOWN]

    @pytest.mark.parametrize("heading", ["N° SS", "NIR", "N° Sécurité sociale", "N° INSEE", "Matricule INS"])
    def test_a_national_number_gives_no_field_and_no_sample(self, heading: str) -> None:
        data = csv_of((*HEADINGS, heading), (*LE_GOFF, "238032915100112")).encode()
        table = table_of(data)
        assert table.columns[-1].aside is Aside.NIR
        assert table.samples(table.columns[-1]) == []
        plan = plan_of(data)
        assert b"238032915100112" not in refused_csv(table.columns, plan.refused)

    def test_nom_alone_asks_its_question(self) -> None:
        table = table_of(csv_of(("Nom", *HEADINGS[1:]), LE_GOFF).encode())
        with pytest.raises(errors.NomQuestion) as caught:
            settle(table.columns, None)
        assert "--nom" in caught.value.explanation().advice
        assert settle(table.columns, NomMeaning.NAISSANCE).column(Field.NOM_NAISSANCE) is not None
        with pytest.raises(errors.ColumnsMissing):
            settle(table.columns, NomMeaning.USAGE)
        with pytest.raises(errors.NomQuestion):
            settle(table.columns, NomMeaning.MIXTE)

    def test_nom_beside_the_maiden_name_is_read_row_by_row(self) -> None:
        headings = ("Nom", "Nom de jeune fille", *HEADINGS[1:])
        data = csv_of(headings, ("Kervella", "Le Goff", *LE_GOFF[1:]), ("Prigent", "", *PRIGENT[1:])).encode()
        plan = plan_of(data, "mixte")
        written = [(r.person.traits.nom_naissance, r.person.traits.nom_utilise) for r in plan.rows]
        assert written == [("LE GOFF", "KERVELLA"), ("PRIGENT", "")]
        assert "nom de naissance manque" in reasons(plan_of(data, "usage"))[0]
        with pytest.raises(errors.ColumnTwice):
            plan_of(data, "naissance")

    def test_a_heading_twice_with_the_same_content_counts_once(self) -> None:
        headings = (*HEADINGS, "Date de naissance")
        assert len(plan_of(csv_of(headings, (*LE_GOFF, LE_GOFF[3])).encode()).rows) == 1
        with pytest.raises(errors.ColumnTwice):
            plan_of(csv_of(headings, (*LE_GOFF, "04/03/1938")).encode())

    def test_columns_mapped_by_hand(self) -> None:
        table = table_of(csv_of(("A", "B", "C", "D"), ("Le Goff", "Anne", "F", "03/03/1938")).encode())
        given = {"a": "nom_naissance", "b": "prenom", "c": "sexe", "D": "date_naissance"}
        assert settle(map_by_hand(table.columns, given), None).column(Field.SEXE) is not None
        for wrong in ({"Z": "sexe"}, {"A": "matricule"}):
            with pytest.raises(errors.MapUnknown):
                map_by_hand(table.columns, wrong)

    def test_a_name_and_first_name_in_one_column_is_not_cut(self) -> None:
        table = table_of(csv_of(("Nom et prénom", *HEADINGS[2:]), ("Le Goff Anne", *LE_GOFF[2:])).encode())
        assert table.columns[0].aside is Aside.COMBINED
        with pytest.raises(errors.ColumnsMissing) as caught:
            settle(table.columns, None)
        assert "le nom de naissance, le prénom" in caught.value.explanation().what

    def test_headings_repeated_at_each_page_are_no_person(self) -> None:
        assert len(plan_of(usual(LE_GOFF, HEADINGS, PRIGENT)).rows) == 2


class TestRefusedFile:
    @pytest.mark.parametrize("start", ["=", "+", "-", "@"])
    def test_no_cell_is_live_in_a_spreadsheet(self, start: str) -> None:
        data = usual((f'{start}cmd|"/c calc"!A1', *LE_GOFF[1:])).replace(b'"', b"''")
        table = table_of(data)
        plan = plan_of(data)
        given = refused_csv(table.columns, plan.refused)
        assert given.startswith(b"\xef\xbb\xbf")
        rows = list(csv.reader(io.StringIO(given.decode("utf-8-sig")), delimiter=";"))
        assert rows[1][1].startswith(f"'{start}")
        assert not any(cell.startswith(("=", "+", "-", "@", "\t")) for row in rows for cell in row)

    def test_the_refused_file_corrected_is_imported_as_it_is(self) -> None:
        data = usual(LE_GOFF, ("Prigent", "Jean", "", *PRIGENT[3:]))
        table = table_of(data)
        plan = plan_of(data)
        given = refused_csv(table.columns, plan.refused).decode("utf-8-sig")
        again = plan_of(given.replace('"Jean";""', '"Jean";"M"').encode())
        assert [row.person.traits.nom_naissance for row in again.rows] == ["PRIGENT"]
        assert reasons(again) == []
