"""Two people, or two tabs, at the same instant: one decision, one filing, one copy (PostgreSQL)."""

from __future__ import annotations

import pytest

from amarre.dui.access.scope import system_scope
from amarre.dui.documents import store
from amarre.dui.documents.models import DocumentVersion
from amarre.dui.intake.errors import AlreadyDecided
from amarre.dui.intake.models import ImportedDocument, ReceivedDocument
from amarre.dui.intake.selectors import read_mark
from amarre.dui.intake.services.file_received import Received, file_received
from amarre.dui.intake.services.refuse_imported import refuse_imported
from amarre.dui.intake.services.validate_imported import validate_imported
from tests.dui.connected import House
from tests.dui.intake.brought import bring, reload
from tests.dui.racing import race

pytestmark = [pytest.mark.needs("postgresql"), pytest.mark.django_db(transaction=True)]


def test_validated_twice_is_filed_once(house: House) -> None:
    imported = bring(house, house.dossier())
    seen, actor = read_mark(imported), house.actor
    (refused,) = race(
        *(lambda: validate_imported(imported=reload(imported), seen=seen, actor=actor) for _ in range(2))
    )
    assert isinstance(refused, AlreadyDecided)
    with system_scope("test"):
        assert DocumentVersion.objects.count() == 1


def test_validated_and_refused_at_once_is_one_of_the_two(house: House) -> None:
    imported = bring(house, house.dossier())
    seen, actor = read_mark(imported), house.actor
    (refused,) = race(
        lambda: validate_imported(imported=reload(imported), seen=seen, actor=actor),
        lambda: refuse_imported(imported=imported, reason="Illisible.", actor=actor),
    )
    assert isinstance(refused, AlreadyDecided)
    held = reload(imported)
    with system_scope("test"):
        filed = DocumentVersion.objects.count()
    assert filed == (held.state == ImportedDocument.State.VALIDE)


def test_the_same_reference_received_twice_at_once_is_one_row(house: House) -> None:
    dossier = house.dossier()
    data, actor = store.get(house.filed(dossier).cda_sha256), house.actor
    received = Received(origin=ReceivedDocument.Origin.DMP, data=data, reference="2.25.7")
    assert (
        race(*(lambda: file_received(dossier=dossier, received=received, actor=actor) for _ in range(2)))
        == []
    )
    with system_scope("test"):
        assert ReceivedDocument.objects.count() == 1
