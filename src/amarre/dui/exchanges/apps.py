"""Django application of the outbox."""

from django.apps import AppConfig


class ExchangesConfig(AppConfig):
    """Outbox and worker."""

    name = "amarre.dui.exchanges"
    label = "exchanges"
    verbose_name = "Envois"
