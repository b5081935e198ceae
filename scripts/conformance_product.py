"""The documents the product files, judged by the ANS suite: each template, the projet, what is imported.

They are made by the services, in a database of their own that lives as long as the run.
"""

from __future__ import annotations

import contextlib
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from conformance_cda import EMITTED_NEEDS, Suite
from conformance_model import Check, Result

if TYPE_CHECKING:
    from amarre.dui.documents.models import DocumentVersion
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


def filed_documents(place: House) -> Iterator[tuple[str, bytes]]:
    """Yield (name, CDA) for each kind of document the product files."""
    from amarre.dui.documents import store

    dossier = place.dossier()
    for name, version in (
        *_from_templates(place, dossier),
        *_projets(place),
        *_imported(place, dossier),
    ):
        yield name, store.get(version.cda_sha256)


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
        if template.level is Level.N3:
            written.refresh_from_db()
            again = start_new_version(ecrit=written, actor=actor)
            yield (
                f"{template.key}-version-2",
                validate_ecrit(ecrit=again, actor=actor, seen=seen_mark(again)),
            )
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


def _imported(place: House, dossier: Dossier) -> Iterator[tuple[str, DocumentVersion]]:
    """A PDF written elsewhere: signed by one of ours, then by somebody of another house."""
    from tests.dui.documents.test_file_ready_pdf import file, hospital_doctor

    yield "importe", file(place, dossier)
    yield "importe-auteur-exterieur", file(place, dossier, hospital_doctor(), source_id=8)


def filed(official: Path) -> Iterator[Result]:
    """Judge every document the product files."""
    suite = Suite(official)
    with house() as place:
        for name, data in filed_documents(place):
            yield suite.verdict(name, data)


CHECKS = (
    Check("cda-filed", "suite ANS (XSD et schematrons) sur les documents classés", EMITTED_NEEDS, filed),
)
