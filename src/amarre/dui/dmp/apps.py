"""Django application of the DMP."""

from __future__ import annotations

from django.apps import AppConfig
from django.urls import reverse


class DmpConfig(AppConfig):
    """The DMP."""

    name = "amarre.dui.dmp"
    label = "dmp"
    verbose_name = "DMP"

    def ready(self) -> None:
        """Plug the deposit: its checks, its handler in the outbox, its link of the chain, its action."""
        from amarre.dui.access.permissions import Permission
        from amarre.dui.dmp import control_checks, deposit_interface
        from amarre.dui.dmp.chain_link import deposit_progress
        from amarre.dui.dmp.deposit_handler import DmpDepositHandler
        from amarre.dui.dmp.reconciliation.daily import PASSAGE_SECONDS, control_reception
        from amarre.dui.dmp.reconciliation_handler import ReceptionHandler
        from amarre.dui.dmp.services.apply_rules import apply_rules
        from amarre.dui.dmp.services.stop_deposits import stop_deposits
        from amarre.dui.dmp.views.deposit_views import deposit_url
        from amarre.dui.documents import actions, filed
        from amarre.dui.exchanges import handlers
        from amarre.dui.usagers import chain, opposition

        control_checks.register_all()
        deposit_interface.register()
        handlers.register(DmpDepositHandler())
        handlers.register(ReceptionHandler())
        handlers.register_periodic("dmp.reception", PASSAGE_SECONDS, control_reception)
        filed.register("dmp-rules", apply_rules)
        opposition.register("dmp-deposits", stop_deposits)
        read = Permission.READ_DOCUMENTS
        self._plug_reading()
        chain.register(chain.ChainLink("dmp", "Dépôt au DMP", 50, read, deposit_progress))
        actions.register(actions.Action("dmp", "Déposer au DMP", "depot", 10, deposit_url))

    def _plug_reading(self) -> None:
        """Add the tab « DMP », the changes of what we deposited, the purge of what the sessions read."""
        from amarre.dui.access.permissions import Permission
        from amarre.dui.dmp.reading.kept import purge_expired
        from amarre.dui.dmp.visibility.handler import DmpChangeHandler
        from amarre.dui.dmp.visibility.panel import render_panel
        from amarre.dui.documents import panels
        from amarre.dui.exchanges import handlers
        from amarre.dui.usagers.answer_page import provide
        from amarre.dui.web.dossier_tabs import Tab, register

        handlers.register(DmpChangeHandler())
        panels.register(panels.Panel("dmp", 10, render_panel))
        provide(lambda dossier: reverse("dmp:agreement", kwargs={"dossier_id": dossier.pk}))
        register(Tab("dmp", "DMP", "dmp:show", Permission.READ_DOCUMENTS, order=45))
        handlers.register_periodic("dmp.purge_read", 600, purge_expired)
