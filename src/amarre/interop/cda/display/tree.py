"""The display tree: plain values that a screen turns into its own markup, escaping every text."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TypeAlias

from amarre.interop.cda.decode import ReceivedDocument
from amarre.interop.terminology import Code


class Style(StrEnum):
    """The only styles kept from the sender; colours, sizes and positions are ours."""

    BOLD = "bold"
    ITALIC = "italic"
    UNDERLINE = "underline"
    STRUCK = "struck"
    SUPERSCRIPT = "superscript"
    SUBSCRIPT = "subscript"


class Remark(StrEnum):
    """What the reader must know about the display, as a French sentence."""

    ACTIVE = "Du code se trouvait dans le texte : il est montré comme du texte et n'a pas été exécuté."
    UNKNOWN = "Une mise en forme inconnue a été remplacée par le texte qu'elle contient."
    STYLE_SHEET = "Le document apporte sa propre présentation : elle n'est pas utilisée."
    TRUNCATED = "Le document est trop long pour être affiché en entier : la fin manque ici."
    TOO_DEEP = "Une partie du texte est trop imbriquée : elle est montrée sans mise en forme."
    MEDIA_MISSING = "Une image ou un fichier annoncé n'est pas dans le document."
    MEDIA_OUTSIDE = "Un fichier se trouve hors du document : il n'est pas ouvert."
    LINK_UNSAFE = "Un lien anormal est montré sans son adresse."
    HIDDEN_CHARACTERS = "Des caractères invisibles ont été retirés du texte."
    NO_TEXT = "Une rubrique n'a pas de texte : ses données codées ne sont pas affichées."


@dataclass(frozen=True, slots=True)
class Text:
    """A run of text."""

    text: str
    styles: frozenset[Style] = frozenset()


@dataclass(frozen=True, slots=True)
class LineBreak:
    """A new line inside a paragraph."""


@dataclass(frozen=True, slots=True)
class Link:
    """A link of the sender: shown as words and an address to read, never as something to press."""

    label: str
    target: str


@dataclass(frozen=True, slots=True)
class MediaMark:
    """The place where the sender shows one of `DisplayDocument.media`."""

    identifier: str


@dataclass(frozen=True, slots=True)
class FootnoteMark:
    """The call of a footnote of the section."""

    number: int


Inline: TypeAlias = Text | LineBreak | Link | MediaMark | FootnoteMark


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph; `caption` is the title the sender gave it, or empty."""

    inlines: tuple[Inline, ...]
    caption: str = ""


@dataclass(frozen=True, slots=True)
class ListBlock:
    """A list; each item holds blocks."""

    ordered: bool
    items: tuple[tuple[Block, ...], ...]
    caption: str = ""


@dataclass(frozen=True, slots=True)
class TableCell:
    """A cell; spans are at least 1 and bounded."""

    blocks: tuple[Block, ...]
    header: bool = False
    colspan: int = 1
    rowspan: int = 1


@dataclass(frozen=True, slots=True)
class Table:
    """A table: rows of cells in its head, body and foot."""

    head: tuple[tuple[TableCell, ...], ...]
    body: tuple[tuple[TableCell, ...], ...]
    foot: tuple[tuple[TableCell, ...], ...] = ()
    caption: str = ""


Block: TypeAlias = Paragraph | ListBlock | Table


@dataclass(frozen=True, slots=True)
class Footnote:
    """A footnote of a section, numbered from 1 in the document."""

    number: int
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class DisplaySection:
    """A section: title, words, notes, and the sections it holds."""

    title: str
    code: Code
    blocks: tuple[Block, ...] = field(repr=False)
    footnotes: tuple[Footnote, ...] = field(default=(), repr=False)
    sections: tuple[DisplaySection, ...] = ()


@dataclass(frozen=True, slots=True)
class Media:
    """A file inside the document, by reference: its bytes are read with `extract_media`. `size` in bytes."""

    identifier: str
    media_type: str
    size: int


@dataclass(frozen=True, slots=True)
class Attached:
    """The body of an unstructured document: its bytes are read with `extract_body`. `size` in bytes.

    `blocks`: its words when it is plain text.
    """

    media_type: str
    size: int
    blocks: tuple[Block, ...] = field(default=(), repr=False)


@dataclass(frozen=True, slots=True)
class DisplayDocument:
    """A received document ready to be shown: `sections` (structured) or `attached` (a file)."""

    header: ReceivedDocument
    sections: tuple[DisplaySection, ...]
    attached: Attached | None
    media: tuple[Media, ...]
    remarks: tuple[Remark, ...]
