"""« Au DMP », on the page of a document: who may read it there, what may be changed, what was asked."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString

from amarre.dui.access.actors import actor_of
from amarre.dui.access.scope import system_scope
from amarre.dui.accounts.models import User
from amarre.dui.dmp.earlier_versions import deposits_of_document
from amarre.dui.dmp.models import DepositAudience, DmpChange
from amarre.dui.dmp.reading.control import ReadingSituation
from amarre.dui.dmp.visibility.audiences import chips_of
from amarre.dui.dmp.visibility.changes import row_of
from amarre.dui.dmp.visibility.offers import ChangeOffer, audience_of, offers_for
from amarre.dui.documents.models import DmpDeposit, DocumentVersion
from amarre.dui.exchanges.enums import State
from amarre.dui.exchanges.presenters import ExchangeCard, card
from amarre.interop.common.errors import Explanation


@dataclass(frozen=True, slots=True)
class Button:
    """A change that may be asked."""

    label: str
    url: str


@dataclass(frozen=True, slots=True)
class Reserved:
    """Changes that may not be asked by this person, and why."""

    labels: str
    said: Explanation


@dataclass(frozen=True, slots=True)
class Asked:
    """One change asked: what, by whom, why, where it is."""

    label: str
    change: DmpChange
    card: ExchangeCard | None


def render_panel(request: HttpRequest, versions: list[DocumentVersion]) -> SafeString:
    """Return the block, "" when nothing of this document was ever accepted by the DMP."""
    document = versions[0].document
    with system_scope("deposits of a document in scope"):
        accepted = [one for one in deposits_of_document(document.pk) if one.exchange.state == State.ACCEPTE]
        if not accepted or not isinstance(request.user, User):
            return SafeString("")
        deposit = accepted[0]
        deposit.version = next(one for one in versions if one.pk == deposit.version_id)
        hidden, status = audience_of(deposit)
        asked = _asked(request, accepted)
    situation = ReadingSituation.of(document.dossier, request.user, actor_of(request))
    offers = offers_for(deposit, situation)
    context = {
        "version": deposit.version,
        "accepted_at": deposit.accepted_at,
        "chips": chips_of(hidden),
        "deleted": status == DepositAudience.Status.SUPPRIME,
        "archived": status == DepositAudience.Status.ARCHIVE,
        "buttons": [_button(offer, deposit) for offer in offers if offer.error is None],
        "reserved": _reserved(offers),
        "asked": asked,
    }
    return render_to_string("dmp/_panel.html", context, request=request)


def _button(offer: ChangeOffer, deposit: DmpDeposit) -> Button:
    version = deposit.version
    parts = {
        "dossier_id": version.document.dossier_id,
        "document_id": version.document_id,
        "key": offer.row.key,
    }
    return Button(offer.row.verb, reverse("dmp:change_document", kwargs=parts))


def _reserved(offers: list[ChangeOffer]) -> list[Reserved]:
    """Group the changes that are held back for the same reason."""
    groups: dict[str, tuple[list[str], Explanation]] = {}
    for offer in offers:
        if offer.error is not None:
            said = offer.error.explanation()
            groups.setdefault(offer.error.code, ([], said))[0].append(offer.row.verb.lower())
    return [Reserved(", ".join(labels), said) for labels, said in groups.values()]


def _asked(request: HttpRequest, deposits: list[DmpDeposit]) -> list[Asked]:
    rows = DmpChange.objects.filter(deposit__in=deposits).select_related(
        "exchange", "requested_by", "deposit__version"
    )
    return [_line(request, row) for row in rows.prefetch_related("exchange__attempts")]


def _line(request: HttpRequest, change: DmpChange) -> Asked:
    row = row_of(change.change)
    done = change.exchange.state == State.ACCEPTE
    shown = None if done else card(request, change.exchange, list(change.exchange.attempts.all()))
    return Asked(row.verb if row else change.change, change, shown)
