"""Keep in the dossier a copy of a document read in the DMP: to be read, never deposited again."""

from __future__ import annotations

import datetime

from amarre.dui.access.permissions import Permission
from amarre.dui.access.policy import require
from amarre.dui.core.actor import Actor
from amarre.dui.core.sealed_files import Sealed
from amarre.dui.dmp.reading.lines import Line, from_values
from amarre.dui.intake.models import ReceivedDocument
from amarre.dui.intake.services.file_received import Received, file_received
from amarre.dui.usagers.models import Dossier


def file_copy(*, dossier: Dossier, read: Sealed, actor: Actor, confirmed: bool) -> ReceivedDocument:
    """File what was read in this session. Asking twice gives the same copy.

    Raises the access errors (reading the DMP, filing), NotThisPerson, PersonToConfirm, NeitherCdaNorPdf.
    """
    require(actor, Permission.CONSULT_DMP, dossier)
    (line,) = from_values([read.values["line"]])
    received = Received(
        origin=ReceivedDocument.Origin.DMP,
        data=read.data,
        reference=line.unique_id,
        title=line.title,
        type_code=read.values["type_code"],
        type_label=line.kind,
        author=line.author,
        organisation=line.place,
        written_on=_day(line),
    )
    return file_received(dossier=dossier, received=received, actor=actor, confirmed=confirmed)


def _day(line: Line) -> datetime.date | None:
    return line.written.date() if line.written else None
