"""Which documents does the DMP show to this professional? (TD3.1a)"""

from __future__ import annotations

from amarre.dui.dmp.reading.asking import question_about
from amarre.dui.dmp.reading.control import ReadingSituation
from amarre.interop.dmp import DmpDocument
from amarre.interop.xds import DocumentFilter


def search_documents(situation: ReadingSituation, filters: DocumentFilter) -> tuple[DmpDocument, ...]:
    """Return the documents, newest first. Traced with their number.

    Raises the access errors, what holds the reading back, the transport errors and the refusals of the DMP.
    """
    question = question_about(situation)
    return question.ask(
        "dmp.list_consulted",
        lambda: question.reader.client.list_documents(question.identity, filters),
        lambda documents: {"results": len(documents)},
    )
