"""Who deposits, as the DMP wants to know them (VIHF): national identifier, profession, roles."""

from __future__ import annotations

from amarre.dui.accounts.models import User
from amarre.dui.dmp.errors import DepositorRoleUnknown
from amarre.dui.documents.authors import AuthorCard, author_card
from amarre.dui.documents.control import Shared
from amarre.dui.organisations.models import Essms
from amarre.interop.dmp import Actor, subject_roles
from amarre.interop.dmp.errors import DmpRoleMissing


def depositor(user: User, essms: Essms) -> Actor:
    """Return the kit's actor for `user` in `essms`. Raises AuthorIncomplete, DepositorRoleUnknown."""
    return depositor_of(user, author_card(user, essms))


def depositor_once(user: User, essms: Essms, shared: Shared) -> Actor:
    """Return the kit's actor for `user`, read once by the control and the deposit. Raises as `depositor`."""
    return shared.once(("depositing", user.pk, essms.pk), lambda: depositor(user, essms))


def depositor_of(user: User, card: AuthorCard) -> Actor:
    """Return the kit's actor behind a card. Raises DepositorRoleUnknown."""
    try:
        roles = subject_roles(card.code)
    except DmpRoleMissing as error:
        raise DepositorRoleUnknown(profession=card.code.display) from error
    return Actor(
        identifier=card.identifier.extension,
        family_name=card.name.family,
        given_name=card.name.given,
        roles=roles,
        specialty=card.code,
        # Local login; an automated deposit has none and takes the instant of the call.
        authenticated_at=user.last_login,
    )
