"""Django application of the projet personnalisé."""

from __future__ import annotations

from django.apps import AppConfig


class ProjetPersonnaliseConfig(AppConfig):
    """Projets personnalisés."""

    name = "amarre.dui.projet_personnalise"
    label = "projet_personnalise"
    verbose_name = "Projets personnalisés"

    def ready(self) -> None:
        """Register what the projet adds to the frame."""
        from amarre.dui.projet_personnalise import interface

        interface.register()
