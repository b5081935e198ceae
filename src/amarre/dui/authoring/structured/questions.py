"""Blocks made of fixed questions, answered by yes or no: autonomy, advance directives.

Content: {"day": day, "answers": {code: {"value": "yes" | "no", "remark": text}}, …}.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from amarre.dui.authoring.blocks import Block, Content
from amarre.dui.authoring.structured.fields import capital, choices_of
from amarre.dui.authoring.structured.kind import StructuredKind
from amarre.dui.authoring.structured.values import code_of, day_of, object_of, paragraphs_of, text_of
from amarre.interop.cda.structured import (
    Day,
    Directive,
    Entry,
    Panel,
    Section,
    SectionKind,
    Survey,
    SurveyAnswer,
)
from amarre.interop.cda.structured.observations import SURVEYS, plain_words
from amarre.interop.terminology import Code, ValueSetId, value_set

YES, NO, UNKNOWN = "yes", "no", "unknown"
DEPENDENCE = "Niveau de dépendance"
GIR_QUESTION = "Groupe iso-ressources (AGGIR)"


@dataclass(frozen=True, slots=True)
class QuestionGroup:
    """Questions under one heading: their codes, with the words of the screen."""

    title: str
    questions: tuple[Code, ...]


class QuestionsKind(StructuredKind):
    """`groups` are the questions; `remarks`: whether each answer takes a few words."""

    groups: ClassVar[tuple[QuestionGroup, ...]]
    remarks: ClassVar[bool] = True
    answers: ClassVar[tuple[tuple[str, str], ...]] = ((YES, "Oui"), (NO, "Non"))

    def problems(self, block: Block, content: Content) -> tuple[str, ...]:
        """Return what cannot be read."""
        written = text_of(content, "day")
        found = ("la date ne peut pas être lue.",) if written and day_of(content, "day") is None else ()
        return found + tuple(
            f"« {capital(plain_words(code))} » : cochez une réponse, ou effacez la remarque."
            for group in self.groups
            for code in group.questions
            for value, remark in (answer_of(content, code),)
            if remark and value is None
        )


def answer_of(content: Content, code: Code) -> tuple[bool | None, str]:
    """Return (yes or no, a few words) for a question; None when it is not answered."""
    found = object_of(object_of(content, "answers"), code.code)
    value = text_of(found, "value")
    return (value == YES if value in (YES, NO) else None), text_of(found, "remark")


class Autonomy(QuestionsKind):
    """What the person can do, what threatens them; the GIR when it is known.

    More content: {"gir": code of JDV_GIR, "note": text}.
    """

    name = "autonomie"
    section_kind = SectionKind.STATUT_FONCTIONNEL
    groups = tuple(QuestionGroup(survey.label, survey.questions) for survey in SURVEYS)
    girs = choices_of(ValueSetId.GIR)

    def section(self, block: Block, content: Content) -> Section | None:
        """Return the groups in which a question at least is answered, and the dependence."""
        day = day_of(content, "day")
        entries: list[Entry | Panel] = []
        for survey in SURVEYS:
            answers = tuple(
                (code, value, remark)
                for code in survey.questions
                for value, remark in (answer_of(content, code),)
                if value is not None
            )
            if answers:
                entries.append(survey.ask(answers, day))
        if gir := code_of(content, "gir", ValueSetId.GIR):
            entries.append(_dependence(gir, day))
        notes = paragraphs_of(content)
        if not entries and not notes:
            return None
        return Section(kind=self.kind_for(block), title=block.title, entries=tuple(entries), notes=notes)


def _dependence(gir: Code, day: Day | None) -> Survey:
    return Survey(label=DEPENDENCE, day=day, answers=(SurveyAnswer(label=GIR_QUESTION, value=gir),))


class Directives(QuestionsKind):
    """Whether the person wrote advance directives, where they are, and what they ask for.

    More content: {"written": "yes" | "no" | "unknown", "where": text, "note": text}.
    """

    name = "directives"
    section_kind = SectionKind.DIRECTIVES
    remarks = False
    answers = ((YES, "Accepte"), (NO, "Refuse"))
    written = ((YES, "Oui"), (NO, "Non"), (UNKNOWN, "On ne sait pas"))
    groups = (
        QuestionGroup(
            "Ce que la personne a écrit, si vous l'avez lu",
            tuple(
                value_set(ValueSetId.DIRECTIVE_KIND).get(code)
                for code in ("75779-9", "75787-2", "77352-3", "75789-8", "MED-295", "387713003", "MED-298")
            ),
        ),
    )

    def section(self, block: Block, content: Content) -> Section | None:
        """Return the directive, then each wish."""
        day = day_of(content, "day")
        written = text_of(content, "written")
        if written not in dict(self.written):
            return None
        known = None if written == UNKNOWN else written == YES
        entries = [Directive(present=known, day=day, where=text_of(content, "where"))]
        entries += [
            Directive(present=value, day=day, code=code)
            for group in self.groups
            for code in group.questions
            for value, _ in (answer_of(content, code),)
            if value is not None
        ]
        return Section(
            kind=self.kind_for(block),
            title=block.title,
            entries=tuple(entries),
            notes=paragraphs_of(content),
        )

    def problems(self, block: Block, content: Content) -> tuple[str, ...]:
        """Return what cannot be read, or lacks the first answer."""
        found = super().problems(block, content)
        said = any(map(bool, _said(content)))
        if said and text_of(content, "written") not in dict(self.written):
            found += ("dites d'abord si la personne a rédigé des directives anticipées.",)
        elif object_of(content, "answers") and text_of(content, "written") != YES:
            found += ("vous avez coché ce que la personne a écrit : répondez « Oui », ou décochez.",)
        return found


def _said(content: Mapping[str, Any]) -> tuple[object, ...]:
    return (
        text_of(content, "day"),
        text_of(content, "where"),
        text_of(content, "note"),
        object_of(content, "answers"),
    )
