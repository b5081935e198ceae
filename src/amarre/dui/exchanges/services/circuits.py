"""The circuit breaker: a service that keeps failing rests for a while, then one exchange probes it."""

from __future__ import annotations

import datetime

from django.conf import settings

from amarre.dui.exchanges.models import Circuit

FAILURES_BEFORE_REST = 5


def note_success(essms_id: int, service: str, at: datetime.datetime) -> None:
    """Remember that the service answered: the circuit closes."""
    Circuit.objects.update_or_create(
        essms_id=essms_id,
        service=service,
        defaults={"failures": 0, "open_until": None, "last_success_at": at},
    )


def note_failure(essms_id: int, service: str, at: datetime.datetime) -> None:
    """Remember a failure of the service; at the fifth in a row it rests."""
    circuit, _ = Circuit.objects.get_or_create(essms_id=essms_id, service=service)
    circuit.failures += 1
    circuit.last_failure_at = at
    if circuit.failures >= FAILURES_BEFORE_REST:
        circuit.open_until = at + datetime.timedelta(seconds=settings.AMARRE_CIRCUIT_REST_SECONDS)
    circuit.save()
