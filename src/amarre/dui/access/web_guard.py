"""Answers the interface shell: may the person behind this request do this?"""

from __future__ import annotations

from django.db import models
from django.http import HttpRequest

from amarre.dui.access import policy
from amarre.dui.core.actor import Actor


def guard(request: HttpRequest, permission: str, obj: object | None = None) -> bool:
    """Say whether the actor of `request` holds `permission` (on `obj` when it is given)."""
    actor = getattr(request, "actor", None)
    if not isinstance(actor, Actor) or (obj is not None and not isinstance(obj, models.Model)):
        return False
    return policy.can(actor, permission, obj)
