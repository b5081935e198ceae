"""Class 2: documents that cost much more to read than to write.

Each is small enough to be sent and would take hundreds of megabytes, or minutes, from a careless reader.
Sources: "billion laughs" and quadratic blow-up (OWASP XML security), hash and namespace floods of libxml2's
fuzzers. Measured on lxml 6.1: 2,000,000 attributes on one element take 490 MB before anyone may count them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

SIZE = 19_000_000


@dataclass(frozen=True)
class Flood:
    """`inside` makes what stands in the root element, `before` what stands in front of it."""

    name: str
    inside: Callable[[], bytes] = lambda: b""
    before: Callable[[], bytes] = lambda: b""
    refused: bool = True

    def document(self, valid: bytes = b"<a>x</a>") -> bytes:
        """Return a valid document (without declaration) with the flood in it."""
        end = valid.index(b">") + 1
        return self.before() + valid[:end] + self.inside() + valid[end:]


def _attributes(count: int, value: str = "") -> bytes:
    return b" ".join(b'a%d="%b"' % (number, value.encode()) for number in range(count))


def _namespaces(count: int) -> bytes:
    return b" ".join(b'xmlns:n%d="urn:%d"' % (number, number) for number in range(count))


def _entities(each: int, levels: int) -> bytes:
    declared = [b"<!ENTITY e0 'ha'>"]
    for level in range(1, levels):
        declared.append(b"<!ENTITY e%d '%b'>" % (level, b"&e%d;" % (level - 1) * each))
    return b"<!DOCTYPE a [" + b"".join(declared) + b"]>"


def _long_entity() -> bytes:
    return b"<!DOCTYPE a [<!ENTITY e '" + b"x" * 100_000 + b"'>]>"


FLOODS: tuple[Flood, ...] = (
    # Expansion.
    Flood("billion laughs", lambda: b"&e9;", lambda: _entities(10, 10)),
    Flood("two entities, many levels", lambda: b"&e29;", lambda: _entities(2, 30)),
    Flood("quadratic", lambda: b"&e;" * 10_000, _long_entity),
    Flood("quadratic in an attribute", lambda: b'<b c="' + b"&e;" * 10_000 + b'"/>', _long_entity),
    Flood(
        "entity that holds itself",
        lambda: b"&e;",
        lambda: b"<!DOCTYPE a [<!ENTITY e '&f;'><!ENTITY f '&e;'>]>",
    ),
    Flood("parameter entities", before=lambda: b"<!DOCTYPE a [" + b"<!ENTITY % p 'x'>" * 100_000 + b"]>"),
    Flood("entities without end", lambda: b"&#x41;" * (SIZE // 6), refused=False),
    # Depth.
    Flood("121 levels", lambda: b"<b>" * 121 + b"</b>" * 121),
    Flood("3,000 levels", lambda: b"<b>" * 3_000 + b"</b>" * 3_000),
    Flood("5,000,000 levels, never closed", lambda: b"<b>" * 5_000_000),
    Flood("deep, named at length", lambda: (b"<" + b"b" * 3_000 + b">") * 5_000),
    # Elements.
    Flood("200,001 elements", lambda: b"<b/>" * 200_001),
    Flood("4,000,000 elements", lambda: b"<b/>" * 4_000_000),
    Flood("elements between words", lambda: b"<b/>x" * 190_000),
    Flood("elements of many names", lambda: b"".join(b"<b%d/>" % number for number in range(200_000))),
    Flood("elements with words", lambda: (b"<b>" + b"x" * 90 + b"</b>") * 190_000),
    # Attributes.
    Flood("201 attributes", lambda: b"<b " + _attributes(201) + b"/>"),
    Flood("1,500,000 attributes", lambda: b"<b " + _attributes(1_500_000) + b"/>"),
    Flood("attributes with '>' in them", lambda: b"<b " + _attributes(1_000_000, ">") + b"/>"),
    Flood("200 attributes, 10,000 times", lambda: (b"<b " + _attributes(199) + b"/>") * 10_000),
    Flood("25 attributes, 100,000 times", lambda: (b"<b " + _attributes(25, "x") + b"/>") * 100_000),
    Flood("the same attribute twice", lambda: b"<b " + b'c="" ' * 2_000_000 + b"/>"),
    Flood("an attribute of 19 MB", lambda: b'<b c="' + b"x" * SIZE + b'"/>'),
    Flood("an attribute never closed", lambda: b'<b c="' + b"x" * SIZE),
    # Namespaces.
    Flood("200,000 namespaces", lambda: b"<b " + _namespaces(200_000) + b"/>"),
    Flood("100 namespaces, 10,000 times", lambda: (b"<b " + _namespaces(100) + b"/>") * 10_000),
    # What is not an element.
    Flood("2,700,000 comments", lambda: b"<!---->" * 2_700_000),
    Flood("3,800,000 instructions", lambda: b"<?b?>" * 3_800_000),
    Flood("1,400,000 sections", lambda: b"<![CDATA[x]]>" * 1_400_000),
    Flood("a comment of 19 MB", lambda: b"<!--" + b"x" * SIZE + b"-->"),
    Flood("a name of 19 MB", lambda: b"<" + b"b" * SIZE + b"/>"),
    Flood("a text of 19 MB", lambda: b"x" * SIZE, refused=False),
    Flood("a comment never closed", lambda: b"<!--" + b"- " * (SIZE // 2)),
    Flood("a section never closed", lambda: b"<![CDATA[" + b"]]" * (SIZE // 2)),
    Flood("25 MB", lambda: b"x" * 25_000_000),
)
