"""The one question the shell asks the policy of rights.

``settings.WEB_GUARD`` names a function ``(request, permission, obj) -> bool``. Without it, Django's
``user.has_perm`` answers. Unknown means forbidden.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import cast

from django.conf import settings
from django.http import HttpRequest
from django.utils.module_loading import import_string

Guard = Callable[[HttpRequest, str, object | None], bool]


def user_has_perm(request: HttpRequest, permission: str, obj: object | None = None) -> bool:
    """Ask the authentication backends."""
    user = getattr(request, "user", None)
    return bool(user is not None and user.has_perm(permission, obj))


@lru_cache(maxsize=4)
def _load(path: str) -> Guard:
    return cast(Guard, import_string(path))


def allowed(request: HttpRequest, permission: str, obj: object | None = None) -> bool:
    """Say whether the person behind `request` holds `permission` (on `obj`, when there is one)."""
    path = getattr(settings, "WEB_GUARD", "")
    return _load(path)(request, permission, obj) if path else user_has_perm(request, permission, obj)
