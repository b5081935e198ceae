"""Demonstration on one machine: SQLite, sandbox addresses, fictitious people, no file to prepare."""

from __future__ import annotations

from amarre.cast import ASSOCIATION
from amarre.dui.accounts.psc_settings import psc_settings, sandbox_defaults
from amarre.dui.config.apps_found import found_apps
from amarre.dui.config.local_secrets import local_secret
from amarre.dui.config.settings.base import *  # noqa: F403
from amarre.dui.config.settings.base import INSTALLED_APPS, VAR_DIR
from amarre.dui.core.env import database, env

AMARRE_ENVIRONMENT = "demo"
DEBUG = env.boolean("AMARRE_DEBUG", False, help="Django's debugging pages; refused in production.")
SECRET_KEY = local_secret(VAR_DIR, "secret-key")
AUDIT_KEY = local_secret(VAR_DIR, "audit-key")
ALLOWED_HOSTS = ["127.0.0.1", "localhost", "[::1]"]

DUI_APPS = found_apps(with_demo=True)
INSTALLED_APPS = [app for app in INSTALLED_APPS if not app.startswith("amarre.")] + DUI_APPS

DATABASES = {
    "default": database(
        env.text("DATABASE_URL", "sqlite:", help="sqlite:///path or postgres://…"), var_dir=VAR_DIR
    )
}
if "AMARRE_RECEIPTS_SECONDS" not in env.values:
    AMARRE_RECEIPTS_SECONDS = 20
# After `collectstatic`, files are served compressed; without it, straight from the apps.
STORAGES = {
    "default": {"BACKEND": "amarre.dui.documents.durable_files.DurableFiles"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedStaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = not (VAR_DIR / "static").is_dir()

# The sandbox of this machine is only an address: any AMARRE_PSC_* variable replaces it.
SANDBOX_DATA = env.path("AMARRE_SANDBOX_DATA", VAR_DIR / "sandbox", help="Data folder of the sandbox.")
# The cartes Vitale of the demonstration are files, which the sandbox writes.
AMARRE_VITALE_READER = "amarre.dui.usagers.vitale.demonstration_cards"
AMARRE_VITALE_TEST_CARDS = str(SANDBOX_DATA / "vitale")
PSC = psc_settings(env, sandbox_defaults(SANDBOX_DATA, f"1{ASSOCIATION.finess_ej}"))
