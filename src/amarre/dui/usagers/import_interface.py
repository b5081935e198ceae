"""What the import gives to the frame: its entry of the menu, and the removal of forgotten files."""

from __future__ import annotations

from amarre.dui.access.permissions import Permission
from amarre.dui.exchanges.handlers import register_periodic
from amarre.dui.usagers import card_stash
from amarre.dui.usagers.importing.stash import purge_expired
from amarre.dui.web import navigation

PURGE_SECONDS = 900


def register() -> None:
    """Register everything; called once, when the application is ready."""
    navigation.register(
        navigation.Entry(
            key="importer",
            label="Importer une liste",
            icon="import",
            url_name="usagers:import_file",
            permission=Permission.IMPORT_USAGERS,
            order=60,
            group=navigation.Group.MORE,
            prefix="usagers:import",
        )
    )
    register_periodic("usagers.import_drafts", PURGE_SECONDS, purge_expired)
    register_periodic("usagers.cards_read", PURGE_SECONDS, card_stash.purge_expired)
