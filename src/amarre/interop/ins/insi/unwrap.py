"""An answer of INSi found inside something else: a log, a multipart body, a JSON value, another charset.

For `explain` only, which reads files that people saved: the client never looks for an answer inside bytes.
"""

from __future__ import annotations

import html
import re
from dataclasses import dataclass

MAX_BYTES = 2_000_000

_SOAP = "http://www.w3.org/2003/05/soap-envelope"
_ENVELOPE = re.compile(r"<([A-Za-z_][\w.-]*:)?Envelope\b.*?</(?:[A-Za-z_][\w.-]*:)?Envelope\s*>", re.DOTALL)
# An envelope that begins and does not end: the answer was cut, which is told as such.
_OPENED = re.compile(r"<(?:[A-Za-z_][\w.-]*:)?Envelope\b")
_RESULT = re.compile(r"<([A-Za-z_][\w.-]*:)?RESULTAT\b.*?</(?:[A-Za-z_][\w.-]*:)?RESULTAT\s*>", re.DOTALL)
_FAULT = re.compile(r"<(?:([A-Za-z_][\w.-]*):)?Fault\b.*?</(?:[A-Za-z_][\w.-]*:)?Fault\s*>", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Unwrapped:
    """The bytes of one answer, and French remarks on what was around it."""

    data: bytes
    remarks: tuple[str, ...]


def unwrap(data: bytes) -> Unwrapped | None:
    """Return the answer found inside `data`, None when there is none, or nothing around it."""
    if len(data) > MAX_BYTES:
        return None
    text, remarks = _text(data)
    plain = _without_escapes(text)
    # Tags may look whole where the quotes of their attributes are still escaped.
    for written in (plain,) if '=\\"' in text else (text, plain):
        found = list(_ENVELOPE.finditer(written))
        if found:
            return _envelope(written, found, remarks, escaped=written is plain and plain != text)
        inner = None if _OPENED.search(written) else _alone(written)
        if inner is not None:
            remarks.append("L'enveloppe SOAP manque : seul le contenu de la réponse est dans le fichier.")
            return Unwrapped(inner.encode(), tuple(remarks))
    return None


def _text(data: bytes) -> tuple[str, list[str]]:
    """Decode what a person's software may have saved; a remark when it is not UTF-8."""
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        text = data.decode("utf-16", "replace")
        # The declaration still names the charset of the service.
        return text, ["Le fichier a été enregistré en UTF-16 : la réponse d'INSi est en UTF-8."]
    return data.decode("utf-8", "replace"), []


def _without_escapes(text: str) -> str:
    """Undo the escapes of HTML and of JSON strings."""
    plain = html.unescape(text)
    for escaped, meant in (('\\"', '"'), ("\\/", "/"), ("\\n", "\n"), ("\\r", ""), ("\\t", "\t")):
        plain = plain.replace(escaped, meant)
    return plain


def _envelope(
    text: str, found: list[re.Match[str]], remarks: list[str], *, escaped: bool
) -> Unwrapped | None:
    first = found[0]
    before = re.sub(r"<\?xml[^>]*\?>", "", text[: first.start()]).strip("\ufeff \t\r\n")
    after = text[first.end() :].strip()
    if escaped:
        remarks.append("La réponse était écrite dans un texte (JSON, HTML) : elle en a été extraite.")
    if len(found) > 1:
        remarks.append(f"Le fichier contient {len(found)} réponses : la première est expliquée.")
    elif (before or after) and not escaped:
        around = f"{len(before)} caractères avant, {len(after)} après"
        remarks.append(f"Le fichier contient autre chose que la réponse ({around}).")
    return Unwrapped(first.group(0).encode(), tuple(remarks)) if remarks else None


def _alone(text: str) -> str | None:
    """Return a result or a fault that has lost its envelope, in a new one."""
    match = _RESULT.search(text)
    prefix = ""
    if match is None:
        match = _FAULT.search(text)
        prefix = (match[1] or "") if match else ""
    if match is None:
        return None
    declared = f' xmlns:{prefix}="{_SOAP}"' if prefix else ""
    return (
        f'<amarre:Envelope xmlns:amarre="{_SOAP}"{declared}><amarre:Body>{match.group(0)}'
        "</amarre:Body></amarre:Envelope>"
    )
