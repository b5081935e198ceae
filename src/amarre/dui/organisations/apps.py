"""Django application of the organisations."""

from __future__ import annotations

from django.apps import AppConfig
from django.core.checks import Tags, register


class OrganisationsConfig(AppConfig):
    """Organisme gestionnaire, establishments, units, connector settings."""

    name = "amarre.dui.organisations"
    label = "organisations"
    verbose_name = "Organisations"

    def ready(self) -> None:
        """Give the interface its entries and the contacts of the establishment."""
        from amarre.dui.organisations import checks, interface

        interface.register()
        register(checks.check_no_sandbox_in_production, Tags.database)
