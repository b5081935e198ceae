"""The dossiers, opened by the people who would open them."""

from __future__ import annotations

import datetime
from dataclasses import replace

from amarre.cast import USAGERS, CastUsager
from amarre.dui.accounts.models import User
from amarre.dui.core.clock import today
from amarre.dui.demo.seeding.people import actor_of
from amarre.dui.organisations.models import Essms
from amarre.dui.usagers.errors import DossierAlreadyOpen
from amarre.dui.usagers.models import Dossier
from amarre.dui.usagers.services.create_dossier import create_dossier, same_person
from amarre.interop.ins.traits import BirthDate, Sexe, Traits

# Left out: these people are in the sample list one imports in the demonstration.
TO_IMPORT = frozenset({"yvonne-le-bihan", "jean-riou", "anna-kowalczyk"})
# The old base spells this name otherwise: INSi will disagree, which is what the screen of écarts must show.
MISSPELT = {"odette-lefevre": "LEFEVRE"}


def seed_usagers(places: dict[str, Essms], staff: dict[str, User]) -> dict[tuple[str, str], Dossier]:
    """Return the dossiers by (person, establishment), created or found."""
    dossiers = {}
    for rank, person in enumerate(USAGERS):
        if person.key in TO_IMPORT:
            continue
        for place in person.establishments:
            dossiers[person.key, place] = _dossier(person, places[place], staff["maud-keravel"], rank)
    return dossiers


def traits_of(person: CastUsager) -> Traits:
    """Return the traits as the establishment knows them."""
    return replace(traits_on_card(person), nom_naissance=MISSPELT.get(person.key, person.nom_naissance))


def traits_on_card(person: CastUsager) -> Traits:
    """Return the traits as the identity card says them."""
    return Traits(
        nom_naissance=person.nom_naissance,
        prenoms=person.prenoms,
        sexe=Sexe(person.sexe),
        date_naissance=BirthDate(person.date_naissance),
        lieu_naissance=person.lieu_naissance,
        premier_prenom=person.premier_prenom,
        nom_utilise=person.nom_utilise,
        prenom_utilise=person.prenom_utilise,
    )


def _dossier(person: CastUsager, essms: Essms, operator: User, rank: int) -> Dossier:
    entered_on = today() - datetime.timedelta(days=90 + 37 * rank)
    try:
        return create_dossier(
            essms=essms,
            traits=traits_of(person),
            entered_on=entered_on,
            actor=actor_of(operator, essms),
            lieu_libelle=person.lieu_libelle,
        )
    except DossierAlreadyOpen:
        identity = same_person(essms.organisme_id, traits_of(person))
        return Dossier.objects.get(essms=essms, identity=identity)
