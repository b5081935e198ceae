"""Django application of the outbox."""

from __future__ import annotations

from django.apps import AppConfig

# A line of the trace is sealed within this time.
SEAL_SECONDS = 20


class ExchangesConfig(AppConfig):
    """Outbox and worker."""

    name = "amarre.dui.exchanges"
    label = "exchanges"
    verbose_name = "Envois"

    def ready(self) -> None:
        """Have one of the workers seal the trace, in order, after the fact; show « Envois »."""
        from amarre.dui.audit.services.seal import seal_pending
        from amarre.dui.exchanges import interface
        from amarre.dui.exchanges.handlers import register_periodic

        register_periodic("audit.seal", SEAL_SECONDS, seal_pending)
        interface.register()
