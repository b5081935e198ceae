"""GET writes nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from amarre.dui.audit.models import Trace
from amarre.dui.audit.registry import Verb, register
from amarre.dui.audit.services.record import record_reading
from amarre.dui.core.actor import system_actor
from amarre.dui.core.readonly import ReadOnlyGetMiddleware, WriteDuringRead, is_read, writes_on_get
from amarre.dui.organisations.models import OrganismeGestionnaire

register(Verb("test.page_read", "a lu une page d’essai", reading=True))

# Views that may write during a GET, and why. Adding one is a decision.
EXEMPTED = {
    "accounts:return_from_psc": "returns from Pro Santé Connect: opens the session",
}


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT 1",
        ' select "a"."b" from "a"',
        'SELECT "x" FROM "y" FOR UPDATE SKIP LOCKED',
        'SELECT "update" FROM "delete" WHERE "a" = \'INSERT\'',
        "WITH c AS (SELECT 1) SELECT * FROM c",
        "BEGIN IMMEDIATE",
        'SAVEPOINT "s1"',
        'RELEASE SAVEPOINT "s1"',
        'ROLLBACK TO SAVEPOINT "s1"',
        'INSERT INTO "audit_trace" ("at") VALUES (%s) RETURNING "audit_trace"."id"',
        "EXPLAIN SELECT 1;",
    ],
)
def test_reads_pass(sql: str) -> None:
    assert is_read(sql)


@pytest.mark.parametrize(
    "sql",
    [
        'INSERT INTO "organisations_essms" ("a") VALUES (1)',
        'INSERT INTO "audit_seal" ("a") VALUES (1)',
        'INSERT INTO "audit_trace_copy" ("a") VALUES (1)',
        'UPDATE "a" SET "b" = 1',
        'DELETE FROM "a"',
        "TRUNCATE a",
        "DROP TABLE a",
        "CREATE TABLE a (b int)",
        "PRAGMA writable_schema=1",
        "WITH gone AS (DELETE FROM a RETURNING *) SELECT * FROM gone",
        "WITH c AS (SELECT 1) UPDATE a SET b = 1",
        "WITH c AS (SELECT 1) INSERT INTO a SELECT * FROM c",
        "SELECT * INTO b FROM a",
        "SELECT 1; DELETE FROM a",
        "/* SELECT */ DELETE FROM a",
        "-- SELECT\nDELETE FROM a",
        "EXPLAIN ANALYZE DELETE FROM a",
        "COPY a FROM STDIN",
        "",
    ],
)
def test_writes_are_refused(sql: str) -> None:
    assert not is_read(sql)


def answer(view: Callable[[HttpRequest], HttpResponse], method: str) -> HttpResponse:
    request = HttpRequest()
    request.method = method

    def get_response(received: HttpRequest) -> HttpResponse:
        middleware.process_view(received, view, (), {})
        return view(received)

    middleware = ReadOnlyGetMiddleware(get_response)
    return middleware(request)


def writing_view(request: HttpRequest) -> HttpResponse:
    with transaction.atomic():
        OrganismeGestionnaire.objects.create(name="X")
    return HttpResponse()


@pytest.mark.django_db
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_a_view_that_writes_fails(method: str) -> None:
    with pytest.raises(WriteDuringRead, match="^INSERT$"):
        answer(writing_view, method)
    assert not OrganismeGestionnaire.objects.exists()


@pytest.mark.django_db
def test_post_and_exempted_views_write() -> None:
    answer(writing_view, "POST")

    @writes_on_get
    def view(request: HttpRequest) -> HttpResponse:
        return writing_view(request)

    answer(view, "GET")
    assert OrganismeGestionnaire.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_a_consultation_is_traced_during_a_get() -> None:
    def view(request: HttpRequest) -> HttpResponse:
        with transaction.atomic():
            record_reading(system_actor("test"), "test.page_read")
        return HttpResponse()

    answer(view, "GET")
    assert Trace.objects.count() == 1


def patterns(resolver: URLResolver, space: str = "") -> Iterator[tuple[str, URLPattern]]:
    for entry in resolver.url_patterns:
        if isinstance(entry, URLResolver):
            inner = f"{space}{entry.namespace}:" if entry.namespace else space
            yield from patterns(entry, inner)
        else:
            yield f"{space}{entry.name}", entry


def test_the_views_that_write_on_get_are_listed() -> None:
    marked = {name for name, p in patterns(get_resolver()) if getattr(p.callback, "writes_on_get", False)}
    assert marked <= set(EXEMPTED)


@pytest.mark.django_db
def test_a_logged_in_get_touches_the_session_outside_the_guard(client: Client, client_for, bob) -> None:
    logged = client_for(bob)
    session = logged.session
    session["seen_at"] = 1
    session.save()
    assert connection.vendor
    assert logged.get("/plus/").status_code == 302  # idle for years: closed
    assert client_for(bob).get("/plus/").status_code == 200
