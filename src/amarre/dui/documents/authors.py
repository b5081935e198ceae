"""Who signs a document: the author's national identifier, profession and function in the establishment."""

from __future__ import annotations

from dataclasses import dataclass

from amarre.dui.access.models import Membership
from amarre.dui.access.scope import system_scope
from amarre.dui.accounts.models import User
from amarre.dui.core.clock import today
from amarre.dui.documents.errors import AuthorIncomplete
from amarre.dui.organisations.models import Essms
from amarre.interop.cda import Identifier, Organization, PersonName, ps_in_finess, ps_in_siret, ps_rpps
from amarre.interop.terminology import Code, ValueSetId, value_set


@dataclass(frozen=True, slots=True)
class AuthorCard:
    """An author as a document names them: `function` is the French words printed under the name.

    `outside`: they do not work for the establishment, but for `organization` (None when it is not known by
    its national number).
    """

    identifier: Identifier
    name: PersonName
    code: Code
    function: str
    outside: bool = False
    organization: Organization | None = None

    @property
    def full_name(self) -> str:
        """Given name, then family name."""
        return f"{self.name.given} {self.name.family}".strip()


def author_card(user: User, essms: Essms) -> AuthorCard:
    """Return the card of `user` in `essms`. Raises AuthorIncomplete when no profession is recorded.

    The profession is a code of JDV_J01 kept with the membership (CI-SIS, Structuration minimale, author).
    """
    with system_scope("profession of the author in the establishment of a dossier in scope"):
        membership = (
            Membership.objects.in_force(today())
            .filter(user=user, essms=essms)
            .exclude(author_code="")
            .order_by("pk")
            .first()
        )
    return card_of(user, essms, membership)


def card_of(user: User, essms: Essms, membership: Membership | None) -> AuthorCard:
    """Return the card of `user` from the membership that gives their profession. Raises AuthorIncomplete."""
    if membership is None:
        raise AuthorIncomplete(author=user.get_full_name())
    specialties = value_set(ValueSetId.AUTHOR_SPECIALTY)
    code = specialties.find(membership.author_code, membership.author_code_system)
    if code is None:
        raise AuthorIncomplete(author=user.get_full_name())
    name = PersonName(user.family_name.upper(), user.given_name, prefix=user.civility)
    return AuthorCard(_identifier(user, essms), name, code, membership.job or code.display)


def _identifier(user: User, essms: Essms) -> Identifier:
    if user.rpps:
        return ps_rpps(user.rpps)
    local = f"A{user.pk}"
    return ps_in_finess(essms.finess_eg, local) if essms.finess_eg else ps_in_siret(essms.siret, local)
