"""A person looks at what INSi returned beside the typed traits, and accepts it or sets it aside."""

from __future__ import annotations

from django.db import transaction

from amarre.dui.access.permissions import Permission
from amarre.dui.access.policy import require
from amarre.dui.access.scope import system_scope
from amarre.dui.audit.services.record import record
from amarre.dui.core.actor import Actor
from amarre.dui.core.clock import now
from amarre.dui.usagers.errors import (
    DiscrepancyToSettle,
    InsHeldByAnotherIdentity,
    ReasonMissing,
    SearchNotDecidable,
    TraitsChangedSinceSearch,
)
from amarre.dui.usagers.models import Discrepancy, Identity, InsHistory, InsiSearch
from amarre.dui.usagers.services.create_dossier import write_traits
from amarre.dui.usagers.services.identity_events import (
    apply_identity_event,
    locked_identity,
    note_change,
    note_interpretation,
    retire_ins,
)
from amarre.dui.usagers.services.open_discrepancy import settle_open
from amarre.dui.usagers.services.propose_duplicates import propose_duplicates, propose_same_ins
from amarre.dui.usagers.traits_json import (
    former_from_json,
    ins_from_json,
    traits_from_json,
    traits_to_json,
)
from amarre.interop.ins.compare import Severity, compare
from amarre.interop.ins.history import FormerIns
from amarre.interop.ins.matricule import Ins
from amarre.interop.ins.status import Event
from amarre.interop.ins.traits import BirthDate, Traits, birth_date_from_parts, first_name_coherent


def accept_insi_search(*, search: InsiSearch, actor: Actor, reason: str = "") -> Identity:
    """Store the INS and the traits INSi returned; the status follows the table.

    `reason` is what the person saw, asked when a difference is acceptable only with one. Raises the access
    errors, SearchNotDecidable, TraitsChangedSinceSearch, DiscrepancyToSettle, ReasonMissing,
    InsHeldByAnotherIdentity, TransitionRefused.
    """
    require(actor, Permission.QUALIFY_IDENTITE, search.dossier.continuing)
    try:
        return _accept(search, actor, reason)
    except InsHeldByAnotherIdentity as held_elsewhere:
        # Nothing was accepted; that two identities answer to one INS must still be seen by somebody.
        with transaction.atomic():
            propose_same_ins(search.identity_id, held_elsewhere.identity_id)
        raise


def _accept(search: InsiSearch, actor: Actor, reason: str) -> Identity:
    with transaction.atomic():
        held = _decidable(search, actor)
        identity = locked_identity(held.identity_id)
        if traits_to_json(identity.traits) != held.sent_traits:
            raise TraitsChangedSinceSearch
        ins = ins_from_json(held.returned["ins"])
        returned = traits_from_json(held.returned["traits"])
        _check_differences(identity, returned, reason)
        _refuse_collision(identity, ins)
        _store_traits(identity, returned, actor, reason.strip())
        former = tuple(former_from_json(item) for item in held.returned["former"])
        _store_ins(identity, ins, former)
        apply_identity_event(identity, Event.INSI_ACCEPTE, actor=actor)
        settle_open(
            identity, Discrepancy.Decision.INSI_TAKEN, actor, reason.strip() or "Réponse d'INSi acceptée."
        )
        propose_duplicates(identity.organisme_id, [identity.pk])
        _close(held, InsiSearch.Decision.ACCEPTED, actor, "insi.accepted")
    return identity


def set_aside_insi_search(*, search: InsiSearch, actor: Actor, reason: str = "") -> InsiSearch:
    """Keep the identity as it is; the returned values are forgotten. Raises SearchNotDecidable."""
    require(actor, Permission.QUALIFY_IDENTITE, search.dossier.continuing)
    with transaction.atomic():
        held = _decidable(search, actor)
        held.returned = {}
        _close(held, InsiSearch.Decision.SET_ASIDE, actor, "insi.set_aside")
        with system_scope("identity of a search in scope"):
            identity = held.identity
        settle_open(identity, Discrepancy.Decision.SET_ASIDE, actor, reason or "Réponse d'INSi mise de côté.")
    return held


def _decidable(search: InsiSearch, actor: Actor) -> InsiSearch:
    held = InsiSearch.objects.visible_to(actor).select_for_update(of=("self",)).get(pk=search.pk)
    if held.outcome != InsiSearch.Outcome.FOUND or held.decision:
        raise SearchNotDecidable
    return held


