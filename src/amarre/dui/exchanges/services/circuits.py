"""The circuit breaker: a service that keeps failing rests for a while, then one exchange probes it."""

from __future__ import annotations

import datetime

from django.conf import settings

from amarre.dui.exchanges.models import Circuit

FAILURES_BEFORE_REST = 5


def take_probe(essms_id: int, service: str, at: datetime.datetime) -> bool:
    """Take the right to be the one exchange that tries a service after its rest; False when it is taken.

    The circuit is open again for the time of a lease: whoever comes meanwhile waits. Whatever the database,
    of two workers one only changes the row.
    """
    until = at + datetime.timedelta(seconds=settings.AMARRE_LEASE_SECONDS)
    resting = Circuit.objects.filter(essms_id=essms_id, service=service, open_until__lte=at)
    return resting.update(open_until=until) == 1


def release_probe(essms_id: int, service: str, at: datetime.datetime) -> None:
    """Say that the probe taught nothing (it failed before the call): another may try at once."""
    Circuit.objects.filter(essms_id=essms_id, service=service, open_until__gt=at).update(open_until=at)


def note_success(essms_id: int, service: str, at: datetime.datetime) -> None:
    """Remember that the service answered: the circuit closes."""
    well = {"failures": 0, "open_until": None, "last_success_at": at}
    if not Circuit.objects.filter(essms_id=essms_id, service=service).update(**well):
        Circuit.objects.update_or_create(essms_id=essms_id, service=service, defaults=well)


def note_failure(essms_id: int, service: str, at: datetime.datetime) -> None:
    """Remember a failure of the service; at the fifth in a row it rests. Called in a transaction."""
    Circuit.objects.get_or_create(essms_id=essms_id, service=service)
    circuit = Circuit.objects.select_for_update().get(essms_id=essms_id, service=service)
    circuit.failures += 1
    circuit.last_failure_at = at
    if circuit.failures >= FAILURES_BEFORE_REST:
        circuit.open_until = at + datetime.timedelta(seconds=settings.AMARRE_CIRCUIT_REST_SECONDS)
    circuit.save()
