"""The one hardened XML parser, and a few constants every XML specification needs."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, cast

from lxml import etree

from amarre.interop.common.errors import AmarreError, Contact, Fault, Phase, Retry

XSI = "http://www.w3.org/2001/XMLSchema-instance"

MAX_BYTES = 20 * 1024 * 1024
MAX_DEPTH = 120
MAX_ELEMENTS = 200_000
MAX_ATTRIBUTES = 200
MAX_TAG_BYTES = 1_000_000
# Comments, processing instructions and CDATA sections; namespace declarations.
MAX_ASIDES = 10_000
MAX_NAMESPACES = 10_000
# What the tree of a message may weigh besides its text. libxml2 takes about this much (measured):
MAX_TREE_BYTES = 40_000_000
_ELEMENT_WEIGHT, _ATTRIBUTE_WEIGHT = 240, 200
_CHUNK = 65_536
# A tag and the text that follows it, when they are long; "<" never stands in an attribute (XML 1.0 §3.1).
_LONG_TAG = re.compile(rb"<[^<!?/][^<]{4096,}")
_CDATA = b"<![CDATA["
_ASIDE = re.compile(rb"<!--|<\?|<!\[CDATA\[")
_ASIDE_ENDS = {b"<!--": b"-->", b"<?": b"?>", _CDATA: b"]]>"}
_CUT = "la fin manque"
_DOCTYPE = "des définitions cachées (DOCTYPE)"
_TAG_NAME = re.compile(rb"<[^\s<>/=]+")
_ATTRIBUTE = re.compile(rb"\s+[^\s<>=\"']+\s*=\s*(?:\"[^<\"]*\"|'[^<']*')")
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
    """The bytes are not XML, or no longer: often a truncated answer. `defect` says which in French."""

    code = "XML-002"
    retry = Retry.LATER
    what = "La réponse reçue n'est pas lisible : {defect} (ligne {line})."
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
        raise XmlForbidden(construct=_DOCTYPE)
    _check_asides(data)
    _check_tags(data)
    _check_shape(data, max_elements)
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    if len(data) > 9_000_000:
        # A text node over 10 MB (a document in base64) needs huge_tree; size is already bounded above.
        parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=True)
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        raise _not_well_formed(data, error) from error
    if root.getroottree().docinfo.internalDTD is not None:
        raise XmlForbidden(construct=_DOCTYPE)
    return root


def _not_well_formed(data: bytes, error: etree.XMLSyntaxError) -> XmlNotWellFormed:
    """Tell bytes that stop too early from bytes that are wrong (the stubs ignore `code`)."""
    open_tag = vars(error).get("code") == etree.ErrorTypes.ERR_TAG_NOT_FINISHED
    cut = open_tag or not data.rstrip().endswith(b">")
    return XmlNotWellFormed(line=error.lineno or 0, defect=_CUT if cut else "les balises ne s'emboîtent pas")


def _check_encoding(data: bytes) -> None:
    """Accept only encodings in which ASCII is ASCII: nothing forbidden may hide in another one."""
    start = data.removeprefix(b"\xef\xbb\xbf").lstrip()[:200]
    if not start.startswith(b"<"):
        raise XmlNotWellFormed(line=1, defect="on n'y reconnaît aucun message")
    declared = re.match(rb"<\?xml[^>]*?encoding\s*=\s*[\"']([A-Za-z0-9._-]+)", start)
    if declared and declared[1].lower() not in ENCODINGS:
        raise XmlForbidden(construct="encodage inattendu")


def _check_tags(data: bytes) -> None:
    """Refuse a tag of too many attributes or bytes: libxml2 holds it whole before anyone can count."""
    for found in _LONG_TAG.finditer(data):
        name = _TAG_NAME.match(data, found.start())
        if name is None:
            continue
        position, count = name.end(), 0
        while (attribute := _ATTRIBUTE.match(data, position, found.end())) is not None:
            position, count = attribute.end(), count + 1
            if count > MAX_ATTRIBUTES:
                raise XmlForbidden(construct=f"plus de {MAX_ATTRIBUTES} attributs")
            if position - found.start() > MAX_TAG_BYTES:
                raise XmlForbidden(construct=f"une balise de plus de {MAX_TAG_BYTES // 1000} Ko")


def _check_asides(data: bytes) -> None:
    """Refuse too many comments, instructions and CDATA sections, one without end, a very long one."""
    position = count = 0
    while (found := _ASIDE.search(data, position)) is not None:
        end = data.find(_ASIDE_ENDS[found[0]], found.end())
        if end < 0:
            line = data.count(b"\n", 0, found.start()) + 1
            raise XmlNotWellFormed(line=line, defect=_CUT)
        if end - found.start() > MAX_TAG_BYTES and found[0] != _CDATA:
            raise XmlForbidden(construct=f"un commentaire de plus de {MAX_TAG_BYTES // 1000} Ko")
        position, count = end, count + 1
        if count > MAX_ASIDES:
            raise XmlForbidden(construct=f"plus de {MAX_ASIDES} commentaires, instructions ou sections")


@dataclass(slots=True)
class _Shape:
    """What has been met so far, and what its tree would weigh."""

    max_elements: int
    depth: int = 0
    elements: int = 0
    namespaces: int = 0
    weight: int = 0

    def start(self, element: etree._Element) -> None:
        """Count an element and its attributes. Raises XmlForbidden."""
        self.depth += 1
        self.elements += 1
        if self.depth > MAX_DEPTH:
            raise XmlForbidden(construct=f"plus de {MAX_DEPTH} niveaux")
        if self.elements > self.max_elements:
            raise XmlForbidden(construct=f"plus de {self.max_elements} éléments")
        attributes = len(element.attrib)
        if attributes > MAX_ATTRIBUTES:
            raise XmlForbidden(construct=f"plus de {MAX_ATTRIBUTES} attributs")
        self._weigh(_ELEMENT_WEIGHT + attributes * _ATTRIBUTE_WEIGHT)

    def end(self, element: etree._Element) -> None:
        """Forget an element and what comes before it."""
        self.depth -= 1
        element.clear()
        parent = element.getparent()
        while parent is not None and (before := element.getprevious()) is not None:
            parent.remove(before)

    def namespace(self) -> None:
        """Count a namespace declaration. Raises XmlForbidden."""
        self.namespaces += 1
        if self.namespaces > MAX_NAMESPACES:
            raise XmlForbidden(construct=f"plus de {MAX_NAMESPACES} espaces de noms")
        self._weigh(_ATTRIBUTE_WEIGHT)

    def _weigh(self, weight: int) -> None:
        self.weight += weight
        if self.weight > MAX_TREE_BYTES:
            raise XmlForbidden(construct="trop d'éléments et d'attributs en tout")


def _check_shape(data: bytes, max_elements: int) -> None:
    """Refuse abnormal depth, or counts whose tree would weigh too much, before a tree is built."""
    shape = _Shape(max_elements)
    parser = etree.XMLPullParser(
        events=("start", "end", "start-ns"),
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=True,
    )  # fmt: skip
    for start in range(0, len(data), _CHUNK):
        try:
            parser.feed(data[start : start + _CHUNK])
            # The stubs describe every event as an element's.
            events = cast("list[tuple[str, Any]]", list(parser.read_events()))
        except etree.XMLSyntaxError as error:
            # libxml2 stops at depth 2,048 of one block of bytes, before our count.
            if vars(error).get("code") == etree.ErrorTypes.ERR_RESOURCE_LIMIT:
                raise XmlForbidden(construct=f"plus de {MAX_DEPTH} niveaux") from error
            raise _not_well_formed(data, error) from error
        for action, element in events:
            if action == "start":
                shape.start(element)
            elif action == "end":
                shape.end(element)
            else:
                shape.namespace()


def serialize(root: etree._Element) -> bytes:
    """Return UTF-8 bytes with an XML declaration, in document order, without pretty printing."""
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8")


def default_namespace(uri: str, **prefixes: str) -> dict[str, str]:
    """Return a namespace map whose default namespace is `uri`, for the elements we write.

    lxml spells the default namespace None, which its type stubs do not know.
    """
    return cast("dict[str, str]", {None: uri, **prefixes})
