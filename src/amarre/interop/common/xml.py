"""The one hardened XML parser, and a few constants every XML specification needs."""

from __future__ import annotations

import re
from typing import Any, cast

from lxml import etree

from amarre.interop.common.errors import AmarreError, Contact, Fault, Phase, Retry

XSI = "http://www.w3.org/2001/XMLSchema-instance"

MAX_BYTES = 30 * 1024 * 1024
MAX_DEPTH = 120
MAX_ELEMENTS = 200_000
MAX_ATTRIBUTES = 200
ENCODINGS = frozenset({b"utf-8", b"us-ascii", b"ascii", b"iso-8859-1", b"iso-8859-15", b"windows-1252"})


class XmlError(AmarreError):
    """Base of the XML refusals."""

    phase = Phase.READ
    fault = Fault.THEIRS
    retry = Retry.NEVER
    contact = Contact.SUPPORT
    data_state = "Rien n'a été enregistré à partir de ce message."


class XmlTooLarge(XmlError):
    """The message is larger than the limit given by the caller."""

    code = "XML-001"
    what = "Le message reçu est trop volumineux ({size} octets, {limit} au plus)."
    advice = "Ne relancez pas. Transmettez l'identifiant au support, qui verra avec le service concerné."


class XmlNotWellFormed(XmlError):
    """The bytes are not XML: often the HTML page of a proxy, or a truncated answer."""

    code = "XML-002"
    retry = Retry.LATER
    what = "La réponse reçue n'est pas lisible (ligne {line})."
    advice = "Amarre réessaiera. Si cela dure, un équipement du réseau modifie peut-être les réponses."


class XmlForbidden(XmlError):
    """The message uses a construct that attacks rely on (DTD, entity, abnormal depth or attribute count)."""

    code = "XML-003"
    what = "Le message reçu contient une construction interdite : {construct}."
    advice = "Ne relancez pas. Signalez l'identifiant au support : ce message peut être une attaque."


def parse_foreign(
    data: bytes, *, max_bytes: int = MAX_BYTES, max_elements: int = MAX_ELEMENTS
) -> etree._Element:
    """Parse bytes that came from outside and return the root element.

    External entities, network access and DTD loading are off; any DTD is refused. Raises XmlTooLarge,
    XmlNotWellFormed or XmlForbidden. Comments and processing instructions are kept (signatures need them).
    """
    if len(data) > max_bytes:
        raise XmlTooLarge(size=len(data), limit=max_bytes)
    _check_encoding(data)
    if b"<!DOCTYPE" in data or b"<!ENTITY" in data:
        raise XmlForbidden(construct="DOCTYPE")
    _check_shape(data, max_elements)
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    if len(data) > 9_000_000:
        # A text node over 10 MB (a document in base64) needs huge_tree; size is already bounded above.
        parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=True)
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        raise XmlNotWellFormed(line=error.lineno or 0) from error
    if root.getroottree().docinfo.internalDTD is not None:
        raise XmlForbidden(construct="DOCTYPE")
    return root


def _check_encoding(data: bytes) -> None:
    """Accept only encodings in which ASCII is ASCII: nothing forbidden may hide in another one."""
    start = data.removeprefix(b"\xef\xbb\xbf").lstrip()[:200]
    if not start.startswith(b"<"):
        raise XmlNotWellFormed(line=1)
    declared = re.match(rb"<\?xml[^>]*?encoding\s*=\s*[\"']([A-Za-z0-9._-]+)", start)
    if declared and declared[1].lower() not in ENCODINGS:
        raise XmlForbidden(construct="encodage inattendu")


def _check_shape(data: bytes, max_elements: int) -> None:
    """Refuse abnormal depth, element count or attribute count before a tree is built."""
    depth = count = 0
    parser = etree.XMLPullParser(
        events=("start", "end"), resolve_entities=False, no_network=True, load_dtd=False, huge_tree=True
    )
    for start in range(0, len(data), 65_536):
        try:
            parser.feed(data[start : start + 65_536])
            # The stubs also describe comments and namespaces, which are not asked for.
            events = cast("list[tuple[str, Any]]", list(parser.read_events()))
        except etree.XMLSyntaxError as error:
            raise XmlNotWellFormed(line=error.lineno or 0) from error
        for action, element in events:
            if action == "end":
                depth -= 1
                element.clear(keep_tail=False)
                continue
            depth += 1
            count += 1
            if depth > MAX_DEPTH:
                raise XmlForbidden(construct=f"plus de {MAX_DEPTH} niveaux")
            if count > max_elements:
                raise XmlForbidden(construct=f"plus de {max_elements} éléments")
            if len(element.attrib) > MAX_ATTRIBUTES:
                raise XmlForbidden(construct=f"plus de {MAX_ATTRIBUTES} attributs")


def serialize(root: etree._Element) -> bytes:
    """Return UTF-8 bytes with an XML declaration, in document order, without pretty printing."""
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8")


def default_namespace(uri: str, **prefixes: str) -> dict[str, str]:
    """Return a namespace map whose default namespace is `uri`, for the elements we write.

    lxml spells the default namespace None, which its type stubs do not know.
    """
    return cast("dict[str, str]", {None: uri, **prefixes})
