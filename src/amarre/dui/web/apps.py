"""Django application of the interface shell."""

from __future__ import annotations

from django.apps import AppConfig


class WebConfig(AppConfig):
    """Layout, components and error pages."""

    name = "amarre.dui.web"
    label = "web"
    verbose_name = "Interface"
