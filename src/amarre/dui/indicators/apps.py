"""Django application of the indicators."""

from __future__ import annotations

from django.apps import AppConfig

# How often a worker looks whether the last month has its snapshot.
SNAPSHOT_SECONDS = 3600


class IndicatorsConfig(AppConfig):
    """Indicators."""

    name = "amarre.dui.indicators"
    label = "indicators"
    verbose_name = "Indicateurs"

    def ready(self) -> None:
        """Add the entry of the menu, guard the snapshots, have a worker write them every month."""
        from amarre.dui.audit import guards
        from amarre.dui.exchanges.handlers import register_periodic
        from amarre.dui.indicators import interface
        from amarre.dui.indicators.services.take_snapshots import take_last_snapshots

        interface.register()
        guards.guard("indicators_monthlysnapshot")
        register_periodic("indicators.snapshot", SNAPSHOT_SECONDS, take_last_snapshots)
