"""Two people, or two tabs, at the same instant: one document, one next version, no text lost."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from amarre.dui.access.scope import system_scope
from amarre.dui.authoring.errors import EcritChanged, EcritNotDraft, NewVersionOpen
from amarre.dui.authoring.models import Ecrit
from amarre.dui.authoring.selectors import seen_mark
from amarre.dui.authoring.services.start_new_version import start_new_version
from amarre.dui.authoring.services.validate_ecrit import validate_ecrit
from amarre.dui.authoring.services.write_ecrit import write_ecrit
from amarre.dui.documents.models import DocumentVersion
from tests.dui.authoring.people import filed, written
from tests.dui.connected import House
from tests.dui.racing import race

pytestmark = [pytest.mark.needs("postgresql"), pytest.mark.django_db(transaction=True)]


def test_validated_twice_is_filed_once(house: House) -> None:
    ecrit = written(house.dossier(), house.actor)
    seen, actor = seen_mark(ecrit), house.actor

    def validate() -> object:
        return validate_ecrit(ecrit=ecrit, actor=actor, seen=seen)

    (refused,) = race(validate, validate)
    assert isinstance(refused, EcritNotDraft)
    with system_scope("test"):
        assert DocumentVersion.objects.count() == 1


def test_two_tabs_save_at_once_and_one_is_told(house: House) -> None:
    ecrit = written(house.dossier(), house.actor)
    seen, actor = seen_mark(ecrit), house.actor

    def save(text: str) -> Callable[[], object]:
        return lambda: write_ecrit(
            ecrit=ecrit, contents={"texte": {"text": text}}, seen=seen, actor=actor, page=text
        )

    (refused,) = race(save("un"), save("deux"))
    assert isinstance(refused, EcritChanged)
    with system_scope("test"):
        assert Ecrit.objects.get().content["texte"]["text"] in ("un", "deux")


def test_what_is_written_while_it_is_validated_is_not_signed(house: House) -> None:
    ecrit = written(house.dossier(), house.actor)
    seen, actor = seen_mark(ecrit), house.actor
    race(
        lambda: validate_ecrit(ecrit=ecrit, actor=actor, seen=seen),
        lambda: write_ecrit(ecrit=ecrit, contents={"objet": {"text": "autre"}}, seen=seen, actor=actor),
    )
    with system_scope("test"):
        kept = Ecrit.objects.get()
        versions = DocumentVersion.objects.count()
    # Either validated as it was read, or changed and not validated.
    assert (kept.state == "valide") == (kept.content == ecrit.content) == (versions == 1)


def test_one_next_version(house: House) -> None:
    filed(house.dossier(), house.actor)
    with system_scope("test"):
        ecrit = Ecrit.objects.select_related("dossier__essms").get()
    actor = house.actor

    def begin() -> object:
        return start_new_version(ecrit=ecrit, actor=actor)

    (refused,) = race(begin, begin)
    assert isinstance(refused, NewVersionOpen)
    with system_scope("test"):
        assert Ecrit.objects.count() == 2
