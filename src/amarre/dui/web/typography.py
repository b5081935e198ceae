"""French typography of templates: the rules of the kit, applied to markup; tags and data stay as they are."""

from __future__ import annotations

import re

from amarre.interop.common.typography import NBSP, NNBSP, french

__all__ = ["NBSP", "NNBSP", "french", "french_markup"]

# What must stay as it is: template code, tags, and the elements whose content is data.
_KEPT = re.compile(
    r"(\{%.*?%\}|\{\{.*?\}\}|\{#.*?#\}|<!--.*?-->"
    r"|<(?P<name>textarea|pre|code|script|style)\b.*?</(?P=name)>|<(?:\{%.*?%\}|\{\{.*?\}\}|[^>])*?>)",
    re.DOTALL | re.IGNORECASE,
)


def french_markup(source: str) -> str:
    """Apply `french` to the text of `source` (HTML or a Django template), leaving tags and data alone."""
    parts: list[str] = []
    start = 0
    for match in _KEPT.finditer(source):
        parts += [french(source[start : match.start()]), match[0]]
        start = match.end()
    parts.append(french(source[start:]))
    return "".join(parts)
