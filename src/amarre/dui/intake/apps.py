"""Django application of the documents received or written elsewhere."""

from __future__ import annotations

from django.apps import AppConfig


class IntakeConfig(AppConfig):
    """Documents received or written elsewhere."""

    name = "amarre.dui.intake"
    label = "intake"
    verbose_name = "Documents reçus ou écrits ailleurs"

    def ready(self) -> None:
        """Register what they add to the frame."""
        from amarre.dui.intake import interface

        interface.register()
