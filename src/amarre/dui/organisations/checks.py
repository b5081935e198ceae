"""Check of the establishments' own settings against the installation's environment (needs the database)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error
from django.db import OperationalError, ProgrammingError

from amarre.dui.core.scoping import internal_scope
from amarre.dui.organisations.models import ConnectorProfile


def check_no_sandbox_in_production(
    app_configs: Sequence[AppConfig] | None, databases: Sequence[str] | None = None, **options: Any
) -> list[CheckMessage]:
    """Refuse, in production, an establishment whose acts would go to a sandbox."""
    if settings.AMARRE_ENVIRONMENT != "production" or not databases:
        return []
    try:
        with internal_scope("start-up check of every establishment"):
            profiles = list(ConnectorProfile.objects.filter(essms__is_open=True).select_related("essms"))
    except (OperationalError, ProgrammingError):
        return []  # The tables do not exist yet: `migrate` is what the check stands before.
    return [
        Error(
            f"Establishment {profile.essms_id} talks to simulated services.",
            hint="Put the addresses of the real services in its settings, or close it.",
            id="amarre.E009",
        )
        for profile in profiles
        if profile.leads_to_a_sandbox()
    ]
