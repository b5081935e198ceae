"""Answers taken from files instead of the service's, for authorisation tests and for nothing else.

The CNDA's test base cannot produce some answers of INSi: it gives files which the client must put in the
place of the server's answer. The replacement is made here, under everything that reads answers, so that the
software tested is the software used. It cannot exist where the environment is production: the constructor
refuses.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from lxml import etree

from amarre.interop.common.xml import XmlError, parse_foreign
from amarre.interop.transport.errors import InjectionForbidden, InjectionUnreadable
from amarre.interop.transport.http import (
    DEFAULT_DEADLINES,
    Deadlines,
    HttpRequest,
    HttpResponse,
    HttpTransport,
)

# An unknown environment is treated as production.
ALLOWED_ENVIRONMENTS = frozenset({"sandbox", "qualification"})
MAX_FILE_BYTES = 1_000_000


@dataclass(frozen=True, slots=True, repr=False)
class Injection:
    """One replacement: `body` answers the requests whose elements hold every text of `expected`.

    `expected` maps local names of elements to their text. `name` says where the answer comes from.
    """

    name: str
    expected: Mapping[str, str]
    body: bytes
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=lambda: {"content-type": "application/soap+xml"})

    def __repr__(self) -> str:
        """Show the name only."""
        return f"Injection({self.name})"

    def matches(self, texts: Mapping[str, str]) -> bool:
        """Tell whether a request, as local name → text, is one to answer."""
        return bool(self.expected) and all(texts.get(name) == text for name, text in self.expected.items())


class InjectingTransport:
    """A transport that answers some requests from `injections` and gives the others to `inner`.

    `injected` lists the names of the replacements made, in order. Raises InjectionForbidden when
    `environment` is not one of tests.
    """

    def __init__(self, inner: HttpTransport, injections: tuple[Injection, ...], *, environment: str) -> None:
        if environment not in ALLOWED_ENVIRONMENTS:
            raise InjectionForbidden()
        self._inner = inner
        self._injections = injections
        self.injected: list[str] = []

    def send(self, request: HttpRequest, deadlines: Deadlines = DEFAULT_DEADLINES) -> HttpResponse:
        """Answer from a file when one matches, else send. Raises TransportError."""
        texts = _texts(request.body)
        for injection in self._injections:
            if injection.matches(texts):
                self.injected.append(injection.name)
                return HttpResponse(injection.status, dict(injection.headers), injection.body)
        return self._inner.send(request, deadlines)


def read_injection(folder: Path, name: str) -> bytes:
    """Return the bytes of one file of prepared answers. Raises InjectionUnreadable."""
    path = folder / name
    try:
        if path.stat().st_size > MAX_FILE_BYTES:
            raise InjectionUnreadable(name=name)
        return path.read_bytes()
    except OSError as error:
        raise InjectionUnreadable(name=name) from error


def _texts(body: bytes) -> dict[str, str]:
    """Return local name → text of the leaves of a request, {} when it is not XML."""
    try:
        root = parse_foreign(body)
    except XmlError:
        return {}
    return {
        etree.QName(node).localname: (node.text or "").strip() for node in root.iter("{*}*") if not len(node)
    }
