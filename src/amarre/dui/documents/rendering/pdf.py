"""PDF/A-1a by Typst: fonts shipped with it, system fonts ignored, same content → same bytes.

PDF/A-1 is what a CDA level 1 body carries (CI-SIS, Structuration minimale, N1); level a adds the structure
tags that a screen reader follows. In PDF/A-1 a character without a glyph disappears silently: `words` refuses
it first.
"""

from __future__ import annotations

import functools
import json
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, replace
from pathlib import Path
from typing import Literal

import typst

from amarre.dui.documents.rendering.content import DocumentContent, Picture
from amarre.dui.documents.rendering.errors import DocumentTooLong, TemplateBroken
from amarre.dui.documents.rendering.fonts import shipped_fonts
from amarre.dui.documents.rendering.words import laid_out

TEMPLATES = Path(__file__).parent / "templates"
STANDARD: Literal["a-1a"] = "a-1a"
# One element may not have more children in PDF 1.4 (8,191); seen before minutes are spent on it.
MOST_LINES = 8_000
# What the compiler says beyond a limit of PDF 1.4: too many lines in one part, a line too long.
_LIMITS = ("is longer than", "larger than the allowed limit")


def render_pdf(content: DocumentContent, template: str = "document") -> bytes:
    """Return the PDF/A-1a of `content`. Raises UnprintableCharacter, DocumentTooLong, TemplateBroken."""
    logo = content.issuer.logo
    data = laid_out(asdict(replace(content, issuer=replace(content.issuer, logo=None))))
    data["logo"] = f"logo.{logo.format}" if logo else ""
    date = content.date
    data["date_iso"] = {"year": date.year, "month": date.month, "day": date.day}
    if _lines(data["sections"]) > MOST_LINES:
        raise DocumentTooLong
    payload = json.dumps(data, ensure_ascii=False, default=str, sort_keys=True)
    return _compile(template, payload, logo)


def _lines(value: object) -> int:
    """Count what becomes an element of its own: paragraphs, rows, cells."""
    if isinstance(value, dict):
        return sum(_lines(inner) for inner in value.values())
    return sum(_lines(inner) for inner in value) if isinstance(value, list) else 1


def _compile(template: str, payload: str, logo: Picture | None) -> bytes:
    source = _source(template)
    with _root(logo) as root:
        try:
            # The stubs ask that the source and the root have one type: bytes and a folder do not.
            made, warnings = typst.compile_with_warnings(  # type: ignore[call-overload]
                source,
                root=root,
                sys_inputs={"d": payload},
                pdf_standards=[STANDARD],
                font_paths=shipped_fonts(),
                format="pdf",
            )
        except (typst.TypstError, RuntimeError) as error:
            if any(words in str(error) for words in _LIMITS):
                raise DocumentTooLong from error
            raise TemplateBroken(template=template) from error
        except BaseException as error:
            # A panic of the compiler is no Exception: it would end the worker instead of the request.
            if type(error).__name__ != "PanicException":
                raise
            raise DocumentTooLong from error
    if any("unknown font family" in str(warning.message) for warning in warnings):
        raise TemplateBroken(template=template)
    return bytes(made)


@functools.cache
def _source(template: str) -> bytes:
    try:
        return (TEMPLATES / f"{template}.typ").read_bytes()
    except OSError as error:
        raise TemplateBroken(template=template) from error


@contextmanager
def _root(logo: Picture | None) -> Iterator[Path]:
    """Yield the only folder the template may read: empty, or holding the logo."""
    with tempfile.TemporaryDirectory(prefix="amarre-document-") as folder:
        root = Path(folder)
        if logo is not None:
            (root / f"logo.{logo.format}").write_bytes(logo.data)
        yield root
