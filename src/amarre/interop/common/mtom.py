"""MTOM/XOP messages: multipart/related written by hand, read by slicing.

Sources: W3C XOP 1.0 (§3, §4), W3C MTOM (§3), RFC 2387 (multipart/related), RFC 2392 (cid URLs).
Reading slices the bytes on the boundary instead of running a mail parser: binary parts stay byte for byte,
and a part of 10 MB is never copied line by line.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from email.message import Message
from urllib.parse import quote, unquote

from lxml import etree

from amarre.interop.common.errors import AmarreError, Contact, Effect, Fault, Phase, Retry

XOP = "http://www.w3.org/2004/08/xop/include"
XOP_INCLUDE = f"{{{XOP}}}Include"

MAX_BYTES = 60 * 1024 * 1024
MAX_PARTS = 100
MAX_HEADER_BYTES = 8 * 1024
# What an answer in another format is, in French: by media type, then by family.
_FORMATS = {
    "application/json": "des données d'un autre programme (JSON)",
    "application/pdf": "un document PDF",
    "application/zip": "une archive",
    "text/plain": "du texte simple",
}
_FAMILIES = {"image": "une image", "text": "un texte", "multipart": "un message en plusieurs parties"}


class MtomError(AmarreError):
    """Base of what can be wrong with a multipart answer."""

    phase = Phase.READ
    fault = Fault.THEIRS
    retry = Retry.LATER
    # The request was received and something answered: its effect cannot be read from these bytes.
    effect = Effect.UNKNOWN
    contact = Contact.SUPPORT
    data_state = "Rien n'a été enregistré à partir de cette réponse."


class MtomHtmlPage(MtomError):
    """A web page came back instead of a message: a proxy, a firewall or a portal answered."""

    code = "MTM-001"
    contact = Contact.ADMINISTRATEUR
    what = "Un équipement du réseau a répondu par une page web à la place du service."
    advice = "Amarre réessaiera. Si cela dure, prévenez la personne qui gère votre réseau (proxy, pare-feu)."


class MtomWrongContentType(MtomError):
    """The media type announced is neither multipart/related nor SOAP."""

    code = "MTM-002"
    what = "Le service a répondu dans un format inattendu : {format}."
    advice = "Amarre réessaiera. Si cela dure, transmettez l'identifiant au support."


class MtomTruncated(MtomError):
    """The closing boundary is missing: the connection was cut before the end."""

    code = "MTM-003"
    what = "La réponse du service est arrivée incomplète."
    advice = "Amarre réessaiera après avoir vérifié ce que le service a enregistré."


class MtomTooLarge(MtomError):
    """More bytes, parts or header bytes than the limits."""

    code = "MTM-004"
    retry = Retry.NEVER
    what = "La réponse du service dépasse la taille permise ({size}, {limit} au plus)."
    advice = "Ne relancez pas. Transmettez l'identifiant au support."


class MtomMalformed(MtomError):
    """The structure is wrong: no boundary, no root part, a part without identifier, two with the same one."""

    code = "MTM-005"
    retry = Retry.NEVER
    what = "La réponse du service est mal construite : {defect}."
    advice = "Ne relancez pas. Transmettez l'identifiant au support, qui verra avec le service concerné."


class MtomMissingPart(MtomError):
    """The message refers to a part that did not travel with it."""

    code = "MTM-006"
    retry = Retry.NEVER
    what = "Un document annoncé par la réponse du service n'y figure pas : {defect}."
    advice = "Demandez à nouveau le document. Si cela se répète, transmettez l'identifiant au support."


@dataclass(frozen=True, slots=True)
class Part:
    """One MIME part. `content_id` is without angle brackets."""

    content_id: str
    content_type: str
    data: bytes


@dataclass(frozen=True, slots=True)
class MtomMessage:
    """A message read: the root part (the SOAP envelope) and the others by content identifier."""

    root: Part
    parts: Mapping[str, Part]

    def part_for(self, href: str) -> Part:
        """Return the part an ``xop:Include/@href`` points to. Raises MtomMissingPart."""
        if not href.startswith("cid:"):
            raise MtomMissingPart(defect="la réponse le dit ailleurs, où Amarre ne va pas le chercher")
        part = self.parts.get(unquote(href.removeprefix("cid:")))
        if part is None:
            raise MtomMissingPart(defect="aucune partie ne porte son identifiant")
        return part


def include(content_id: str) -> etree._Element:
    """Return the ``xop:Include`` element that stands for the bytes of a part."""
    element = etree.Element(XOP_INCLUDE, nsmap={"xop": XOP})
    element.set("href", "cid:" + quote(content_id, safe="@"))
    return element


def write_mtom(
    root: bytes, parts: Sequence[Part], *, action: str, boundary: str, root_id: str = "root@amarre.local"
) -> tuple[str, bytes]:
    """Return (Content-Type, body) of a MTOM request around the envelope bytes `root`.

    The boundary is chosen by the caller (unique, drawn from an IdSource). Raises ValueError when it occurs
    in a part, or is not a legal boundary (RFC 2046 §5.1.1).
    """
    if not re.fullmatch(r"[0-9A-Za-z'()+_,./:=?-]{1,70}", boundary):
        raise ValueError("illegal MIME boundary")
    delimiter = f"--{boundary}".encode()
    if any(delimiter in data for data in (root, *(part.data for part in parts))):
        raise ValueError("the MIME boundary occurs in the content")
    root_type = f'application/xop+xml; charset=UTF-8; type="application/soap+xml"; action="{action}"'
    chunks: list[bytes] = []
    for part in (Part(root_id, root_type, root), *parts):
        head = (
            f"Content-Type: {part.content_type}\r\nContent-Transfer-Encoding: binary\r\n"
            f"Content-ID: <{part.content_id}>\r\n\r\n"
        )
        chunks += [delimiter, b"\r\n", head.encode("ascii"), part.data, b"\r\n"]
    chunks += [delimiter, b"--\r\n"]
    content_type = (
        f'multipart/related; boundary="{boundary}"; type="application/xop+xml"; start="<{root_id}>"; '
        f'start-info="application/soap+xml"; action="{action}"'
    )
    return content_type, b"".join(chunks)


def read_message(content_type: str, body: bytes, *, max_bytes: int = MAX_BYTES) -> MtomMessage:
    """Read an answer, multipart/related or plain SOAP; a plain one has no part but its root.

    Raises MtomTooLarge, MtomHtmlPage, MtomWrongContentType, MtomTruncated or MtomMalformed.
    """
    if len(body) > max_bytes:
        raise MtomTooLarge(size=_kilobytes(len(body)), limit=_kilobytes(max_bytes))
    header = Message()
    header["Content-Type"] = content_type
    media_type = header.get_content_type()
    start = body[:1000].lstrip().lower()
    if media_type == "text/html" or start.startswith((b"<!doctype html", b"<html")):
        raise MtomHtmlPage()
    if media_type in ("application/soap+xml", "text/xml", "application/xml", "application/xop+xml"):
        return MtomMessage(Part("", content_type, body), {})
    if media_type != "multipart/related":
        # The value is the peer's: only its media type, bounded, is kept, for the support.
        said = media_type[:80] if content_type.strip() else ""
        raise MtomWrongContentType(format=_format_of(said), remote_text=said)
    boundary = header.get_boundary()
    if not boundary:
        raise MtomMalformed(defect="séparateur absent")
    parts = _slice(body, boundary.encode("latin-1", "replace"))
    return _with_root(parts, str(header.get_param("start") or ""))


def _format_of(media_type: str) -> str:
    """Return in French what a media type announces."""
    if not media_type:
        return "il n'est pas annoncé"
    return _FORMATS.get(media_type) or _FAMILIES.get(media_type.partition("/")[0], "un autre contenu")


def _kilobytes(size: int) -> str:
    """Return a size as people read it."""
    return f"{math.ceil(size / 1000)} Ko"


def _slice(body: bytes, boundary: bytes) -> list[Part]:
    """Cut a multipart body into its parts."""
    delimiter = b"--" + boundary
    if body.startswith(delimiter):
        position = len(delimiter)
    else:
        found = body.find(b"\r\n" + delimiter)
        if found < 0:
            raise MtomTruncated() if not body else MtomMalformed(defect="séparateur introuvable")
        position = found + 2 + len(delimiter)
    parts: list[Part] = []
    while not body.startswith(b"--", position):
        end = body.find(b"\r\n" + delimiter, position)
        if end < 0:
            raise MtomTruncated()
        if len(parts) >= MAX_PARTS:
            raise MtomTooLarge(size=f"plus de {MAX_PARTS} parties", limit=MAX_PARTS)
        parts.append(_part(body, position, end))
        position = end + 2 + len(delimiter)
    return parts


def _part(body: bytes, start: int, end: int) -> Part:
    """Read one part between two delimiters: headers, an empty line, bytes."""
    separator = body.find(b"\r\n\r\n", start, end)
    if separator < 0:
        raise MtomMalformed(defect="partie sans en-tête")
    if separator - start > MAX_HEADER_BYTES:
        raise MtomTooLarge(
            size=f"un en-tête de {_kilobytes(separator - start)}", limit=_kilobytes(MAX_HEADER_BYTES)
        )
    headers: dict[str, str] = {}
    text = body[start:separator].decode("latin-1")
    for line in re.sub(r"\r\n[ \t]+", " ", text).split("\r\n"):
        name, _, value = line.partition(":")
        headers[name.strip().lower()] = value.strip()
    encoding = headers.get("content-transfer-encoding", "binary").lower()
    if encoding not in ("binary", "8bit", "7bit"):
        raise MtomMalformed(defect="codage de transfert inattendu")
    content_id = headers.get("content-id", "").removeprefix("<").removesuffix(">")
    return Part(content_id, headers.get("content-type", ""), body[separator + 4 : end])


def _with_root(parts: list[Part], start: str) -> MtomMessage:
    """Find the root part (the one `start` names, else the first) and index the others."""
    if not parts:
        raise MtomMalformed(defect="aucune partie")
    by_id: dict[str, Part] = {}
    for part in parts:
        if part.content_id in by_id:
            raise MtomMalformed(defect="deux parties portent le même identifiant")
        by_id[part.content_id] = part
    root_id = start.removeprefix("<").removesuffix(">")
    root = by_id.get(root_id) if root_id else parts[0]
    if root is None:
        raise MtomMalformed(defect="partie principale absente")
    return MtomMessage(root, {key: part for key, part in by_id.items() if part is not root})
