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
        self._plug_chain()
        self._plug_mssante()
        self._plug_identitovigilance()

    def _plug_identitovigilance(self) -> None:
        from django.urls import reverse_lazy

        from amarre.dui.documents.departures import departures
        from amarre.dui.documents.views.ins_views import count_with_ins
        from amarre.dui.usagers import vigilance_figures
        from amarre.dui.usagers.departures import provide

        provide(departures)
        address = reverse_lazy("documents:list_with_ins")
        vigilance_figures.register(
            vigilance_figures.Figure(
                "documents-ins",
                "Documents avec l’INS",
                "Ils portent le matricule et le Datamatrix.",
                count_with_ins,
                lambda: str(address),
            )
        )

    def _plug_chain(self) -> None:
        from amarre.dui.access.permissions import Permission
        from amarre.dui.documents import control_checks
        from amarre.dui.documents.chain_link import document_progress
        from amarre.dui.documents.subjects import subjects
        from amarre.dui.exchanges.subjects import provide
        from amarre.dui.usagers import chain

        control_checks.register_all()
        provide(subjects)
        read = Permission.READ_DOCUMENTS
        chain.register(chain.ChainLink("document", "Document", 40, read, document_progress))

    def _plug_mssante(self) -> None:
        from django.conf import settings

        from amarre.dui.access.permissions import Permission
        from amarre.dui.documents import actions, mssante_control
        from amarre.dui.documents.mssante_chain import message_progress
        from amarre.dui.documents.mssante_handler import MssanteSendHandler
        from amarre.dui.documents.services.read_receipts import read_receipts
        from amarre.dui.documents.services.stop_citizen_messages import stop_citizen_messages
        from amarre.dui.documents.views.message_views import send_url
        from amarre.dui.exchanges import handlers
        from amarre.dui.usagers import chain, opposition
        from amarre.dui.web.dossier_tabs import Tab, register

        mssante_control.register_all()
        actions.register(actions.Action("mssante", "Envoyer par MSSanté", "envoyer", 20, send_url))
        handlers.register(MssanteSendHandler())
        opposition.register("mssante-citizen", stop_citizen_messages)
        handlers.register_periodic("mssante.receipts", settings.AMARRE_RECEIPTS_SECONDS, read_receipts)
        register(Tab("messages", "Messages", "documents:list_messages", Permission.SEND_MSSANTE, order=50))
        chain.register(chain.ChainLink("mssante", "MSSanté", 60, Permission.SEND_MSSANTE, message_progress))
