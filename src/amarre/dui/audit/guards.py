"""Triggers that refuse every change of the trace and of its seals, on SQLite and PostgreSQL.

An app above whose rows are proofs too declares its table with `guard`, in `ready()`, and installs the
triggers by its own migration: ``guards.install(schema_editor, vendor, tables=("…",))``.

Removing them is an act of the owner of the database, never of the application's own role.
"""

from __future__ import annotations

from collections.abc import Sequence

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

GUARDED_TABLES = ("audit_trace", "audit_seal")
_declared: list[str] = []


def guard(table: str) -> None:
    """Declare a table of another app whose rows are never changed."""
    if table not in _declared:
        _declared.append(table)


def guarded_tables() -> tuple[str, ...]:
    """Return every guarded table: those of the trace and those that other apps declared."""
    return (*GUARDED_TABLES, *_declared)


def install_statements(vendor: str, tables: Sequence[str] = GUARDED_TABLES) -> list[str]:
    """Return the SQL that installs the guards; raises KeyError for an engine that is not supported."""
    return {"sqlite": _sqlite_install, "postgresql": _postgresql_install}[vendor](tables)


def remove_statements(vendor: str, tables: Sequence[str] = GUARDED_TABLES) -> list[str]:
    """Return the SQL that removes the guards."""
    if vendor == "sqlite":
        return [
            f"DROP TRIGGER IF EXISTS {table}_no_{event.lower()}"
            for table in tables
            for event in ("UPDATE", "DELETE")
        ]
    return [
        f"DROP TRIGGER IF EXISTS {table}_{name} ON {table}"
        for table in tables
        for name in ("append_only", "no_truncate")
    ]


def _sqlite_install(tables: Sequence[str]) -> list[str]:
    return [
        f"CREATE TRIGGER IF NOT EXISTS {table}_no_{event.lower()} BEFORE {event} ON {table} "
        f"BEGIN SELECT RAISE(ABORT, 'amarre: {table} is append-only'); END"
        for table in tables
        for event in ("UPDATE", "DELETE")
    ]


def _postgresql_install(tables: Sequence[str]) -> list[str]:
    statements = [
        "CREATE OR REPLACE FUNCTION audit_append_only() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION USING MESSAGE = 'amarre: ' || TG_TABLE_NAME || ' is append-only'; END $$"
    ]
    for table in tables:
        statements += [
            f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table} "
            "FOR EACH ROW EXECUTE FUNCTION audit_append_only()",
            f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION audit_append_only()",
        ]
    return statements


def install(
    connection: BaseDatabaseWrapper | BaseDatabaseSchemaEditor,
    vendor: str,
    tables: Sequence[str] | None = None,
) -> None:
    """Install the guards through a connection or a schema editor, on every guarded table by default."""
    _run(connection, install_statements(vendor, guarded_tables() if tables is None else tables))


def remove(
    connection: BaseDatabaseWrapper | BaseDatabaseSchemaEditor,
    vendor: str,
    tables: Sequence[str] | None = None,
) -> None:
    """Remove the guards (owner of the database: maintenance, tests), by default of every guarded table."""
    _run(connection, remove_statements(vendor, guarded_tables() if tables is None else tables))


def _run(target: BaseDatabaseWrapper | BaseDatabaseSchemaEditor, statements: list[str]) -> None:
    if isinstance(target, BaseDatabaseSchemaEditor):
        for statement in statements:
            target.execute(statement)
        return
    with target.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
