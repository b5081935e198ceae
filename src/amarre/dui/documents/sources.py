"""Where a document comes from: the context that made it says which page makes its next version."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from amarre.dui.documents.models import Document


@dataclass(frozen=True, slots=True)
class Source:
    """One kind of source: the words of the link, and the page of the source of a document."""

    action: str
    url: Callable[[Document], str]


_sources: dict[str, Source] = {}


def register(kind: str, source: Source) -> None:
    """Declare a kind of source; called from the `ready` of its application."""
    _sources[kind] = source


def link_to_source(document: Document) -> tuple[str, str]:
    """Return (address, words) of the page of the source, two empty texts when nobody declared it."""
    source = _sources.get(document.source_kind)
    return (source.url(document), source.action) if source else ("", "")
