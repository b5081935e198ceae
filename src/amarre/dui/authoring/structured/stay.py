"""What happened during a stay (letter after a stay of care, LDL-SES).

Content: {"summary": text, "entry": code, "exit": code, "events": text, "searched": "yes" | "no",
"found": text, "transfusion": "yes" | "no", "blood": "yes" | "no"}.
"""

from __future__ import annotations

from amarre.dui.authoring.blocks import Block, Content
from amarre.dui.authoring.structured.fields import choices_of
from amarre.dui.authoring.structured.kind import StructuredKind
from amarre.dui.authoring.structured.questions import NO, YES
from amarre.dui.authoring.structured.values import code_of, text_of
from amarre.interop.cda.structured import Observation, Section, SectionKind
from amarre.interop.cda.structured import observations as obs
from amarre.interop.terminology import ValueSetId

_BESIDES = ("entry", "exit", "events", "searched", "found", "transfusion", "blood")
YES_NO = ((YES, "Oui"), (NO, "Non"))


class Stay(StructuredKind):
    """The summary of the stay, and what the model asks besides."""

    name = "sejour"
    section_kind = SectionKind.SYNTHESE_SEJOUR
    entry_modes = choices_of(ValueSetId.ENTRY_MODE)
    exit_modes = choices_of(ValueSetId.EXIT_MODE)

    def section(self, block: Block, content: Content) -> Section | None:
        """Return one observation per answer; nothing without a summary."""
        summary = text_of(content, "summary")
        if not summary:
            return None
        entries = [obs.SUMMARY.answer(" ".join(summary.split()))]
        if code := code_of(content, "entry", ValueSetId.ENTRY_MODE):
            entries.append(obs.ENTRY_MODE.answer(code))
        if code := code_of(content, "exit", ValueSetId.EXIT_MODE):
            entries.append(obs.EXIT_MODE.answer(code))
        entries += _words(content, "events", obs.ADVERSE_EVENTS)
        entries += _answers(content, "searched", obs.RESISTANT_SEARCH)
        entries += _words(content, "found", obs.RESISTANT_FOUND)
        entries += _answers(content, "transfusion", obs.TRANSFUSION)
        entries += _answers(content, "blood", obs.BLOOD_PRODUCTS)
        return Section(kind=self.kind_for(block), title=block.title, entries=tuple(entries))

    def problems(self, block: Block, content: Content) -> tuple[str, ...]:
        """Return what is missing: what is asked besides says nothing without the summary."""
        if not text_of(content, "summary") and any(text_of(content, name) for name in _BESIDES):
            return ("écrivez ce qui s'est passé pendant le séjour.",)
        return ()


def _words(content: Content, name: str, question: obs.Question) -> list[Observation]:
    written = text_of(content, name)
    return [question.answer(" ".join(written.split()))] if written else []


def _answers(content: Content, name: str, question: obs.Question) -> list[Observation]:
    written = text_of(content, name)
    return [question.answer(written == YES)] if written in (YES, NO) else []
