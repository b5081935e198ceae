"""Django application of the demonstration."""

from django.apps import AppConfig


class DemoConfig(AppConfig):
    """Demonstration."""

    name = "amarre.dui.demo"
    label = "demo"
    verbose_name = "Démonstration"
