"""From the blocks of a template to the body and the header of its structured document."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping

from amarre.dui.authoring.blocks import Content, kind_of
from amarre.dui.authoring.catalogue import Level, Template
from amarre.dui.documents.clinical_document import StructuredContent
from amarre.interop.cda.structured import LDL_SES, SECTIONS, Absence, Section, SectionKind
from amarre.interop.cda.structured import observations as obs
from amarre.interop.terminology import ValueSetId, value_set

# A document is filed once validated: its letter says that it is done (JDV_StatutDoc).
DONE = "398166005"


def structured_content(template: Template, contents: Mapping[str, Content]) -> StructuredContent | None:
    """Return what the structured document holds, None for a template that is an N1.

    Two blocks may fill one section: their words and entries follow one another. Raises ValueError for a
    template whose blocks fill sections its model does not have (a test of the catalogue forbids it).
    """
    if template.level is not Level.N3 or template.model is None:
        return None
    said = [(block, contents.get(block.key, {})) for block in template.blocks]
    sections: dict[SectionKind, list[Section]] = {}
    for block, content in said:
        section = kind_of(block).cda_section(block, content)
        if section is not None:
            # A block bears the same title on paper and in the document.
            titled = dataclasses.replace(section, title=section.title or block.title)
            sections.setdefault(section.kind, []).append(titled)
    if template.model is LDL_SES:
        status = value_set(ValueSetId.DOCUMENT_STATUS).get(DONE)
        sections[SectionKind.STATUT_DOCUMENT] = [
            Section(kind=SectionKind.STATUT_DOCUMENT, entries=(obs.DOCUMENT_STATUS.answer(status),))
        ]
    return StructuredContent(
        model=template.model,
        sections=tuple(_joined(found) for found in sections.values()),
        participants=tuple(p for block, content in said for p in kind_of(block).participants(block, content)),
        informants=tuple(p for block, content in said for p in kind_of(block).informants(block, content)),
    )


def _joined(found: list[Section]) -> Section:
    """Return one section for those of several blocks: each under its own title, in words."""
    if len(found) == 1:
        return found[0]
    notes = tuple(note for section in found for note in _under_title(section))
    entries = tuple(entry for section in found for entry in section.entries)
    known = tuple(entry for entry in entries if not isinstance(entry, Absence))
    return dataclasses.replace(
        found[0], title=SECTIONS[found[0].kind].title, notes=notes, entries=known or entries[:1]
    )


def _under_title(section: Section) -> tuple[str, ...]:
    first, *others = section.notes or ("",)
    return (f"{section.title} : {first}", *others) if section.notes else ()
