"""Django application of the outbox."""

from __future__ import annotations

from django.apps import AppConfig

# A line of the trace is sealed within this time.
SEAL_SECONDS = 20
# What closed sessions leave behind is looked for this often.
PURGE_SECONDS = 600


class ExchangesConfig(AppConfig):
    """Outbox and worker."""

    name = "amarre.dui.exchanges"
    label = "exchanges"
    verbose_name = "Envois"

    def ready(self) -> None:
        """Have one of the workers seal the trace and purge what closed sessions left; show « Envois »."""
        from amarre.dui.access.kept_forms import purge_expired
        from amarre.dui.accounts.services.purge_sessions import purge_sessions
        from amarre.dui.audit.services.seal import seal_pending
        from amarre.dui.exchanges import interface
        from amarre.dui.exchanges.handlers import register_periodic

        register_periodic("audit.seal", SEAL_SECONDS, seal_pending)
        register_periodic("accounts.closed_sessions", PURGE_SECONDS, purge_sessions)
        register_periodic("access.kept_forms", PURGE_SECONDS, purge_expired)
        interface.register()
