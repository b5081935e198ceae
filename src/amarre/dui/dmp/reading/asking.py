"""A question to the DMP, asked now, in front of somebody: allowed first, traced whatever the answer.

Called outside any transaction. Each call has the deadlines of the kit's channel; nothing is asked again by
itself, nothing is kept but what `memory` says.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeVar

from amarre.dui.access.permissions import Permission
from amarre.dui.access.policy import require
from amarre.dui.access.scope import system_scope
from amarre.dui.audit.registry import Detail
from amarre.dui.audit.services.record import record_reading
from amarre.dui.dmp.reading.connector import Reader, open_reader, professional_of
from amarre.dui.dmp.reading.control import ReadingSituation, reading_points
from amarre.dui.documents.control import ControlPoint, require_clear
from amarre.dui.documents.identity import open_gate
from amarre.interop.common.errors import AmarreError, Retry
from amarre.interop.ins import QualifiedIdentity

Answer = TypeVar("Answer")
Points = Callable[[ReadingSituation], list[ControlPoint]]


NOTHING_READ = "Rien n'a été lu ni changé au DMP."
ASK_AGAIN = "Attendez un instant, puis consultez à nouveau. Si c'est urgent, ouvrez le DMP en ligne."


def retold(error: AmarreError) -> None:
    """Say of a failure what is true of a reading: nobody asks again in the place of who reads."""
    later = error.retry is Retry.LATER
    error.retell(data_state=NOTHING_READ, advice=ASK_AGAIN if later else "")


@dataclass(frozen=True, slots=True)
class Question:
    """Everything a question needs: the door, the person, who asks."""

    situation: ReadingSituation
    reader: Reader
    identity: QualifiedIdentity

    @property
    def mode(self) -> str:
        """The column of the table of rights, for the trace."""
        return self.reader.caller.value

    def ask(
        self,
        verb: str,
        call: Callable[[], Answer],
        told: Callable[[Answer], Mapping[str, Detail]],
        **details: Detail,
    ) -> Answer:
        """Make the call and trace it under `verb`, answered (`told` of the answer) or failed (its code).

        Raises what `call` raises.
        """
        said = {"mode": self.mode, **details}
        try:
            answer = call()
        except AmarreError as error:
            retold(error)
            self._trace(verb, {**said, "failure": error.code})
            raise
        self._trace(verb, {**said, **told(answer)})
        return answer

    def _trace(self, verb: str, details: Mapping[str, Detail]) -> None:
        dossier = self.situation.dossier
        record_reading(
            self.situation.actor,
            verb,
            subject=dossier,
            dossier_id=dossier.pk,
            usager_id=dossier.identity_id,
            details=details,
        )


def question_about(situation: ReadingSituation, points: Points = reading_points) -> Question:
    """Return the question that may be asked. Raises the access errors, and the error behind the first of the
    `points` that blocks."""
    require(situation.actor, Permission.CONSULT_DMP, situation.dossier)
    require_clear(points(situation))
    with system_scope("who reads, and the identity of a dossier in scope"):
        professional = professional_of(situation.user, situation.profile, situation.actor.means)
        reader = open_reader(situation.profile, professional)
    return Question(situation, reader, open_gate(situation.dossier.identity, situation.profile))
