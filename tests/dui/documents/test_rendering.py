"""The printed document: PDF/A-1a by foreign validators, strict traits, Datamatrix read from the page."""

from __future__ import annotations

import dataclasses
import datetime
import io
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import page
import pikepdf
import pytest
import typst
import zxingcpp
from PIL import Image

from amarre.cast import usager
from amarre.dui.documents.errors import DocumentCorrupted, DocumentMissing
from amarre.dui.documents.rendering import (
    Block,
    DocumentContent,
    Issuer,
    Layout,
    Picture,
    PrintedTraits,
    Section,
    Signature,
    Table,
    page_count,
    render_pdf,
    screen_page,
)
from amarre.dui.documents.rendering import pdf as pdf_module
from amarre.dui.documents.rendering.errors import DocumentTooLong, TemplateBroken, UnprintableCharacter
from amarre.interop.ins import (
    Environment,
    IdentityState,
    Ins,
    QualifiedIdentity,
    encode,
    ins_oid,
    matricule_received,
    qualified_identity,
    to_svg,
)
from amarre.interop.ins.traits import BirthDate, Sexe, Traits

ISSUER = Issuer(
    "Association Les Deux Quais",
    "Service autonomie à domicile Les Deux Quais",
    ("4 quai des Goémons", "99100 Port-Amarre"),
    "01 99 00 12 10",
    "FINESS 990000002",
)


def leaving(key: str) -> QualifiedIdentity:
    person = usager(key)
    traits = Traits(
        person.nom_naissance,
        person.prenoms,
        Sexe(person.sexe),
        BirthDate(person.date_naissance),
        person.lieu_naissance,
        person.premier_prenom,
    )
    matricule, _ = matricule_received(person.matricule, person.cle)
    return qualified_identity(
        state=IdentityState(insi=True, coherence=True),
        ins=Ins(matricule, ins_oid(person.ins_oid)),
        traits=traits,
        environment=Environment.SANDBOX,
    )


def content(
    key: str = "pierre-alain-dartagnan", *, qualified: bool = True, sections: int = 3
) -> DocumentContent:
    identity = leaving(key)
    traits = PrintedTraits(
        nom_naissance=identity.traits.nom_naissance,
        premier_prenom=identity.traits.premier_prenom,
        prenoms=identity.traits.prenoms,
        sexe=identity.traits.sexe.value,
        date_naissance=identity.traits.date_naissance.french,
        lieu_naissance=identity.traits.lieu_naissance,
        status_label="Identité qualifiée" if qualified else "Identité validée",
        matricule=identity.matricule.grouped() if qualified else "",
        matricule_nature="NIR" if qualified else "",
        datamatrix_svg=to_svg(identity) if qualified else "",
    )
    return DocumentContent(
        title="Projet d'accompagnement personnalisé",
        subtitle="Service autonomie à domicile, du 20/11/2026 au 20/05/2027",
        date=datetime.date(2026, 11, 20),
        reference="2.25.291820351847205913.1.1",
        version=1,
        issuer=ISSUER,
        traits=traits,
        sections=(
            Section("Attentes de la personne", ("Rester chez elle : « aller au marché » !",)),
            Section(
                "Objectifs et actions",
                blocks=tuple(
                    Block(
                        f"{n}. Sortir deux fois par semaine",
                        (("Actions", "Marcher."), ("Qui", "Fatou Diallo")),
                    )
                    for n in range(sections)
                ),
            ),
        ),
        signature=Signature("Loïc BREMOND", "infirmier coordinateur", "Le 20/11/2026 à 10 h 05"),
    )


def said(text: str) -> DocumentContent:
    """A document whose only paragraph is `text`."""
    return dataclasses.replace(content(), sections=(Section("Attentes", (text,)),))


def logo() -> Picture:
    drawn = io.BytesIO()
    Image.new("RGB", (300, 200), "black").save(drawn, "PNG")
    return Picture(drawn.getvalue())


def rich(layout: Layout) -> DocumentContent:
    """A draft with everything: logo, footer, letter or report, table, blocks."""
    base = content()
    table = Table(("Médicament", "Dose"), (("Paracétamol", "1 g"), ("x" * 80, "")))
    return dataclasses.replace(
        base,
        issuer=dataclasses.replace(ISSUER, footer="Association loi 1901, reconnue d'utilité", logo=logo()),
        layout=layout,
        recipient=("Docteur Aminata SOW", "Maison de santé du Port", "99100 Port-Amarre"),
        place_and_date="Port-Amarre, le 20 novembre 2026",
        sections=(Section("", ("Chère consœur,",)), *base.sections, Section("Traitements", tables=(table,))),
        signature=dataclasses.replace(base.signature, identifier="RPPS 99700000021"),  # type: ignore[type-var]
        watermark="BROUILLON",
        notice="Brouillon, pas encore validé par son auteur.",
    )


