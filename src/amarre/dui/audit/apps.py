"""Django application of the trace."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class AuditConfig(AppConfig):
    """Trace of acts and consultations."""

    name = "amarre.dui.audit"
    label = "audit"
    verbose_name = "Journal des accès"

    def ready(self) -> None:
        """Read the `verbs.py` of every app."""
        autodiscover_modules("verbs")
