"""Correct the traits of an identity: a strict trait edited by hand takes back the trust it had been given."""

from __future__ import annotations

from django.db import transaction

from amarre.dui.access.permissions import Permission
from amarre.dui.access.policy import require
from amarre.dui.access.scope import system_scope
from amarre.dui.audit.services.record import record
from amarre.dui.core.actor import Actor
from amarre.dui.core.clock import now
from amarre.dui.usagers.errors import NothingChanged, ReasonMissing, SameTraitsAsAnother
from amarre.dui.usagers.models import Discrepancy, Dossier, Identity
from amarre.dui.usagers.services.create_dossier import same_person, write_traits
from amarre.dui.usagers.services.identity_events import (
    apply_identity_event,
    locked_identity,
    note_change,
    note_interpretation,
)
from amarre.dui.usagers.services.open_discrepancy import open_for_lost_ins, settle_open
from amarre.dui.usagers.services.propose_duplicates import propose_duplicates
from amarre.interop.ins.status import Event
from amarre.interop.ins.traits import Traits, plain_label

# The first given name may be corrected at any status while it begins the list (GI-INS EXI ID 10): not strict.
STRICT = ("nom_naissance", "prenoms", "sexe", "date_naissance", "lieu_naissance")
FIELDS = (*STRICT, "premier_prenom", "nom_utilise", "prenom_utilise", "lieu_libelle")


def update_traits(
    *,
    dossier: Dossier,
    traits: Traits,
    lieu_libelle: str,
    reason: str,
    actor: Actor,
    reopens: bool = True,
) -> Identity:
    """Write the new traits, keep each change with its reason; the status follows the table.

    An open écart is about traits that are no longer: it is closed. An INS lost by the change opens a new one,
    unless INSi is asked again at once (`reopens` false).

    Raises the access errors, ReasonMissing, NothingChanged, SameTraitsAsAnother, TransitionRefused.
    """
    require(actor, Permission.WRITE_IDENTITE, dossier)
    if not reason.strip():
        raise ReasonMissing
    with transaction.atomic():
        identity = locked_identity(dossier.identity_id)
        with system_scope("another identity of the organisme with the same traits"):
            twin = same_person(identity.organisme_id, traits)
        if twin is not None and twin.pk != identity.pk:
            raise SameTraitsAsAnother(number=twin.local_number)
        former = identity.traits
        before = {name: getattr(identity, name) for name in FIELDS}
        write_traits(identity, traits)
        identity.lieu_libelle = plain_label(lieu_libelle)
        changed = [name for name in FIELDS if getattr(identity, name) != before[name]]
        if not changed:
            raise NothingChanged
        at = now()
        for name in changed:
            note_change(identity, name, before[name], getattr(identity, name), actor, at, reason.strip())
        note_interpretation(identity, former, actor, at, reason.strip())
        if any(name in STRICT for name in changed):
            had_ins = identity.traits_from_insi
            settle_open(identity, Discrepancy.Decision.BASE_CORRECTED, actor, reason.strip())
            apply_identity_event(identity, Event.TRAIT_MODIFIE, actor=actor, reason=reason.strip())
            if had_ins and reopens:
                open_for_lost_ins(dossier=dossier, identity=identity, actor=actor)
        else:
            identity.save()
        propose_duplicates(identity.organisme_id, [identity.pk])
        record(
            actor,
            "identity.changed",
            subject=identity,
            dossier_id=dossier.pk,
            usager_id=identity.pk,
            details={"fields": changed},
        )
    return identity
