"""A structured body (N3): sections, each with its words and its entries, as frozen values."""

from __future__ import annotations

from dataclasses import dataclass, replace

from amarre.interop.cda.errors import SectionsMissing
from amarre.interop.cda.structured.entries import Absence, Entry, Panel
from amarre.interop.cda.structured.models import DocumentModel
from amarre.interop.cda.structured.sections import SECTIONS, SectionKind, SectionTemplate
from amarre.interop.terminology import ValueSetId, value_set

NOTHING = "Aucune information."

# The code that says nobody knows, by value set: the only one a program may add by itself.
_NO_INFORMATION = {
    ValueSetId.ABSENT_ALLERGY: "no-allergy-info",
    ValueSetId.ABSENT_PROBLEM: "no-problem-info",
    ValueSetId.ABSENT_DEVICE: "no-device-info",
    ValueSetId.ABSENT_MEDICATION: "no-medication-info",
    ValueSetId.ABSENT_PROCEDURE: "no-procedure-info",
    ValueSetId.ABSENT_IMMUNIZATION: "no-immunization-info",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """One section. `notes` are paragraphs in the professional's words, before the table of the entries.

    Raises ValueError for "nothing known" beside something known, or said of something else.
    """

    kind: SectionKind
    entries: tuple[Entry | Panel, ...] = ()
    notes: tuple[str, ...] = ()
    sections: tuple[Section, ...] = ()
    title: str = ""

    def __post_init__(self) -> None:
        absences = [entry for entry in self.entries if isinstance(entry, Absence)]
        if not absences:
            return
        if len(absences) != len(self.entries):
            raise ValueError("a section does not say at once that nothing is known and what is known")
        if any(entry.value_set is not self.template.absence for entry in absences):
            raise ValueError("this absence is said of something else than the section")

    @property
    def template(self) -> SectionTemplate:
        """The row of the table that describes the section."""
        return SECTIONS[self.kind]


@dataclass(frozen=True, slots=True, kw_only=True)
class StructuredBody:
    """The body of an N3 document of one of our models, its sections in the order they are read."""

    model: DocumentModel
    sections: tuple[Section, ...]


def nothing_known(kind: SectionKind) -> Section:
    """Return a section that says nobody has information: coded when a value set exists, else in words.

    Never "none known": only a professional who looked can say so. Raises SectionsMissing for a section in
    which something must be said.
    """
    template = SECTIONS[kind]
    if not template.may_be_silent:
        raise SectionsMissing(names=f"« {template.title} »")
    if template.parts:
        return Section(kind=kind, sections=tuple(nothing_known(part) for part in template.parts))
    if template.absence is None:
        return Section(kind=kind, notes=(NOTHING,))
    code = value_set(template.absence).get(_NO_INFORMATION[template.absence])
    return Section(kind=kind, entries=(Absence(code),))


def complete(model: DocumentModel, sections: tuple[Section, ...]) -> StructuredBody:
    """Return the body with every mandatory section, in the order of the model.

    A mandatory section that was not given says that there is no information. A section that holds parts
    (VSM) takes them from `sections` too. Raises SectionsMissing when something must be said that was not,
    ValueError for a section the model does not have.
    """
    given = {section.kind: section for section in sections}
    silent = [SECTIONS[kind] for kind in model.sections if kind in model.mandatory and kind not in given]
    if names := ", ".join(f"« {template.title} »" for template in silent if not template.may_be_silent):
        raise SectionsMissing(names=names)
    used: set[SectionKind] = set()

    def take(kind: SectionKind) -> Section:
        used.add(kind)
        template = SECTIONS[kind]
        if kind not in given and not template.parts:
            return nothing_known(kind)
        section = given.get(kind, Section(kind=kind))
        if template.parts and not section.sections:
            parts = template.parts + tuple(part for part in template.further_parts if part in given)
            return replace(section, sections=tuple(take(part) for part in parts))
        return section

    wanted = [take(kind) for kind in model.sections if kind in model.mandatory or kind in given]
    if unknown := given.keys() - used:
        raise ValueError(f"{model.name} has no section {', '.join(sorted(unknown))}")
    return StructuredBody(model=model, sections=tuple(wanted))
