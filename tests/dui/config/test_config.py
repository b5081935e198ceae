"""Settings: typed reading, start-up checks, refusal to start."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command
from django.db import connection

from amarre.dui.config import checks
from amarre.dui.config.apps_found import found_apps, found_urls
from amarre.dui.config.local_secrets import local_secret
from amarre.dui.core.env import Env, database, sqlite
from amarre.dui.organisations.checks import check_no_sandbox_in_production
from amarre.dui.organisations.models import ConnectorProfile, Essms

STRONG = "kJ8-x2Lq_9vT4zRb7nWc1mYd5fGh3pSs6aQe0uIoXtVrBnMwZyKl"


def test_values_are_read_with_their_type(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("s3cret\n")
    env = Env(
        {
            "A": "x",
            "B": "oui",
            "N": "3",
            "L": "a, b,,c",
            "U": "https://a.fr/",
            "S_FILE": str(tmp_path / "secret"),
        }
    )
    assert env.text("A") == "x"
    assert env.boolean("B", False) is True
    assert env.integer("N", 1) == 3
    assert env.words("L") == ["a", "b", "c"]
    assert env.url("U") == "https://a.fr"
    assert env.secret("S") == "s3cret"
    assert env.text("ABSENT", "default") == "default"
    assert set(env.declared) == {"A", "B", "N", "L", "U", "S", "ABSENT"}


def test_wrong_values_name_the_variable_and_never_the_value() -> None:
    env = Env({"B": "peut-être", "N": "trois", "U": "ftp://hidden", "S_FILE": "/absent/hidden"})
    for read in (
        lambda: env.text("ABSENT"),
        lambda: env.words("ABSENT"),
        lambda: env.secret("ABSENT"),
        lambda: env.boolean("B", False),
        lambda: env.integer("N", 1),
        lambda: env.url("U"),
        lambda: env.secret("S"),
    ):
        with pytest.raises(ImproperlyConfigured) as refused:
            read()
        assert not {"peut-être", "trois", "hidden"} & set(str(refused.value).replace("/", " ").split())


def test_databases(tmp_path: Path) -> None:
    assert database("sqlite:", var_dir=tmp_path)["NAME"] == str(tmp_path / "amarre.sqlite3")
    assert database("sqlite:///srv/x.sqlite3", var_dir=tmp_path)["NAME"] == "/srv/x.sqlite3"
    found = database("postgres://u:p%40@h:5433/base?sslmode=verify-full&pool_max=3", var_dir=tmp_path)
    assert (found["USER"], found["PASSWORD"], found["HOST"], found["PORT"]) == ("u", "p@", "h", "5433")
    assert found["OPTIONS"]["sslmode"] == "verify-full"
    assert found["OPTIONS"]["pool"]["max_size"] == 3
    assert found["CONN_MAX_AGE"] == 0
    with pytest.raises(ImproperlyConfigured):
        database("mysql://h/base", var_dir=tmp_path)


@pytest.mark.django_db
def test_sqlite_keeps_what_it_acknowledged() -> None:
    if connection.vendor != "sqlite":
        return
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA synchronous")
        assert cursor.fetchone()[0] == 2
    assert connection.transaction_mode == "IMMEDIATE"  # type: ignore[attr-defined]
    assert not connection.settings_dict["ATOMIC_REQUESTS"]


def with_settings(monkeypatch: pytest.MonkeyPatch, **values: object) -> None:
    """Give the checks settings of their own: the real ones stay what they are."""
    monkeypatch.setattr(checks, "settings", SimpleNamespace(**values))


def test_unsafe_database_settings_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    assert checks.check_database_settings(None) == []
    unsafe = sqlite("x") | {"ATOMIC_REQUESTS": True, "OPTIONS": {}}
    with_settings(monkeypatch, AMARRE_ENVIRONMENT="demo", DATABASES={"default": unsafe})
    found = checks.check_database_settings(None)
    assert [message.id for message in found] == ["amarre.E007", "amarre.E008"]
    with_settings(monkeypatch, AMARRE_ENVIRONMENT="production", DATABASES={"default": sqlite("x")})
    assert [message.id for message in checks.check_database_settings(None)] == ["amarre.W001"]


GOOD: dict[str, object] = {
    "AMARRE_ENVIRONMENT": "production",
    "DEBUG": False,
    "PUBLIC_URL": "https://dui.example.fr",
    "ALLOWED_HOSTS": ["dui.example.fr"],
    "SESSION_COOKIE_SECURE": True,
    "CSRF_COOKIE_SECURE": True,
    "SECRET_KEY": STRONG,
    "AUDIT_KEY": STRONG[::-1],
    "INSTALLED_APPS": ["amarre.dui.core"],
    "AMARRE_RECORD_DIR": "",
    "AMARRE_FAULT_INJECTION": False,
    "AMARRE_INSI_INJECTION": "",
    "AMARRE_VITALE_READER": "",
    "AMARRE_VITALE_TEST_CARDS": "",
}


@pytest.mark.parametrize(
    ("change", "number"),
    [
        ({"DEBUG": True}, "amarre.E001"),
        ({"PUBLIC_URL": "http://dui.example.fr"}, "amarre.E002"),
        ({"INSTALLED_APPS": ["amarre.dui.demo"]}, "amarre.E003"),
        ({"ALLOWED_HOSTS": ["*"]}, "amarre.E004"),
        ({"ALLOWED_HOSTS": []}, "amarre.E004"),
        ({"SESSION_COOKIE_SECURE": False}, "amarre.E005"),
        ({"SECRET_KEY": "short"}, "amarre.E006"),
        ({"AUDIT_KEY": "a" * 60}, "amarre.E006"),
        ({"AUDIT_KEY": STRONG}, "amarre.E006"),
        ({"AMARRE_RECORD_DIR": "x"}, "amarre.E010"),
        ({"AMARRE_FAULT_INJECTION": True}, "amarre.E011"),
        ({"AMARRE_INSI_INJECTION": "/tmp/cnda"}, "amarre.E012"),
        ({"AMARRE_VITALE_READER": "x.demonstration_cards"}, "amarre.E013"),
        ({"AMARRE_VITALE_TEST_CARDS": "/tmp/cards"}, "amarre.E013"),
        ({"AMARRE_VITALE_READER": "site.desk.reader"}, ""),
        ({}, ""),
    ],
)
def test_what_suits_a_demonstration_is_refused_in_production(
    monkeypatch: pytest.MonkeyPatch, change: dict[str, object], number: str
) -> None:
    with_settings(monkeypatch, **(GOOD | change))
    assert [message.id for message in checks.check_production(None)] == ([number] if number else [])


def test_an_establishment_in_the_sandbox_stops_production(essms: Essms, settings: object) -> None:
    ConnectorProfile.objects.create(essms=essms, insi_url="https://127.0.0.1:8443/lps")
    assert check_no_sandbox_in_production(None, databases=["default"]) == []
    settings.AMARRE_ENVIRONMENT = "production"  # type: ignore[attr-defined]
    (message,) = check_no_sandbox_in_production(None, databases=["default"])
    assert message.id == "amarre.E009"


@pytest.mark.parametrize(
    "missing", ["", "AMARRE_SECRET_KEY", "AMARRE_AUDIT_KEY", "AMARRE_HOSTS", "DATABASE_URL"]
)
def test_production_starts_complete_or_not_at_all(tmp_path: Path, missing: str) -> None:
    (tmp_path / "key").write_text(STRONG)
    values = {
        "AMARRE_SECRET_KEY_FILE": str(tmp_path / "key"),
        "AMARRE_AUDIT_KEY": STRONG[::-1],
        "AMARRE_PUBLIC_URL": "https://dui.example.fr",
        "AMARRE_HOSTS": "dui.example.fr",
        "AMARRE_VAR_DIR": str(tmp_path),
        "DATABASE_URL": "postgres://nobody@127.0.0.1:1/none",
        "DJANGO_SETTINGS_MODULE": "amarre.dui.config.settings.production",
    }
    if missing:
        values = {name: value for name, value in values.items() if not name.startswith(missing)}
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    done = subprocess.run(
        [sys.executable, "-m", "amarre.dui", "check", "--deploy", "--fail-level", "WARNING"],
        env=kept | values,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert (done.returncode == 0) is (not missing), done.stderr
    if missing:
        assert missing in done.stderr


def test_secrets_of_a_demonstration_are_drawn_once(tmp_path: Path) -> None:
    first = local_secret(tmp_path, "secret-key")
    assert len(first) >= 50
    assert local_secret(tmp_path, "secret-key") == first
    assert (tmp_path / "secrets" / "secret-key").stat().st_mode & 0o077 == 0


def test_the_demonstration_is_never_part_of_production() -> None:
    assert "amarre.dui.demo" not in found_apps(with_demo=False)
    assert "amarre.dui.access" in found_apps(with_demo=False)
    assert "amarre.dui.config.urls" not in found_urls(found_apps(with_demo=True))


@pytest.mark.django_db
def test_no_migration_is_missing() -> None:
    call_command("makemigrations", "--check", "--dry-run", verbosity=0)
