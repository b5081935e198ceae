"""The one policy: may this actor do this, on that object? Unknown means forbidden.

A right is given when the actor acts for the object's establishment, one of their roles grants it (`roles`),
the conditions of the grant hold, and every predicate bound by the app that owns the object holds:

    # dui/<app>/policy.py, read at start-up
    from amarre.dui.access import policy
    policy.bind(Permission.VALIDATE_PROJET, ProjetPersonnalise, is_its_author)

Predicates are `rules` predicates, or functions of (actor, object); they make no query of their own. What an
object refuses to everybody in the state it is in (a dossier joined to another one) is said by `refuse_when`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from django.db import models

from amarre.dui.access.errors import AccessError, NoActiveEssms, NotAllowed, OutOfScope, ReasonRequired
from amarre.dui.access.permissions import Permission
from amarre.dui.access.roles import MATRIX, SYSTEM, YES, Condition, Grant, Role
from amarre.dui.core.actor import Actor

Predicate = Callable[[Actor, Any], bool]
StateRefusal = Callable[[Permission, Any], AccessError | None]
M = TypeVar("M", bound=models.Model)

# Asked some thirty times a page.
_PERMISSIONS = frozenset(Permission)
_ROLES = frozenset(Role)


@dataclass(frozen=True, slots=True)
class Decision:
    """Answer of the policy: a grant, or the refusal to raise; `error` is one already written."""

    grant: Grant | None = None
    refusal: type[AccessError] | None = None
    error: AccessError | None = None


_bound: dict[tuple[Permission, type[models.Model]], list[Predicate]] = {}
_state_refusals: dict[type[models.Model], StateRefusal] = {}


def _in_scope_is_enough(actor: Actor, obj: Any) -> bool:
    return True


# The team of a person and the holder of a measure are not described yet: the establishment stands for both.
_conditions: dict[Condition, Predicate] = {
    Condition.EQUIPE: _in_scope_is_enough,
    Condition.OWN: _in_scope_is_enough,
}


def bind(permission: Permission, model: type[models.Model], predicate: Predicate) -> None:
    """Ask `predicate` besides the role, for `permission` on objects of `model`."""
    _bound.setdefault((permission, model), []).append(predicate)


def refuse_when(model: type[models.Model], refusal: StateRefusal) -> None:
    """Ask `refusal` last, for every right on objects of `model`: an error, or None when nothing opposes."""
    _state_refusals[model] = refusal


def define_condition(condition: Condition, predicate: Predicate) -> None:
    """Say what a condition of the matrix means, by the app that knows (teams, measures)."""
    _conditions[condition] = predicate


def in_scope(actor: Actor, obj: models.Model) -> bool:
    """Say whether `obj` is of the actor's establishment.

    Read from the object: its method ``is_visible_to(actor)`` if it has one, else its ``scope_path`` followed
    from attribute to attribute. An object with neither is out of scope.
    """
    visible = getattr(obj, "is_visible_to", None)
    if callable(visible):
        return bool(visible(actor))
    path = getattr(obj, "scope_path", "")
    if not path or actor.essms_id is None:
        return False
    *steps, last = path.split("__")
    for step in steps:
        obj = getattr(obj, step)
    return getattr(obj, "pk" if last == "pk" else f"{last}_id") == actor.essms_id


def decide(
    actor: Actor, permission: Permission | str, obj: models.Model | None = None, *, reason: str = ""
) -> Decision:
    """Return the decision, without raising. Without object the answer is about the role alone (menus)."""
    if permission not in _PERMISSIONS:
        return Decision(refusal=NotAllowed)
    wanted = Permission(permission)
    if not actor.is_system and actor.essms_id is None:
        return Decision(refusal=NoActiveEssms)
    if obj is not None and not in_scope(actor, obj):
        return Decision(refusal=OutOfScope)
    missing_reason = False
    for grant in _grants(actor, wanted):
        if obj is not None and not _conditions_hold(actor, grant, obj):
            continue
        if obj is not None and Condition.MOTIF in grant.conditions and not reason.strip():
            missing_reason = True
            continue
        if obj is not None and not _bound_hold(actor, wanted, obj):
            return Decision(refusal=NotAllowed)
        error = _state_error(wanted, obj)
        return Decision(error=error) if error else Decision(grant=grant)
    return Decision(refusal=ReasonRequired if missing_reason else NotAllowed)


def _grants(actor: Actor, permission: Permission) -> list[Grant]:
    if actor.is_system:
        return [YES] if permission in SYSTEM else []
    rows = [MATRIX[Role(role)] for role in sorted(actor.roles) if role in _ROLES]
    grants = [row[permission] for row in rows if permission in row]
    # The freest first: fewer conditions, no narrowing note.
    return sorted(grants, key=lambda grant: (len(grant.conditions), bool(grant.note)))


def _state_error(permission: Permission, obj: models.Model | None) -> AccessError | None:
    refusal = _state_refusals.get(type(obj)) if obj is not None else None
    return refusal(permission, obj) if refusal else None


def _conditions_hold(actor: Actor, grant: Grant, obj: models.Model) -> bool:
    asked = grant.conditions - {Condition.MOTIF}
    return all(_conditions[condition](actor, obj) for condition in asked)


def _bound_hold(actor: Actor, permission: Permission, obj: models.Model) -> bool:
    predicates = [p for cls in type(obj).__mro__ for p in _bound.get((permission, cls), [])]
    return all(predicate(actor, obj) for predicate in predicates)


def can(actor: Actor, permission: Permission | str, obj: models.Model | None = None) -> bool:
    """Say whether the right is given (a right given against a reason counts as given)."""
    decision = decide(actor, permission, obj)
    return decision.grant is not None or decision.refusal is ReasonRequired


def require(
    actor: Actor, permission: Permission, obj: models.Model | None = None, *, reason: str = ""
) -> Grant:
    """Return the grant that gives the right, or raise.

    Raises NotAllowed, OutOfScope, ReasonRequired, NoActiveEssms, or what the state of the object says.
    """
    decision = decide(actor, permission, obj, reason=reason)
    if decision.grant is not None:
        return decision.grant
    if decision.error is not None:
        raise decision.error
    refusal = decision.refusal or NotAllowed
    raise refusal(right=permission.label, permission=permission.value)


def get_visible(actor: Actor, model: type[M], **lookup: Any) -> M:
    """Return the row of a scoped model that the actor may reach.

    Raises OutOfScope, alike for an absent row and for a row of another establishment.
    """
    row = model.objects.visible_to(actor).filter(**lookup).first()  # type: ignore[attr-defined]
    if row is None:
        raise OutOfScope()
    return row
