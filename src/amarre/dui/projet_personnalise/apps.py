"""Django application of the projet personnalisé."""

from __future__ import annotations

from django.apps import AppConfig


class ProjetPersonnaliseConfig(AppConfig):
    """Projets personnalisés."""

    name = "amarre.dui.projet_personnalise"
    label = "projet_personnalise"
    verbose_name = "Projets personnalisés"

    def ready(self) -> None:
        """Add the tab « Projet » to every dossier."""
        from amarre.dui.access.permissions import Permission
        from amarre.dui.web.dossier_tabs import Tab, register

        register(Tab("projet", "Projet", "projet_personnalise:show_projet", Permission.READ_PROJET, order=30))
