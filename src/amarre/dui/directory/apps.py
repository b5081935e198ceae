"""Django application of the directory."""

from __future__ import annotations

from django.apps import AppConfig


class DirectoryConfig(AppConfig):
    """Correspondents."""

    name = "amarre.dui.directory"
    label = "directory"
    verbose_name = "Annuaire"

    def ready(self) -> None:
        """Add « Annuaire » to the menu."""
        from amarre.dui.access.permissions import Permission
        from amarre.dui.web import navigation

        navigation.register(
            navigation.Entry(
                key="annuaire",
                label="Annuaire",
                icon="carte",
                url_name="directory:search_directory",
                permission=Permission.SEARCH_ANNUAIRE,
                order=60,
                group=navigation.Group.MORE,
            )
        )
