"""Django application of the organisations."""

from __future__ import annotations

from django.apps import AppConfig


class OrganisationsConfig(AppConfig):
    """Organisme gestionnaire, establishments, units, connector settings."""

    name = "amarre.dui.organisations"
    label = "organisations"
    verbose_name = "Organisations"

    def ready(self) -> None:
        """Give the interface its entries and the contacts of the establishment."""
        from amarre.dui.organisations import interface

        interface.register()
