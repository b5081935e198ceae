"""The printed document: PDF/A-1b by foreign validators, strict traits, Datamatrix read from the page."""

from __future__ import annotations

import dataclasses
import datetime
import io
import subprocess
from pathlib import Path

import page
import pikepdf
import pytest
import zxingcpp
from PIL import Image

from amarre.cast import usager
from amarre.dui.documents.errors import DocumentCorrupted, DocumentMissing
from amarre.dui.documents.rendering import (
    Block,
    DocumentContent,
    Issuer,
    PrintedTraits,
    Section,
    Signature,
    render_pdf,
)
from amarre.dui.documents.rendering.errors import TemplateBroken, UnprintableCharacter
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
@pytest.mark.parametrize("qualified", [True, False])
def test_pdf_a_1b_by_page_validation(qualified: bool) -> None:
    report = page.validate_pdf_bytes(
        render_pdf(content(qualified=qualified)), profile=page.ValidationProfile.PDF_A_1B
    )
    # The validator's known false alarm: a compressed stream that ends with a carriage return byte.
    failures = [f for f in report.failures if "/Length does not match" not in str(f)]
    assert failures == []


@pytest.mark.needs("preflight")
def test_pdf_a_1b_by_preflight(tmp_path: Path) -> None:
    (tmp_path / "d.pdf").write_bytes(render_pdf(content(sections=30)))
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
    assert "\U0001f33c" in caught.value.explanation().what


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
