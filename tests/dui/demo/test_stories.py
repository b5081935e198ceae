"""The écart that the demonstration shows: INSi finds nobody, the card says why."""

from __future__ import annotations

import pytest

from amarre.cast.usagers import usager
from amarre.dui.access.scope import system_scope
from amarre.dui.demo.seeding import stories
from amarre.dui.demo.seeding.usagers import traits_of
from amarre.dui.usagers.models import Discrepancy
from amarre.dui.usagers.services.settle_discrepancy import correct_base
from tests.dui.connected import House, identity_of
from tests.dui.usagers.cases import opened

pytestmark = pytest.mark.django_db


def test_the_misspelt_name_is_compared_with_the_card_then_corrected(house: House) -> None:
    person = usager("odette-lefevre")
    dossier = opened(house, person.key, nom_naissance=traits_of(person).nom_naissance)
    with system_scope("test"):
        stories._begin(dossier, house.maud, sees_card=False, asks_insi=True)
        stories.drain()
        stories._read_card(dossier, person, house.maud)
        stories._read_card(dossier, person, house.maud)
        held = Discrepancy.objects.get(identity=dossier.identity)
    assert held.kind == Discrepancy.Kind.NOT_FOUND
    assert held.document["traits"]["nom_naissance"] == "LEFEBVRE"
    correct_base(discrepancy=held, reason="Faute de la liste reprise", actor=house.referent)
    stories.drain()
    assert identity_of(dossier).nom_naissance == "LEFEBVRE"
    assert identity_of(dossier).insi_searches.latest("pk").outcome == "found"
