"""Django application of the documents."""

from __future__ import annotations

from django.apps import AppConfig


class DocumentsConfig(AppConfig):
    """Documents."""

    name = "amarre.dui.documents"
    label = "documents"
    verbose_name = "Documents"

    def ready(self) -> None:
        """Add the tab « Documents » to every dossier."""
        from amarre.dui.access.permissions import Permission
        from amarre.dui.web.dossier_tabs import Tab, register

        register(
            Tab("documents", "Documents", "documents:list_documents", Permission.READ_DOCUMENTS, order=40)
        )
