"""A few lines to write HTML in which every text is escaped unless it is already HTML."""

from __future__ import annotations

import html


class Html(str):
    """A piece of HTML that is safe to insert as it is."""

    __slots__ = ()


VOID = frozenset({"link", "meta", "input", "br"})
Child = str | Html | None


def tag(name: str, /, *children: Child, **attributes: str | bool | None) -> Html:
    """Return one element. Attributes: `class_` → class, `_` → hyphen; True → bare, None or False → absent."""
    parts = [f"<{name}"]
    for key, value in attributes.items():
        if value is None or value is False:
            continue
        label = key.rstrip("_").replace("_", "-")
        parts.append(f" {label}" if value is True else f' {label}="{html.escape(str(value))}"')
    parts.append(">")
    if name not in VOID:
        parts.append(join(*children))
        parts.append(f"</{name}>")
    return Html("".join(parts))


def join(*children: Child) -> Html:
    """Return the children one after the other, escaped unless they are Html."""
    present = [child for child in children if child is not None]
    return Html("".join(child if isinstance(child, Html) else html.escape(child) for child in present))
