"""Django application of the configuration: it only brings the start-up checks."""

from __future__ import annotations

from django.apps import AppConfig


class ConfigConfig(AppConfig):
    """Start-up checks."""

    name = "amarre.dui.config"
    label = "config"

    def ready(self) -> None:
        """Register the checks."""
        from amarre.dui.config import checks

        checks.register_all()
