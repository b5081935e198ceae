"""The documents the product files, judged by the ANS suite and by a PDF/A validator of another hand.

Each template, the projet, what is brought from elsewhere: made by the services, as the pages call them, in a
database of their own that lives as long as the run.
"""

from __future__ import annotations

import contextlib
import os
import tempfile
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import page
from conformance_cda import EMITTED_NEEDS, Suite
from conformance_model import Check, Result

if TYPE_CHECKING:
    from amarre.dui.documents.models import DocumentVersion
    from amarre.dui.intake.models import ImportedDocument
    from amarre.dui.intake.preparation import Prepared
    from amarre.dui.usagers.models import Dossier
    from tests.dui.connected import House


@contextlib.contextmanager
def house() -> Iterator[House]:
    """Give an establishment of the cast in a new database; nothing outlives the run."""
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "amarre.dui.config.settings.test")
    django.setup()
    from django.test.utils import override_settings, setup_databases, teardown_databases

    from tests.dui.connected import Far, build_house

    with tempfile.TemporaryDirectory() as folder:
        databases = setup_databases(verbosity=0, interactive=False)
        try:
            with override_settings(MEDIA_ROOT=Path(folder) / "documents"):
                far = Far(Path(folder), "https://localhost:1", ("localhost", 1), ("localhost", 2))
                yield build_house(far)
        finally:
            teardown_databases(databases, verbosity=0)


def filed_documents(place: House) -> Iterator[tuple[str, DocumentVersion]]:
    """Yield (name, version) for each kind of document the product files."""
    dossier = place.dossier()
    yield from _from_templates(place, dossier)
    yield from _projets(place)
    yield from _filed_as_they_are(place, dossier)
    yield from _brought(place, dossier)


def _from_templates(place: House, dossier: Dossier) -> Iterator[tuple[str, DocumentVersion]]:
    """Each template: everything said, the least, words that are hard to write; then a second version."""
    from amarre.dui.authoring.catalogue import TEMPLATES, Level
    from amarre.dui.authoring.selectors import seen_mark
    from amarre.dui.authoring.services.start_ecrit import start_ecrit
    from amarre.dui.authoring.services.start_new_version import start_new_version
    from amarre.dui.authoring.services.validate_ecrit import validate_ecrit
    from amarre.dui.authoring.services.write_ecrit import write_ecrit
    from tests.dui.authoring.people import actor_of, signer
    from tests.dui.authoring.samples import SAMPLES
    from tests.dui.authoring.structured.samples import contents

    local = place.dossier("zoe-adrun", qualified=False)
    for template in TEMPLATES:
        actor = actor_of(place, signer(place, template))
        for variant in ("plein", "minimal", "difficile"):
            given = contents(template, variant, lambda block: SAMPLES[block.kind](block))
            draft = start_ecrit(dossier=dossier, template=template, actor=actor)
            written = write_ecrit(ecrit=draft, contents=given, seen=seen_mark(draft), actor=actor)
            version = validate_ecrit(ecrit=written, actor=actor, seen=seen_mark(written))
            yield f"{template.key}-{variant}", version
        written.refresh_from_db()
        again = start_new_version(ecrit=written, actor=actor)
        yield f"{template.key}-version-2", validate_ecrit(ecrit=again, actor=actor, seen=seen_mark(again))
        if template.level is Level.N3:
            draft = start_ecrit(dossier=local, template=template, actor=actor)
            written = write_ecrit(ecrit=draft, contents=given, seen=seen_mark(draft), actor=actor)
            yield (
                f"{template.key}-sans-ins",
                validate_ecrit(ecrit=written, actor=actor, seen=seen_mark(written)),
            )


def _projets(place: House) -> Iterator[tuple[str, DocumentVersion]]:
    """The projet, its second version, and one whose words are hard to write."""
    from amarre.dui.projet_personnalise.services.validate_projet import validate_projet
    from amarre.dui.projet_personnalise.services.write_projet import ObjectiveText, write_projet
    from tests.dui.authoring.structured.samples import HARD
    from tests.dui.connected import projet_text

    dossier = place.dossier("catarina-tchitchi")
    yield "projet", place.filed(dossier)
    yield "projet-version-2", place.filed(dossier)
    hard = projet_text(expectations=HARD, context=HARD, objectives=(ObjectiveText(HARD, HARD, HARD),))
    other = place.dossier("michelangelo-nessi")
    projet = write_projet(dossier=other, text=hard, actor=place.actor, projet=None)
    yield "projet-difficile", validate_projet(projet=projet, actor=place.actor)


