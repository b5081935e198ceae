"""Small faults put into a document, for the tests of the rules."""

from __future__ import annotations

import base64
from collections.abc import Callable

from lxml import etree

from amarre.interop.cda.rules.order import possible_children
from amarre.interop.terminology import ValueSetId, value_set

V3 = "urn:hl7-org:v3"
NS = {"h": V3}
Mutation = Callable[[etree._Element], None]


def one(root: etree._Element, path: str) -> etree._Element:
    found = root.xpath(path, namespaces=NS)
    assert isinstance(found, list)
    assert found, path
    return found[0]


def remove(path: str) -> Mutation:
    def apply(root: etree._Element) -> None:
        element = one(root, path)
        parent = element.getparent()
        assert parent is not None
        parent.remove(element)

    return apply


def put(path: str, attribute: str, value: str) -> Mutation:
    def apply(root: etree._Element) -> None:
        one(root, path).set(attribute, value)

    return apply


def text(path: str, value: str) -> Mutation:
    def apply(root: etree._Element) -> None:
        one(root, path).text = value

    return apply


def insert(path: str, xml: str) -> Mutation:
    """Add a child to the element at `path` (``.`` for the document), where the schema wants it."""

    def apply(root: etree._Element) -> None:
        child = etree.fromstring(xml.replace("<", "<n:", 1).replace("/>", f' xmlns:n="{V3}"/>', 1))
        place(one(root, path), child)

    return apply


def place(parent: etree._Element, child: etree._Element) -> None:
    """Insert a child after those the schema puts before it."""
    known = possible_children(parent) or ()
    rank = known.index(etree.QName(child).localname) if etree.QName(child).localname in known else len(known)
    names = [etree.QName(item).localname for item in parent]
    last = max((i for i, name in enumerate(names) if name in known and known.index(name) <= rank), default=-1)
    parent.insert(last + 1, child)


def copy_of(path: str) -> Mutation:
    """Put a copy of an element after it; its anchors and what points at them are renamed alike."""

    def apply(root: etree._Element) -> None:
        element = one(root, path)
        copy = etree.fromstring(etree.tostring(element, with_tail=False))
        for item in copy.iter():
            for name, mark in (("ID", ""), ("value", "#"), ("referencedObject", "")):
                if item.get(name, "").startswith(mark or "_") or (name != "value" and item.get(name)):
                    item.set(name, f"{item.get(name)}x")
        element.addnext(copy)

    return apply


def swap(first: str, second: str) -> Mutation:
    """Put an element after a later brother of it."""

    def apply(root: etree._Element) -> None:
        one(root, second).addnext(one(root, first))

    return apply


def body(content: bytes) -> Mutation:
    return text("h:component/h:nonXMLBody/h:text", base64.b64encode(content).decode())


def code(path: str, which: ValueSetId, value: str) -> Mutation:
    concept = value_set(which).get(value)

    def apply(root: etree._Element) -> None:
        element = one(root, path)
        element.set("code", concept.code)
        element.set("displayName", concept.display)
        element.set("codeSystem", concept.system)

    return apply


def nothing(root: etree._Element) -> None:
    """Leave the document as it is: the context is at fault."""
