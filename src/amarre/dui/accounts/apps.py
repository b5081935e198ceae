"""Django application of the accounts."""

from __future__ import annotations

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """People who log in, and how."""

    name = "amarre.dui.accounts"
    label = "accounts"
    verbose_name = "Comptes"