def failures_of(pdf: bytes, profile: page.ValidationProfile) -> list[object]:
    report = page.validate_pdf_bytes(pdf, profile=profile)
    # The validator's known false alarm: a compressed stream that ends with a carriage return byte.
    return [failure for failure in report.failures if "/Length does not match" not in str(failure)]


def tags_of(pdf: bytes, folder: Path) -> list[str]:
    """Structure tags in reading order, by poppler."""
    (folder / "d.pdf").write_bytes(pdf)
    done = subprocess.run(["pdfinfo", "-struct", str(folder / "d.pdf")], capture_output=True, check=True)
    # Titles of headings come as they are in the file: UTF-16 when they hold an apostrophe.
    return [line.strip() for line in done.stdout.decode(errors="replace").splitlines()]


def alternatives_of(pdf: bytes) -> set[str]:
    """Words that stand for the pictures, found in the structure tree."""
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        return {
            str(one.get("/Alt"))
            for one in opened.objects
            if isinstance(one, pikepdf.Dictionary) and "/Alt" in one
        }


def text_of(pdf: bytes, folder: Path) -> list[str]:
    """Text of each page, by poppler."""
    (folder / "d.pdf").write_bytes(pdf)
    done = subprocess.run(
        ["pdftotext", "-layout", str(folder / "d.pdf"), "-"], capture_output=True, text=True, check=True
    )
    return done.stdout.split("\f")[:-1]


def pictures_of(pdf: bytes, folder: Path) -> list[Image.Image]:
    (folder / "d.pdf").write_bytes(pdf)
    subprocess.run(["pdftoppm", "-r", "200", "-png", str(folder / "d.pdf"), str(folder / "p")], check=True)
    return [read_picture(path) for path in sorted(folder.glob("p*.png"))]


def read_picture(path: Path) -> Image.Image:
    with Image.open(path) as picture:
        return picture.convert("L")


@pytest.mark.req("CI-SIS Structuration minimale, corps N1 : PDF/A-1")
@pytest.mark.parametrize("profile", [page.ValidationProfile.PDF_A_1A, page.ValidationProfile.PDF_A_1B])
@pytest.mark.parametrize("qualified", [True, False])
def test_pdf_a_1a_by_page_validation(qualified: bool, profile: page.ValidationProfile) -> None:
    assert failures_of(render_pdf(content(qualified=qualified)), profile) == []


@pytest.mark.parametrize("layout", list(Layout))
def test_letterhead_letter_table_and_draft_stay_pdf_a_1a(layout: Layout) -> None:
    made = render_pdf(rich(layout))
    assert failures_of(made, page.ValidationProfile.PDF_A_1A) == []


def test_structure_is_the_one_pdf_ua_asks_for(monkeypatch: pytest.MonkeyPatch) -> None:
    """PDF/UA-1 needs a later version of PDF than PDF/A-1: the same tags are judged in PDF/A-2a + UA-1."""
    monkeypatch.setattr(pdf_module, "STANDARD", ["a-2a", "ua-1"])
    monkeypatch.setattr(pdf_module.typst, "compile_with_warnings", _unwrapped(typst.compile_with_warnings))
    assert failures_of(render_pdf(rich(Layout.REPORT)), page.ValidationProfile.PDF_UA_1) == []


def _unwrapped(compile_with_warnings: Callable[..., object]) -> Callable[..., object]:
    def compile_for_both(*given: object, pdf_standards: list[list[str]], **more: object) -> object:
        return compile_with_warnings(*given, pdf_standards=pdf_standards[0], **more)

    return compile_for_both


@pytest.mark.needs("poppler")
def test_tags_follow_the_reading_order(tmp_path: Path) -> None:
    tags = tags_of(render_pdf(rich(Layout.REPORT)), tmp_path)
    headings = [line for line in tags if line.startswith("H")]
    assert headings[0].startswith("H1")
    assert any(line.startswith("H2") for line in headings)
    assert any(line.startswith("H3") for line in headings)
    assert [tags.count(tag) for tag in ("Table (block)", "TR")] == [1, 3]
    assert sum(line.startswith("Figure") for line in tags) == 2, "logo, Datamatrix"


def test_every_picture_has_words() -> None:
    words = alternatives_of(render_pdf(rich(Layout.REPORT)))
    assert words == {"Logo de Service autonomie à domicile Les Deux Quais", "Datamatrix INS de la personne"}


