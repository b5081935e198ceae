"""SOAP envelopes, WS-Addressing and faults as values.

Sources: W3C SOAP 1.2 Part 1 (envelope §5, fault §5.4), W3C SOAP 1.1 (fault §4.4), W3C WS-Addressing 1.0 SOAP
binding. SOAP 1.2 is what we send; both are read, because some national services answer 1.1. Elements are
looked up by {namespace}localname, never by prefix or position: prefixes vary between servers and change
over time.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from lxml import etree

from amarre.interop.common.errors import (
    AmarreError,
    Contact,
    Effect,
    Fault,
    Phase,
    Retry,
)
from amarre.interop.common.xml import MAX_ELEMENTS, parse_foreign

SOAP12 = "http://www.w3.org/2003/05/soap-envelope"
SOAP11 = "http://schemas.xmlsoap.org/soap/envelope/"
WSA = "http://www.w3.org/2005/08/addressing"
WSA_ANONYMOUS = "http://www.w3.org/2005/08/addressing/anonymous"
WSSE = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd"

_XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"


class SoapError(AmarreError):
    """Base of what can be wrong with an answer that should have been a SOAP envelope."""

    phase = Phase.READ
    fault = Fault.THEIRS
    retry = Retry.LATER
    # The request was received and answered: whether it had an effect cannot be read from this answer.
    effect = Effect.UNKNOWN
    contact = Contact.SUPPORT
    data_state = "Rien n'a été enregistré à partir de cette réponse."


class HtmlInsteadOfSoap(SoapError):
    """A web page came back: a proxy, a firewall or a portal answered instead of the service."""

    code = "SOAP-001"
    what = "Une page web a été reçue à la place de la réponse du service."
    advice = (
        "Amarre réessaiera. Si cela dure, un équipement du réseau (proxy, pare-feu, portail) répond à la"
        " place du service : prévenez la personne qui gère votre réseau."
    )
    contact = Contact.ADMINISTRATEUR


class NotAnEnvelope(SoapError):
    """Well-formed XML which is not a SOAP envelope."""

    code = "SOAP-002"
    retry = Retry.NEVER
    what = "Ce qui a répondu n'est pas le service attendu."
    advice = (
        "L'administrateur vérifie l'adresse du service dans les réglages. Si elle est bonne, transmettez"
        " l'identifiant au support."
    )


class EmptyAnswer(SoapError):
    """No byte in the answer, or an envelope whose body holds nothing."""

    code = "SOAP-003"
    what = "La réponse du service est vide."
    advice = "Amarre réessaiera. Si cela dure, transmettez l'identifiant au support."


@dataclass(frozen=True, slots=True)
class Addressing:
    """WS-Addressing properties of a message. An empty string or None means the property is absent.

    `to` may be present and empty (the DMP accepts it): None leaves the element out, "" writes it empty.
    """

    action: str
    message_id: str
    to: str | None = None
    reply_to: str | None = None
    relates_to: str | None = None


@dataclass(frozen=True, slots=True)
class SoapEnvelope:
    """An envelope received: its parts as lxml elements, `payload` being the first element of the body."""

    version: str
    root: etree._Element
    headers: tuple[etree._Element, ...]
    payload: etree._Element
    addressing: Addressing

    def header(self, name: str) -> etree._Element | None:
        """Return the first header block with this Clark name ({namespace}localname), or None."""
        return next((block for block in self.headers if block.tag == name), None)


@dataclass(frozen=True, slots=True)
class SoapFault:
    """A fault received, SOAP 1.1 or 1.2, reduced to the same shape.

    `code` and `subcodes` are local names (``Sender``, ``siram_100``): their prefix means nothing to us.
    SOAP 1.1 ``Client``/``Server`` are read as ``Sender``/``Receiver``. `detail` is the detail element or
    None.
    """

    code: str
    subcodes: tuple[str, ...]
    reason: str
    language: str
    detail: etree._Element | None

    @property
    def subcode(self) -> str:
        """The first subcode, "" when there is none."""
        return self.subcodes[0] if self.subcodes else ""


def build_envelope(
    payload: etree._Element | None,
    *,
    addressing: Addressing | None = None,
    headers: Sequence[etree._Element] = (),
    namespaces: Mapping[str, str] | None = None,
    must_understand: bool = False,
) -> etree._Element:
    """Return a SOAP 1.2 envelope element around `payload` (moved, not copied).

    `headers` come first, in the given order, then the addressing blocks. `namespaces` (prefix → URI) are
    declared on the envelope. `must_understand` marks Action and ReplyTo, as IHE ITI TF-2 Appendix V asks.
    """
    nsmap: dict[str, str] = {"soap": SOAP12}
    if addressing is not None:
        nsmap["wsa"] = WSA
    nsmap.update(namespaces or {})
    envelope = etree.Element(f"{{{SOAP12}}}Envelope", nsmap=nsmap)
    header = etree.SubElement(envelope, f"{{{SOAP12}}}Header")
    header.extend(headers)
    if addressing is not None:
        _append_addressing(header, addressing, must_understand)
    body = etree.SubElement(envelope, f"{{{SOAP12}}}Body")
    if payload is not None:
        body.append(payload)
    return envelope


def _append_addressing(header: etree._Element, addressing: Addressing, must_understand: bool) -> None:
    """Append the WS-Addressing blocks to a header element."""
    mark = {f"{{{SOAP12}}}mustUnderstand": "true"} if must_understand else {}
    etree.SubElement(header, f"{{{WSA}}}Action", attrib=mark).text = addressing.action
    etree.SubElement(header, f"{{{WSA}}}MessageID").text = addressing.message_id
    if addressing.relates_to is not None:
        etree.SubElement(header, f"{{{WSA}}}RelatesTo").text = addressing.relates_to
    if addressing.to is not None:
        etree.SubElement(header, f"{{{WSA}}}To").text = addressing.to
    if addressing.reply_to is not None:
        reply_to = etree.SubElement(header, f"{{{WSA}}}ReplyTo", attrib=mark)
        etree.SubElement(reply_to, f"{{{WSA}}}Address").text = addressing.reply_to


def content_type(action: str) -> str:
    """Return the Content-Type of a SOAP 1.2 request without attachments."""
    return f'application/soap+xml; charset=utf-8; action="{action}"'


def read_envelope(data: bytes, *, max_elements: int = MAX_ELEMENTS) -> SoapEnvelope:
    """Parse the bytes of an answer and return its envelope; `max_elements` bounds a service's known answers.

    Raises EmptyAnswer, HtmlInsteadOfSoap, NotAnEnvelope, or an XmlError of the hardened parser.
    """
    start = data.removeprefix(b"\xef\xbb\xbf").lstrip()[:2000].lower()
    if not start:
        raise EmptyAnswer()
    if start.startswith((b"<!doctype html", b"<html")) or b"<html" in start:
        raise HtmlInsteadOfSoap()
    return envelope_of(parse_foreign(data, max_elements=max_elements))


def envelope_of(root: etree._Element) -> SoapEnvelope:
    """Return the envelope whose root element is `root`. Raises NotAnEnvelope or EmptyAnswer."""
    name = etree.QName(root)
    version = name.namespace
    if name.localname != "Envelope" or version not in (SOAP12, SOAP11):
        raise NotAnEnvelope()
    body = root.find(f"{{{version}}}Body")
    if body is None:
        raise NotAnEnvelope()
    payload = next(body.iterchildren("*"), None)
    if payload is None:
        raise EmptyAnswer()
    header = root.find(f"{{{version}}}Header")
    blocks = () if header is None else tuple(header.iterchildren("*"))
    return SoapEnvelope(version, root, blocks, payload, _read_addressing(blocks))


def _read_addressing(blocks: Sequence[etree._Element]) -> Addressing:
    """Return the WS-Addressing properties found among header blocks, "" or None when absent."""
    found = {etree.QName(block).localname: block for block in blocks if etree.QName(block).namespace == WSA}
    reply_to = found.get("ReplyTo")
    address = None if reply_to is None else reply_to.find(f"{{{WSA}}}Address")
    return Addressing(
        action=text_of(found.get("Action")) or "",
        message_id=text_of(found.get("MessageID")) or "",
        to=text_of(found.get("To")),
        reply_to=text_of(address),
        relates_to=text_of(found.get("RelatesTo")),
    )


def text_of(element: etree._Element | None) -> str | None:
    """Return the text of an element (its descendants' included), trimmed, or None when it is absent."""
    return None if element is None else "".join(str(part) for part in element.itertext()).strip()


def fault_of(envelope: SoapEnvelope) -> SoapFault | None:
    """Return the fault an envelope carries, or None when its payload is not a fault."""
    payload = envelope.payload
    if payload.tag == f"{{{SOAP12}}}Fault":
        return _fault12(payload)
    if payload.tag == f"{{{SOAP11}}}Fault":
        return _fault11(payload)
    return None


def _local(qualified: str | None) -> str:
    """Return the local part of a QName written in text ("soap:Sender" → "Sender")."""
    return (qualified or "").strip().rpartition(":")[2]


def _fault12(fault: etree._Element) -> SoapFault:
    """Read a SOAP 1.2 fault."""
    s = f"{{{SOAP12}}}"
    subcodes: list[str] = []
    node = fault.find(f"{s}Code/{s}Subcode")
    while node is not None:
        subcodes.append(_local(text_of(node.find(f"{s}Value"))))
        node = node.find(f"{s}Subcode")
    texts = fault.findall(f"{s}Reason/{s}Text")
    # Several languages may be given: French first, since a person will read it.
    texts.sort(key=lambda text: not (text.get(_XML_LANG) or "").lower().startswith("fr"))
    return SoapFault(
        code=_local(text_of(fault.find(f"{s}Code/{s}Value"))),
        subcodes=tuple(value for value in subcodes if value),
        reason=(text_of(texts[0]) or "") if texts else "",
        language=(texts[0].get(_XML_LANG) or "") if texts else "",
        detail=fault.find(f"{s}Detail"),
    )


def _fault11(fault: etree._Element) -> SoapFault:
    """Read a SOAP 1.1 fault: children without namespace, dotted codes (``Client.siram_40``)."""
    first, *rest = _local(text_of(fault.find("faultcode"))).split(".")
    return SoapFault(
        code={"Client": "Sender", "Server": "Receiver"}.get(first, first),
        subcodes=tuple(value for value in rest if value),
        reason=text_of(fault.find("faultstring")) or "",
        language="",
        detail=fault.find("detail"),
    )
