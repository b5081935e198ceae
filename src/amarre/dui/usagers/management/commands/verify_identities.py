"""`amarre manage verify_identities [--essms ID] [--json]`: verify the file active of an establishment.

Plans the verification, or takes up the one that is running, and empties the outbox of what is due. Other
workers may share the work. Exit code 1 when nothing could be started, 2 when something waits for a person.
"""

from __future__ import annotations

import json
import sys
import time
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from amarre.dui.access.scope import system_scope
from amarre.dui.core.actor import Actor, system_actor
from amarre.dui.exchanges.services.process import process_next
from amarre.dui.organisations.models import Essms
from amarre.dui.usagers.models import VerificationBatch
from amarre.dui.usagers.selectors.verification_report import Report, report
from amarre.dui.usagers.services.start_verification import start_verification
from amarre.interop.common.errors import AmarreError

PAUSE_SECONDS = 0.2


class Command(BaseCommand):
    """Verify identities."""

    help = "Vérifie auprès d'INSi les identités de la file active d'un établissement (bac à sable seulement)."

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the options."""
        parser.add_argument("--essms", default="", help="établissement : numéro interne ou FINESS")
        parser.add_argument("--json", action="store_true", help="réponse en JSON")
        parser.add_argument("--no-wait", action="store_true", help="planifier seulement, pour le worker")

    def handle(self, *args: Any, **options: Any) -> None:
        """Plan or take up, work, say."""
        essms = _essms(options["essms"])
        actor = system_actor("verification", essms_id=essms.pk, organisme_id=essms.organisme_id)
        try:
            batch = _running(actor) or start_verification(essms=essms, actor=actor)
        except AmarreError as error:
            said = error.explanation()
            raise CommandError(f"{said.what} {said.data_state} {said.advice} ({said.reference})") from error
        found = self._follow(actor, batch, wait=not options["no_wait"])
        self._say(found, as_json=options["json"])
        if found.blocked is not None:
            sys.exit(2)

    def _follow(self, actor: Actor, batch: VerificationBatch, *, wait: bool) -> Report:
        while True:
            found = report(VerificationBatch.objects.visible_to(actor).get(pk=batch.pk))
            if not wait or not found.is_running:
                return found
            if not process_next():
                time.sleep(PAUSE_SECONDS)

    def _say(self, found: Report, *, as_json: bool) -> None:
        batch = found.batch
        if as_json:
            lines = [
                {"resultat": line.key, "libelle": line.label, "detail": line.detail, "nombre": line.count}
                for line in found.lines
            ]
            answer = {
                "verification": batch.pk,
                "etat": batch.state,
                "total": found.total,
                "faites": found.done,
            }
            self.stdout.write(json.dumps(answer | {"resultats": lines}, ensure_ascii=False, indent=2))
            return
        self.stdout.write(f"{batch.get_state_display()} : {found.done} identités sur {found.total}.")
        for line in found.lines:
            self.stdout.write(f"  {line.count:6}  {line.label}. {line.detail}")
        if found.blocked is not None:
            self.stdout.write(f"Un lot attend une décision dans « Envois » ({found.blocked.reference}).")


def _running(actor: Actor) -> VerificationBatch | None:
    running = VerificationBatch.State.RUNNING
    return VerificationBatch.objects.visible_to(actor).filter(state=running).first()


def _essms(wanted: str) -> Essms:
    """Return the only establishment, or the one asked for. Raises CommandError."""
    with system_scope("command line: choice of the establishment"):
        known = list(Essms.objects.filter(is_open=True).order_by("pk"))
    found = [one for one in known if not wanted or wanted in (str(one.pk), one.finess_eg)]
    if len(found) != 1:
        listed = "; ".join(f"{one.pk} {one.name} ({one.finess_eg})" for one in known)
        raise CommandError(f"Choisissez un établissement avec --essms. Établissements : {listed or 'aucun'}.")
    return found[0]
