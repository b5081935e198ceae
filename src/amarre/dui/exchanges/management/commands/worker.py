"""`amarre manage worker`: empty the outbox until interrupted."""

from __future__ import annotations

import signal
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from amarre.dui.exchanges.services.periodic import run_due_tasks
from amarre.dui.exchanges.worker import Worker, drain


class Command(BaseCommand):
    """Start the worker."""

    help = "Traite la file des envois et les tâches périodiques."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--drain", action="store_true", help="traite ce qui est dû, puis s'arrête")
        parser.add_argument("--threads", type=int, default=4, help="envois menés de front")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["drain"]:
            count = drain()
            run_due_tasks()
            self.stdout.write(f"{count} envoi(s) traité(s)")
            return
        worker = Worker(threads=options["threads"])
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: worker.stop())
        worker.run()
