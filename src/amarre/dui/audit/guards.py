"""Triggers that refuse every change of the trace and of its seals, on SQLite and PostgreSQL.

Removing them is an act of the owner of the database, never of the application's own role.
"""

from __future__ import annotations

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

GUARDED_TABLES = ("audit_trace", "audit_seal")
_MESSAGE = "amarre: the audit trail is append-only"


def install_statements(vendor: str) -> list[str]:
    """Return the SQL that installs the guards; raises KeyError for an engine that is not supported."""
    return {"sqlite": _sqlite_install, "postgresql": _postgresql_install}[vendor]()


def remove_statements(vendor: str) -> list[str]:
    """Return the SQL that removes the guards."""
    if vendor == "sqlite":
        return [
            f"DROP TRIGGER IF EXISTS {table}_no_{event.lower()}"
            for table in GUARDED_TABLES
            for event in ("UPDATE", "DELETE")
        ]
    return [
        f"DROP TRIGGER IF EXISTS {table}_{name} ON {table}"
        for table in GUARDED_TABLES
        for name in ("append_only", "no_truncate")
    ]


def _sqlite_install() -> list[str]:
    return [
        f"CREATE TRIGGER IF NOT EXISTS {table}_no_{event.lower()} BEFORE {event} ON {table} "
        f"BEGIN SELECT RAISE(ABORT, '{_MESSAGE}'); END"
        for table in GUARDED_TABLES
        for event in ("UPDATE", "DELETE")
    ]


def _postgresql_install() -> list[str]:
    function = (
        "CREATE OR REPLACE FUNCTION audit_append_only() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{_MESSAGE}'; END $$"
    )
    statements = [function]
    for table in GUARDED_TABLES:
        statements += [
            f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table} "
            "FOR EACH ROW EXECUTE FUNCTION audit_append_only()",
            f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION audit_append_only()",
        ]
    return statements


def install(connection: BaseDatabaseWrapper | BaseDatabaseSchemaEditor, vendor: str) -> None:
    """Install the guards through a connection or a schema editor."""
    _run(connection, install_statements(vendor))


def remove(connection: BaseDatabaseWrapper | BaseDatabaseSchemaEditor, vendor: str) -> None:
    """Remove the guards (owner of the database: maintenance, tests)."""
    _run(connection, remove_statements(vendor))


def _run(target: BaseDatabaseWrapper | BaseDatabaseSchemaEditor, statements: list[str]) -> None:
    if isinstance(target, BaseDatabaseSchemaEditor):
        for statement in statements:
            target.execute(statement)
        return
    with target.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
