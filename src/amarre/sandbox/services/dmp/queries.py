"""TD3.1: judges and answers stored queries (ITI-18): FindDocuments and GetDocuments.

Sources: IHE ITI TF-2 §3.18.4.1.2.3, SEL-MP-037 TD3.1 (spelling of the parameters, TD3.1b by uniqueId).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from lxml import etree

from amarre.sandbox.services.dmp import access, metadata
from amarre.sandbox.services.dmp.envelope import Envelope
from amarre.sandbox.services.dmp.metadata import CX_INS, RIM, RegistryObject
from amarre.sandbox.services.dmp.registry import Registry
from amarre.sandbox.services.dmp.rules import Judge
from amarre.sandbox.services.dmp.vihf import Vihf

QUERY = "urn:oasis:names:tc:ebxml-regrep:xsd:query:3.0"
PATIENT = "$XDSDocumentEntryPatientId"
STATUS = "$XDSDocumentEntryStatus"
UNIQUE = "$XDSDocumentEntryUniqueId"
UUID = "$XDSDocumentEntryEntryUUID"
TYPE = "$XDSDocumentEntryTypeCode"
# Filters by code: parameter → classification of the entry.
CODED = {
    TYPE: metadata.TYPE,
    "$XDSDocumentEntryClassCode": metadata.CLASS,
    "$XDSDocumentEntryPracticeSettingCode": metadata.PRACTICE,
    "$XDSDocumentEntryHealthcareFacilityTypeCode": metadata.FACILITY,
    "$XDSDocumentEntryFormatCode": metadata.FORMAT,
    "$XDSDocumentEntryConfidentialityCode": metadata.CONFIDENTIALITY,
    "$XDSDocumentEntryEventCodeList": metadata.EVENT,
}
# Filters by date: parameter without From or To → slot of the entry.
DATED = {
    "$XDSDocumentEntryCreationTime": "creationTime",
    "$XDSDocumentEntryServiceStartTime": "serviceStartTime",
    "$XDSDocumentEntryServiceStopTime": "serviceStopTime",
}
AUTHOR = "$XDSDocumentEntryAuthorPerson"
ALONE = {PATIENT, *(f"{name}{end}" for name in DATED for end in ("From", "To"))}
LISTS = {STATUS, UNIQUE, UUID, AUTHOR, *CODED}
# A quote inside a value is doubled.
SINGLE = re.compile(r"'((?:[^']|'')*)'")
LIST = re.compile(r"\(\s*'(?:[^']|'')*'(\s*,\s*'(?:[^']|'')*')*\s*\)")


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
    if not judge.check("query.body", known, received="" if body is None else str(body.tag)) or body is None:
        return None
    identifier = _identifier(envelope)
    if not judge.check("query.known", identifier in set(StoredQuery), identifier):
        return None
    kind = _return_type(body)
    judge.check("query.return", kind in {"LeafClass", "ObjectRef"}, received=kind)
    values, bad = _values(body)
    judge.check_all("query.values", bad)
    question = Question(StoredQuery(identifier), kind, values)
    judge.check_all("query.parameters", _missing(question))
    return question


def answer(question: Question, registry: Registry, vihf: Vihf) -> list[etree._Element]:
    """Return the ExtrinsicObjects found for the person of the assertion, that its caller may see."""
    if question.kind is StoredQuery.GET_DOCUMENTS:
        named = [registry.by_unique_id(item) for item in question.values.get(UNIQUE, [])]
        named += [registry.by_uuid(item) for item in question.values.get(UUID, [])]
        found = [entry for entry in named if entry is not None]
    else:
        wanted = question.values.get(STATUS, [])
        found = [entry for entry in registry.entries() if entry.status in wanted]
    person = _person(vihf.patient)
    mine = [e for e in found if _person(e.patient) == person and access.is_shown(e, vihf)]
    objects = [registry.object(entry) for entry in mine]
    return [item for item in objects if _matches(metadata.read_object(item), question)]


def _matches(item: RegistryObject, question: Question) -> bool:
    """Tell whether an entry meets every filter of the question."""
    for name, scheme in CODED.items():
        wanted = {value.partition("^")[0] for value in question.values.get(name, [])}
        if wanted and not wanted & {code.code for code in item.codes.get(scheme, ())}:
            return False
    for name, slot in DATED.items():
        value = item.slot(slot)
        low = next(iter(question.values.get(f"{name}From", [])), "")
        high = next(iter(question.values.get(f"{name}To", [])), "")
        if (low and value < low[: len(value)]) or (high and value >= high[: len(value)]):
            return False
    people = [text for author in item.authors for text in author.slots.get("authorPerson", ())]
    patterns = [_like(value) for value in question.values.get(AUTHOR, [])]
    return not patterns or any(pattern.fullmatch(text) for pattern in patterns for text in people)


def _like(value: str) -> re.Pattern[str]:
    """Return the pattern of a SQL LIKE: % is anything, _ is one character.

    Each part after a % is found where it first stands, for good: no pattern takes longer than its text.
    """
    first, *others = (re.escape(part).replace("_", ".") for part in value.split("%"))
    if not others:
        return re.compile(first, re.DOTALL)
    middle = "".join(f"(?>.*?{part})" for part in others[:-1])
    return re.compile(f"{first}{middle}.*{others[-1]}", re.DOTALL)


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

    The patient and the dates are one quoted value without parentheses; the others are lists in parentheses.
    """
    values: dict[str, list[str]] = {}
    bad = []
    for slot in body.findall(f"{{{RIM}}}AdhocQuery/{{{RIM}}}Slot"):
        name = slot.get("name", "")
        for value in slot.iter(f"{{{RIM}}}Value"):
            text = (value.text or "").strip()
            form = SINGLE if name in ALONE else LIST
            if name in ALONE | LISTS and not form.fullmatch(text):
                bad.append(name)
            values.setdefault(name, []).extend(item.replace("''", "'") for item in SINGLE.findall(text))
    return values, bad
