"""Reads what arrives: multipart parts by slicing, SOAP envelope, WS-Addressing, security header, body.

Written for the sandbox alone, from XOP 1.0, RFC 2387, SOAP 1.1 and 1.2, WS-Addressing 1.0.
"""

from __future__ import annotations

import base64
import re
from dataclasses import dataclass, field
from email.message import Message
from urllib.parse import unquote

from lxml import etree

from amarre.interop.common.xml import XmlError, parse_foreign
from amarre.sandbox.service import SandboxRequest
from amarre.sandbox.services.dmp.rules import Judge

SOAP12 = "http://www.w3.org/2003/05/soap-envelope"
SOAP11 = "http://schemas.xmlsoap.org/soap/envelope/"
WSA = "http://www.w3.org/2005/08/addressing"
ANONYMOUS = f"{WSA}/anonymous"
WSSE = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd"
XOP = "http://www.w3.org/2004/08/xop/include"
UUID_URN = re.compile(r"urn:uuid:[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")


@dataclass(frozen=True, slots=True)
class Envelope:
    """A readable request. `parts` holds the binary parts by Content-ID, without angle brackets."""

    soap: str
    action: str
    message_id: str
    security: etree._Element | None
    body: etree._Element | None
    parts: dict[str, bytes] = field(default_factory=dict)

    def included(self, element: etree._Element) -> bytes | None:
        """Return the bytes of an element: its xop:Include part, else its base64 text; None if unreadable."""
        include = element.find(f"{{{XOP}}}Include")
        if include is not None:
            return self.parts.get(unquote(include.get("href", "").removeprefix("cid:")))
        try:
            return base64.b64decode(element.text or "", validate=False) or None
        except ValueError:
            return None


def read(request: SandboxRequest, judge: Judge) -> Envelope | None:
    """Return the envelope of a request, None when it cannot be read (the judge says why)."""
    if not judge.check("http.post", request.method == "POST", received=request.method):
        return None
    content_type = request.headers.get("content-type", "")
    xml = request.body
    parts: dict[str, bytes] = {}
    if content_type.lower().startswith("multipart/"):
        found = _slice(content_type, request.body)
        if not judge.check("mtom.form", found is not None, received=content_type) or found is None:
            return None
        xml, parts = found
    try:
        root = parse_foreign(xml)
    except XmlError as error:
        judge.check("soap.envelope", False, error.code, received=error.explanation().what)
        return None
    namespace = etree.QName(root).namespace or ""
    known = etree.QName(root).localname == "Envelope" and namespace in {SOAP12, SOAP11}
    if not judge.check("soap.envelope", known, received=str(root.tag)):
        return None
    judge.check("soap.version", namespace == SOAP12, received=namespace)
    header = root.find(f"{{{namespace}}}Header")
    body = root.find(f"{{{namespace}}}Body")
    _check_addressing(header, judge)
    security = None if header is None else header.find(f"{{{WSSE}}}Security")
    includes = [item.get("href", "") for item in root.iter(f"{{{XOP}}}Include")]
    missing = [href for href in includes if unquote(href.removeprefix("cid:")) not in parts]
    judge.check("mtom.includes", not missing, received=" ; ".join(missing))
    return Envelope(
        soap=namespace,
        action=_text(header, "Action"),
        message_id=_text(header, "MessageID"),
        security=security,
        body=None if body is None else next((child for child in body if isinstance(child.tag, str)), None),
        parts=parts,
    )


def _check_addressing(header: etree._Element | None, judge: Judge) -> None:
    """MessageID, ReplyTo and Action hold a value; To is present and may be empty."""
    reply = None if header is None else header.find(f"{{{WSA}}}ReplyTo/{{{WSA}}}Address")
    absent = [name for name in ("MessageID", "Action") if not _text(header, name)]
    absent += ["To"] if header is None or header.find(f"{{{WSA}}}To") is None else []
    absent += ["ReplyTo"] if reply is None else []
    words = f"absents ou vides : {', '.join(absent)}" if absent else ""
    if judge.check("wsa.headers", not absent, received=words) and reply is not None:
        address = (reply.text or "").strip()
        judge.check("wsa.replyto", address == ANONYMOUS, received=address)


def _text(header: etree._Element | None, name: str) -> str:
    found = None if header is None else header.find(f"{{{WSA}}}{name}")
    return "" if found is None else (found.text or "").strip()


def _slice(content_type: str, body: bytes) -> tuple[bytes, dict[str, bytes]] | None:
    """Cut a multipart/related body on its boundary; return the root part and every part by Content-ID.

    None when the boundary, the closing delimiter or the root part is missing.
    """
    holder = Message()
    holder["content-type"] = content_type
    boundary = holder.get_boundary()
    if not boundary:
        return None
    delimiter = b"\r\n--" + boundary.encode("latin-1", "replace")
    pieces = (b"\r\n" + body).split(delimiter)
    if len(pieces) < 3 or not pieces[-1].startswith(b"--"):
        return None
    parts: dict[str, bytes] = {}
    first = ""
    for piece in pieces[1:-1]:
        head, separator, content = piece.partition(b"\r\n\r\n")
        if not separator:
            return None
        name = re.search(rb"(?im)^content-id:\s*<?([^>\r\n]+)>?", head)
        identifier = name[1].decode("latin-1").strip() if name else f"part{len(parts)}"
        first = first or identifier
        parts[identifier] = content
    start = str(holder.get_param("start") or "").strip("<>") or first
    if start not in parts:
        return None
    return parts.pop(start), parts
