"""Who may deposit, and what the DMP would refuse of them: named, since one person at least must be able."""

from __future__ import annotations

from amarre.dui.access.models import Membership
from amarre.dui.access.permissions import Permission
from amarre.dui.access.roles import MATRIX, Role
from amarre.dui.accounts.models import User
from amarre.dui.core.clock import today
from amarre.dui.dmp.depositors import depositor_of
from amarre.dui.dmp.readiness.errors import NobodyDeposits
from amarre.dui.dmp.readiness.findings import Finding, Place
from amarre.dui.documents.authors import card_of
from amarre.dui.organisations.models import Essms
from amarre.interop.common.errors import AmarreError

KEY = "depositors"


def judge_depositors(place: Place) -> Finding:
    """Somebody at least may deposit and is known of the DMP; those who lack something are named.

    Two queries, whatever their number; needs a scope. The deposit itself asks the same of its own depositor.
    """
    lacks = depositing_people(place.essms)
    names = tuple(
        f"{user.get_full_name()} : {error.explanation().what}" for user, error in lacks if error is not None
    )
    able = [user for user, error in lacks if error is None]
    if not able:
        return Finding.blocked(KEY, NobodyDeposits(), names=names)
    detail = f"{len(able)} personnes peuvent déposer." if len(able) > 1 else "Une personne peut déposer."
    local = sum(not user.rpps for user in able)
    if local:
        detail += f" Sans RPPS, avec le numéro interne de l'établissement : {local}."
    if names:
        return Finding.look(KEY, detail, names=names)
    return Finding.good(KEY, detail)


def depositing_people(essms: Essms) -> list[tuple[User, AmarreError | None]]:
    """Return the members who hold the right to deposit, each with what the DMP would refuse of them."""
    members = list(
        Membership.objects.in_force(today())
        .filter(essms=essms, user__is_active=True)
        .select_related("user")
        .order_by("pk")
    )
    roles = {role.value for role in Role if Permission.FEED_DMP in MATRIX[role]}
    users = {one.user_id: one.user for one in members if one.role in roles}
    professions = {one.user_id: one for one in reversed(members) if one.author_code}
    ordered = sorted(users.values(), key=lambda user: (user.family_name, user.given_name, user.pk))
    return [(user, _lack(user, essms, professions.get(user.pk))) for user in ordered]


def _lack(user: User, essms: Essms, profession: Membership | None) -> AmarreError | None:
    try:
        depositor_of(user, card_of(user, essms, profession))
    except AmarreError as error:
        return error
    return None
