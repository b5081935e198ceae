"""What the DMP says of its holder (TD1.3a): shown beside our traits, copied nowhere."""

from __future__ import annotations

from amarre.dui.dmp.reading.asking import question_about
from amarre.dui.dmp.reading.control import ReadingSituation
from amarre.interop.dmp import AdministrativeData


def read_administrative_data(situation: ReadingSituation) -> AdministrativeData:
    """Return the data. Traced.

    Raises the access errors, what holds the reading back, DmpAbsent, DmpClosed, the transport errors and the
    refusals of the DMP.
    """
    question = question_about(situation)
    return question.ask(
        "dmp.administrative_data_consulted",
        lambda: question.reader.client.administrative_data(question.identity),
        lambda data: {},
    )
