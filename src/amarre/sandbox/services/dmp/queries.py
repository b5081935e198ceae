"""TD3.1: judges and answers stored queries (ITI-18): FindDocuments and GetDocuments.

Sources: IHE ITI TF-2 §3.18.4.1.2.3, SEL-MP-037 TD3.1 (spelling of the parameters, TD3.1b by uniqueId).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from lxml import etree

from amarre.sandbox.services.dmp.envelope import Envelope
from amarre.sandbox.services.dmp.metadata import CX_INS, RIM
from amarre.sandbox.services.dmp.registry import Entry, Registry
from amarre.sandbox.services.dmp.rules import Judge

QUERY = "urn:oasis:names:tc:ebxml-regrep:xsd:query:3.0"
PATIENT = "$XDSDocumentEntryPatientId"
STATUS = "$XDSDocumentEntryStatus"
UNIQUE = "$XDSDocumentEntryUniqueId"
UUID = "$XDSDocumentEntryEntryUUID"
TYPE = "$XDSDocumentEntryTypeCode"
SINGLE = re.compile(r"'([^']*)'")
LIST = re.compile(r"\(\s*'[^']*'(\s*,\s*'[^']*')*\s*\)")


class StoredQuery(StrEnum):
    """Stored queries the sandbox answers."""

    FIND_DOCUMENTS = "urn:uuid:14d4debf-8f97-4251-9a74-a90016b0af0d"
    GET_DOCUMENTS = "urn:uuid:5c4f972b-d56b-40ac-a5fc-c8ca9b40b9d4"


@dataclass(frozen=True, slots=True)
class Question:
    """One stored query, readable."""

    kind: StoredQuery
    return_type: str
    values: dict[str, list[str]]

    @property
    def patient(self) -> str:
        """The CX asked for, "" when the query names none."""
        return next(iter(self.values.get(PATIENT, [])), "")


def transaction_of(envelope: Envelope) -> str:
    """Return TD3.1b for GetDocuments by reference, TD3.1 for anything that gives metadata.

    Source: PDT-INF-526, "référence d'un document" against "recherche" (metadata).
    """
    known = _identifier(envelope) == StoredQuery.GET_DOCUMENTS
    return "TD3.1b" if known and _return_type(envelope.body) == "ObjectRef" else "TD3.1"


def read_question(envelope: Envelope, judge: Judge) -> Question | None:
    """Return the query, None when it cannot be read."""
    body = envelope.body
    known = body is not None and body.tag == f"{{{QUERY}}}AdhocQueryRequest"
    if not judge.check("query.body", known) or body is None:
        return None
    identifier = _identifier(envelope)
    if not judge.check("query.known", identifier in set(StoredQuery), identifier):
        return None
    kind = _return_type(body)
    judge.check("query.return", kind in {"LeafClass", "ObjectRef"})
    values, bad = _values(body)
    judge.check_all("query.values", bad)
    question = Question(StoredQuery(identifier), kind, values)
    judge.check_all("query.parameters", _missing(question))
    return question


def answer(question: Question, registry: Registry, patient: str) -> list[etree._Element]:
    """Return the ExtrinsicObjects found for `patient` (CX of the assertion)."""
    if question.kind is StoredQuery.GET_DOCUMENTS:
        named = [registry.by_unique_id(item) for item in question.values.get(UNIQUE, [])]
        named += [registry.by_uuid(item) for item in question.values.get(UUID, [])]
        found = [entry for entry in named if entry is not None]
    else:
        found = [entry for entry in registry.entries() if _matches(entry, question)]
    return [registry.object(entry) for entry in found if _person(entry.patient) == _person(patient)]


def _matches(entry: Entry, question: Question) -> bool:
    types = [item.partition("^")[0] for item in question.values.get(TYPE, [])]
    return entry.status in question.values.get(STATUS, []) and (not types or entry.type_code in types)


def _person(value: str) -> tuple[str, str] | None:
    found = CX_INS.fullmatch(value)
    return (found["id"], found["oid"]) if found else None


def _missing(question: Question) -> list[str]:
    if question.kind is StoredQuery.FIND_DOCUMENTS:
        return [name for name in (PATIENT, STATUS) if not question.values.get(name)]
    return [] if question.values.get(UNIQUE) or question.values.get(UUID) else [UNIQUE]


def _identifier(envelope: Envelope) -> str:
    found = None if envelope.body is None else envelope.body.find(f"{{{RIM}}}AdhocQuery")
    return "" if found is None else found.get("id", "")


def _return_type(body: etree._Element | None) -> str:
    option = None if body is None else body.find(f"{{{QUERY}}}ResponseOption")
    return "" if option is None else option.get("returnType", "")


def _values(body: etree._Element) -> tuple[dict[str, list[str]], list[str]]:
    """Return parameter → values, and the parameters that are not written as they must be.

    The patient is one quoted value without parentheses; every other parameter is a list in parentheses.
    """
    values: dict[str, list[str]] = {}
    bad = []
    for slot in body.findall(f"{{{RIM}}}AdhocQuery/{{{RIM}}}Slot"):
        name = slot.get("name", "")
        for value in slot.iter(f"{{{RIM}}}Value"):
            text = (value.text or "").strip()
            form = SINGLE if name == PATIENT else LIST
            if name in {PATIENT, STATUS, UNIQUE, UUID, TYPE} and not form.fullmatch(text):
                bad.append(name)
            values.setdefault(name, []).extend(SINGLE.findall(text))
    return values, bad
