"""Small faults put into a document, for the tests of the rules."""

from __future__ import annotations

import base64
from collections.abc import Callable

from lxml import etree

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
    """Append a child to the element at `path` (``.`` for the document)."""

    def apply(root: etree._Element) -> None:
        one(root, path).append(
            etree.fromstring(xml.replace("<", "<n:", 1).replace("/>", f' xmlns:n="{V3}"/>', 1))
        )

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
