"""Django application of the identities and dossiers."""

from __future__ import annotations

from django.apps import AppConfig


class UsagersConfig(AppConfig):
    """Usagers."""

    name = "amarre.dui.usagers"
    label = "usagers"
    verbose_name = "Usagers"

    def ready(self) -> None:
        """Plug the INSi search in the outbox, and the screens in the frame."""
        from amarre.dui.exchanges.handlers import register, register_periodic
        from amarre.dui.usagers import (
            import_interface,
            interface,
            joined_dossiers,
            journal_words,
            vigilance_interface,
        )
        from amarre.dui.usagers.insi_handler import InsiSearchHandler
        from amarre.dui.usagers.verification_handler import (
            CLOSE_SECONDS,
            VerificationHandler,
            close_every_answered_lot,
        )

        interface.register()
        import_interface.register()
        vigilance_interface.register()
        joined_dossiers.register()

        register(InsiSearchHandler())
        register(VerificationHandler())
        register_periodic("insi.close_lots", CLOSE_SECONDS, close_every_answered_lot)
        # After the handlers, which name their kinds by their service.
        journal_words.register()
