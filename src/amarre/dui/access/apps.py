"""Django application of the rights."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class AccessConfig(AppConfig):
    """Permissions, roles, policy, memberships."""

    name = "amarre.dui.access"
    label = "access"
    verbose_name = "Habilitations"

    def ready(self) -> None:
        """Read the `policy.py` of every app and give the interface its entries."""
        from amarre.dui.access import interface

        autodiscover_modules("policy")
        interface.register()
