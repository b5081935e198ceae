"""What the rules on a structured body look at: its model, its sections, what they are called."""

from __future__ import annotations

import functools
from typing import Final

from lxml import etree

from amarre.interop.cda.reading import select, text_of
from amarre.interop.cda.rules.base import Subject
from amarre.interop.cda.structured.models import DocumentModel, model_of
from amarre.interop.cda.structured.sections import SECTIONS, SectionTemplate
from amarre.interop.terminology import Code

CONTENT: Final = "CI-SIS, Modèles de contenus CDA"
BODY: Final = "h:component/h:structuredBody"
NARRATIVE: Final = "HL7 CDA R2, bloc narratif (section/text)"
BODY_PLACE: Final = "ClinicalDocument/component/structuredBody"


def announced_model(subject: Subject) -> DocumentModel | None:
    """Return the model the document announces, when it is one of ours and has a structured body."""
    if subject.first(BODY) is None:
        return None
    return model_of(frozenset(element.get("root", "") for element in subject.all("h:templateId")))


def all_sections(subject: Subject) -> list[etree._Element]:
    """Return every section, at any depth."""
    return subject.all(f"{BODY}//h:section")


def section_of(element: etree._Element) -> etree._Element | None:
    """Return the section an element stands in."""
    return next((item for item in element.iterancestors() if etree.QName(item).localname == "section"), None)


def title_of(section: etree._Element | None) -> str:
    """Return what a reader calls a section."""
    if section is None:
        return "sans titre"
    titles = [text_of(item) for item in select(section, "h:title")]
    titles += [item.get("displayName", "") for item in select(section, "h:code")]
    return next((title[:80] for title in titles if title), "sans titre")


def holds(element: etree._Element, template: str) -> bool:
    """Tell whether an element announces a templateId."""
    return any(item.get("root") == template for item in select(element, "h:templateId"))


def code_of(element: etree._Element) -> Code:
    """Return the coded value of an element, empty where it says nothing."""
    return Code(element.get("code", ""), element.get("displayName", ""), element.get("codeSystem", ""))


@functools.cache
def templates_by_mark() -> dict[str, tuple[SectionTemplate, ...]]:
    """Return the sections by the templateId a volet asks for (two sections may share one)."""
    marks = {template.mark for template in SECTIONS.values()}
    return {mark: tuple(item for item in SECTIONS.values() if item.mark == mark) for mark in marks}


def kinds_of(section: etree._Element) -> tuple[SectionTemplate, ...]:
    """Return the sections of our models that a section may be."""
    present = {item.get("root") for item in select(section, "h:templateId")}
    return tuple(item for mark, items in templates_by_mark().items() if mark in present for item in items)
