"""What was exchanged, made readable: parts apart, XML indented, long base64 counted instead of shown.

For eyes only: nothing here judges, and the bytes themselves may always be downloaded.
"""

from __future__ import annotations

import re
from email.message import Message

from lxml import etree

from amarre.interop.common.xml import XmlError, parse_foreign

SHOWN_LETTERS = 40_000
# Letters without a space from which a text is a file in base64, not words.
LONG_TEXT = 400
MAX_PARTS = 20


def readable(content_type: str, data: bytes) -> list[tuple[str, str]]:
    """Return the name and the text of each part of a message; nothing for no byte."""
    if not data:
        return []
    holder = Message()
    holder["content-type"] = content_type
    boundary = holder.get_boundary()
    if not boundary:
        return [("Contenu", _text(data))]
    pieces = (b"\r\n" + data).split(b"\r\n--" + boundary.encode("latin-1", "replace"))
    found = []
    for number, piece in enumerate(pieces[1 : MAX_PARTS + 1], start=1):
        head, separator, content = piece.partition(b"\r\n\r\n")
        if separator:
            name = "Message" if number == 1 else f"Partie {number}"
            text = f"{head.strip().decode('latin-1')}\n\n{_text(content)}"
            found.append((name, text))
    return found or [("Contenu", _text(data))]


def _text(data: bytes) -> str:
    try:
        root = parse_foreign(data)
    except XmlError:
        text = data[: SHOWN_LETTERS * 2].decode("utf-8", "backslashreplace")
    else:
        for element in root.iter("{*}*"):
            if element.text and len(element.text) > LONG_TEXT and _is_base64(element.text):
                element.text = f"… {len(element.text)} caractères en base64 …"
        etree.indent(root, "  ")
        text = etree.tostring(root, encoding="unicode")
    if len(text) <= SHOWN_LETTERS:
        return text
    return f"{text[:SHOWN_LETTERS]}\n… {len(text) - SHOWN_LETTERS} caractères de plus"


def _is_base64(text: str) -> bool:
    return re.fullmatch(r"[A-Za-z0-9+/=\s]+", text) is not None