@pytest.mark.needs("poppler")
def test_letterhead_footer_recipient_and_draft_are_printed(tmp_path: Path) -> None:
    (text,) = text_of(render_pdf(rich(Layout.LETTER)), tmp_path)
    for words in ("Docteur Aminata SOW", "Port-Amarre, le 20 novembre 2026", "loi 1901", "RPPS 99700000021"):
        assert words in text
    assert "Brouillon, pas encore validé par son auteur" in text
    (picture,) = pictures_of(render_pdf(rich(Layout.LETTER)), tmp_path)
    # The logo is the only thing printed in pure black at the top left.
    assert picture.crop((200, 250, 520, 520)).getextrema()[0] == 0


@pytest.mark.needs("poppler")
def test_an_endless_word_is_cut_rather_than_lost(tmp_path: Path) -> None:
    endless = dataclasses.replace(content(), sections=(Section("Suite", ("x" * 900,)),))
    (text,) = text_of(render_pdf(endless), tmp_path)
    assert text.count("x") >= 900
    made = render_pdf(endless)
    assert failures_of(made, page.ValidationProfile.PDF_A_1A) == []


def test_pages_are_drawn_for_the_screen() -> None:
    made = render_pdf(content(sections=40))
    assert page_count(made) > 2
    picture = screen_page(made, 2)
    assert picture is not None
    assert len(picture) < 120_000
    with Image.open(io.BytesIO(picture)) as drawn:
        assert drawn.size == (910, 1287)
    assert screen_page(made, 0) is None
    assert screen_page(made, 99) is None


def test_rendering_knows_neither_django_nor_the_database() -> None:
    code = (
        "import sys, amarre.dui.documents.rendering, amarre.dui.authoring.catalogue;"
        "print([name for name in sys.modules if name.split('.')[0] == 'django'])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.needs("preflight")
@pytest.mark.parametrize("layout", list(Layout))
def test_pdf_a_1b_by_preflight(layout: Layout, tmp_path: Path) -> None:
    many = dataclasses.replace(rich(layout), sections=content(sections=30).sections)
    (tmp_path / "d.pdf").write_bytes(render_pdf(many))
    names = ("preflight", "pdfbox2", "fontbox2", "xmpbox", "commons-logging", "commons-io")
    jars = [f"/usr/share/java/{name}.jar" for name in (*names, "javax.activation", "jaxb-api")]
    done = subprocess.run(
        ["java", "-cp", ":".join(jars), "org.apache.pdfbox.preflight.Validator_A1b", str(tmp_path / "d.pdf")],
        capture_output=True,
        text=True,
        check=False,
    )
    assert "is a valid PDF/A-1b file" in done.stdout + done.stderr


@pytest.mark.needs("qpdf")
def test_structure_by_qpdf(tmp_path: Path) -> None:
    (tmp_path / "d.pdf").write_bytes(render_pdf(content()))
    subprocess.run(["qpdf", "--check", str(tmp_path / "d.pdf")], check=True, capture_output=True)


def test_same_content_same_bytes() -> None:
    assert render_pdf(content()) == render_pdf(content())


@pytest.mark.needs("poppler")
@pytest.mark.req("INS, traits stricts sur chaque page")
def test_strict_traits_on_every_page_letter_for_letter(tmp_path: Path) -> None:
    pages = text_of(render_pdf(content(sections=40)), tmp_path)
    assert len(pages) > 2
    for one in pages:
        for trait in ("D'ARTAGNAN DE L'HERAULT", "PIERRE-ALAIN", "17/06/2001", "63220"):
            assert trait in one, trait


@pytest.mark.needs("poppler")
@pytest.mark.parametrize("key", ["pierre-alain-dartagnan", "toussaint-adrtrois", "catarina-tchitchi"])
@pytest.mark.req("INS Datamatrix v2.2")
def test_datamatrix_is_read_from_the_printed_page(key: str, tmp_path: Path) -> None:
    pictures = pictures_of(render_pdf(content(key, sections=40)), tmp_path)
    codes = zxingcpp.read_barcodes(pictures[0], formats=zxingcpp.BarcodeFormat.DataMatrix)
    assert [code.bytes.decode() for code in codes] == [encode(leaving(key))]
    assert zxingcpp.read_barcodes(pictures[1]) == [], "on page 1 only"


@pytest.mark.needs("poppler")
@pytest.mark.req("GI-INS EXI ID 29")
def test_no_matricule_and_no_datamatrix_unless_qualified(tmp_path: Path) -> None:
    pdf = render_pdf(content(qualified=False))
    assert zxingcpp.read_barcodes(pictures_of(pdf, tmp_path)[0]) == []
    assert usager("pierre-alain-dartagnan").matricule[-6:] not in "".join(text_of(pdf, tmp_path)).replace(
        " ", ""
    )


def test_a_character_that_cannot_be_drawn_is_named() -> None:
    odd = dataclasses.replace(content(), sections=(Section("Attentes", ("Fleurs \U0001f33c et 名",)),))
    with pytest.raises(UnprintableCharacter) as caught:
        render_pdf(odd)
    assert "« \U0001f33c » (code U+1F33C)" in caught.value.explanation().what


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("½ puis 名", "名"),
        ("α \U0001f600 β", "\U0001f600"),
        ("cloche \x07", "U+0007"),
        ("\ue000", "U+E000"),
        ("\ufffe", "U+FFFE"),
        ("a" + "\u0301" * 40, "\u0301"),
    ],
)
def test_the_sign_named_is_the_one_that_cannot_be_drawn(text: str, named: str) -> None:
    for _ in range(2):
        with pytest.raises(UnprintableCharacter) as caught:
            render_pdf(said(text))
        assert f"« {named} »" in caught.value.explanation().what


