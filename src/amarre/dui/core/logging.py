"""Logs without personal data: identifiers of requests and rows, never names, numbers, tokens or addresses.

Code must not log such values in the first place; this formatter is the second belt. Messages of exceptions
are dropped from tracebacks, since a database error quotes the row it refused.
"""

from __future__ import annotations

import logging
import re
import traceback
from types import TracebackType

from amarre.dui.core import request_context

_REDACTIONS: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"\?[^\s\"']+"), "?[…]"),  # query strings
    (re.compile(r"(?i)\b(bearer|basic)\s+[\w\-.=+/]+"), r"\1 […]"),
    (re.compile(r"\beyJ[\w\-]+\.[\w\-]*\.?[\w\-]*"), "[jeton]"),  # JSON web tokens
    (re.compile(r"[\w.+\-]+@[\w\-]+\.[\w.\-]+"), "[adresse]"),
    # 8 digits and more, blanks and dots inside allowed: matricule, RPPS, SIRET, telephone.
    (re.compile(r"(?<![\w\-])\d(?:[ .]?\d){7,}(?![\w\-])"), "[numéro]"),
    (re.compile(r"(?<![\w\-])[12]\d{4}(?:2[AB])\d{6,8}(?![\w\-])"), "[numéro]"),  # born in Corsica
)

ExcInfo = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]


def redact(text: str) -> str:
    """Return `text` without query strings, tokens, mail addresses and long numbers, on one line per line."""
    for pattern, replacement in _REDACTIONS:
        text = pattern.sub(replacement, text)
    return text


class RedactingFormatter(logging.Formatter):
    """One line per event: date, level, logger, request identifier, redacted message."""

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s [%(request_id)s] %(message)s")

    def format(self, record: logging.LogRecord) -> str:
        """Return the redacted line; line breaks of values are escaped so that no line can be forged."""
        record.request_id = request_context.current().request_id or "-"
        message = redact(record.getMessage()).replace("\r", "\\r").replace("\n", "\\n")
        safe = logging.makeLogRecord({**record.__dict__, "msg": message, "args": None, "exc_text": None})
        return super().format(safe)

    def formatException(self, ei: ExcInfo) -> str:
        """Return the frames and the classes of the exceptions, without their messages."""
        lines: list[str] = []
        error: BaseException | None = ei[1]
        seen: set[int] = set()
        while error is not None and id(error) not in seen:
            seen.add(id(error))
            frames = traceback.extract_tb(error.__traceback__)
            lines += [f'  File "{f.filename}", line {f.lineno}, in {f.name}' for f in frames]
            code = getattr(type(error), "code", "")
            shown = f" {code}" if isinstance(code, str) and code else ""
            lines.append(f"{type(error).__module__}.{type(error).__qualname__}{shown}")
            error = error.__cause__ or error.__context__
        return "\n".join(lines)
