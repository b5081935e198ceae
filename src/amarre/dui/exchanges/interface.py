"""What the interface shows from here: « Envois » with its counter, what waits, the state of the services."""

from __future__ import annotations

from django.http import HttpRequest
from django.urls import reverse

from amarre.dui.access.actors import actor_of
from amarre.dui.access.permissions import Permission
from amarre.dui.exchanges.selectors import Shelf, count_to_do
from amarre.dui.exchanges.service_states import service_states
from amarre.dui.web import navigation, shell, to_do
from amarre.dui.web.chips import Tone
from amarre.dui.web.guard import allowed


def _count(request: HttpRequest) -> int:
    return count_to_do(actor_of(request))


def _to_do_url() -> str:
    return f"{reverse('exchanges:list_exchanges')}?etat={Shelf.TO_DO}"


def _counter(request: HttpRequest) -> int:
    return _count(request) if allowed(request, Permission.RETRY_ENVOIS) else 0


def register() -> None:
    """Register with the interface shell."""
    shell.provide_services(service_states)
    navigation.register(
        navigation.Entry(
            key="envois",
            label="Envois",
            icon="envoyer",
            url_name="exchanges:list_exchanges",
            permission=Permission.READ_ENVOIS,
            order=40,
            counter=_counter,
            phone=navigation.Phone.FOURTH,
        )
    )
    to_do.register(
        to_do.ToDo(
            key="envois-a-traiter",
            label="Envois à traiter",
            sentence="Un service ou un destinataire a refusé. Corrigez et relancez, ou classez sans suite.",
            count=_count,
            url=_to_do_url,
            permission=Permission.RETRY_ENVOIS,
            order=5,
            tone=Tone.DANGER,
            icon="envoyer",
        )
    )
