"""What the record gives to the proposed texts: identity, establishment, author. Never typed, never coded."""

from __future__ import annotations

from amarre.dui.accounts.models import User
from amarre.dui.authoring.substitution import Facts
from amarre.dui.core.clock import today
from amarre.dui.documents.authors import author_card
from amarre.dui.documents.errors import AuthorIncomplete
from amarre.dui.organisations.models import Essms
from amarre.dui.usagers.models import Dossier
from amarre.dui.usagers.presenters import birth_place, usual_family_name, usual_given_name
from amarre.dui.web.dates import age, day, long_day


def facts_of(dossier: Dossier, author: User) -> Facts:
    """Return the facts of a dossier in scope, as `author` would tell them today. No matricule among them."""
    identity, essms = dossier.identity, dossier.essms
    on = today(essms.zone)
    birth = identity.traits.date_naissance
    woman = identity.sexe == "F"
    return Facts(
        civilite="Madame" if woman else "Monsieur",
        nom=usual_family_name(identity),
        prenom=usual_given_name(identity),
        nom_de_naissance=identity.nom_naissance,
        prenoms=identity.prenoms,
        date_de_naissance=birth.french,
        lieu_de_naissance=birth_place(identity),
        age=age(birth.calendar, on) if birth.calendar else "",
        e="e" if woman else "",
        il="elle" if woman else "il",
        date_d_entree=day(dossier.entered_on),
        etablissement=essms.name,
        organisme=essms.organisme.name,
        adresse_de_l_etablissement=_address(essms),
        telephone_de_l_etablissement=essms.phone,
        ville=essms.city,
        date_du_jour=long_day(on).split(" ", 1)[1],
        auteur=author.get_full_name(),
        fonction=_function(author, essms),
    )


def _address(essms: Essms) -> str:
    return ", ".join(filter(None, (essms.address, f"{essms.postal_code} {essms.city}".strip())))


def _function(author: User, essms: Essms) -> str:
    try:
        return author_card(author, essms).function.lower()
    except AuthorIncomplete:
        # Said when validating, with what to do; a text may be begun meanwhile.
        return ""
