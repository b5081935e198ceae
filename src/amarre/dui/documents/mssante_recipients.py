"""To whom a message is written: a correspondent of the directory, or the person concerned."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from amarre.dui.directory.models import DirectoryEntry
from amarre.dui.documents.identity import open_gate
from amarre.dui.documents.models import MssanteMessage
from amarre.dui.documents.mssante_errors import AddressNotPublished, RecipientWithoutAddress
from amarre.dui.organisations.models import ConnectorProfile
from amarre.dui.usagers.models import Dossier
from amarre.interop.common.errors import AmarreError
from amarre.interop.mssante import citizen_address

CITIZEN_NAME = "la personne (Mon espace santé)"
Audience = MssanteMessage.Audience


@dataclass(frozen=True, slots=True, repr=False)
class Recipient:
    """Where a message goes. `fetched_at` tells when the directory was read; None for the person concerned,
    whose address is derived from the INS each time and never shown. `address` is "" when there is none: the
    control then holds the message back."""

    audience: MssanteMessage.Audience
    name: str
    address: str
    fetched_at: datetime.datetime | None = None

    @property
    def is_by_ins(self) -> bool:
        """True for the person concerned: their address is made from their matricule."""
        return self.audience is Audience.USAGER

    @property
    def to(self) -> str:
        """« à Claire ROUSSEL », « au Dr Aminata SOW »."""
        return to_whom(self.name)

    @property
    def kept_address(self) -> str:
        """The address as kept with the message: "" for the person concerned."""
        return "" if self.is_by_ins else self.address


def recipient_from_entry(entry: DirectoryEntry, address: str = "") -> Recipient:
    """Return the recipient at one address of `entry` (its only one when `address` is "").

    Raises RecipientWithoutAddress, AddressNotPublished.
    """
    if not entry.addresses:
        raise RecipientWithoutAddress(name=entry.name)
    chosen = address or (entry.addresses[0] if len(entry.addresses) == 1 else "")
    if chosen not in entry.addresses:
        raise AddressNotPublished(name=entry.name)
    return Recipient(Audience.PROFESSIONNEL, entry.name, chosen, entry.fetched_at)


def recipient_usager(dossier: Dossier, profile: ConnectorProfile) -> Recipient:
    """Return the person's mailbox of Mon espace santé. Raises what the gate raises for an identity that may
    not leave."""
    return Recipient(Audience.USAGER, CITIZEN_NAME, citizen_address(open_gate(dossier.identity, profile)))


def recipient_shown(
    dossier: Dossier, profile: ConnectorProfile, entry: DirectoryEntry | None, address: str = ""
) -> Recipient:
    """Return the recipient of a page not sent yet, without an address when none can be used.

    `entry` None means the person concerned. An address that is not the entry's is replaced by its first one.
    """
    if entry is None:
        try:
            return recipient_usager(dossier, profile)
        except AmarreError:
            return Recipient(Audience.USAGER, CITIZEN_NAME, "")
    chosen = address if address in entry.addresses else next(iter(entry.addresses), "")
    return Recipient(Audience.PROFESSIONNEL, entry.name, chosen, entry.fetched_at)


def to_whom(name: str) -> str:
    """Return the name after « message »: « au Dr … » for a doctor, « à … » otherwise."""
    return f"au {name}" if name.startswith("Dr ") else f"à {name}"
