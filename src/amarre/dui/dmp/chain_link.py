"""A link of the chain of a dossier: the deposit of its newest document in the DMP."""

from __future__ import annotations

from django.http import HttpRequest
from django.urls import reverse

from amarre.dui.access.permissions import Permission
from amarre.dui.documents.chain_link import newest_version, page_of
from amarre.dui.exchanges.enums import State
from amarre.dui.usagers.chain import LinkProgress, LinkState
from amarre.dui.usagers.models import Dossier
from amarre.dui.web.dates import day
from amarre.dui.web.guard import allowed


def deposit_progress(request: HttpRequest, dossier: Dossier) -> LinkProgress:
    """Return whether the newest version is in the DMP."""
    version = newest_version(request, dossier)
    if version is None:
        ready = reverse("dmp:person_readiness", kwargs={"dossier_id": dossier.pk})
        return LinkProgress(LinkState.TO_DO, "Aucun document à déposer pour l'instant.", ready)
    url = page_of(version, "documents:show_document")
    deposit = getattr(version, "dmp_deposit", None)
    if deposit is None:
        may_act = allowed(request, Permission.FEED_DMP, dossier)
        control = page_of(version, "dmp:deposit")
        sentence = f"Version {version.number} pas encore déposée."
        return LinkProgress(LinkState.TO_DO, sentence, control, "Déposer au DMP" if may_act else "")
    if deposit.accepted_at is not None:
        sentence = f"Version {version.number} déposée le {day(deposit.accepted_at)}."
        return LinkProgress(LinkState.DONE, sentence, url)
    exchange = deposit.exchange
    if exchange.state == State.ANNULE:
        may_act = allowed(request, Permission.FEED_DMP, dossier)
        sentence = str(exchange.explanation.get("what", "Le dépôt a été annulé."))
        control = page_of(version, "dmp:deposit")
        return LinkProgress(LinkState.TO_DO, sentence, control, "Déposer au DMP" if may_act else "")
    if exchange.state == State.A_VALIDER:
        sentence = f"Version {version.number} : le dépôt attend l’accord d’un collègue."
        return LinkProgress(LinkState.GOING, sentence, url)
    if exchange.closed_at is not None:
        ended = "Refusé par le DMP" if exchange.state == State.REFUSE else "Dépôt abandonné"
        return LinkProgress(LinkState.BLOCKED, f"{ended}, classé sans suite.", url)
    if exchange.state in (State.REFUSE, State.A_REFAIRE):
        sentence = str(exchange.explanation.get("what", "Le DMP a refusé le document."))
        seen = "Voir le refus" if exchange.state == State.REFUSE else "Voir l’envoi"
        return LinkProgress(LinkState.TO_DO, sentence, url, seen)
    return LinkProgress(LinkState.GOING, f"Version {version.number} en cours de dépôt.", url)
