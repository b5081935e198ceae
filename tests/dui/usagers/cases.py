"""Dossiers of the cast in the states the tests of usagers need."""

from __future__ import annotations

import datetime
from dataclasses import replace

from amarre.cast.usagers import usager
from amarre.dui.access.scope import system_scope
from amarre.dui.core.clock import today
from amarre.dui.exchanges.worker import drain
from amarre.dui.usagers.models import Dossier, InsiSearch
from amarre.dui.usagers.services.create_dossier import create_dossier
from amarre.dui.usagers.services.request_insi_search import request_insi_search
from tests.dui.connected import House, traits_of


def opened(house: House, key: str = "yvonne-le-bihan", **changes: str) -> Dossier:
    """Open the dossier of a person of the cast, some traits typed otherwise."""
    dossier = create_dossier(
        essms=house.essms,
        traits=replace(traits_of(usager(key)), **changes),
        entered_on=today() - datetime.timedelta(days=3),
        actor=house.referent,
    )
    return house.reload(dossier)


def asked(house: House, dossier: Dossier, scenario: str = "") -> InsiSearch:
    """Ask INSi, let the worker run once, and return the search as it is then."""
    if scenario and house.sandbox:
        house.sandbox.choose("insi", scenario, 1)
    search = request_insi_search(dossier=dossier, actor=house.referent)
    drain()
    return fresh(search)


def fresh(search: InsiSearch) -> InsiSearch:
    """Return the search as it is now."""
    with system_scope("test"):
        return InsiSearch.objects.select_related("exchange", "dossier__essms", "identity").get(pk=search.pk)
