"""« Envois »: what left the establishment, what waits, what was refused."""

from __future__ import annotations

from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from amarre.dui.access.actors import actor_of
from amarre.dui.access.permissions import Permission
from amarre.dui.access.policy import get_visible, require
from amarre.dui.audit.services.record import record_reading
from amarre.dui.core.actor import Actor
from amarre.dui.core.clock import now
from amarre.dui.exchanges.enums import State
from amarre.dui.exchanges.handlers import described
from amarre.dui.exchanges.models import Exchange
from amarre.dui.exchanges.presenters import card, chip_of
from amarre.dui.exchanges.selectors import (
    Shelf,
    count_alike,
    count_stopped,
    exchange_page,
    resting_services,
    service_labels,
)
from amarre.dui.exchanges.services.cancel import cancel_exchange
from amarre.dui.exchanges.services.close import close_exchange
from amarre.dui.exchanges.services.resume import resume_exchange
from amarre.dui.exchanges.subjects import subjects_of
from amarre.dui.web.guard import allowed
from amarre.dui.web.pages import page as render_page

EMPTY = {
    Shelf.TO_DO: ("Rien à traiter", "Aucun envoi n'est refusé ni à refaire."),
    Shelf.UNDER_WAY: ("Rien en cours", "Tout ce qui devait partir est parti."),
    Shelf.ENDED: ("Aucun envoi terminé", "Les envois acceptés apparaîtront ici."),
    Shelf.ALL: ("Aucun envoi pour l'instant", "Le premier partira d'un document ou d'une identité."),
}


@require_safe
def list_exchanges(request: HttpRequest) -> HttpResponse:
    """List the exchanges of the establishment, by shelf and service, newest first."""
    actor = actor_of(request)
    require(actor, Permission.READ_ENVOIS)
    shelf = _shelf(request.GET.get("etat", ""))
    labels = service_labels()
    service = request.GET.get("service", "")
    service = service if service in labels else ""
    found = exchange_page(actor, shelf, service, request.GET.get("apres", ""))
    subjects = subjects_of(actor, {row.dossier_id for row in found.items if row.dossier_id is not None})
    record_reading(actor, "exchange.consulted")
    lines = [
        {
            "exchange": row,
            "description": described(row),
            "subject": subjects.get(row.dossier_id or 0),
            "chip": chip_of(row),
        }
        for row in found.items
    ]
    title, text = EMPTY[shelf]
    context = {
        "lines": lines,
        "shelf": shelf,
        "shelves": [(one, _address(one, service)) for one in Shelf],
        "service": service,
        "services": sorted(labels.items(), key=lambda pair: pair[1]),
        "resting": resting_services(actor, now()),
        "stopped": count_stopped(actor) if shelf is Shelf.TO_DO else 0,
        "empty_title": title,
        "empty_text": text,
        "pager": {
            "next_url": _address(shelf, service, found.next_cursor) if found.next_cursor else "",
            "target": "envois",
        },
    }
    return render_page(request, "exchanges/list.html", "exchanges/_lines.html", context)


@require_safe
def show_exchange(request: HttpRequest, exchange_id: int) -> HttpResponse:
    """Show one exchange: steps, attempts, what went wrong, what to do."""
    actor = actor_of(request)
    exchange = _exchange(actor, exchange_id)
    record_reading(
        actor, "exchange.consulted", dossier_id=exchange.dossier_id, exchange_id=exchange.reference
    )
    subjects = subjects_of(actor, {exchange.dossier_id} if exchange.dossier_id is not None else set())
    context = {
        "card": card(request, exchange, list(exchange.attempts.all())),
        "exchange": exchange,
        "subject": subjects.get(exchange.dossier_id or 0),
        "asked_by": exchange.created_by,
        "whole": True,
        "alike": _alike(request, exchange),
    }
    return render(request, "exchanges/detail.html", context)


@require_safe
def show_progress(request: HttpRequest, exchange_id: int) -> HttpResponse:
    """Give the card of one exchange, for the page that watches it; without script, its own page."""
    exchange = _exchange(actor_of(request), exchange_id)
    if not request.headers.get("HX-Request"):
        return redirect("exchanges:show_exchange", exchange_id=exchange.pk)
    context = {"card": card(request, exchange, list(exchange.attempts.all()))}
    return render(request, "exchanges/_card.html", context)


@require_POST
def retry(request: HttpRequest, exchange_id: int) -> HttpResponse:
    """Put a refused or abandoned exchange back in the queue."""
    actor = actor_of(request)
    exchange = resume_exchange(exchange=_exchange(actor, exchange_id), actor=actor)
    messages.success(request, "L'envoi est relancé. Il part dans quelques secondes.")
    return redirect("exchanges:show_exchange", exchange_id=exchange.pk)


@require_POST
def close(request: HttpRequest, exchange_id: int) -> HttpResponse:
    """Close a refused or abandoned exchange: nothing more will be done."""
    actor = actor_of(request)
    close_exchange(exchange=_exchange(actor, exchange_id), actor=actor)
    messages.success(request, "L'envoi est classé sans suite. Il reste visible dans « Terminés ».")
    return redirect("exchanges:list_exchanges")


@require_POST
def cancel(request: HttpRequest, exchange_id: int) -> HttpResponse:
    """Cancel an exchange that has not left."""
    actor = actor_of(request)
    exchange = cancel_exchange(exchange=_exchange(actor, exchange_id), actor=actor)
    messages.success(request, "L'envoi est annulé. Rien n'est parti.")
    return redirect("exchanges:show_exchange", exchange_id=exchange.pk)


def _alike(request: HttpRequest, exchange: Exchange) -> int:
    """Return how many exchanges stopped like this one, 0 when it did not or may not be resumed here."""
    is_stopped = exchange.state == State.A_REFAIRE and exchange.closed_at is None
    if not is_stopped or not allowed(request, Permission.RETRY_ENVOIS, exchange):
        return 0
    return count_alike(actor_of(request), exchange)


def _exchange(actor: Actor, exchange_id: int) -> Exchange:
    exchange = get_visible(actor, Exchange, pk=exchange_id)
    require(actor, Permission.READ_ENVOIS, exchange)
    return exchange


def _shelf(value: str) -> Shelf:
    return Shelf(value) if value in list(Shelf) else Shelf.TO_DO


def _address(shelf: Shelf, service: str, cursor: str = "") -> str:
    values = {"etat": shelf.value, "service": service, "apres": cursor}
    query = urlencode({key: value for key, value in values.items() if value})
    return f"{reverse('exchanges:list_exchanges')}?{query}"
