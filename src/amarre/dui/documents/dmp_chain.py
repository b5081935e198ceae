"""Two links of the chain of a dossier: its document, and its deposit in the DMP."""

from __future__ import annotations

from django.http import HttpRequest
from django.urls import reverse

from amarre.dui.access.permissions import Permission
from amarre.dui.access.scope import system_scope
from amarre.dui.documents.models import DocumentVersion
from amarre.dui.exchanges.enums import State
from amarre.dui.usagers.chain import LinkProgress, LinkState
from amarre.dui.usagers.models import Dossier
from amarre.dui.web.dates import day
from amarre.dui.web.guard import allowed
from amarre.dui.web.request_memo import once
from amarre.interop.ins.status import Status


def document_progress(request: HttpRequest, dossier: Dossier) -> LinkProgress:
    """Return whether the dossier has a document, and whether it carries the INS."""
    version = newest_version(request, dossier)
    if version is None:
        return LinkProgress(LinkState.TO_DO, "Il se fait quand l'auteur valide le projet.")
    url = _page(version, "documents:show_document")
    filed = f"{version.document.title}, version {version.number}, du {day(version.created_at)}"
    if not version.identity_qualified and dossier.identity.status is Status.QUALIFIEE:
        sentence = f"{filed} : sans INS. Une nouvelle version la portera."
        return LinkProgress(LinkState.GOING, sentence, url, "Voir le document")
    return LinkProgress(LinkState.DONE, f"{filed}.", url)


def deposit_progress(request: HttpRequest, dossier: Dossier) -> LinkProgress:
    """Return whether the newest version is in the DMP."""
    version = newest_version(request, dossier)
    if version is None:
        return LinkProgress(LinkState.TO_DO, "Aucun document à déposer pour l'instant.")
    url = _page(version, "documents:show_document")
    deposit = getattr(version, "dmp_deposit", None)
    if deposit is None:
        may_act = allowed(request, Permission.FEED_DMP, dossier)
        control = _page(version, "documents:deposit_in_dmp")
        sentence = f"Version {version.number} pas encore déposée."
        return LinkProgress(LinkState.TO_DO, sentence, control, "Déposer au DMP" if may_act else "")
    if deposit.accepted_at is not None:
        sentence = f"Version {version.number} déposée le {day(deposit.accepted_at)}."
        return LinkProgress(LinkState.DONE, sentence, url)
    exchange = deposit.exchange
    if exchange.closed_at is not None:
        ended = "Refusé par le DMP" if exchange.state == State.REFUSE else "Dépôt abandonné"
        return LinkProgress(LinkState.BLOCKED, f"{ended}, classé sans suite.", url)
    if exchange.state in (State.REFUSE, State.A_REFAIRE):
        sentence = str(exchange.explanation.get("what", "Le DMP a refusé le document."))
        seen = "Voir le refus" if exchange.state == State.REFUSE else "Voir l’envoi"
        return LinkProgress(LinkState.TO_DO, sentence, url, seen)
    return LinkProgress(LinkState.GOING, f"Version {version.number} en cours de dépôt.", url)


def newest_version(request: HttpRequest, dossier: Dossier) -> DocumentVersion | None:
    """Return the newest version of the documents of a dossier in scope, read once a page."""

    def read() -> DocumentVersion | None:
        with system_scope("newest version of the documents of a dossier in scope"):
            return (
                DocumentVersion.objects.filter(document__dossier=dossier)
                .select_related("document", "dmp_deposit__exchange")
                .order_by("-created_at", "-pk")
                .first()
            )

    return once(request, ("newest_version", dossier.pk), read)


def _page(version: DocumentVersion, name: str) -> str:
    document = version.document
    return reverse(name, kwargs={"dossier_id": document.dossier_id, "document_id": document.pk})
