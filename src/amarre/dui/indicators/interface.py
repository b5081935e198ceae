"""What the interface shows from here: the entry « Indicateurs »."""

from __future__ import annotations

from amarre.dui.access.permissions import Permission
from amarre.dui.web import navigation


def register() -> None:
    """Register with the interface shell."""
    navigation.register(
        navigation.Entry(
            key="indicateurs",
            label="Indicateurs",
            icon="indicateur",
            url_name="indicators:show_indicators",
            permission=Permission.READ_INDICATEURS,
            order=60,
        )
    )
