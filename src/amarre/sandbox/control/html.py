"""A few lines to write HTML in which every text is escaped unless it is already HTML."""

from __future__ import annotations

import html

from amarre.interop.common.typography import french


class Html(str):
    """A piece of HTML that is safe to insert as it is."""

    __slots__ = ()


VOID = frozenset({"link", "meta", "input"})
# Elements whose text is data, shown letter for letter; the text of the others is French prose.
DATA = frozenset({"b", "code", "dd", "pre"})
Child = str | Html | None


def tag(name: str, /, *children: Child, **attributes: str | bool | None) -> Html:
    """Return one element. Attributes: `class_` → class, `_` → hyphen; True → bare, None or False → absent.

    Text takes the French spaces and apostrophes, but in the elements of DATA.
    """
    parts = [f"<{name}"]
    for key, value in attributes.items():
        if value is None or value is False:
            continue
        label = key.rstrip("_").replace("_", "-")
        parts.append(f" {label}" if value is True else f' {label}="{html.escape(str(value))}"')
    parts.append(">")
    if name not in VOID:
        parts.append(join(*children if name in DATA else map(_prose, children)))
        parts.append(f"</{name}>")
    return Html("".join(parts))


def _prose(child: Child) -> Child:
    return child if child is None or isinstance(child, Html) else french(child)


def join(*children: Child) -> Html:
    """Return the children one after the other, escaped unless they are Html."""
    present = [child for child in children if child is not None]
    return Html("".join(child if isinstance(child, Html) else html.escape(child) for child in present))
