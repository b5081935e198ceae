"""PDF/A-1b by Typst: fonts shipped with it, system fonts ignored, same content → same bytes.

PDF/A-1b is what a CDA level 1 body carries (CI-SIS, Structuration minimale, N1). In PDF/A-1 a character
without a glyph disappears silently, so texts with unusual characters are first compiled as PDF/A-2b, where it
is an error.
"""

from __future__ import annotations

import json
import re
import unicodedata
from dataclasses import asdict
from pathlib import Path
from typing import Any, Literal

import typst

from amarre.dui.documents.rendering.content import DocumentContent
from amarre.dui.documents.rendering.errors import TemplateBroken, UnprintableCharacter
from amarre.dui.web.typography import french

TEMPLATES = Path(__file__).parent / "templates"
# Latin letters, their accents, digits and the punctuation of French: the shipped font draws all of them.
_ALWAYS_DRAWN = re.compile("[\n\t -~\u00a0-\u017f\u2010-\u2015\u2018-\u201e\u2022\u2026\u202f\u20ac]*")


def render_pdf(content: DocumentContent, template: str = "document") -> bytes:
    """Return the PDF/A-1b of `content`. Raises UnprintableCharacter or TemplateBroken."""
    data = _typeset(asdict(content))
    date = content.date
    data["date_iso"] = {"year": date.year, "month": date.month, "day": date.day}
    payload = json.dumps(data, ensure_ascii=False, default=str, sort_keys=True)
    unusual = _first_unusual(data)
    if unusual:
        try:
            _compile(template, payload, "a-2b")
        except TemplateBroken:
            name = unicodedata.name(unusual, "sans nom").lower()
            raise UnprintableCharacter(character=unusual, name=name) from None
    return _compile(template, payload, "a-1b")


def _compile(template: str, payload: str, standard: Literal["a-1b", "a-2b"]) -> bytes:
    try:
        pdf, warnings = typst.compile_with_warnings(
            TEMPLATES / f"{template}.typ",
            root=TEMPLATES,
            sys_inputs={"d": payload},
            pdf_standards=[standard],
            ignore_system_fonts=True,
            format="pdf",
        )
    except (typst.TypstError, RuntimeError) as error:
        raise TemplateBroken(template=template) from error
    if any("unknown font family" in str(warning.message) for warning in warnings):
        raise TemplateBroken(template=template)
    return bytes(pdf)


def _typeset(content: dict[str, Any]) -> dict[str, Any]:
    """Apply French spacing to every text, except what must stay letter for letter (traits, identifiers)."""

    def walk(item: Any) -> Any:
        if isinstance(item, dict):
            return _typeset(item)
        if isinstance(item, list | tuple):
            return [walk(inner) for inner in item]
        return french(item) if isinstance(item, str) else item

    kept = ("traits", "reference", "identifier")
    return {name: inner if name in kept else walk(inner) for name, inner in content.items()}


def _first_unusual(value: object) -> str:
    if isinstance(value, dict):
        texts: list[object] = [inner for key, inner in value.items() if key != "datamatrix_svg"]
    elif isinstance(value, list):
        texts = value
    elif isinstance(value, str):
        end = _ALWAYS_DRAWN.match(value)
        return value[end.end()] if end and end.end() < len(value) else ""
    else:
        return ""
    return next((found for found in map(_first_unusual, texts) if found), "")
