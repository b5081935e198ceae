"""What ordinary programs write becomes PDF/A-1b by two foreign judges, looks the same and keeps its words."""

from __future__ import annotations

import io
import subprocess
from collections.abc import Callable
from pathlib import Path

import pikepdf
import pytest
from PIL import Image, ImageChops, ImageStat

from amarre.dui.intake.apart.admission import Admitted
from amarre.dui.intake.apart.verdicts import Note, Reason, Refused, TextState
from amarre.dui.intake.reader import convert, draw_page, join
from tests.dui.intake import judges
from tests.dui.intake.corpus import pdf_writing as w
from tests.dui.intake.corpus.hostile_pictures import drawing, located, oriented, saved
from tests.dui.intake.corpus.ordinary_pdfs import ORDINARY_PDFS, WORDS, by_typst, scanned, turned

AdmitHere = Callable[..., Admitted]


@pytest.mark.req("C8")
@pytest.mark.needs("poppler")
@pytest.mark.parametrize("name", ORDINARY_PDFS)
def test_the_copy_is_a_pdf_a_that_looks_and_reads_the_same(
    admit_here: AdmitHere, name: str, tmp_path: Path
) -> None:
    make, told = ORDINARY_PDFS[name]
    sent = make()
    kept = admit_here(sent)
    assert judges.page_validation(kept.pdf) == []
    assert (kept.text is TextState.WHOLE) == told
    before, after = judges.drawn(sent, tmp_path), judges.drawn(kept.pdf, tmp_path)
    assert len(before) == len(after) == kept.pages
    for one, other in zip(before, after, strict=True):
        assert one.size == other.size
        assert ImageStat.Stat(ImageChops.difference(one, other)).mean[0] < 2
    if told:
        pages = judges.words(kept.pdf, tmp_path)
        assert all(WORDS in " ".join(page.split()) for page in pages)


@pytest.mark.needs("preflight")
def test_preflight_accepts_every_copy(admit_here: AdmitHere, tmp_path: Path) -> None:
    copies = {name: admit_here(make()).pdf for name, (make, _) in ORDINARY_PDFS.items()}
    copies["photo"] = admit_here(located()).pdf
    said = judges.preflight(copies, tmp_path)
    assert len(said) == len(copies)
    assert [line for line in said if "is a valid" not in line] == []


@pytest.mark.needs("poppler")
def test_what_was_written_in_a_form_is_kept(admit_here: AdmitHere, tmp_path: Path) -> None:
    kept = admit_here(ORDINARY_PDFS["formulaire"][0]())
    assert "Rempli" in judges.words(kept.pdf, tmp_path)[0]
    assert Note.FORM in kept.notes


def test_a_pdf_a_stays_byte_for_byte(admit_here: AdmitHere) -> None:
    sent = by_typst("a-1b")
    assert admit_here(sent).pdf == sent


def test_it_does_not_when_it_holds_more_than_its_pages(admit_here: AdmitHere) -> None:
    with pikepdf.open(io.BytesIO(by_typst("a-1b"))) as pdf:
        pdf.Root.OpenAction = w.script()
        changed = io.BytesIO()
        pdf.save(changed)
    kept = admit_here(changed.getvalue())
    assert Note.SCRIPTS in kept.notes
    assert b"JavaScript" not in kept.pdf


def test_the_same_files_give_the_same_bytes(admit_here: AdmitHere) -> None:
    sent = ORDINARY_PDFS["helvetica"][0]()
    assert admit_here(sent).pdf == admit_here(sent).pdf


@pytest.mark.needs("chromium")
@pytest.mark.needs("poppler")
def test_a_page_printed_by_a_browser(admit_here: AdmitHere, tmp_path: Path) -> None:
    (tmp_path / "p.html").write_text(
        "<html lang=fr><meta charset=utf-8><p>Compte rendu<p style='opacity:.5'>Œdèmes", encoding="utf-8"
    )
    subprocess.run(
        ["chromium", "--headless", "--no-sandbox", f"--print-to-pdf={tmp_path / 'p.pdf'}", "p.html"],
        capture_output=True, check=True, cwd=tmp_path,
    )  # fmt: skip
    kept = admit_here((tmp_path / "p.pdf").read_bytes())
    assert judges.page_validation(kept.pdf) == []
    assert kept.notes == {Note.DRAWN}
    assert {"Compte", "rendu", "Œdèmes"} <= set(judges.words(kept.pdf, tmp_path)[0].split())


