"""Durability of the store and bounds of the journal."""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from amarre.interop.common.clock import SystemClock
from amarre.sandbox.journal import Circumstances, Journal
from amarre.sandbox.service import Remark, Verdict
from amarre.sandbox.store import Database, SqliteStore


def test_what_was_written_is_there_after_reopening(tmp_path: Path) -> None:
    database = Database(tmp_path / "deep" / "store.sqlite3")
    store = SqliteStore(database)
    store.put_many("dmp", {"a/1": b"\x00\xff", "a/2": b"", "b": b"x"})
    database.close()
    store = SqliteStore(Database(tmp_path / "deep" / "store.sqlite3"))
    assert store.keys("dmp", "a/") == ["a/1", "a/2"]
    assert store.get("dmp", "a/1") == b"\x00\xff"
    assert store.get("insi", "a/1") is None
    store.delete("dmp", "a/1")
    store.delete("dmp", "a/1")
    assert store.keys("dmp") == ["a/2", "b"]


def test_a_killed_process_loses_nothing_it_acknowledged(tmp_path: Path) -> None:
    path = tmp_path / "store.sqlite3"
    program = (
        "import sys\nfrom pathlib import Path\nfrom amarre.sandbox.store import Database, SqliteStore\n"
        f"store = SqliteStore(Database(Path({str(path)!r})))\n"
        "for i in range(10000):\n"
        "    store.put_many('dmp', {f'a{i:05}': b'1', f'b{i:05}': b'2'})\n    print(i, flush=True)\n"
    )
    process = subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    acknowledged = [process.stdout.readline() for _ in range(20)]
    process.send_signal(signal.SIGKILL)
    process.wait()
    process.stdout.close()
    store = SqliteStore(Database(path))
    assert len(acknowledged) == 20
    written = store.keys("dmp", "a")
    assert len(written) >= 20
    assert [key[1:] for key in written] == [key[1:] for key in store.keys("dmp", "b")]


def test_one_of_many_writers_wins() -> None:
    store = SqliteStore(Database(None))
    wins: list[bool] = []
    threads = [
        threading.Thread(target=lambda n=n: wins.append(store.put_new("dmp", "k", str(n).encode())))  # type: ignore[misc]
        for n in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(wins) == [False] * 7 + [True]


def test_a_failed_transaction_leaves_nothing() -> None:
    database = Database(None)
    store = SqliteStore(database)

    def fail() -> None:
        with database.transaction() as connection:
            connection.execute("INSERT INTO item VALUES ('dmp', 'k', x'00')")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert store.keys("dmp") == []


def test_the_journal_keeps_the_last_exchanges_and_bounds_their_bytes() -> None:
    journal = Journal(Database(None), SystemClock(), kept=3, kept_bytes=4)
    verdict = Verdict(True, "TD2.1", "Bien.", (Remark("r", "s", True, "Oui."),), {"Clé": "valeur"})
    for number in range(5):
        circumstances = Circumstances(address=f"POST /{number}", status=200, request_headers={"a": "b"})
        journal.record(
            service="dmp", verdict=verdict, request=b"123456", response=b"12", circumstances=circumstances
        )
    journal.record(service="insi", verdict=verdict, request=b"")
    found = journal.list("dmp")
    assert [item.address for item in found] == ["POST /4", "POST /3", "POST /2"]
    assert (found[0].request, found[0].request_size, found[0].response) == (b"1234", 6, b"12")
    assert found[0].verdict == verdict
    assert journal.get(found[0].id) == found[0]
    assert len(journal.list(after=found[0].id)) == 1
    journal.clear()
    assert journal.list() == []
