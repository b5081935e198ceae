"""Rules on the words of a structured body: what is coded is said, and what is said is only words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from lxml import etree

from amarre.interop.cda.codes import ALLOWED_NULL_FLAVORS, CDA_NS
from amarre.interop.cda.narrative import ATTRIBUTES, ELEMENTS, link_is_safe
from amarre.interop.cda.reading import select, text_of
from amarre.interop.cda.rules.base import STRUCT_MIN, Hit, Subject, rule
from amarre.interop.cda.rules.structured.reading import (
    BODY,
    BODY_PLACE,
    CONTENT,
    NARRATIVE,
    all_sections,
    announced_model,
    title_of,
)

# What must say in the narrative what it codes. The rank of a vaccination is said with its vaccine.
STATEMENTS = "h:act|h:observation|h:procedure|h:substanceAdministration|h:supply|h:encounter"
_RANK = "1.2.250.1.213.1.1.3.82"
# What groups others and says nothing itself: the concern (problem, allergy).
_CONCERNS = frozenset({"1.2.250.1.213.1.1.3.39", "1.2.250.1.213.1.1.3.40"})
# Where each element of the narrative may stand (StrucDoc).
_PARENTS = {
    "tr": ("thead", "tbody", "tfoot"),
    "td": ("tr",),
    "th": ("tr",),
    "thead": ("table",),
    "tbody": ("table",),
    "tfoot": ("table",),
    "item": ("list",),
}


@rule(
    "CDA-R85",
    source=f"{CONTENT} : text/reference et originalText/reference vers le texte de la section",
    sentence="Dans la rubrique « {section} », une donnée codée renvoie à un texte qui n'existe pas.",
    advice="Refaites le document : ce qui est codé doit aussi être lisible.",
)
def references_resolve(subject: Subject) -> Iterator[Hit]:
    """Every #reference is an ID of words that say something; in our models, of the section itself.

    Not detected by the official suite.
    """
    ours = announced_model(subject) is not None
    everywhere = {item.get("ID") for item in subject.all(f"{BODY}//h:section/h:text//*[@ID]")}
    for section in all_sections(subject):
        said = {item.get("ID") for item in select(section, "h:text//*[@ID]") if text_of(item) or len(item)}
        for element in select(section, "h:entry//h:reference[starts-with(@value, '#')]"):
            if element.get("value", "")[1:] not in (said if ours else everywhere):
                yield Hit(subject.where(element), {"section": title_of(section)})


@rule(
    "CDA-R86",
    source="XML 1.0, type ID : unique dans le document",
    sentence="Le repère de texte « {name} » figure plusieurs fois.",
    advice="Refaites le document.",
)
def anchors_are_unique(subject: Subject) -> Iterator[Hit]:
    """IDs of the narrative and of the media are unique."""
    found = Counter(element.get("ID", "") for element in subject.all(f"{BODY}//*[@ID]"))
    for name, count in found.items():
        if count > 1:
            yield Hit(BODY_PLACE, {"name": name[:40]})


@rule(
    "CDA-R87",
    source=f"{CONTENT} : chaque entrée renvoie au texte qui dit la même chose",
    sentence="Dans la rubrique « {section} », une donnée codée n'est pas dite dans le texte.",
    advice="Refaites le document : le lecteur doit voir tout ce qui est codé.",
)
def entries_are_said(subject: Subject) -> Iterator[Hit]:
    """Each entry points at words; in our models, each statement of it. Not detected by the official suite."""
    ours = announced_model(subject) is not None
    for section in all_sections(subject):
        for entry in select(section, "h:entry"):
            coded = select(entry, f"{STATEMENTS}|h:organizer")
            said = select(entry, ".//h:reference[starts-with(@value, '#')]")
            if (coded and not said) or (ours and not all(map(_is_said, _statements(entry)))):
                yield Hit(subject.where(entry), {"section": title_of(section)})


def _statements(entry: etree._Element) -> list[etree._Element]:
    """Return what an entry states, at any depth, but what only groups and what is said with its parent."""
    paths = "|".join(f".//{path}" for path in STATEMENTS.split("|"))
    silent = _CONCERNS | {_RANK}
    return [
        item
        for item in select(entry, paths)
        if not silent & {root.get("root") for root in select(item, "h:templateId")}
    ]


def _is_said(statement: etree._Element) -> bool:
    return bool(select(statement, "h:text/h:reference[starts-with(@value, '#')]"))


@rule(
    "CDA-R94",
    source=f"{NARRATIVE}, éléments et attributs permis",
    sentence="Le texte de la rubrique « {section} » contient une mise en forme interdite : {name}.",
    advice="Refaites le document : le texte ne contient que des paragraphes, listes, tableaux et liens.",
)
def narrative_vocabulary(subject: Subject) -> Iterator[Hit]:
    """Only the elements and attributes of the narrative block; no link that does anything but lead."""
    for section in all_sections(subject):
        for element in select(section, "h:text//*"):
            tag = etree.QName(element)
            names = [str(name) for name in element.attrib if str(name) not in ATTRIBUTES]
            if tag.namespace != CDA_NS or tag.localname not in ELEMENTS:
                names.insert(0, tag.localname)
            elif tag.localname == "linkHtml" and not link_is_safe(element.get("href", "")):
                names.append("lien actif")
            elif _misplaced(element):
                names.append(f"{tag.localname} hors de son tableau ou de sa liste")
            for name in names:
                yield Hit(subject.where(element), {"section": title_of(section), "name": name[:60]})


def _misplaced(element: etree._Element) -> bool:
    parent = element.getparent()
    allowed = _PARENTS.get(etree.QName(element).localname)
    return allowed is not None and (parent is None or etree.QName(parent).localname not in allowed)


@rule(
    "CDA-R95",
    source=f"{STRUCT_MIN}, nullFlavor ; {CONTENT}",
    sentence="Dans le contenu, « {name} » est noté comme absent avec une valeur non permise ({flavor}).",
    advice="Refaites le document.",
)
def body_null_flavors(subject: Subject) -> Iterator[Hit]:
    """nullFlavor of the body among the allowed ones."""
    for element in subject.all(f"{BODY}//*[@nullFlavor]"):
        flavor = element.get("nullFlavor", "")
        if flavor not in ALLOWED_NULL_FLAVORS:
            yield Hit(subject.where(element), {"name": etree.QName(element).localname, "flavor": flavor[:20]})


RULES = (references_resolve, anchors_are_unique, entries_are_said, narrative_vocabulary, body_null_flavors)
