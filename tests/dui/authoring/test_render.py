"""Every template from data alone: PDF/A-1a by two foreign validators, its words found again, no database."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import page
import pytest
import zxingcpp

from amarre.dui.authoring.catalogue import TEMPLATES, Template, template_of
from amarre.dui.authoring.errors import BlocksMissing, RenderDataWrong, TemplateUnknown
from amarre.dui.authoring.interface.render import render_document
from amarre.dui.documents.rendering.errors import UnprintableCharacter
from tests.dui.authoring.samples import contents_of
from tests.dui.documents.test_rendering import failures_of, pictures_of, text_of

EVERY = pytest.mark.parametrize("template", TEMPLATES, ids=lambda template: template.key)


def data(template: Template, **changes: Any) -> dict[str, Any]:
    return {
        "etablissement": {
            "organisme": "Association Les Deux Quais",
            "nom": "EHPAD La Roselière",
            "adresse": ["1 allée des Aulnes", "99120 Rive-sur-Roselière"],
            "telephone": "01 99 00 12 30",
            "finess": "990000028",
            "pied": "Association loi 1901",
            "ville": "Rive-sur-Roselière",
        },
        "personne": {
            "nom_naissance": "D'ARTAGNAN DE L'HERAULT",
            "prenoms": "PIERRE-ALAIN MURIEL FLORIANT",
            "premier_prenom": "PIERRE-ALAIN",
            "sexe": "M",
            "date_naissance": "17/06/2001",
            "lieu_naissance": "63220",
        },
        "auteur": {"nom": "Loïc BREMOND", "fonction": "infirmier coordinateur", "rpps": "99700000021"},
        "date": "2026-11-20",
        "contenu": contents_of(template),
    } | changes


@EVERY
@pytest.mark.parametrize("draft", [False, True])
def test_pdf_a_1a_by_page_validation(template: Template, draft: bool) -> None:
    made = render_document(template.key, data(template, brouillon=draft))
    assert failures_of(made, page.ValidationProfile.PDF_A_1A) == []


@pytest.mark.needs("preflight")
def test_pdf_a_1b_by_preflight(tmp_path: Path) -> None:
    listed = tmp_path / "list.txt"
    for template in TEMPLATES:
        (tmp_path / f"{template.key}.pdf").write_bytes(render_document(template.key, data(template)))
    listed.write_text("\n".join(str(tmp_path / f"{one.key}.pdf") for one in TEMPLATES))
    names = ("preflight", "pdfbox2", "fontbox2", "xmpbox", "commons-logging", "commons-io")
    jars = [f"/usr/share/java/{name}.jar" for name in (*names, "javax.activation", "jaxb-api")]
    done = subprocess.run(
        [
            "java",
            "-cp",
            ":".join(jars),
            "org.apache.pdfbox.preflight.Validator_A1b",
            "xml",
            "group",
            str(listed),
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    said = (tmp_path / "list.txt.preflight.xml").read_text()
    assert said.count('<isValid type="PDF/A1-b">true</isValid>') == len(TEMPLATES), said + done.stderr


@pytest.mark.needs("poppler")
@EVERY
def test_what_was_typed_is_read_again(template: Template, tmp_path: Path) -> None:
    made = render_document(template.key, data(template))
    text = " ".join(" ".join(text_of(made, tmp_path)).split())
    assert template.label.replace("'", "’") in text
    assert "17/06/2001" in text
    assert "Loïc BREMOND, infirmier coordinateur, RPPS 99700000021" in text
    assert "ce qui a été dit" in text
    # French spaces are set, accents and quotes kept.
    assert "« entre guillemets » ; 3 %" in text.replace("\u202f", " ").replace("\u00a0", " ")


@pytest.mark.needs("poppler")
def test_no_matricule_and_no_datamatrix_without_the_record(tmp_path: Path) -> None:
    template = template_of("courrier")
    given = data(template)
    given["personne"]["matricule"] = "101066322075460"
    with pytest.raises(RenderDataWrong) as caught:
        render_document("courrier", given)
    assert "matricule" in caught.value.explanation().what
    (picture,) = pictures_of(render_document("courrier", data(template)), tmp_path)
    assert zxingcpp.read_barcodes(picture) == []


def test_a_letter_has_its_addressee_and_its_subject(tmp_path: Path) -> None:
    template = template_of("courrier")
    (text,) = text_of(render_document("courrier", data(template)), tmp_path)
    assert "Docteur Aminata SOW" in text
    assert "Rive-sur-Roselière, le 20 novembre 2026" in text
    assert "Demande de rendez-vous" in text


def test_a_draft_may_be_incomplete_a_document_may_not() -> None:
    template = template_of("courrier")
    assert render_document("courrier", data(template, contenu={}, brouillon=True)).startswith(b"%PDF-1.4")
    with pytest.raises(BlocksMissing) as caught:
        render_document("courrier", data(template, contenu={}))
    assert "« Objet »" in caught.value.explanation().what


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"contenu": {"inconnu": "x"}}, "inconnu"),
        ({"contenu": {"objet": 3}}, "contenu.objet"),
        ({"contenu": []}, "contenu"),
        ({"autre": 1}, "autre"),
        ({"date": "20/11/2026"}, "2026-11-20"),
        ({"version": 0}, "version"),
        ({"version": True}, "version"),
        ({"brouillon": "oui"}, "brouillon"),
        ({"etablissement": {"nom": ""}}, "nom"),
        ({"etablissement": {"nom": "x", "adresse": "y"}}, "adresse"),
        ({"personne": None}, "personne"),
        ({"auteur": {"nom": 1}}, "nom"),
    ],
)
def test_data_of_the_wrong_shape_are_refused_in_words(changes: dict[str, Any], words: str) -> None:
    with pytest.raises(RenderDataWrong) as caught:
        render_document("courrier", data(template_of("courrier"), **changes))
    assert words in caught.value.explanation().what


def test_unknown_template() -> None:
    with pytest.raises(TemplateUnknown) as caught:
        render_document("roman", {})
    assert "courrier" in caught.value.explanation().advice


def test_unprintable_characters_are_named() -> None:
    template = template_of("courrier")
    contents = contents_of(template) | {"texte": {"text": "Bonjour \U0001f600"}}
    with pytest.raises(UnprintableCharacter):
        render_document("courrier", data(template, contenu=contents))


def test_neither_django_nor_a_database_is_loaded() -> None:
    code = (
        "import sys, amarre.dui.authoring.interface.render;"
        "print(sorted({name.split('.')[0] for name in sys.modules} & {'django', 'sqlite3', 'psycopg'}))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
