"""A person settles an écart: the document read first, then one of four decisions, with a reason."""

from __future__ import annotations

import datetime
from dataclasses import replace

from django.db import transaction

from amarre.dui.access.permissions import Permission
from amarre.dui.access.policy import require
from amarre.dui.access.scope import system_scope
from amarre.dui.audit.services.record import record
from amarre.dui.core.actor import Actor
from amarre.dui.usagers.errors import ReasonMissing, UnknownDevice
from amarre.dui.usagers.models import Discrepancy, Identity, InsiSearch
from amarre.dui.usagers.services.decide_insi_search import accept_insi_search, set_aside_insi_search
from amarre.dui.usagers.services.mark_identity import mark_identity
from amarre.dui.usagers.services.open_discrepancy import settle_open
from amarre.dui.usagers.services.record_evidence import record_evidence
from amarre.dui.usagers.services.request_insi_search import request_insi_search
from amarre.dui.usagers.services.update_traits import update_traits
from amarre.dui.usagers.traits_json import traits_from_json, traits_to_json
from amarre.dui.usagers.vigilance_errors import DiscrepancySettled, DocumentNotRead, NoAnswerToTake
from amarre.interop.ins.devices import device as find_device
from amarre.interop.ins.status import Attribute
from amarre.interop.ins.traits import COG_UNKNOWN, Traits


def read_document(
    *, discrepancy: Discrepancy, traits: Traits, device: str, seen_on: datetime.date, actor: Actor
) -> Discrepancy:
    """Keep, while the écart is open, what is read on the document; `device` is "" for one of no high trust.

    Raises the access errors, DiscrepancySettled, UnknownDevice.
    """
    require(actor, Permission.QUALIFY_IDENTITE, discrepancy)
    if device and find_device(device) is None:
        raise UnknownDevice
    with transaction.atomic():
        held = _open(discrepancy, actor)
        held.document = {
            "traits": traits_to_json(traits),
            "device": device,
            "seen_on": seen_on.isoformat(),
        }
        held.save()
        record(
            actor, "discrepancy.document_read", subject=held, dossier_id=held.dossier_id,
            usager_id=held.identity_id, details={"device": device},
        )  # fmt: skip
    return held


def correct_base(
    *, discrepancy: Discrepancy, reason: str, actor: Actor, keeps_used_name: bool = False
) -> Identity:
    """Write the traits of the document in the base, record the document, ask INSi again.

    `keeps_used_name`: the name of the base was the used one, the person asks to keep it as such.
    Source: RNIV 1, contrôle de cohérence: the document decides for our base. Raises the access errors,
    ReasonMissing, DiscrepancySettled, DocumentNotRead, and what updating, recording and asking raise.
    """
    _require(discrepancy, reason, actor)
    with transaction.atomic():
        held = _open(discrepancy, actor)
        if not held.document:
            raise DocumentNotRead
        settle_open(held.identity, Discrepancy.Decision.BASE_CORRECTED, actor, reason.strip())
        _leave_answer(held, actor)
        before = held.identity
        kept = before.nom_naissance if keeps_used_name and not before.nom_utilise else before.nom_utilise
        traits = replace(
            traits_from_json(held.document["traits"]),
            nom_utilise=kept,
            prenom_utilise=before.prenom_utilise,
        )
        same_place = traits.lieu_naissance in (before.lieu_naissance, COG_UNKNOWN)
        if traits_to_json(traits) != traits_to_json(before.traits):
            update_traits(
                dossier=held.dossier.continuing,
                traits=traits,
                lieu_libelle=before.lieu_libelle if same_place else "",
                reason=reason,
                actor=actor,
                reopens=False,
            )
        if held.document["device"]:
            record_evidence(
                dossier=held.dossier.continuing,
                device=held.document["device"],
                seen_on=datetime.date.fromisoformat(held.document["seen_on"]),
                actor=actor,
            )
        search = request_insi_search(dossier=held.dossier.continuing, actor=actor)
    return search.identity


def take_insi(*, discrepancy: Discrepancy, reason: str, actor: Actor) -> Identity:
    """Take the traits and the INS that INSi returned.

    Raises the access errors, ReasonMissing, DiscrepancySettled, NoAnswerToTake, and what accepting raises
    (DiscrepancyToSettle for an identity whose document says otherwise).
    """
    _require(discrepancy, reason, actor)
    with transaction.atomic():
        search = _answer(_open(discrepancy, actor))
        if search is None:
            raise NoAnswerToTake
        identity = accept_insi_search(search=search, actor=actor, reason=reason.strip())
    return identity


def set_aside(*, discrepancy: Discrepancy, reason: str, actor: Actor) -> Discrepancy:
    """Leave the identity as it is, and say why.

    Raises the access errors, ReasonMissing, DiscrepancySettled.
    """
    _require(discrepancy, reason, actor)
    with transaction.atomic():
        held = _open(discrepancy, actor)
        settle_open(held.identity, Discrepancy.Decision.SET_ASIDE, actor, reason.strip())
        _leave_answer(held, actor)
    return held


def declare_doubtful(*, discrepancy: Discrepancy, reason: str, actor: Actor) -> Identity:
    """Mark the identity douteuse: trust, INS and INSi calls are taken back.

    Raises the access errors, ReasonMissing, DiscrepancySettled, AttributesIncompatible.
    """
    _require(discrepancy, reason, actor)
    with transaction.atomic():
        held = _open(discrepancy, actor)
        settle_open(held.identity, Discrepancy.Decision.DOUBTFUL, actor, reason.strip())
        _leave_answer(held, actor)
        identity = mark_identity(
            dossier=held.dossier.continuing,
            attribute=Attribute.DOUTEUSE,
            held=True,
            reason=reason,
            actor=actor,
        )
    return identity


def _require(discrepancy: Discrepancy, reason: str, actor: Actor) -> None:
    require(actor, Permission.QUALIFY_IDENTITE, discrepancy)
    if not reason.strip():
        raise ReasonMissing


def _open(discrepancy: Discrepancy, actor: Actor) -> Discrepancy:
    """Return the écart as it is now, its identity locked first: every act takes the locks in this order."""
    with system_scope("identity of an écart in scope, locked"):
        Identity.objects.select_for_update(of=("self",)).get(pk=discrepancy.identity_id)
    held = (
        Discrepancy.objects.visible_to(actor)
        .select_for_update(of=("self",))
        .select_related("identity", "dossier__essms", "search")
        .get(pk=discrepancy.pk)
    )
    if not held.is_open:
        raise DiscrepancySettled
    return held


def _answer(held: Discrepancy) -> InsiSearch | None:
    """Return the answer of INSi that still waits for a decision."""
    search = held.search
    if search is None or search.outcome != InsiSearch.Outcome.FOUND or search.decision:
        return None
    return search


def _leave_answer(held: Discrepancy, actor: Actor) -> None:
    """Set aside the answer that the decision does not take; the écart is settled before."""
    search = _answer(held)
    if search is not None:
        set_aside_insi_search(search=search, actor=actor)
