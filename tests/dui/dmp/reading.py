"""A dossier whose DMP may be read: the person agreed, the professional is strongly logged in, other houses
deposited before."""

from __future__ import annotations

from dataclasses import replace

from django.test import Client

from amarre.dui.access.actors import SESSION_MEANS
from amarre.dui.core.actor import Actor
from amarre.dui.core.clock import now, today
from amarre.dui.dmp.reading.control import ReadingSituation
from amarre.dui.dmp.services.declare_access import declare_access
from amarre.dui.usagers.models import DmpInformation, Dossier
from amarre.dui.usagers.services.record_dmp_information import Collected, record_dmp_information
from amarre.interop.common.clock import SystemIds
from amarre.sandbox.services.dmp import history
from amarre.sandbox.services.dmp.registry import Registry
from tests.dui.conftest import ClientFor
from tests.dui.connected import House

STRONG = "psc:eidas1:card"


def registry(house: House) -> Registry:
    """Return the registry of the simulated DMP."""
    assert house.sandbox is not None
    return Registry(house.sandbox.store, SystemIds())


def fill_dmp(house: House) -> None:
    """Put in the DMP what other houses had deposited."""
    history.fill(registry(house), now())


def agree(house: House, dossier: Dossier, access: str = DmpInformation.Access.AGREED) -> Dossier:
    """Note the answer of the person."""
    record_dmp_information(
        dossier=dossier,
        decision=DmpInformation.Decision.NON_OPPOSITION,
        informed_on=today(),
        actor=house.actor,
        collected=Collected(access=access, said_by="personne", means="oral"),
    )
    return house.reload(dossier)


def reading_actor(house: House) -> Actor:
    """Loïc, logged in by Pro Santé Connect with his card."""
    return replace(house.actor, means=STRONG)


def logged_in_today(house: House) -> None:
    """Give Loïc a login."""
    house.loic.last_login = now()
    house.loic.save()


def situation(house: House, dossier: Dossier) -> ReadingSituation:
    """Return what the services of reading receive."""
    logged_in_today(house)
    return ReadingSituation.of(house.reload(dossier), house.loic, reading_actor(house))


def readable(house: House, key: str = "marie-therese-quere") -> Dossier:
    """Open a dossier whose DMP may be read at once."""
    dossier = agree(house, house.dossier(key))
    declare_access(situation(house, dossier))
    return dossier


def strong_client(house: House, client_for: ClientFor) -> Client:
    """Return the browser of Loïc, strongly logged in."""
    client = client_for(house.loic)
    session = client.session
    session[SESSION_MEANS] = STRONG
    session.save()
    return client
