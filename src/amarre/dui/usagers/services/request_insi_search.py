"""Ask INSi about an identity, in the background."""

from __future__ import annotations

from django.db import transaction

from amarre.dui.access.permissions import Permission
from amarre.dui.access.policy import require
from amarre.dui.access.scope import system_scope
from amarre.dui.audit.services.record import record
from amarre.dui.core.actor import Actor
from amarre.dui.core.clock import now
from amarre.dui.exchanges.services.enqueue import enqueue
from amarre.dui.organisations.models import ConnectorProfile
from amarre.dui.usagers.connector import require_configured
from amarre.dui.usagers.errors import SearchAlreadyPending, SearchTraitsIncomplete
from amarre.dui.usagers.models import Dossier, InsiSearch
from amarre.dui.usagers.services.identity_events import locked_identity
from amarre.dui.usagers.traits_json import traits_to_json
from amarre.dui.usagers.vitale import query_to_bytes
from amarre.interop.ins.insi import VitaleQuery, search_criteria
from amarre.interop.ins.traits import Sexe

KIND = "insi.search"
# What the card says, in the exchange until INSi answered: it holds the number of the insured person.
CARD_PART = "vitale"


def request_insi_search(
    *, dossier: Dossier, actor: Actor, card: VitaleQuery | None = None, sends_place: bool = True
) -> InsiSearch:
    """Queue one search, by the identity's traits or with the person chosen on a carte Vitale (`card`).

    Without `sends_place` the birthplace is kept for the branch on « plusieurs » (SEL-MP-043, after 01); it is
    sent all the same when the last answer was not 01, as a page left open may ask.
    Raises the access errors, CallForbidden (douteuse or fictive), SearchTraitsIncomplete,
    SearchAlreadyPending, InsiNotConfigured. Nothing is sent here: the worker does, outside any transaction.
    """
    require(actor, Permission.WRITE_IDENTITE, dossier)
    with transaction.atomic():
        identity = locked_identity(dossier.identity_id)
        with system_scope("settings of the establishment of a dossier in scope"):
            profile = ConnectorProfile.objects.select_related("essms").get(essms_id=dossier.essms_id)
        require_configured(profile)
        search_criteria(identity.traits, identity.state)
        if card is None and identity.traits.sexe is Sexe.INDETERMINE:
            raise SearchTraitsIncomplete
        if identity.insi_searches.filter(outcome="").exists():
            raise SearchAlreadyPending
        number = identity.insi_searches.count() + 1
        if not sends_place:
            last = identity.insi_searches.first()
            sends_place = last is None or not last.may_be_asked_without_place
        exchange = enqueue(
            kind=KIND,
            actor=actor,
            essms_id=dossier.essms_id,
            dossier_id=dossier.pk,
            key=f"insi:{identity.pk}:{number}",
            lane=f"insi:{identity.pk}",
            parts={} if card is None else {CARD_PART: query_to_bytes(card)},
        )
        search = InsiSearch(
            identity=identity,
            dossier=dossier,
            exchange=exchange,
            requested_by_id=actor.person_id,
            requested_at=now(),
            sent_traits=traits_to_json(identity.traits),
            means=_means(card, sends_place),
        )
        search.save()
        # The visit is now: what was noted for it is done.
        dossier.recall_notes.filter(closed_at=None).update(closed_at=now())
        record(
            actor, "insi.requested", subject=search, dossier_id=dossier.pk, usager_id=identity.pk,
            details={"means": search.means},
        )  # fmt: skip
    return search


def _means(card: VitaleQuery | None, sends_place: bool) -> InsiSearch.Means:
    if card is not None:
        return InsiSearch.Means.VITALE
    return InsiSearch.Means.TRAITS if sends_place else InsiSearch.Means.NO_PLACE
