"""Django application of the documents."""

from __future__ import annotations

from django.apps import AppConfig


class DocumentsConfig(AppConfig):
    """Documents."""

    name = "amarre.dui.documents"
    label = "documents"
    verbose_name = "Documents"

    def ready(self) -> None:
        """Add the tab « Documents » to every dossier, plug the ways out and their checks."""
        from amarre.dui.access.permissions import Permission
        from amarre.dui.web.dossier_tabs import Tab, register

        register(
            Tab("documents", "Documents", "documents:list_documents", Permission.READ_DOCUMENTS, order=40)
        )
        self._plug_dmp()

    def _plug_dmp(self) -> None:
        from amarre.dui.documents import control_checks
        from amarre.dui.documents.dmp_handler import DmpDepositHandler
        from amarre.dui.documents.subjects import subjects
        from amarre.dui.exchanges import handlers
        from amarre.dui.exchanges.subjects import provide

        control_checks.register_all()
        handlers.register(DmpDepositHandler())
        provide(subjects)
