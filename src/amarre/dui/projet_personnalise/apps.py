"""Django application."""

from django.apps import AppConfig


class ProjetPersonnaliseConfig(AppConfig):
    """Projets personnalisés."""

    name = "amarre.dui.projet_personnalise"
    label = "projet_personnalise"
    verbose_name = "Projets personnalisés"
