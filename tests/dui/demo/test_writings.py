"""The documents of the demonstration: on its paper, whole, written once however often it is loaded."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from amarre.dui.access.scope import system_scope
from amarre.dui.authoring.models import Ecrit, StandardText
from amarre.dui.demo.seeding.letterheads import seed_letterheads
from amarre.dui.demo.seeding.people import seed_people
from amarre.dui.demo.seeding.places import SandboxAddresses, seed_places
from amarre.dui.demo.seeding.usagers import seed_usagers
from amarre.dui.demo.seeding.writings import WRITINGS, seed_writings
from amarre.dui.documents import store
from amarre.dui.documents.models import DocumentVersion
from amarre.dui.organisations.models import Letterhead
from amarre.sandbox.app import Sandbox
from tests.dui.documents.test_rendering import text_of

pytestmark = pytest.mark.django_db


def test_written_once_on_the_paper_of_the_house(sandbox: Sandbox, settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT, settings.VAR_DIR = tmp_path / "documents", tmp_path
    addresses = sandbox.addresses()
    with system_scope("test"):
        places = seed_places(
            SandboxAddresses(
                addresses["https"], addresses["smtp"], addresses["imap"], sandbox.settings.data_dir
            )
        )
        staff = seed_people(places)
        dossiers = seed_usagers(places, staff)
        for _ in range(2):
            seed_letterheads(places, staff)
            seed_writings(dossiers, staff)
        assert Letterhead.objects.count() == len(places)
        assert StandardText.objects.count() == 3 * len(places)
        drafts = Ecrit.objects.filter(state=Ecrit.State.BROUILLON).count()
        versions = list(DocumentVersion.objects.select_related("document"))
    assert drafts == sum(not writing.filed for writing in WRITINGS)
    assert len(versions) == sum(writing.filed for writing in WRITINGS)
    letter = next(version for version in versions if version.document.type_code == "96349-6")
    assert letter.document.title == "Lettre d'adressage : avis sur une perte de poids"
    assert "Association Les Deux Quais, loi 1901" in "".join(text_of(store.get(letter.pdf_sha256), tmp_path))
