"""What follows from a version that was filed happens with it, or not at all."""

from __future__ import annotations

import pytest

from amarre.dui.access.scope import system_scope
from amarre.dui.core.actor import Actor
from amarre.dui.documents import filed
from amarre.dui.documents.models import Document, DocumentVersion
from amarre.dui.exchanges.errors import OutsideTransaction
from tests.dui.connected import House


@pytest.fixture
def registered(monkeypatch: pytest.MonkeyPatch) -> dict[str, filed.Callback]:
    """An empty registry, for the time of a test."""
    callbacks: dict[str, filed.Callback] = {}
    monkeypatch.setattr(filed, "_callbacks", callbacks)
    return callbacks


@pytest.mark.django_db
def test_a_filed_version_is_announced_with_its_trace(
    house: House, registered: dict[str, filed.Callback]
) -> None:
    seen: list[tuple[int, str]] = []
    filed.register("b", lambda version, actor: seen.append((version.pk, "b")))
    filed.register("a", lambda version, actor: seen.append((version.pk, f"a {actor.name}")))
    version = house.filed()
    assert seen == [(version.pk, f"a {house.actor.name}"), (version.pk, "b")]


@pytest.mark.django_db(transaction=True)
def test_what_a_callback_raises_files_nothing(house: House, registered: dict[str, filed.Callback]) -> None:
    def defect(version: DocumentVersion, actor: Actor) -> None:
        raise ZeroDivisionError

    filed.register("defect", defect)
    with pytest.raises(ZeroDivisionError):
        house.filed()
    with system_scope("test"):
        assert not Document.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_nothing_is_announced_out_of_a_transaction(
    house: House, registered: dict[str, filed.Callback]
) -> None:
    version = house.filed()
    with pytest.raises(OutsideTransaction):
        filed.announce(version, house.actor)
