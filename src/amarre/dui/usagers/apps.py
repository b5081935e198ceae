"""Django application."""

from django.apps import AppConfig


class UsagersConfig(AppConfig):
    """Usagers."""

    name = "amarre.dui.usagers"
    label = "usagers"
    verbose_name = "Usagers"
