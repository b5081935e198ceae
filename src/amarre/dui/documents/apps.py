"""Django application."""

from django.apps import AppConfig


class DocumentsConfig(AppConfig):
    """Documents."""

    name = "amarre.dui.documents"
    label = "documents"
    verbose_name = "Documents"
