"""Monthly snapshots: written once, by whoever runs first, and never changed."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from decimal import Decimal
from io import StringIO

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction

from amarre.dui.access.scope import system_scope
from amarre.dui.accounts.models import User
from amarre.dui.audit.models import Trace
from amarre.dui.exchanges.handlers import periodic_tasks
from amarre.dui.exchanges.services.periodic import run_due_tasks
from amarre.dui.indicators.models import MonthlySnapshot
from amarre.dui.organisations.models import Essms
from tests.dui import factories
from tests.dui.conftest import ClientFor
from tests.dui.indicators.recorded import Records, paris

pytestmark = pytest.mark.django_db
OCTOBER = datetime.date(2026, 10, 1)


@pytest.fixture(autouse=True)
def november() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(paris(2026, 11, 1, 3, 0), tick=False) as traveller:
        yield traveller


@pytest.fixture
def old(records: Records) -> Records:
    """The establishment existed in September; one deposit then, one message in October."""
    Essms.objects.visible_to(factories.actor_for(records.author, records.essms)).update(
        created_at=paris(2026, 9, 2)
    )
    dossier = records.dossier()
    version = records.version(dossier)
    records.deposit(version, at=paris(2026, 9, 30, 23, 59))
    records.message(dossier, version, at=paris(2026, 10, 31, 23, 59))
    records.message(dossier, version, at=paris(2026, 11, 1, 0, 0))
    return records


def kept(month: datetime.date, span: str) -> dict[str, int]:
    with system_scope("test"):
        rows = MonthlySnapshot.objects.filter(month=month, span=span)
        return {row.code: row.numerator for row in rows if row.numerator}


def test_the_month_and_the_total_are_kept(old: Records) -> None:
    run_due_tasks()
    assert kept(OCTOBER, "mois") == {"TBB1.2": 1, "TBB1.2a": 1, "TBB1.3b": 1}
    assert kept(OCTOBER, "cumul") == {
        "TBB1.1": 1, "TBB1.1a": 1, "TBB1.2": 1, "TBB1.2a": 1, "TBB1.3a": 1, "TBB1.3b": 1, "INS.P": 1,
    }  # fmt: skip
    with system_scope("test"):
        share = MonthlySnapshot.objects.get(code="INS.P")
        total = MonthlySnapshot.objects.get(code="TBB1.1", span="cumul")
    assert (share.numerator, share.denominator, share.value) == (1, 1, Decimal("100.0"))
    assert (total.denominator, total.value, total.environment) == (None, Decimal("1.0"), "bac_a_sable")
    assert total.rule_version == "TBB.1 v1 (2026-11)"
    line = Trace.objects.get(verb="indicators.snapshot_taken")
    assert (line.essms_id, line.details) == (old.essms.pk, {"month": "2026-10", "numbers": 24})


def test_a_worker_looks_every_hour() -> None:
    assert {task.name: task.seconds for task in periodic_tasks()}["indicators.snapshot"] == 3600


def test_written_once_whatever_happens_later(old: Records) -> None:
    call_command("indicators_snapshot", stdout=StringIO())
    before = kept(OCTOBER, "cumul")
    dossier = old.dossier()
    old.deposit(old.version(dossier), at=paris(2026, 10, 5))
    out = StringIO()
    call_command("indicators_snapshot", month="2026-10", stdout=out)
    assert "0 relevé(s) écrit(s) pour octobre 2026." in out.getvalue()
    assert kept(OCTOBER, "cumul") == before


def test_an_older_month_may_be_asked_for_without_the_statuses_of_today(old: Records) -> None:
    call_command("indicators_snapshot", month="2026-09", stdout=StringIO())
    assert kept(datetime.date(2026, 9, 1), "cumul") == {"TBB1.1": 1, "TBB1.1a": 1, "TBB1.3a": 1}
    call_command("indicators_snapshot", month="2026-08", stdout=StringIO())
    assert kept(datetime.date(2026, 8, 1), "cumul") == {}, "the establishment did not exist yet"


@pytest.mark.parametrize(
    ("month", "code"), [("2026-11", "IND-001"), ("2027-01", "IND-001"), ("2026-T3", "IND-002")]
)
def test_a_month_that_is_not_over_or_not_a_month(old: Records, month: str, code: str) -> None:
    with pytest.raises(CommandError, match=code):
        call_command("indicators_snapshot", month=month)
    with system_scope("test"):
        assert not MonthlySnapshot.objects.exists()


@pytest.mark.parametrize(
    "sql",
    ["UPDATE indicators_monthlysnapshot SET numerator = 99", "DELETE FROM indicators_monthlysnapshot"],
)
def test_the_database_refuses_every_change(old: Records, sql: str) -> None:
    call_command("indicators_snapshot", stdout=StringIO())
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(sql)
    assert 99 not in kept(OCTOBER, "cumul").values()


def test_the_page_shows_the_history(
    old: Records, client_for: ClientFor, alice: User, november: time_machine.Traveller
) -> None:
    for month in ("2026-09", "2026-10"):
        call_command("indicators_snapshot", month=month, stdout=StringIO())
    november.move_to(paris(2026, 11, 20))
    page = client_for(alice).get("/indicateurs/").content.decode()
    assert "Relevés mensuels, dans le mois" in page
    assert "Relevés mensuels, depuis le début" in page
    page = page[page.index('id="h-releves"') :]
    assert page.index("octobre 2026</th>") < page.index("septembre 2026</th>")
    assert "(1/1)" in page
