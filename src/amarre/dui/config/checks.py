"""Start-up checks, numbered and explained. Production refuses to start when one of them is an error.

amarre.E001  debugging pages in production        amarre.E007  ATOMIC_REQUESTS
amarre.E002  site address not in https            amarre.E008  SQLite may lose acknowledged writes
amarre.E003  demonstration app in production      amarre.E009  an establishment uses sandbox addresses
amarre.E004  host name accepted too widely        amarre.E010  exchanges kept in clear
amarre.E005  cookies travel in clear              amarre.E011  faults may be injected
amarre.E006  a secret is weak, or used twice      amarre.E012  answers of INSi may be injected
amarre.W001  SQLite in production                 amarre.E013  test cartes Vitale are read
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, Warning, register, run_checks
from django.core.checks.messages import ERROR
from django.core.exceptions import ImproperlyConfigured

MINIMUM_SECRET_LENGTH = 50


def _production() -> bool:
    return bool(settings.AMARRE_ENVIRONMENT == "production")


def check_production(app_configs: Sequence[AppConfig] | None, **options: Any) -> list[CheckMessage]:
    """Refuse, in production, what only suits a demonstration."""
    if not _production():
        return []
    found: list[CheckMessage] = []
    if settings.DEBUG:
        found.append(Error("Debugging pages are on.", hint="Remove AMARRE_DEBUG.", id="amarre.E001"))
    if not getattr(settings, "PUBLIC_URL", "").startswith("https://"):
        hint = "Give AMARRE_PUBLIC_URL in https."
        found.append(Error("The site is not served in https.", hint=hint, id="amarre.E002"))
    if "amarre.dui.demo" in settings.INSTALLED_APPS:
        hint = "Use amarre.dui.config.settings.production as it is."
        found.append(Error("The demonstration app is installed.", hint=hint, id="amarre.E003"))
    if not settings.ALLOWED_HOSTS or any("*" in host for host in settings.ALLOWED_HOSTS):
        hint = "List exact names in AMARRE_HOSTS."
        found.append(Error("Host names are accepted too widely.", hint=hint, id="amarre.E004"))
    if not (settings.SESSION_COOKIE_SECURE and settings.CSRF_COOKIE_SECURE):
        found.append(Error("Cookies would travel in clear.", id="amarre.E005"))
    if settings.AMARRE_RECORD_DIR:
        hint = "Remove AMARRE_RECORD_DIR: it would keep personal data in clear."
        found.append(Error("Every exchange is kept in clear.", hint=hint, id="amarre.E010"))
    if settings.AMARRE_FAULT_INJECTION:
        found.append(Error("Faults may be injected into the worker.", id="amarre.E011"))
    if settings.AMARRE_INSI_INJECTION:
        hint = "Remove AMARRE_INSI_INJECTION: files would answer in the place of INSi."
        found.append(Error("Answers of INSi may be injected.", hint=hint, id="amarre.E012"))
    if settings.AMARRE_VITALE_TEST_CARDS or settings.AMARRE_VITALE_READER.endswith(".demonstration_cards"):
        hint = "Give AMARRE_VITALE_READER a real reader, or nothing."
        found.append(Error("Test cartes Vitale are read.", hint=hint, id="amarre.E013"))
    for name in ("SECRET_KEY", "AUDIT_KEY"):
        value = getattr(settings, name, "")
        if len(value) < MINIMUM_SECRET_LENGTH or "test-only" in value or len(set(value)) < 10:
            hint = f"Draw at least {MINIMUM_SECRET_LENGTH} random characters into the file of {name}."
            found.append(Error(f"{name} is too weak.", hint=hint, id="amarre.E006"))
    if settings.SECRET_KEY == settings.AUDIT_KEY:
        hint = "Who can forge a session must not be able to forge the trace."
        found.append(Error("SECRET_KEY and AUDIT_KEY are the same.", hint=hint, id="amarre.E006"))
    return found


def check_database_settings(app_configs: Sequence[AppConfig] | None, **options: Any) -> list[CheckMessage]:
    """Refuse settings that lose writes or lock the database."""
    found: list[CheckMessage] = []
    for alias, database in settings.DATABASES.items():
        if database.get("ATOMIC_REQUESTS"):
            hint = "Every GET would take SQLite's write lock: open transactions in services."
            found.append(Error(f"ATOMIC_REQUESTS is on for {alias}.", hint=hint, id="amarre.E007"))
        if not database["ENGINE"].endswith("sqlite3"):
            continue
        options_of = database.get("OPTIONS", {})
        durable = "synchronous=FULL" in options_of.get("init_command", "")
        if not durable or options_of.get("transaction_mode") != "IMMEDIATE":
            hint = "Build it with amarre.dui.core.env.sqlite()."
            found.append(Error(f"{alias} may lose acknowledged writes.", hint=hint, id="amarre.E008"))
        if _production():
            hint = "PostgreSQL is the database of more than one small service."
            found.append(Warning(f"{alias} is an SQLite file.", hint=hint, id="amarre.W001"))
    return found


def register_all() -> None:
    """Register the checks of this module."""
    register(check_production, Tags.security)
    register(check_database_settings, Tags.compatibility)


def refuse_to_start_in_production() -> None:
    """Raise ImproperlyConfigured with every error the checks found, in production.

    Django runs its checks for commands only: the server calls this at start-up.
    """
    if not _production():
        return
    messages = run_checks(databases=list(settings.DATABASES))
    errors = [message for message in messages if message.level >= ERROR and not message.is_silenced()]
    if errors:
        raise ImproperlyConfigured("\n".join(str(message) for message in errors))
