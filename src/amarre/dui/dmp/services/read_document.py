"""Open one document of the DMP (TD3.1b with its metadata, then TD3.2)."""

from __future__ import annotations

from dataclasses import dataclass

from amarre.dui.access.scope import system_scope
from amarre.dui.dmp.reading.asking import Question, question_about
from amarre.dui.dmp.reading.control import ReadingSituation
from amarre.dui.dmp.reading.errors import DocumentNotThere
from amarre.dui.usagers.models import Identity
from amarre.interop.dmp import DmpDocument
from amarre.interop.xds import PatientId, RetrievedDocument


@dataclass(frozen=True, slots=True)
class ReadDocument:
    """The entry of the registry, and the bytes that agree with its hash, its size and its person."""

    document: DmpDocument
    content: RetrievedDocument


def read_document(situation: ReadingSituation, unique_id: str) -> ReadDocument:
    """Return the document of that number. Traced with it.

    Raises the access errors, what holds the reading back, DocumentNotThere, DmpDocumentAltered,
    DmpDocumentOfAnother (it is not opened), the transport errors and the refusals of the DMP.
    """
    question = question_about(situation)
    former = _former_numbers(situation.dossier.identity)
    return question.ask(
        "dmp.document_consulted",
        lambda: _read(question, unique_id, former),
        lambda _: {},
        document=unique_id,
    )


def _read(question: Question, unique_id: str, former: tuple[PatientId, ...]) -> ReadDocument:
    client, identity = question.reader.client, question.identity
    found = client.find_by_unique_id(identity, unique_id, metadata=True)
    if found is None or found.metadata is None:
        raise DocumentNotThere
    document = DmpDocument(found.metadata)
    return ReadDocument(document, client.retrieve(identity, document, former=former))


def _former_numbers(identity: Identity) -> tuple[PatientId, ...]:
    """Return the numbers the person had before: an old document bears one of them."""
    with system_scope("former INS of an identity whose dossier is in scope"):
        rows = list(identity.ins_history.all())
    return tuple(PatientId(f"{row.matricule}{row.cle}", row.ins_oid) for row in rows)
