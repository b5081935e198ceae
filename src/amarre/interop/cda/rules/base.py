"""What a rule is, what it looks at, what it says."""

from __future__ import annotations

import base64
import binascii
import datetime
import functools
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from lxml import etree

from amarre.interop.cda.codes import INS_OIDS
from amarre.interop.cda.reading import select
from amarre.interop.cda.rules.places import french_place
from amarre.interop.ins.outgoing import QualifiedIdentity

_ROOT = "ClinicalDocument"
STRUCT_MIN = "CI-SIS, Structuration minimale des documents de santé, V1.16.8"


class Severity(StrEnum):
    """ERROR: the document must not leave. WARNING: to be looked at, the document may leave."""

    ERROR = "error"
    WARNING = "warning"


class Target(StrEnum):
    """What the document is meant for: any CI-SIS exchange, or the DMP with its narrower lists."""

    CISIS = "cisis"
    DMP = "dmp"


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckContext:
    """What the rules need to know beyond the document. An empty value skips the rules that use it.

    `accepted_ins_oids`: data of the connector profile (production: .8 and .9 only). `now`: aware UTC.
    `root_oid`: root of the establishment. `structure_id`: Struct_IdNat of the certificate. `page_texts`: text
    layer of each page of the body, extracted by the caller. `identity`: the qualified identity of the record.
    """

    target: Target = Target.CISIS
    now: datetime.datetime | None = None
    accepted_ins_oids: frozenset[str] = INS_OIDS
    root_oid: str = ""
    structure_id: str = ""
    max_body_bytes: int = 5_000_000
    page_texts: tuple[str, ...] | None = None
    identity: QualifiedIdentity | None = field(default=None, repr=False)


class Subject:
    """A parsed document and its context, with what several rules compute."""

    def __init__(self, root: etree._Element, context: CheckContext) -> None:
        self.root = root
        self.context = context

    @property
    def for_dmp(self) -> bool:
        """Tell whether the narrower lists of the DMP apply."""
        return self.context.target is Target.DMP

    def all(self, path: str) -> list[etree._Element]:
        """Return the elements at an XPath (prefix ``h`` for CDA) relative to the document."""
        return select(self.root, path)

    def first(self, path: str) -> etree._Element | None:
        """Return the first element at an XPath, or None."""
        return next(iter(self.all(path)), None)

    @functools.cached_property
    def body_text(self) -> etree._Element | None:
        """The ``nonXMLBody/text`` element, or None for a structured body."""
        return self.first("h:component/h:nonXMLBody/h:text")

    @functools.cached_property
    def body(self) -> bytes | None:
        """The decoded unstructured body; None when there is none or when it is not base64."""
        if self.body_text is None:
            return None
        try:
            return base64.b64decode("".join((self.body_text.text or "").split()), validate=True)
        except (binascii.Error, ValueError):
            return None

    def where(self, element: etree._Element) -> str:
        """Return a short path of an element (local names), for the reader of a finding."""
        names = [etree.QName(element).localname]
        names += [etree.QName(parent).localname for parent in element.iterancestors()]
        return "/".join(reversed(names))


@dataclass(frozen=True, slots=True)
class Hit:
    """One place where a rule is broken; `params` fill the sentence. Never an identity trait among them."""

    where: str
    params: Mapping[str, str | int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Finding:
    """A broken rule, in French, with its source: what (`message`), where (`place`), how to mend (`advice`).

    `where` is the path in the file, for who reads XML.
    """

    rule: str
    severity: Severity
    message: str
    advice: str
    place: str
    where: str
    source: str


@dataclass(frozen=True, slots=True)
class Rule:
    """One check: identifier, source (document, section), sentence and advice, and how to find breaches."""

    id: str
    source: str
    sentence: str
    advice: str
    severity: Severity
    find: Callable[[Subject], Iterable[Hit]] = field(repr=False)

    def apply(self, subject: Subject) -> Iterator[Finding]:
        """Yield one finding per breach."""
        for hit in self.find(subject):
            message = self.sentence.format(**hit.params)
            where = hit.where if hit.where.startswith(_ROOT) else f"{_ROOT}/{hit.where}"
            place = french_place(where, str(hit.params.get("section", "")))
            yield Finding(self.id, self.severity, message, self.advice, place, where, self.source)


def rule(
    id_: str,
    *,
    source: str,
    sentence: str,
    advice: str,
    severity: Severity = Severity.ERROR,
) -> Callable[[Callable[[Subject], Iterable[Hit]]], Rule]:
    """Make a `Rule` of the function that finds its breaches."""

    def wrap(find: Callable[[Subject], Iterable[Hit]]) -> Rule:
        return Rule(id_, source, sentence, advice, severity, find)

    return wrap
