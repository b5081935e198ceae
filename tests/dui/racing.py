"""Several acts at the same instant, each on its own connection (PostgreSQL)."""

from __future__ import annotations

import threading
from collections.abc import Callable

from django.db import connections

from amarre.interop.common.errors import AmarreError


def race(*acts: Callable[[], object]) -> list[AmarreError]:
    """Run the acts at once; return what was refused, in the order of the refusals."""
    refused: list[AmarreError] = []
    start = threading.Barrier(len(acts))

    def run(act: Callable[[], object]) -> None:
        try:
            start.wait(10)
            act()
        except AmarreError as error:
            refused.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return refused
