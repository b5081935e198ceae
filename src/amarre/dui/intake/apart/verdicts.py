"""What reading a file may conclude: a refusal, or notes a person must read. Keys only, the words are ours."""

from __future__ import annotations

from enum import StrEnum


class Reason(StrEnum):
    """Why a file is refused."""

    UNKNOWN_FORMAT = "unknown_format"
    HEIC = "heic"
    TIFF = "tiff"
    EMPTY = "empty"
    BROKEN = "broken"
    ENCRYPTED = "encrypted"
    POLYGLOT = "polyglot"
    LAUNCH = "launch"
    DYNAMIC_FORM = "dynamic_form"
    PORTFOLIO = "portfolio"
    TOO_MANY_PAGES = "too_many_pages"
    TOO_COMPLEX = "too_complex"
    TOO_MANY_PIXELS = "too_many_pixels"
    TOO_HEAVY = "too_heavy"
    NOT_CONVERTIBLE = "not_convertible"
    OFFICE_BROKEN = "office_broken"
    OFFICE_BOMB = "office_bomb"
    OFFICE_MACROS = "office_macros"
    OFFICE_ENCRYPTED = "office_encrypted"
    OLD_OFFICE = "old_office"
    OTHER_OFFICE = "other_office"


class Note(StrEnum):
    """What was taken away or changed, to be said to whom imports and to whom validates."""

    SCRIPTS = "scripts"
    ACTIONS = "actions"
    LINKS = "links"
    FORM = "form"
    ATTACHMENTS = "attachments"
    MULTIMEDIA = "multimedia"
    LAYERS = "layers"
    SIGNED = "signed"
    RESTRICTED = "restricted"
    REPAIRED = "repaired"
    DRAWN = "drawn"
    BLANK = "blank"
    LIGHTENED = "lightened"
    OFFICE = "office"
    EXTERNAL = "external"
    OBJECTS = "objects"


class TextState(StrEnum):
    """Whether the words of the document can be selected and searched."""

    WHOLE = "whole"
    PARTIAL = "partial"
    NONE = "none"


class Refused(Exception):
    """The file is refused, for `reason`."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason.value)
        self.reason = reason
