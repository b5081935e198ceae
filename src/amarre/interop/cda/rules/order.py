"""Rules on the order and the names of the elements: the part of the CDA schema that our documents use.

The full schema is not shipped; the official suite applies it (`make conformance`). Elements of other
namespaces (SDTC, pharmacy, laboratory) are left to it.
"""

from __future__ import annotations

import csv
import functools
import importlib.resources
from collections.abc import Iterator

from lxml import etree

from amarre.interop.cda.codes import CDA_NS
from amarre.interop.cda.rules.base import Hit, Subject, rule

SCHEMA = "HL7 CDA R2, schéma POCD_MT000040"


@functools.cache
def _children() -> dict[str, tuple[str, ...]]:
    """Return the children of each element of the table, in order."""
    table = importlib.resources.files(__package__ or "amarre.interop.cda.rules") / "order.tsv"
    lines = [line for line in table.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
    rows = csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)
    return {row["element"]: tuple(row["children"].split()) for row in rows}


def possible_children(element: etree._Element) -> tuple[str, ...] | None:
    """Return the children an element may have, None when the table does not tell."""
    parent = element.getparent()
    name = etree.QName(element).localname
    above = "" if parent is None else etree.QName(parent).localname
    table = _children()
    return table.get(f"{above}/{name}") or table.get(name)


def _named(subject: Subject) -> Iterator[tuple[etree._Element, tuple[str, ...], list[etree._Element]]]:
    """Yield each element of the table with its possible children and its CDA children."""
    for element in subject.root.iter(f"{{{CDA_NS}}}*"):
        known = possible_children(element)
        if known is not None:
            yield element, known, [child for child in element if _is_cda(child)]


def _is_cda(element: etree._Element) -> bool:
    return isinstance(element.tag, str) and etree.QName(element).namespace == CDA_NS


@rule(
    "CDA-R20",
    source=SCHEMA,
    sentence="L'élément « {name} » n'est pas à sa place.",
    advice="Refaites le document : l'ordre des éléments est imposé.",
)
def element_order(subject: Subject) -> Iterator[Hit]:
    """Children in the order of the schema."""
    for element, known, children in _named(subject):
        last = -1
        for child in children:
            name = etree.QName(child).localname
            place = known.index(name) if name in known else last
            if place < last:
                yield Hit(subject.where(element), {"name": name})
                break
            last = place


@rule(
    "CDA-R21",
    source=SCHEMA,
    sentence="L'élément « {name} » n'existe pas à cet endroit.",
    advice="Refaites le document : le destinataire ne saurait pas le lire.",
)
def element_names(subject: Subject) -> Iterator[Hit]:
    """Children known of the schema."""
    for element, known, children in _named(subject):
        for child in children:
            if (name := etree.QName(child).localname) not in known:
                yield Hit(subject.where(element), {"name": name[:60]})


RULES = (element_order, element_names)