@pytest.mark.needs("poppler")
@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_photograph_is_upright_whatever_the_camera_did(
    admit_here: AdmitHere, orientation: int, tmp_path: Path
) -> None:
    """Compared with what EXIF says: the black corner goes where the orientation puts it."""
    kept = admit_here(oriented(orientation))
    (sheet,) = judges.drawn(kept.pdf, tmp_path)
    ink = sheet.point(lambda value: 255 if value < 100 else 0).getbbox()
    assert ink is not None
    left, top = ink[0] < sheet.width - ink[2], ink[1] < sheet.height - ink[3]
    corners = {1: (1, 1), 2: (0, 1), 3: (0, 0), 4: (1, 0), 5: (1, 1), 6: (0, 1), 7: (0, 0), 8: (1, 0)}
    assert (left, top) == corners[orientation]
    lying = orientation < 5
    assert (sheet.width > sheet.height) == lying


def test_files_are_put_together_in_order(admit_here: AdmitHere) -> None:
    kept = admit_here(saved(drawing(), "JPEG"), by_typst(), scanned("L"))
    assert kept.pages == 4
    assert kept.text is TextState.PARTIAL
    assert judges.page_validation(kept.pdf) == []


def test_what_would_be_too_heavy_is_drawn_less_finely(
    admit_here: AdmitHere, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = io.BytesIO()
    Image.effect_noise((1654, 2339), 80).save(kept, "PDF", resolution=200, quality=90)
    sent = kept.getvalue()
    monkeypatch.setattr("amarre.dui.intake.apart.admission.MAX_DOCUMENT_BYTES", len(sent) // 2)
    assert Note.LIGHTENED in admit_here(sent).notes
    monkeypatch.setattr("amarre.dui.intake.apart.admission.MAX_DOCUMENT_BYTES", 300)
    with pytest.raises(Refused) as refused:
        admit_here(sent)
    assert refused.value.reason is Reason.TOO_HEAVY


@pytest.mark.req("C1")
@pytest.mark.needs("poppler")
def test_a_cover_and_a_band_are_added_without_touching_the_pages(tmp_path: Path) -> None:
    """Through the real reader: the content keeps its place, the band stands above it."""
    cover, band = by_typst("a-1b"), _band()
    for make in (turned(90), turned(180), ORDINARY_PDFS["helvetica"][0], lambda: by_typst("a-1b")):
        body = convert([make()]).pdf
        whole = join(cover=cover, band=band, body=body, title="Essai")
        assert judges.page_validation(whole) == []
        before, after = judges.drawn(body, tmp_path), judges.drawn(whole, tmp_path)
        assert len(after) == 2 + len(before)
        for page, joined in zip(before, after[2:], strict=True):
            assert joined.width == page.width
            added = joined.height - page.height
            assert added > 0
            below = joined.crop((0, added, joined.width, joined.height))
            assert ImageStat.Stat(ImageChops.difference(page, below)).mean[0] < 4
        assert all("BANDEAU" in page for page in judges.words(whole, tmp_path)[2:])


def test_a_page_is_drawn_for_the_screen() -> None:
    png = draw_page(by_typst("a-1b"), 1, 400)
    assert png.startswith(b"\x89PNG")


def _band() -> bytes:
    import typst

    source = (
        b'#set document(title: "b", date: datetime(year: 2026, month: 1, day: 1))\n'
        b"#set page(width: 595pt, height: 24pt, margin: 4pt)\nBANDEAU"
    )
    return bytes(typst.compile(source, format="pdf", pdf_standards=["a-1b"], ignore_system_fonts=True))
