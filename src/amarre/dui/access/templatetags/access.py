"""`{% can "projet.valider" projet as may_sign %}`: the policy, in templates."""

from __future__ import annotations

from django import template
from django.template import Context

from amarre.dui.access.permissions import Permission
from amarre.dui.access.web_guard import guard

register = template.Library()


@register.simple_tag(takes_context=True)
def can(context: Context, permission: str, obj: object | None = None) -> bool:
    """Say whether the person behind the request holds a right; raises ValueError for an unknown one."""
    return guard(context["request"], Permission(permission), obj)
