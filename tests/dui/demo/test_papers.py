"""The papers of the demonstration wait for the persona who answers for them, once however it is loaded."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from amarre.dui.access.scope import system_scope
from amarre.dui.demo.seeding.papers import PAPERS, seed_papers
from amarre.dui.demo.seeding.people import actor_of, seed_people
from amarre.dui.demo.seeding.places import SandboxAddresses, seed_places
from amarre.dui.demo.seeding.usagers import seed_usagers
from amarre.dui.intake.models import ImportedDocument
from amarre.dui.intake.selectors import to_validate
from amarre.sandbox.app import Sandbox

pytestmark = pytest.mark.django_db


def test_each_waits_for_who_answers_for_it(sandbox: Sandbox, settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT, settings.VAR_DIR = tmp_path / "documents", tmp_path
    said = sandbox.addresses()
    with system_scope("test"):
        places = seed_places(
            SandboxAddresses(said["https"], said["smtp"], said["imap"], sandbox.settings.data_dir)
        )
        staff = seed_people(places)
        dossiers = seed_usagers(places, staff)
        for _ in range(2):
            seed_papers(dossiers, staff)
        assert ImportedDocument.objects.count() == len(PAPERS)
    for paper in PAPERS:
        actor = actor_of(staff[paper.responsible], places[paper.place])
        assert [one.title for one in to_validate(actor)] == [paper.title]
