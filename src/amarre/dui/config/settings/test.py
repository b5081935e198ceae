"""Tests: in-memory SQLite, or the PostgreSQL server named by DATABASE_URL."""

from __future__ import annotations

import tempfile
from pathlib import Path

from amarre.dui.config.apps_found import found_apps
from amarre.dui.config.settings.base import *  # noqa: F403
from amarre.dui.config.settings.base import INSTALLED_APPS
from amarre.dui.core.env import database, env

AMARRE_ENVIRONMENT = "test"
DEBUG = False
SECRET_KEY = "test-only-secret-key-of-no-installation"  # noqa: S105
AUDIT_KEY = "test-only-audit-key-of-no-installation"
ALLOWED_HOSTS = ["testserver", "127.0.0.1", "localhost"]
VAR_DIR = Path(tempfile.gettempdir()) / "amarre-tests"
MEDIA_ROOT = VAR_DIR / "documents"
STATIC_ROOT = VAR_DIR / "static"
STORAGES = {
    "default": {"BACKEND": "amarre.dui.documents.durable_files.DurableFiles"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
CONNECTOR_FILE_ROOTS = [Path(tempfile.gettempdir())]

DUI_APPS = found_apps(with_demo=True)
INSTALLED_APPS = [app for app in INSTALLED_APPS if not app.startswith("amarre.")] + DUI_APPS

DATABASES = {"default": database(env.text("DATABASE_URL", "sqlite:/:memory:"), var_dir=VAR_DIR)}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    DATABASES["default"]["TEST"] = {"NAME": None}
else:
    # The test runner drops its database: no pool may keep a connection to it.
    DATABASES["default"]["OPTIONS"].pop("pool")
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = True
