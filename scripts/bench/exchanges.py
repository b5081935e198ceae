"""The outbox against two bare rows; our share of a call to INSi."""

from __future__ import annotations

import itertools
import uuid

from django.db import connection, transaction

from amarre.dui.exchanges.services.enqueue import enqueue
from amarre.dui.usagers.connector import insi_client
from amarre.interop.common.clock import SystemClock, SystemIds
from amarre.interop.ins import BirthDate, Environment, Sexe
from amarre.interop.ins.insi import InsiProfile, SearchCriteria, TraitsQuery, parse_answer, traits_request
from scripts.bench.house import Ground
from scripts.bench.timing import Row, Score, Work

PART = b"x" * 200_000


def rows(ground: Ground) -> list[Row]:
    """Return the rows of the exchanges."""
    return [
        Row(
            "durable enqueue", _enqueue(ground), _two_rows(), 3.0,
            "one transaction of enqueue() with 200 KB frozen, against one of two bare INSERT with the same "
            "200 KB; SQLite file, synchronous FULL", waits=True,
        ),
        _insi(ground),
    ]  # fmt: skip


def _enqueue(ground: Ground) -> Work:
    actor = ground.house.actor

    def work() -> object:
        with transaction.atomic():
            return enqueue(
                kind="insi.search", actor=actor, essms_id=ground.house.essms.pk, key=f"bench:{uuid.uuid4()}",
                lane="bench", parts={"request": PART},
            )  # fmt: skip

    return work


def _two_rows() -> Work:
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE bench_row (id INTEGER PRIMARY KEY, name TEXT UNIQUE)")
        kind = "bytea" if connection.vendor == "postgresql" else "BLOB"
        cursor.execute(f"CREATE TABLE bench_part (id INTEGER PRIMARY KEY, row_id INTEGER, data {kind})")

    def work() -> object:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("INSERT INTO bench_row (name) VALUES (%s)", [str(uuid.uuid4())])
            cursor.execute("INSERT INTO bench_part (row_id, data) VALUES (%s, %s)", [cursor.lastrowid, PART])
        return None

    return work


def _insi(ground: Ground) -> Row:
    client = insi_client(ground.house.profile)
    born = itertools.cycle((BirthDate("1938-04-12"),))

    def call() -> object:
        outcome = client.search_by_traits(SearchCriteria("LE BIHAN", "YVONNE", Sexe.F, next(born)))
        outcome.raise_if_failed()
        return outcome.calls[0]

    answer = client.search_by_traits(SearchCriteria("LE BIHAN", "YVONNE", Sexe.F, next(born))).calls[0].answer
    place = ground.house.essms.struct_idnat
    profile = InsiProfile(
        "https://localhost/lps", "IDAM", "amarre", "0.1", "bench", place, Environment.SANDBOX
    )
    query = TraitsQuery("LE BIHAN", "YVONNE", Sexe.F, BirthDate("1938-04-12"))

    def own() -> object:
        traits_request(query, profile, SystemClock(), SystemIds())
        return parse_answer(answer)

    return Row(
        "INSi: our share", own, call, 0.5,
        "building the request and reading the answer, against the whole call to the sandbox over mutual TLS "
        "on loopback (a real call is slower, so the real share is smaller)", Score.SHARE,
    )  # fmt: skip
