"""The professional's own door to the DMP: AIR, or a card. Never the one of the deposits.

Whatever the door, the kit refuses before any call what it may not do (`amarre.interop.dmp.rights`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from amarre.dui.accounts.models import User
from amarre.dui.dmp.connector import answer_keeper, dmp_profile, require_configured
from amarre.dui.dmp.depositors import depositor
from amarre.dui.dmp.reading.cards import find_card
from amarre.dui.dmp.reading.errors import ReadingNotConfigured
from amarre.dui.organisations.enums import DmpReading
from amarre.dui.organisations.models import ConnectorProfile
from amarre.interop.clients.dmp import DmpClient
from amarre.interop.common.clock import SystemClock, SystemIds
from amarre.interop.dmp import (
    Actor,
    AuthenticationContext,
    AuthenticationMode,
    Caller,
    DmpProfile,
    caller_of,
    profile_of_card,
)

# What the login said of the means of the person → the class of the VIHF. Pro Santé Connect is strong both
# ways; a means it did not name is not counted as strong.
CONTEXTS: Mapping[str, AuthenticationContext] = {
    "card": AuthenticationContext.SMARTCARD,
    "mobile": AuthenticationContext.MOBILE_TWO_FACTOR,
}


@dataclass(frozen=True, slots=True)
class Reader:
    """A professional in front of the DMP: who, with which column of the table of rights."""

    client: DmpClient
    profile: DmpProfile
    caller: Caller

    @property
    def actor(self) -> Actor:
        """Who the DMP will see."""
        return self.profile.responsible


def open_reader(profile: ConnectorProfile, professional: Actor) -> Reader:
    """Return the door of `professional` (see `professional_of`), as the establishment chose it.

    Raises ReadingNotConfigured, DmpNotConfigured, CertificateUnusable, CertificateExpired, CardNotFound,
    DmpCardHolderMismatch. Nothing leaves.
    """
    opened = reading_profile(profile, professional)
    client = DmpClient(answer_keeper(profile), opened, clock=SystemClock(), ids=SystemIds())
    return Reader(client, opened, caller_of(opened, opened.responsible))


def reading_profile(profile: ConnectorProfile, professional: Actor) -> DmpProfile:
    """Return the profile of the kit for this reading. Raises what `open_reader` raises."""
    door = _DOORS.get(profile.dmp_reading)
    if door is None:
        raise ReadingNotConfigured
    require_configured(profile)
    return door(profile, professional)


def professional_of(user: User, profile: ConnectorProfile, means: str) -> Actor:
    """Return who reads, with their login of today. `means` is the actor's (``psc:eidas1:card``).

    Raises AuthorIncomplete, DepositorRoleUnknown.
    """
    origin, _, mode = means.rpartition(":")
    context = CONTEXTS.get(mode) if origin.startswith("psc:") else None
    return replace(depositor(user, profile.essms), context=context or AuthenticationContext.UNSPECIFIED)


def _air(profile: ConnectorProfile, professional: Actor) -> DmpProfile:
    base = dmp_profile(profile, professional)
    return replace(base, mode=AuthenticationMode.INDIRECTE_RENFORCEE)


def _card(profile: ConnectorProfile, professional: Actor) -> DmpProfile:
    base = dmp_profile(profile, professional)
    return profile_of_card(base, find_card(profile, professional, base.structure))


_DOORS: Mapping[str, Callable[[ConnectorProfile, Actor], DmpProfile]] = {
    DmpReading.AIR.value: _air,
    DmpReading.CARD.value: _card,
}
