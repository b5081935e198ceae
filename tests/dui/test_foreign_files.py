"""Every entrance of the record that takes a file, fed with every corpus that concerns it, within the limits.

One row per entrance: a new entrance is one more row. The kit's own entrances (INSi, DMP, CDA, XDM) are in
`tests/interop/test_hostile_entrances.py`, imports of documents in `tests/dui/intake/test_hostile_files.py`.
`make test` plays a sample of those read in a process of their own; `make prove` plays them all.
"""

from __future__ import annotations

import io
import os
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from amarre.dui.intake.apart.office_archive import clean_office
from amarre.dui.intake.apart.verdicts import Refused
from amarre.dui.organisations.services.update_letterhead import make_logo
from amarre.dui.usagers.evidence_files import clean_pages
from amarre.dui.usagers.importing.source import read_list
from amarre.interop.common.errors import AmarreError
from amarre.interop.ins import read_picture
from tests.dui.intake.corpus.hostile_pdfs import HOSTILE_PDFS
from tests.dui.intake.corpus.hostile_pictures import HOSTILE_PICTURES, SECRET, HostilePicture
from tests.dui.intake.corpus.hostile_texts import docx_parts, odt_parts
from tests.dui.usagers.import_samples import HEADINGS, LE_GOFF, PRIGENT, archive, ods, workbook
from tests.hostile.archives import ARCHIVES
from tests.hostile.limits import MEBIBYTES, bounded
from tests.hostile.xml_external import attacks, canary

FULL = os.environ.get("AMARRE_PROVE_FILES") == "all"
# A picture within the limit of 40 million points is opened in the process of the site, one at a time: four
# bytes a point, and those of the file.
PIXELS_MEBIBYTES = 220
# Texts are cleaned in the confined process, which has 512 MiB; here the same code runs in ours.
TEXT_MEBIBYTES = 256
ROWS = [HEADINGS, LE_GOFF, PRIGENT]


@dataclass(frozen=True, slots=True)
class Archived:
    """An entrance that takes a document made of files: its parts, the one that is attacked, its reader."""

    name: str
    parts: dict[str, bytes]
    words: str
    read: Callable[[bytes], object]
    # Read in a process of its own: a sample only, but for `make prove`.
    apart: bool = False
    mebibytes: int = MEBIBYTES


def parts_of(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as opened:
        return {name: opened.read(name) for name in opened.namelist()}


def encoded(parts: dict[str, bytes | str]) -> dict[str, bytes]:
    return {name: part.encode() if isinstance(part, str) else part for name, part in parts.items()}


OFFICE_PARTS = {*docx_parts(), *odt_parts()}


def lines_of(data: bytes) -> object:
    return [line.cells for line in read_list(data).lines]


def text_of(data: bytes) -> object:
    """Return the parts that a word processor reads; another one beside them is a name and bytes."""
    kept = parts_of(clean_office(data).data)
    return {name: part for name, part in kept.items() if name in OFFICE_PARTS}


ARCHIVED = (
    Archived("list, XLSX", parts_of(workbook(ROWS)), "xl/sharedStrings.xml", lines_of, apart=True),
    Archived(
        "list, sheet of XLSX", parts_of(workbook(ROWS)), "xl/worksheets/sheet1.xml", lines_of, apart=True
    ),
    Archived("list, ODS", parts_of(ods(ROWS)), "content.xml", lines_of, apart=True),
    Archived("text, DOCX", encoded(docx_parts()), "word/document.xml", text_of, mebibytes=TEXT_MEBIBYTES),
    Archived(
        "text, links of DOCX",
        encoded(docx_parts()),
        "word/_rels/document.xml.rels",
        text_of,
        mebibytes=TEXT_MEBIBYTES,
    ),
    Archived("text, ODT", encoded(odt_parts()), "content.xml", text_of, mebibytes=TEXT_MEBIBYTES),
)


def some(rows: list[Any], entrance: Archived) -> list[Any]:
    if FULL:
        return rows
    return rows[::16] if entrance.apart else rows[::5]


@pytest.mark.req("S4")
@pytest.mark.parametrize("entrance", ARCHIVED, ids=lambda entrance: entrance.name)
def test_the_xml_inside_reads_nothing_outside(entrance: Archived, tmp_path: Path) -> None:
    entrance.read(archive(entrance.parts))
    with canary(tmp_path) as bird, bounded(entrance.name, seconds=10):
        for attack in some(attacks(entrance.parts[entrance.words], bird), entrance):
            data = archive({**entrance.parts, entrance.words: attack.data})
            try:
                found = entrance.read(data)
            except AmarreError as error:
                bird.assert_untouched(error.explanation(), str(error))
            except Refused as error:
                bird.assert_untouched(str(error))
            else:
                bird.assert_untouched(found)


@pytest.mark.req("S6")
@pytest.mark.parametrize("entrance", ARCHIVED[::2], ids=lambda entrance: entrance.name)
def test_a_hostile_archive_is_refused_or_gives_what_a_good_one_gives(
    entrance: Archived, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    good = entrance.read(archive(entrance.parts))
    monkeypatch.chdir(tmp_path)
    for hostile in some(list(ARCHIVES), entrance):
        data = hostile.make(entrance.parts)
        with bounded(f"{entrance.name}, {hostile.name}", mebibytes=entrance.mebibytes):
            try:
                found = entrance.read(data)
            except (AmarreError, Refused):
                continue
        assert found == good, hostile.name
    assert list(tmp_path.iterdir()) == []


def logo_of(data: bytes) -> bytes:
    return make_logo(data).data


def evidence_of(data: bytes) -> bytes:
    return b"".join(clean_pages([data]))


def scanned(data: bytes) -> bytes:
    return repr(read_picture(data)).encode()


PICTURES: dict[str, Callable[[bytes], bytes]] = {
    "Datamatrix": scanned, "identity document": evidence_of, "logo": logo_of,
}  # fmt: skip


@pytest.mark.req("quality-bars 1.3, class 6")
@pytest.mark.parametrize("entrance", PICTURES)
@pytest.mark.parametrize("case", HOSTILE_PICTURES, ids=lambda case: case.name)
def test_a_hostile_picture_is_refused_or_told_nothing(entrance: str, case: HostilePicture) -> None:
    data = case.make()
    with bounded(f"{entrance}, {case.name}", mebibytes=PIXELS_MEBIBYTES):
        try:
            kept = PICTURES[entrance](data)
        except AmarreError as error:
            said = error.explanation()
            assert all((said.what, said.data_state, said.advice))
            return
    for told in (SECRET, b"Exif\x00\x00", b"<script", b"PK\x03\x04"):
        assert told not in kept


PDFS = HOSTILE_PDFS if FULL else HOSTILE_PDFS[::12]


@pytest.mark.req("quality-bars 1.3, class 5")
@pytest.mark.parametrize("make", [pytest.param(case.make, id=case.name) for case in PDFS])
def test_a_hostile_pdf_as_a_copy_of_an_identity_document(make: Callable[[], bytes]) -> None:
    """Drawn in the process apart: what comes back is pixels, or a refusal in words."""
    with bounded("identity document, PDF", mebibytes=PIXELS_MEBIBYTES):
        try:
            pages = clean_pages([make()])
        except AmarreError as error:
            pages, said = [], error.explanation().what
        else:
            said = "."
    assert said.endswith(".")
    assert all(page.startswith(b"\xff\xd8") for page in pages)