def _check_differences(identity: Identity, returned: Traits, reason: str) -> None:
    """An identity checked on a document keeps its strict traits: a real difference is a case to settle.

    Source: RNIV 1, validée + INSi: qualifiée only if the traits are the validated ones.
    """
    found = compare(identity.traits, returned).discrepancies
    blocking = [one.label for one in found if one.tolerance.severity is Severity.BLOCKING]
    if blocking and identity.coherence_checked:
        raise DiscrepancyToSettle(traits=", ".join(blocking))
    if not reason.strip() and any(one.tolerance.severity is Severity.REASON for one in found):
        raise ReasonMissing


def _refuse_collision(identity: Identity, ins: Ins) -> None:
    with system_scope("one active INS per organisme"):
        other = (
            Identity.objects.filter(
                organisme_id=identity.organisme_id, matricule=ins.matricule.base, ins_oid=ins.oid.value
            )
            .exclude(pk=identity.pk)
            .first()
        )
    if other is not None:
        raise InsHeldByAnotherIdentity(other.pk, number=other.local_number)


def _store_traits(identity: Identity, returned: Traits, actor: Actor, reason: str) -> None:
    """Take INSi's traits (used names stay ours: INSi knows none) and keep what changed."""
    at = now()
    before = identity.traits
    merged = Traits(
        nom_naissance=returned.nom_naissance,
        prenoms=returned.prenoms,
        sexe=returned.sexe,
        date_naissance=_birth_date(before.date_naissance, returned.date_naissance),
        lieu_naissance=returned.lieu_naissance or before.lieu_naissance,
        # The first given name is ours when it begins INSi's list (a compound name), else INSi's first one.
        premier_prenom=_first_name(before.premier_prenom, returned.prenoms),
        nom_utilise=before.nom_utilise,
        prenom_utilise=before.prenom_utilise,
    )
    if merged.lieu_naissance != before.lieu_naissance:
        identity.lieu_libelle = ""
    write_traits(identity, merged)
    for name, value in traits_to_json(merged).items():
        old = traits_to_json(before)[name]
        if old != value:
            note_change(identity, name, old, value, actor, at, reason or "réponse d'INSi acceptée")
    note_interpretation(identity, before, actor, at, reason or "réponse d'INSi acceptée")


def _birth_date(ours: BirthDate, returned: BirthDate) -> BirthDate:
    """Return INSi's date, still marked when a part of it is unknown (RNIV EXI PP 19; GI-INS EXI ID 11, 12).

    The same date as ours stays as interpreted as ours. A date with an unknown part (« 1936-00-00 ») is
    written by the rule, and marked: it is no birth date of the record otherwise.
    """
    if returned.text == ours.text:
        return BirthDate(returned.text, ours.interpreted or returned.interpreted)
    if returned.calendar is not None:
        return returned
    year, month, day = (int(part) for part in returned.text.split("-"))
    known = month if 1 <= month <= 12 else None
    return birth_date_from_parts(year, known, day or None if known else None)


def _first_name(ours: str, returned_list: str) -> str:
    return ours if first_name_coherent(ours, returned_list) else returned_list.split(" ")[0]


def _store_ins(identity: Identity, ins: Ins, former: tuple[FormerIns, ...]) -> None:
    at = now()
    changed = identity.matricule and (identity.matricule, identity.ins_oid) != (
        ins.matricule.base,
        ins.oid.value,
    )
    if changed:
        retire_ins(identity, at)
    identity.matricule = ins.matricule.base
    identity.cle = ins.matricule.key
    identity.ins_oid = ins.oid.value
    identity.ins_obtained_at = at
    known = {(item.matricule, item.ins_oid) for item in identity.ins_history.all()} | {
        (identity.matricule, identity.ins_oid)
    }
    for item in former:
        if (item.ins.matricule.base, item.ins.oid.value) in known:
            continue
        InsHistory(
            identity=identity,
            matricule=item.ins.matricule.base,
            cle=item.ins.matricule.key,
            ins_oid=item.ins.oid.value,
            valid_from=item.start or None,
            valid_until=item.end or None,
            noted_at=at,
        ).save()


def _close(search: InsiSearch, decision: InsiSearch.Decision, actor: Actor, verb: str) -> None:
    search.decision = decision
    search.decided_by_id = actor.user_id
    search.decided_at = now()
    search.save()
    record(
        actor, verb, subject=search, dossier_id=search.dossier_id, usager_id=search.identity_id,
    )  # fmt: skip
