"""The page one opens all day: everything of the chain in twelve queries, whatever was done in the dossier."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.dui.connected import House

pytestmark = pytest.mark.django_db


@pytest.mark.req("quality-bars P1")
def test_a_dossier_opens_in_twelve_queries(house: House, client_for: Callable[..., Client]) -> None:
    client = client_for(house.loic, house.essms)
    empty, full = house.dossier("jean-riou", informed=False), house.dossier()
    house.filed(full)
    house.filed(full)
    for dossier in (empty, full):
        client.get(f"/dossiers/{dossier.pk}/")
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert client.get(f"/dossiers/{dossier.pk}/").status_code == 200
        assert len(queries) == 12, [query["sql"][:90] for query in queries]
