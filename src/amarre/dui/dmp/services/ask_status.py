"""Is there a DMP, and may we read it? (TD0.2)"""

from __future__ import annotations

from amarre.dui.dmp.reading.asking import question_about
from amarre.dui.dmp.reading.control import ReadingSituation
from amarre.interop.dmp import DmpStatus


def ask_status(situation: ReadingSituation) -> DmpStatus:
    """Return what the DMP answers to this professional. Traced.

    Raises the access errors, what holds the reading back, the transport errors and the refusals of the DMP.
    """
    question = question_about(situation)
    return question.ask(
        "dmp.status_asked",
        lambda: question.reader.client.exists(question.identity),
        lambda status: {
            "state": status.state.value,
            "authorisation": status.authorisation.value if status.authorisation else "",
        },
    )
