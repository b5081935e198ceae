"""What a search asks and what it finds."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class MailboxKind(StrEnum):
    """TRE_R257-TypeBAL; OTHER for a code the kit does not know."""

    PERSONAL = "PER"
    ORGANISATIONAL = "ORG"
    APPLICATIVE = "APP"
    CABINET = "CAB"
    OTHER = ""


@dataclass(frozen=True, slots=True)
class Mailbox:
    """A published MSSanté mailbox."""

    address: str
    kind: MailboxKind
    description: str = ""
    service: str = ""


@dataclass(frozen=True, slots=True)
class Place:
    """A structure. `finess` is the geographical one, "" when it has none (a private practice)."""

    source_id: str
    name: str
    finess: str
    postal_code: str
    commune: str
    active: bool
    mailboxes: tuple[Mailbox, ...]


@dataclass(frozen=True, slots=True)
class Situation:
    """A place where a professional works. `role` is a French label, "" when not given."""

    place: Place | None
    role: str
    mailboxes: tuple[Mailbox, ...]


@dataclass(frozen=True, slots=True)
class Professional:
    """A professional. Labels are French; a missing field is "" and never an error."""

    source_id: str
    rpps: str
    family_name: str
    given_name: str
    civility: str
    title: str
    profession_code: str
    profession: str
    active: bool
    mailboxes: tuple[Mailbox, ...]
    situations: tuple[Situation, ...]

    @property
    def all_mailboxes(self) -> tuple[Mailbox, ...]:
        """Own mailboxes then those of each situation, without repetition (the structures' are not theirs)."""
        found = {item.address.lower(): item for item in self.mailboxes}
        for situation in self.situations:
            for item in situation.mailboxes:
                found.setdefault(item.address.lower(), item)
        return tuple(found.values())


@dataclass(frozen=True, slots=True)
class ProfessionalQuery:
    """Criteria, all optional but one. `profession` is a code of TRE_G15; `commune` a beginning of name."""

    name: str = ""
    given_name: str = ""
    rpps: str = ""
    profession: str = ""
    commune: str = ""
    with_mailbox: bool = False


@dataclass(frozen=True, slots=True)
class PlaceQuery:
    """Criteria, all optional but one. `name` is any part of the name."""

    name: str = ""
    finess: str = ""
    commune: str = ""
    with_mailbox: bool = False
