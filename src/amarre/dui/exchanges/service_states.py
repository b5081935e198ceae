"""State of the national services, from what our last exchanges met: read from a table, nothing is called."""

from __future__ import annotations

import datetime

from django.http import HttpRequest

from amarre.dui.core.actor import Actor
from amarre.dui.core.clock import now
from amarre.dui.exchanges.models import Circuit
from amarre.dui.exchanges.selectors import service_labels
from amarre.dui.web.dates import moment
from amarre.dui.web.shell import Availability, ServiceState


def service_states(request: HttpRequest) -> list[ServiceState]:
    """Return the state of each service the actor's establishment has exchanged with."""
    actor = getattr(request, "actor", None)
    if not isinstance(actor, Actor) or actor.essms_id is None:
        return []
    labels = service_labels()
    at = now()
    rows = Circuit.objects.filter(essms_id=actor.essms_id).order_by("service")
    return [_state(labels.get(row.service, row.service), row, at) for row in rows]


def _state(label: str, circuit: Circuit, at: datetime.datetime) -> ServiceState:
    name = label.removeprefix("Le ").removeprefix("L'")
    last = circuit.last_success_at
    answered = f"Dernière réponse : {moment(last, at)}." if last else "Aucune réponse pour l'instant."
    if circuit.open_until is not None and circuit.open_until > at:
        text = f"Ne répond pas. {answered} Les envois attendent et repartiront seuls."
        return ServiceState(name, Availability.DOWN, text)
    if circuit.failures:
        text = f"Des appels sans réponse. {answered} Amarre réessaie seul."
        return ServiceState(name, Availability.SLOW, text)
    return ServiceState(name, Availability.AVAILABLE, answered)
