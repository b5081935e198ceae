"""Typed reading of the environment, the only place of the project that reads `os.environ`.

Every value read is declared (name, kind, default, help), so that the settings page of the documentation is
generated from what the code really reads. A secret `NAME` may be given by a file, through `NAME_FILE`.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

_TRUE = frozenset({"1", "true", "yes", "on", "oui"})
_FALSE = frozenset({"0", "false", "no", "off", "non", ""})


@dataclass(frozen=True, slots=True)
class Declared:
    """One setting read from the environment, for the generated documentation."""

    name: str
    kind: str
    default: str
    help: str


@dataclass(slots=True)
class Env:
    """Typed access to a mapping of environment variables.

    Each method raises ImproperlyConfigured, naming the variable but never its value, when the variable is
    required and absent, or is not of the expected shape.
    """

    values: Mapping[str, str] = field(default_factory=lambda: os.environ)
    declared: dict[str, Declared] = field(default_factory=dict)

    def _declare(self, name: str, kind: str, default: object, help_text: str) -> None:
        shown = "required" if default is None else str(default)
        self.declared[name] = Declared(name, kind, shown, help_text)

    def text(self, name: str, default: str | None = None, *, help: str = "") -> str:
        """Return the text of `name`; required when `default` is None."""
        self._declare(name, "text", default, help)
        value = self.values.get(name, default)
        if value is None:
            raise ImproperlyConfigured(f"{name} is required. {help}".strip())
        return value

    def boolean(self, name: str, default: bool, *, help: str = "") -> bool:
        """Return a boolean written 1/0, true/false, yes/no, oui/non."""
        self._declare(name, "boolean", default, help)
        value = self.values.get(name)
        if value is None:
            return default
        if value.strip().lower() in _TRUE:
            return True
        if value.strip().lower() in _FALSE:
            return False
        raise ImproperlyConfigured(f"{name} must be a boolean (1 or 0)")

    def integer(self, name: str, default: int, *, help: str = "") -> int:
        """Return an integer."""
        self._declare(name, "integer", default, help)
        try:
            return int(self.values.get(name, default))
        except ValueError:
            raise ImproperlyConfigured(f"{name} must be an integer") from None

    def words(self, name: str, default: str | None = None, *, help: str = "") -> list[str]:
        """Return the values of a list separated by commas, without blanks."""
        self._declare(name, "list", default, help)
        value = self.values.get(name, default)
        if value is None:
            raise ImproperlyConfigured(f"{name} is required. {help}".strip())
        return [word.strip() for word in value.split(",") if word.strip()]

    def path(self, name: str, default: Path, *, help: str = "") -> Path:
        """Return an absolute path."""
        self._declare(name, "path", default, help)
        return Path(self.values.get(name, str(default))).expanduser().absolute()

    def url(self, name: str, default: str | None = None, *, help: str = "") -> str:
        """Return an http or https address without trailing slash."""
        value = self.text(name, default, help=help)
        if value and urlsplit(value).scheme not in {"http", "https"}:
            raise ImproperlyConfigured(f"{name} must be an http or https address")
        return value.rstrip("/")

    def secret(self, name: str, default: str | None = None, *, help: str = "") -> str:
        """Return a secret given by `NAME_FILE` (preferred: processes cannot read it) or by `NAME`."""
        self._declare(name, "secret (or file in " + name + "_FILE)", "" if default else default, help)
        file_name = self.values.get(f"{name}_FILE")
        if file_name:
            try:
                value: str | None = Path(file_name).read_text(encoding="utf-8").strip()
            except OSError as error:
                raise ImproperlyConfigured(f"{name}_FILE cannot be read: {error.strerror}") from None
        else:
            value = self.values.get(name, default)
        if not value:
            raise ImproperlyConfigured(f"{name} or {name}_FILE is required. {help}".strip())
        return value


def database(url: str, *, var_dir: Path) -> dict[str, Any]:
    """Return Django's settings of one database from `url`.

    `sqlite` (default file of `var_dir`), `sqlite:///absolute/path`, or
    `postgres://user:password@host:port/name?sslmode=…&pool_max=8`.
    Raises ImproperlyConfigured for any other scheme.
    """
    parts = urlsplit(url)
    if parts.scheme in {"", "sqlite"}:
        name = unquote(parts.path) if parts.scheme and parts.path else str(var_dir / "amarre.sqlite3")
        return sqlite(name)
    if parts.scheme not in {"postgres", "postgresql"}:
        raise ImproperlyConfigured("DATABASE_URL must start with sqlite: or postgres:")
    options: dict[str, Any] = dict(parse_qsl(parts.query))
    pool = {"min_size": 1, "max_size": int(options.pop("pool_max", 8)), "timeout": 10}
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": parts.hostname or "",
        "PORT": str(parts.port or ""),
        # A pool and persistent connections exclude each other (Django 5.2, PostgreSQL notes).
        "CONN_MAX_AGE": 0,
        "OPTIONS": {**options, "pool": pool},
    }


def sqlite(name: str) -> dict[str, Any]:
    """Return the settings of an SQLite database that loses nothing it acknowledged.

    IMMEDIATE: a transaction that reads then writes never fails half way on "database is locked".
    synchronous=FULL: a committed act, exchange or trace survives a power cut.
    """
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": name,
        "CONN_MAX_AGE": 600,
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": (
                "PRAGMA journal_mode=WAL;PRAGMA synchronous=FULL;"
                "PRAGMA mmap_size=134217728;PRAGMA cache_size=-20000;"
            ),
        },
    }


env = Env()
