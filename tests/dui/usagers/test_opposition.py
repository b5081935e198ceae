"""An opposition is announced in the transaction that records it, and only an opposition."""

from __future__ import annotations

import pytest

from amarre.dui.access.scope import system_scope
from amarre.dui.core.actor import Actor
from amarre.dui.usagers import opposition
from amarre.dui.usagers.models import DmpInformation, Dossier
from tests.dui.connected import House


@pytest.mark.django_db(transaction=True)
def test_what_cannot_be_stopped_records_no_opposition(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    def defect(dossier: Dossier, actor: Actor) -> None:
        raise ZeroDivisionError

    dossier = house.dossier()
    monkeypatch.setattr(opposition, "_callbacks", {"defect": defect})
    with pytest.raises(ZeroDivisionError):
        house.inform(dossier, DmpInformation.Decision.OPPOSITION)
    with system_scope("test"):
        assert DmpInformation.objects.get().decision == DmpInformation.Decision.NON_OPPOSITION


@pytest.mark.django_db
def test_only_an_opposition_stops_what_waits(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[int] = []
    monkeypatch.setattr(opposition, "_callbacks", {"x": lambda dossier, actor: told.append(dossier.pk)})
    dossier = house.dossier()
    house.inform(dossier)
    assert told == []
    house.inform(dossier, DmpInformation.Decision.OPPOSITION)
    assert told == [dossier.pk]
