"""Django application of the common ground."""

from __future__ import annotations

from django.apps import AppConfig


class CoreConfig(AppConfig):
    """Base model, actor, clock, paging, request context, read-only GET."""

    name = "amarre.dui.core"
    label = "core"
