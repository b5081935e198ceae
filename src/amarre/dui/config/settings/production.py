"""Production: every secret and address comes from the environment; a missing one stops the start."""

from __future__ import annotations

from amarre.dui.config.settings.base import *  # noqa: F403
from amarre.dui.config.settings.base import VAR_DIR
from amarre.dui.core.env import database, env

AMARRE_ENVIRONMENT = "production"
DEBUG = False
SECRET_KEY = env.secret("AMARRE_SECRET_KEY", help="At least 50 random characters.")
AUDIT_KEY = env.secret(
    "AMARRE_AUDIT_KEY", help="Key of the seals of the audit trail; keep a copy away from the server."
)
PUBLIC_URL = env.url("AMARRE_PUBLIC_URL", help="Address people type, in https.")
ALLOWED_HOSTS = env.words("AMARRE_HOSTS", help="Host names of the site, separated by commas.")
CSRF_TRUSTED_ORIGINS = [PUBLIC_URL]

DATABASES = {
    "default": database(
        env.text("DATABASE_URL", help="postgres://user@host/name (sqlite: for one small installation)."),
        var_dir=VAR_DIR,
    )
}

SESSION_COOKIE_SECURE = True
SESSION_COOKIE_NAME = "__Host-amarre_session"
CSRF_COOKIE_SECURE = True
CSRF_COOKIE_NAME = "__Host-amarre_csrf"
SECURE_SSL_REDIRECT = True
SECURE_HSTS_SECONDS = 365 * 24 * 3600
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
# Entering the browsers' preload list commits the whole domain: that choice is the host's, not ours.
SILENCED_SYSTEM_CHECKS = ["security.W021"]
if env.boolean("AMARRE_BEHIND_PROXY", False, help="1 when a proxy of yours ends TLS and sets the header."):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

STORAGES = {
    "default": {"BACKEND": "amarre.dui.documents.durable_files.DurableFiles"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
