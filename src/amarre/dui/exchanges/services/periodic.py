"""Run the periodic tasks that are due, one worker at a time for each."""

from __future__ import annotations

import datetime
import logging

from django.db import transaction

from amarre.dui.core.clock import now
from amarre.dui.exchanges.handlers import Periodic, periodic_tasks
from amarre.dui.exchanges.models import PeriodicRun
from amarre.interop.common.errors import AmarreError

logger = logging.getLogger("amarre.exchanges")


def due_tasks() -> list[Periodic]:
    """Return the periodic tasks that are due; one question, whatever their number."""
    at = now()
    waiting = set(PeriodicRun.objects.filter(due_at__gt=at).values_list("name", flat=True))
    return [task for task in periodic_tasks() if task.name not in waiting]


def run_due_tasks() -> int:
    """Run every periodic task that is due, one after the other; return how many ran."""
    return sum(run_if_due(task) for task in due_tasks())


def run_if_due(task: Periodic) -> int:
    """Run one task unless another worker took it; return 1 when it ran."""
    at = now()
    with transaction.atomic():
        PeriodicRun.objects.get_or_create(name=task.name, defaults={"due_at": at})
        taken = PeriodicRun.objects.filter(name=task.name, due_at__lte=at).update(
            due_at=at + datetime.timedelta(seconds=task.seconds)
        )
    if not taken:
        return 0
    try:
        task.run()
    except AmarreError as error:
        logger.warning("periodic %s: %s", task.name, error)
    except Exception:
        # The edge of the process: one task must not stop the worker.
        logger.exception("periodic %s: unexpected failure", task.name)
    return 1