@pytest.mark.needs("poppler")
@pytest.mark.parametrize(
    ("text", "printed"),
    [
        # What turns the order of letters prints nothing: the text is printed as it was typed.
        ("non \u202eiuo\u202c fin", "non iuo fin"),
        ("début\u200e\ufeff\u2066 fin", "début fin"),
        ("un\u2028deux\x0btrois", "un deux trois"),
        ("\uf0b7 point", "• point"),
        ("mot" + " " * 500 + "mot", "mot mot"),
    ],
)
def test_what_prints_nothing_is_dropped(text: str, printed: str, tmp_path: Path) -> None:
    (shown,) = text_of(render_pdf(said(text)), tmp_path)
    assert printed in " ".join(shown.split())


@pytest.mark.req("classe 21")
@pytest.mark.parametrize(
    "shape",
    [
        "a", "a ", "\u00a0", "\u202f", " ", " !", "'", "«", "a\u0301", "a\u2028", "\u202e", "a\u00ad",
        "שלום ", "سلام ", "ไทย", "क्षि", "漢", "🇫🇷", "1 234 ", "http://a.b/c?d=", "\x00", "mots-composés-",
    ],
)  # fmt: skip
def test_a_text_of_any_shape_takes_seconds_and_never_breaks(shape: str) -> None:
    # Beyond 65,535 bytes of one tenant, the compiler would give up.
    began = time.perf_counter()
    try:
        made = render_pdf(said(shape * (70_000 // len(shape))))
    except (UnprintableCharacter, DocumentTooLong):
        made = b""
    assert made[:8] in (b"%PDF-1.4", b"")
    assert time.perf_counter() - began < 10


def test_more_lines_than_a_pdf_holds_is_explained() -> None:
    with pytest.raises(DocumentTooLong):
        render_pdf(dataclasses.replace(content(), sections=(Section("Suite", ("l",) * 60_000),)))


def test_a_panic_of_the_compiler_is_an_error_like_another(monkeypatch: pytest.MonkeyPatch) -> None:
    panic = type("PanicException", (BaseException,), {})

    def fail(*given: object, **more: object) -> None:
        raise panic("assertion failed")

    monkeypatch.setattr(pdf_module.typst, "compile_with_warnings", fail)
    with pytest.raises(DocumentTooLong):
        render_pdf(content())

    def stop(*given: object, **more: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(pdf_module.typst, "compile_with_warnings", stop)
    with pytest.raises(KeyboardInterrupt):
        render_pdf(content())


def test_unusual_characters_the_font_draws_are_accepted() -> None:
    odd = dataclasses.replace(content(), sections=(Section("Attentes", ("Α à Ω, Ж, ½ ≤ 3",)),))
    assert render_pdf(odd).startswith(b"%PDF-1.4")


def test_a_missing_template_is_explained() -> None:
    with pytest.raises(TemplateBroken):
        render_pdf(content(), template="absent")


def test_text_is_never_run_as_code() -> None:
    tricky = '#panic("x") #read("/etc/passwd") $x^2$ *gras* @ref <balise> \\'
    pdf = render_pdf(dataclasses.replace(content(), sections=(Section(tricky, (tricky,)),)))
    assert len(pikepdf.open(io.BytesIO(pdf)).pages) == 1


@pytest.mark.django_db
def test_store_finds_a_changed_or_missing_file(tmp_path: Path, settings: object) -> None:
    settings.MEDIA_ROOT = tmp_path  # type: ignore[attr-defined]
    from amarre.dui.documents import store

    digest = store.put(b"content")
    assert store.put(b"content") == digest
    assert store.get(digest) == b"content"
    (path,) = (one for one in tmp_path.rglob("*") if one.is_file())
    path.write_bytes(b"changed")
    with pytest.raises(DocumentCorrupted):
        store.get(digest)
    path.unlink()
    with pytest.raises(DocumentMissing):
        store.get(digest)