def _filed_as_they_are(place: House, dossier: Dossier) -> Iterator[tuple[str, DocumentVersion]]:
    """A PDF that needs no conversion: signed by one of ours, then by somebody of another house."""
    from tests.dui.documents.test_file_ready_pdf import file, hospital_doctor

    yield "importe", file(place, dossier)
    yield "importe-auteur-exterieur", file(place, dossier, hospital_doctor(), source_id=8)


def _brought(place: House, dossier: Dossier) -> Iterator[tuple[str, DocumentVersion]]:
    """Files brought as people bring them: read apart, converted, described, validated under a cover.

    The last one waits for the identity: without INS, then again with it, as the version that replaces.
    """
    from amarre.cast.usagers import usager
    from amarre.dui.intake.preparation import prepare
    from amarre.dui.intake.services.reopen_imported import reopen_imported
    from tests.dui.intake.brought import SOW, reload

    for kind, files in _files().items():
        prepared = prepare(files)
        for author, name in ((SOW, "d-ailleurs"), (place.loic, "d-ici")):
            imported = _bring(place, dossier, prepared, author=author)
            yield f"apporte-{kind}-{name}", _validated(place, imported)
    waiting = place.dossier("dominique-adrtrois", qualified=False)
    imported = _bring(place, waiting, prepared)
    yield "apporte-sans-ins", _validated(place, imported)
    place.qualify(waiting, usager("dominique-adrtrois"))
    reopen_imported(imported=reload(imported), actor=place.actor)
    yield "apporte-version-2", _validated(place, imported)


def _files() -> dict[str, tuple[bytes, ...]]:
    """Return the files of each kind: as written, as a hospital still writes, scanned, photographed, typed."""
    from amarre.dui.intake.office_conversion import program
    from tests.dui.intake.corpus import hostile_pictures as pictures
    from tests.dui.intake.corpus import hostile_texts as texts
    from tests.dui.intake.corpus import ordinary_pdfs as pdfs

    sheet = pictures.drawing((600, 800))
    photograph, capture = pictures.saved(sheet, "JPEG"), pictures.saved(sheet, "PNG")
    typed = {"odt": (texts.odt()(),), "docx": (texts.docx()(),)} if program() else {}
    return {
        "pdf": (pdfs.by_typst(),),
        "pdf-sans-police": (pdfs.standard_font(),),
        "pdf-transparent": (pdfs.transparent(),),
        "numerisation": (pdfs.scanned("1"),),
        "photos": (photograph, capture),
        **typed,
    }


def _bring(place: House, dossier: Dossier, prepared: Prepared, **changes: object) -> ImportedDocument:
    from amarre.dui.intake.services.import_document import import_document
    from tests.dui.intake.brought import said

    return import_document(dossier=dossier, prepared=prepared, said=said(place, **changes), actor=place.actor)


def _validated(place: House, imported: ImportedDocument) -> DocumentVersion:
    from amarre.dui.intake.selectors import read_mark
    from amarre.dui.intake.services.validate_imported import validate_imported
    from tests.dui.intake.brought import reload

    fresh = reload(imported)
    return validate_imported(imported=fresh, seen=read_mark(fresh), actor=place.actor)


@cache
def everything() -> tuple[tuple[str, bytes, bytes], ...]:
    """Return (name, CDA, PDF) of every document the product files, made once for all the judges."""
    from amarre.dui.documents import store

    with house() as place:
        return tuple(
            (name, store.get(version.cda_sha256), store.get(version.pdf_sha256))
            for name, version in filed_documents(place)
        )


def _not_made() -> Iterator[Result]:
    """Yield a failure when no ODT nor DOCX could be made: what is not judged is not a success."""
    if not any(name.startswith("apporte-odt") for name, _, _ in everything()):
        yield Result("apporte-odt", ("LibreOffice est absent : les textes ODT et DOCX ne sont pas jugés",))


def filed(official: Path) -> Iterator[Result]:
    """Judge the CDA of every document the product files."""
    suite = Suite(official)
    yield from _not_made()
    for name, cda, _ in everything():
        yield suite.verdict(name, cda)


def filed_pdfs(_: Path) -> Iterator[Result]:
    """Judge the PDF of every document the product files, as PDF/A-1b."""
    yield from _not_made()
    for name, _cda, pdf in everything():
        report = page.validate_pdf_bytes(pdf, profile=page.ValidationProfile.PDF_A_1B)
        # Its false alarm, on a stream whose data ends by a line break.
        refused = (str(one) for one in report.failures)
        yield Result(name, tuple(one for one in refused if "/Length does not match" not in one))


CHECKS = (
    Check("cda-filed", "suite ANS (XSD et schematrons) sur les documents classés", EMITTED_NEEDS, filed),
    Check("pdf-filed", "PDF/A-1b des documents classés, par page-validation", (), filed_pdfs),
)
