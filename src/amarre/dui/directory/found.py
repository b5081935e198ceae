"""What a search gives: plain values, the same from the directory and from our own copies."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from amarre.dui.directory.models import DirectoryEntry
from amarre.interop.annuaire import Mailbox, MailboxKind, Place, Professional
from amarre.interop.ins.traits import fold

MAILBOX_WORDS = {
    MailboxKind.PERSONAL: "boîte personnelle",
    MailboxKind.ORGANISATIONAL: "boîte du service",
    MailboxKind.APPLICATIVE: "boîte d’un logiciel",
    MailboxKind.CABINET: "boîte du cabinet",
    MailboxKind.OTHER: "",
}


@dataclass(frozen=True, slots=True)
class FoundMailbox:
    """One MSSanté address. `label` says whose it is, "" when the directory does not."""

    address: str
    kind: str
    label: str


@dataclass(frozen=True, slots=True)
class FoundEntry:
    """A correspondent. `identifier` is "" when the directory gives none: it cannot be chosen."""

    kind: str
    identifier: str
    name: str
    profession: str
    structure: str
    commune: str
    mailboxes: tuple[FoundMailbox, ...]
    fetched_at: datetime.datetime

    @property
    def can_be_chosen(self) -> bool:
        """True when a message may be addressed: an identifier to find it again, an address to write to."""
        return bool(self.identifier and self.mailboxes)

    @property
    def search_key(self) -> str:
        """Name, structure and commune, folded."""
        return fold(" ".join((self.name, self.structure, self.commune)))[:600]


def from_professional(person: Professional, at: datetime.datetime) -> FoundEntry:
    """Return a professional as shown; several places of work are told in one line."""
    places = [situation.place for situation in person.situations if situation.place is not None]
    title = "Dr " if person.title.upper() == "DR" or person.civility.upper() == "DR" else ""
    given = person.given_name.title() if person.given_name.isupper() else person.given_name
    return FoundEntry(
        kind=DirectoryEntry.Kind.PROFESSIONNEL.value,
        identifier=person.rpps,
        name=f"{title}{given} {person.family_name.upper()}".strip()[:200],
        profession=person.profession[:150],
        structure=", ".join(dict.fromkeys(place.name for place in places))[:300],
        commune=", ".join(dict.fromkeys(_commune(place) for place in places))[:100],
        mailboxes=_mailboxes(person.all_mailboxes),
        fetched_at=at,
    )


def from_place(place: Place, at: datetime.datetime) -> FoundEntry:
    """Return a structure as shown."""
    return FoundEntry(
        kind=DirectoryEntry.Kind.STRUCTURE.value,
        identifier=place.finess,
        name=place.name[:200],
        profession="",
        structure="",
        commune=_commune(place)[:100],
        mailboxes=_mailboxes(place.mailboxes),
        fetched_at=at,
    )


def from_copy(entry: DirectoryEntry) -> FoundEntry:
    """Return one of our copies."""
    return FoundEntry(
        kind=entry.kind,
        identifier=entry.identifier,
        name=entry.name,
        profession=entry.profession,
        structure=entry.structure,
        commune=entry.commune,
        mailboxes=tuple(FoundMailbox(box["address"], box["kind"], box["label"]) for box in entry.mailboxes),
        fetched_at=entry.fetched_at,
    )


def _commune(place: Place) -> str:
    return f"{place.postal_code} {place.commune}".strip()


def _mailboxes(boxes: tuple[Mailbox, ...]) -> tuple[FoundMailbox, ...]:
    return tuple(
        FoundMailbox(box.address, box.kind.value, box.service or box.description or MAILBOX_WORDS[box.kind])
        for box in boxes
    )
