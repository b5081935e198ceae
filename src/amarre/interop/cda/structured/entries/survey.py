"""FR-Groupe-de-questionnaires-d-evaluation: what the person can do, in groups of answers.

Source: CI-SIS, Modèles de contenus CDA, entrées 1.2.250.1.213.1.1.3.95 (group) and .25 (answer).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from lxml import etree

from amarre.interop.cda.structured.entries.base import Panel
from amarre.interop.cda.structured.writing import (
    UNKNOWN,
    Cell,
    Day,
    EntryIds,
    Row,
    Value,
    add_coded,
    add_comment,
    add_day,
    add_entry_id,
    add_reference,
    add_templates,
    add_value,
    french_day,
    value_text,
)
from amarre.interop.cda.writing import add
from amarre.interop.terminology import Code

GROUP = ("2.16.840.1.113883.10.20.1.32", "1.3.6.1.4.1.19376.1.5.3.1.1.12.3.7", "1.2.250.1.213.1.1.3.95")
ANSWER = (
    "2.16.840.1.113883.10.20.1.31",
    "1.3.6.1.4.1.19376.1.5.3.1.1.12.3.6",
    "1.3.6.1.4.1.19376.1.5.3.1.4.13",
    "1.2.250.1.213.1.1.3.25",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class SurveyAnswer:
    """One question and its answer. `label` are the words of the question; `code` when there is one."""

    label: str
    value: Value | None
    code: Code | None = None
    comment: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Survey(Panel):
    """A group of answers given the same day. `label` names the group; `code` when there is one.

    Raises ValueError without an answer.
    """

    label: str
    answers: tuple[SurveyAnswer, ...]
    code: Code | None = None
    day: Day | None = None

    columns: ClassVar[tuple[str, ...]] = ("Date", "Observation", "Réponse", "Commentaire")

    def __post_init__(self) -> None:
        if not self.answers:
            raise ValueError("a group of answers holds at least one")

    @property
    def caption(self) -> str:
        """The name of the group."""
        return self.label

    def lines(self, ids: EntryIds) -> tuple[tuple[Cell, ...], ...]:
        """Return day, question, answer and comment of each answer."""
        return tuple(
            (
                Cell(french_day(self.day)),
                Cell(answer.label),
                Cell(value_text(answer.value)),
                Cell(answer.comment),
            )
            for answer in self.answers
        )

    def write_all(self, section: etree._Element, rows: Sequence[Row], ids: EntryIds) -> None:
        """Append the group and its answers."""
        entry = add(section, "entry", typeCode="COMP", contextConductionInd="true")
        group = add(entry, "organizer", classCode="CLUSTER", moodCode="EVN")
        add_templates(group, GROUP)
        add_entry_id(group, ids)
        add_coded(group, "code", self.code)
        add(group, "statusCode", code="completed")
        self._add_time(group, ids)
        for answer, row in zip(self.answers, rows, strict=True):
            self._write_answer(add(group, "component"), answer, row, ids)

    def _write_answer(self, component: etree._Element, answer: SurveyAnswer, row: Row, ids: EntryIds) -> None:
        node = add(component, "observation", classCode="OBS", moodCode="EVN", negationInd="false")
        add_templates(node, ANSWER)
        add_entry_id(node, ids)
        add_coded(node, "code", answer.code, reference=row.reference(1))
        add_reference(node, row.reference(1))
        add(node, "statusCode", code="completed")
        self._add_time(node, ids)
        add_value(node, answer.value)
        if answer.comment:
            add_comment(node, row.reference(3))

    def _add_time(self, node: etree._Element, ids: EntryIds) -> None:
        add_day(add(node, "effectiveTime"), "low", self.day, ids, absent=UNKNOWN)
