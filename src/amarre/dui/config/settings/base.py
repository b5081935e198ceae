"""Settings shared by every environment. Holds no secret and no address of a service."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from csp.constants import NONE, SELF

from amarre.dui.accounts.psc_settings import psc_settings
from amarre.dui.config.apps_found import found_apps
from amarre.dui.core.env import env

PACKAGE_DIR = Path(__file__).resolve().parents[2]
VAR_DIR = env.path(
    "AMARRE_VAR_DIR", Path.cwd() / "var", help="Folder of the installation's data: database, documents, keys."
)

# "demo", "test" or "production": banners, start-up checks and refusals follow it.
AMARRE_ENVIRONMENT = ""

ROOT_URLCONF = "amarre.dui.config.urls"
WSGI_APPLICATION = "amarre.dui.config.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["amarre.dui.accounts.backends.SubjectBackend"]
LOGIN_URL = "accounts:login"
LOGIN_REDIRECT_URL = "/"
# Finds where a person who logs in works: the accounts ask the rights through this function only.
LOGIN_ENTRANCE = "amarre.dui.access.entrance.enter"
PSC = psc_settings(env)

DUI_APPS = found_apps(with_demo=False)
INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.forms",
    "django_htmx",
    "csp",
    *DUI_APPS,
]

MIDDLEWARE = [
    "amarre.dui.core.middleware.RequestContextMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "amarre.dui.core.middleware.SecurityHeadersMiddleware",
    "csp.middleware.CSPMiddleware",
    "amarre.dui.web.middleware.LoginByWholePage",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "amarre.dui.access.middleware.KeepsLateForms",
    "amarre.dui.accounts.middleware.ClosedSessionMiddleware",
    "amarre.dui.core.middleware.IdleSessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "amarre.dui.web.middleware.ExplainedErrors",
    "amarre.dui.access.middleware.ActorMiddleware",
    # Innermost: sessions, messages and the actor are settled outside of it.
    "amarre.dui.core.readonly.ReadOnlyGetMiddleware",
]

TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "OPTIONS": {
            # French no-break spaces are set when a template is compiled.
            "loaders": [
                (
                    "django.template.loaders.cached.Loader",
                    ["amarre.dui.web.loaders.Loader"],
                )
            ],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.messages.context_processors.messages",
                "amarre.dui.web.context_processors.frame",
            ],
        },
    }
]

FORM_RENDERER = "amarre.dui.web.forms.FormRenderer"
CSRF_FAILURE_VIEW = "amarre.dui.web.views.csrf_failure"
# The interface shell asks the policy of rights through this function only.
WEB_GUARD = "amarre.dui.access.web_guard.guard"

LANGUAGE_CODE = "fr"
LANGUAGES = [("fr", "Français")]
TIME_ZONE = "Europe/Paris"
USE_TZ = True
USE_I18N = True

# --- Sessions: twenty minutes without activity close them (shared posts). ---------------------------------
SESSION_ENGINE = "django.contrib.sessions.backends.db"
SESSION_COOKIE_AGE = 20 * 60
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"  # Strict would lose the session on the way back from Pro Santé Connect.
SESSION_COOKIE_NAME = "amarre_session"
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_NAME = "amarre_csrf"

# --- Headers. ---------------------------------------------------------------------------------------------
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY: dict[str, Any] = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF],
        "font-src": [SELF],
        "connect-src": [SELF],
        "object-src": [NONE],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "form-action": [SELF],
    }
}

# --- Files. -----------------------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = VAR_DIR / "static"
MEDIA_ROOT = VAR_DIR / "documents"
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000
# LibreOffice is optional: without it, texts of an office (ODT, DOCX) are refused with advice.
AMARRE_SOFFICE = env.text(
    "AMARRE_SOFFICE", "", help="LibreOffice, for ODT and DOCX; empty: looked for; « non »: never."
)
# Certificates, keys and authorities named in the connector profiles must lie under one of these folders.
CONNECTOR_FILE_ROOTS = [
    Path(folder).absolute()
    for folder in env.words(
        "AMARRE_CONNECTOR_FILE_ROOTS", str(VAR_DIR), help="Folders that may hold certificates and keys."
    )
]

# --- Outbox. ----------------------------------------------------------------------------------------------
# Longer than the longest exchange (30 s) with its query: a living worker never loses its lease.
AMARRE_LEASE_SECONDS = env.integer("AMARRE_LEASE_SECONDS", 120, help="Seconds a worker may hold an exchange.")
AMARRE_RETRY_BASE_SECONDS = env.integer("AMARRE_RETRY_BASE_SECONDS", 30, help="First delay before a new try.")
AMARRE_CIRCUIT_REST_SECONDS = env.integer(
    "AMARRE_CIRCUIT_REST_SECONDS", 60, help="Seconds a failing service is left alone."
)
AMARRE_RECEPTION_SPACING_MS = env.integer(
    "AMARRE_RECEPTION_SPACING_MS", 2_000, help="Milliseconds between two questions about what the DMP holds."
)
AMARRE_RECEIPTS_SECONDS = env.integer(
    "AMARRE_RECEIPTS_SECONDS", 60, help="Seconds between two readings of the notices of MSSanté mailboxes."
)
# Verification of the whole file active: the rates of the real service are not public (unconfirmed).
AMARRE_VERIFICATION_LOT_LINES = env.integer(
    "AMARRE_VERIFICATION_LOT_LINES", 200, help="Identities of one lot sent to INSi for verification."
)
AMARRE_VERIFICATION_PER_MINUTE = env.integer(
    "AMARRE_VERIFICATION_PER_MINUTE", 600, help="Identities verified per minute at most (0: no limit)."
)
# Folder where every byte exchanged is kept in clear; only for fictitious persons, refused in production.
AMARRE_RECORD_DIR = env.text("AMARRE_RECORD_DIR", "", help="Folder that keeps every exchange (demo only).")
# Folder of the CNDA's injection files, for an authorisation session of INSi; refused in production.
AMARRE_INSI_INJECTION = env.text(
    "AMARRE_INSI_INJECTION", "", help="Folder of the CNDA's answers to put in the place of INSi's (tests)."
)
# Cartes Vitale: what reads them here (« package.module.function », see usagers.vitale); empty: not offered.
AMARRE_VITALE_READER = env.text(
    "AMARRE_VITALE_READER", "", help="Function that gives the reader of cartes Vitale; empty: not offered."
)
AMARRE_VITALE_TEST_CARDS = ""
# Lets a test kill the worker at a named point; refused in production (see exchanges.milestones).
AMARRE_FAULT_INJECTION = False

LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"redacted": {"()": "amarre.dui.core.logging.RedactingFormatter"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "redacted"}},
    "root": {"handlers": ["console"], "level": "INFO"},
    "loggers": {
        "django": {"handlers": [], "level": "INFO", "propagate": True},
        # Django's own server handler would print query strings: ours formats everything.
        "django.server": {"handlers": [], "level": "INFO", "propagate": True},
        # Full addresses of requests (a directory search names people): never logged.
        "httpx2": {"handlers": [], "level": "WARNING", "propagate": True},
        # Statements may quote identities: never logged, even with DEBUG.
        "django.db.backends": {"handlers": [], "level": "WARNING", "propagate": True},
    },
}
