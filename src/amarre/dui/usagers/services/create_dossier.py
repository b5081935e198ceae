"""Open a dossier: for an identity the organisme already has (same five traits), or for a new one."""

from __future__ import annotations

import datetime

from django.db import transaction

from amarre.dui.access.permissions import Permission
from amarre.dui.access.policy import require
from amarre.dui.access.scope import system_scope
from amarre.dui.audit.services.record import record
from amarre.dui.core.actor import Actor
from amarre.dui.core.clock import now
from amarre.dui.organisations.models import Essms, OrganismeGestionnaire
from amarre.dui.usagers.errors import DossierAlreadyOpen
from amarre.dui.usagers.models import Dossier, Identity
from amarre.dui.usagers.services.identity_events import note_change
from amarre.dui.usagers.services.propose_duplicates import propose_duplicates
from amarre.interop.ins.traits import Traits, fold, plain_label


def create_dossier(
    *,
    essms: Essms,
    traits: Traits,
    entered_on: datetime.date,
    actor: Actor,
    lieu_libelle: str = "",
    number: str = "",
    local_number: str = "",
    source: str = "",
) -> Dossier:
    """Return the new dossier, with a provisional identity unless the organisme knows the five traits already.

    `number` and `local_number` are given here when empty; `source` (French) is kept in the history of a new
    identity. Raises the access errors, DossierAlreadyOpen.
    """
    require(actor, Permission.WRITE_IDENTITE, essms)
    with transaction.atomic():
        # One at a time per organisme: local numbers follow one another.
        organisme = OrganismeGestionnaire.objects.select_for_update().get(pk=essms.organisme_id)
        with system_scope("identity of the organisme with the same five traits"):
            identity = same_person(organisme.pk, traits)
            if identity is None:
                identity = _new_identity(organisme.pk, traits, lieu_libelle, local_number)
                note_change(identity, "creation", "", "", actor, now(), "")
                if source:
                    note_change(identity, "source", "", source, actor, now(), "")
                propose_duplicates(organisme.pk, [identity.pk])
            opened = Dossier.objects.filter(essms=essms, identity=identity, joined_to=None).first()
            if opened is not None:
                raise DossierAlreadyOpen(number=opened.number)
            given = number or _free_dossier_number(essms, identity.local_number)
        dossier = Dossier(essms=essms, identity=identity, number=given, entered_on=entered_on)
        dossier.save()
        record(
            actor, "dossier.created", subject=dossier, dossier_id=dossier.pk, usager_id=identity.pk,
            essms_id=essms.pk,
        )  # fmt: skip
    return dossier


def same_person(organisme_id: int, traits: Traits) -> Identity | None:
    """Return the identity of the organisme with exactly these five traits, in any scope.

    When a fusion deactivated it, the one that absorbed it.
    """
    found = Identity.objects.filter(
        organisme_id=organisme_id,
        nom_naissance=traits.nom_naissance,
        premier_prenom=traits.premier_prenom,
        sexe=traits.sexe.value,
        date_naissance=traits.date_naissance.text,
        lieu_naissance=traits.lieu_naissance,
    ).order_by("pk")
    same = list(found)
    return next((one for one in same if one.merged_into_id is None), None) or survivor_of(
        same[0] if same else None
    )


def survivor_of(identity: Identity | None) -> Identity | None:
    """Return the identity at the end of the chain of fusions, itself when it was never absorbed."""
    while identity is not None and identity.merged_into is not None:
        identity = identity.merged_into
    return identity


def search_key_of(traits: Traits) -> str:
    """Return what searches and sorts compare: names folded, birth name first."""
    names = (traits.nom_naissance, traits.prenoms, traits.nom_utilise, traits.prenom_utilise)
    return " ".join(fold(name) for name in names if name)[:300]


def write_traits(identity: Identity, traits: Traits) -> None:
    """Copy the kit's traits on the row."""
    identity.nom_naissance = traits.nom_naissance
    identity.prenoms = traits.prenoms
    identity.premier_prenom = traits.premier_prenom
    identity.sexe = traits.sexe.value
    identity.date_naissance = traits.date_naissance.text
    identity.date_interpretee = traits.date_naissance.interpreted
    identity.lieu_naissance = traits.lieu_naissance
    identity.nom_utilise = traits.nom_utilise
    identity.prenom_utilise = traits.prenom_utilise
    identity.search_key = search_key_of(traits)


def _new_identity(organisme_id: int, traits: Traits, lieu_libelle: str, local_number: str) -> Identity:
    identity = Identity(
        organisme_id=organisme_id,
        local_number=local_number or _next_local_number(organisme_id),
        lieu_libelle=plain_label(lieu_libelle),
    )
    write_traits(identity, traits)
    identity.save()
    return identity


def _free_dossier_number(essms: Essms, wanted: str) -> str:
    """Return `wanted`, or the next of its series when an import already gave it in this establishment."""
    taken = set(
        Dossier.objects.filter(essms=essms, number__startswith=wanted).values_list("number", flat=True)
    )
    candidates = (wanted, *(f"{wanted}-{rank}" for rank in range(2, len(taken) + 2)))
    return next(candidate for candidate in candidates if candidate not in taken)


def _next_local_number(organisme_id: int) -> str:
    """Return the next six-digit number; numbers given by an import are stepped over."""
    taken = Identity.objects.filter(organisme_id=organisme_id)
    candidate = taken.count() + 1
    while taken.filter(local_number=f"{candidate:06d}").exists():
        candidate += 1
    return f"{candidate:06d}"
