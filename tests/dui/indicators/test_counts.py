"""Exact figures on built sets, edges first; SQL against a plain recount; indexes."""

from __future__ import annotations

import dataclasses
import datetime
import random

import pytest
from django.db import connection
from django.db.models import QuerySet

from amarre.dui.access.scope import system_scope
from amarre.dui.accounts.models import User
from amarre.dui.documents.models import DmpDeposit
from amarre.dui.exchanges.enums import State
from amarre.dui.indicators import acts, periods, selectors
from amarre.dui.indicators.acts import Lens
from amarre.dui.indicators.definitions import BY_CODE, TBB1, Family
from amarre.dui.indicators.lists import source_of
from amarre.dui.organisations.models import Essms
from tests.dui import factories
from tests.dui.indicators.recorded import NOON, Records, paris

pytestmark = pytest.mark.django_db
TODAY = datetime.date(2026, 11, 20)


def counted(lens: Lens) -> dict[str, int]:
    """Every TBB.1 number that is not 0; each is the length of its own list."""
    found = {code: figure.numerator for code, figure in selectors.tbb1_figures(lens).items()}
    for code, number in found.items():
        assert len(list(source_of(BY_CODE[code], lens, TODAY).all_lines())) == number, code
    return {code.removeprefix("TBB1."): number for code, number in found.items() if number}


def test_an_empty_house_counts_nothing(records: Records, lens: Lens) -> None:
    assert counted(lens) == {}


def test_one_document_three_ways(records: Records, lens: Lens) -> None:
    dossier = records.dossier()
    version = records.version(dossier)
    records.deposit(version)
    records.message(dossier, version)
    records.message(dossier, version, to_usager=True)
    assert counted(lens) == {
        "1": 1, "1a": 1, "2": 2, "2a": 1, "2b": 1, "3a": 1, "3b": 1, "3c": 1, "4": 1,
    }  # fmt: skip


def test_two_versions_of_one_document_are_one_document(records: Records, lens: Lens) -> None:
    dossier = records.dossier()
    first = records.version(dossier)
    second = records.version(dossier, first.document)
    records.deposit(first)
    records.deposit(second)
    records.deposit(records.version(dossier))
    assert counted(lens) == {"1": 2, "1a": 2, "3a": 1}


def test_a_document_is_once_with_ins_or_without(records: Records, lens: Lens) -> None:
    first = records.version(records.dossier())
    records.deposit(first, qualified=False)
    assert counted(lens) == {"1": 1, "1b": 1, "3a": 1}
    records.deposit(records.version(first.document.dossier, first.document))
    assert counted(lens) == {"1": 1, "1a": 1, "3a": 1}


def test_what_was_not_accepted_is_not_counted(records: Records, lens: Lens) -> None:
    dossier = records.dossier()
    version = records.version(dossier)
    records.deposit(version, at=None)
    for state in (State.REFUSE, State.INCONNU, State.EN_FILE, State.A_REFAIRE):
        records.message(dossier, version, at=None, state=state)
    assert counted(lens) == {}


def test_a_message_that_came_back_is_not_counted(records: Records, lens: Lens) -> None:
    dossier = records.dossier()
    version = records.version(dossier)
    records.message(dossier, version, receipt="rejete")
    assert counted(lens) == {}
    records.message(dossier, version, receipt="remis")
    records.message(dossier, version, receipt="lu")
    assert counted(lens) == {"2": 2, "2a": 2, "3b": 1}


def test_a_message_without_document_gives_no_dossier(records: Records, lens: Lens) -> None:
    records.message(records.dossier())
    assert counted(lens) == {"2": 1, "2a": 1}


def test_two_attachments_are_one_message_and_one_dossier(records: Records, lens: Lens) -> None:
    dossier = records.dossier()
    records.message(dossier, records.version(dossier), records.version(dossier))
    assert counted(lens) == {"2": 1, "2a": 1, "3b": 1}


def test_the_three_actions_may_be_about_different_documents_never_different_persons(
    records: Records, lens: Lens
) -> None:
    one, two = records.dossier(), records.dossier()
    records.deposit(records.version(one))
    records.message(one, records.version(one))
    records.message(two, records.version(two), to_usager=True)
    assert "4" not in counted(lens)
    records.message(one, records.version(one), to_usager=True)
    assert counted(lens)["4"] == 1


def test_only_the_environment_of_the_establishment(records: Records, lens: Lens, essms: Essms) -> None:
    dossier = records.dossier()
    version = records.version(dossier)
    records.deposit(version, environment="production")
    records.message(dossier, version, environment="qualification")
    assert selectors.environment_of(essms) == "bac_a_sable"
    assert counted(lens) == {}
    assert counted(dataclasses.replace(lens, environment="production")) == {"1": 1, "1a": 1, "3a": 1}


def test_only_the_establishment(records: Records, lens: Lens, other_essms: Essms, charlie: User) -> None:
    theirs = Records(other_essms, charlie).connected()
    dossier = theirs.dossier()
    version = theirs.version(dossier)
    theirs.deposit(version)
    theirs.message(dossier, version)
    # A second establishment of the same organisme is another one all the same.
    sister = Records(factories.make_essms(records.essms.organisme, "Foyer"), records.author)
    sister.deposit(sister.version(sister.dossier()))
    assert counted(lens) == {}


def test_neither_tests_nor_fictive_identities(records: Records, lens: Lens) -> None:
    for dossier in (records.dossier(is_test=True), records.dossier(is_fictive=True)):
        version = records.version(dossier)
        records.deposit(version)
        records.message(dossier, version)
    assert counted(lens) == {}


@pytest.mark.parametrize(
    ("at", "month"),
    [
        (paris(2026, 10, 31, 23, 59), "2026-10"),
        (paris(2026, 11, 1, 0, 0), "2026-11"),
        (paris(2026, 11, 30, 23, 59), "2026-11"),
        (datetime.datetime(2026, 11, 30, 23, 30, tzinfo=datetime.UTC), "2026-12"),
        (datetime.datetime(2026, 7, 31, 22, 0, tzinfo=datetime.UTC), "2026-08"),
        (paris(2026, 12, 31, 23, 59), "2026-12"),
    ],
)
def test_the_last_minute_of_a_month_is_that_of_paris(
    records: Records, lens: Lens, at: datetime.datetime, month: str
) -> None:
    dossier = records.dossier()
    version = records.version(dossier)
    records.deposit(version, at=at)
    records.message(dossier, version, at=at)
    wanted = periods.parse(month)
    assert wanted is not None
    first = wanted.first or TODAY
    months_around = periods.months_before(first + datetime.timedelta(days=40), 3)
    expected = {"1": 1, "1a": 1, "2": 1, "2a": 1, "3a": 1, "3b": 1}
    for period in months_around:
        found = counted(dataclasses.replace(lens, period=period))
        assert found == (expected if period.key == month else {}), period.key
    months = selectors.by_month(lens, first, 3)
    assert dict(zip([p.key for p in months.periods], months.documents, strict=True))[month] == 1
    assert (sum(months.documents), sum(months.professionnels), sum(months.usagers)) == (1, 1, 0)
    assert months.dossiers_dmp == months.documents
    assert months.dossiers_mssante == months.documents


def test_own_acts_are_those_one_asked_for(records: Records, lens: Lens, alice: User, bob: User) -> None:
    dossier = records.dossier()
    records.deposit(records.version(dossier), author=alice)
    records.message(dossier, records.version(dossier))
    assert counted(dataclasses.replace(lens, author_id=bob.pk)) == {"2": 1, "2a": 1, "3b": 1}
    assert counted(dataclasses.replace(lens, author_id=alice.pk)) == {"1": 1, "1a": 1, "3a": 1}


def test_identities_by_status_make_a_hundred(records: Records, essms: Essms) -> None:
    known = {"matricule": "2400229151001", "cle": "11", "ins_oid": "1.2.250.1.213.1.4.8"}
    records.dossier(traits_from_insi=True, coherence_checked=True, **known)
    records.dossier(coherence_checked=True)
    records.dossier()
    records.dossier(is_test=True)
    records.dossier(is_fictive=True)
    gone, coming = records.dossier(), records.dossier()
    type(gone).objects.visible_to(factories.actor_for(records.author, essms)).filter(pk=gone.pk).update(
        left_on=TODAY - datetime.timedelta(days=1)
    )
    coming.entered_on = TODAY + datetime.timedelta(days=1)
    coming.save()
    found = selectors.ins_figures(essms.pk, TODAY)
    assert {code: (f.numerator, f.denominator) for code, f in found.items()} == {
        "INS.Q": (1, 3), "INS.V": (1, 3), "INS.R": (0, 3), "INS.P": (1, 3),
    }  # fmt: skip
    assert sum(figure.percent or 0 for figure in found.values()) == pytest.approx(100)
    for code, figure in found.items():
        lens = Lens(essms.pk, "bac_a_sable", periods.BEGINNING)
        assert len(list(source_of(BY_CODE[code], lens, TODAY).all_lines())) == figure.numerator


def test_identities_of_nobody_are_without_object(records: Records, essms: Essms) -> None:
    assert all(figure.percent is None for figure in selectors.ins_figures(essms.pk, TODAY).values())


@dataclasses.dataclass
class Known:
    """What the recount remembers of one act, in plain Python."""

    kind: str
    dossier: int
    document: int
    counts: bool


def make_random_acts(records: Records, dice: random.Random) -> list[Known]:
    known: list[Known] = []
    for _ in range(12):
        dossier = records.dossier(is_test=dice.random() < 0.1)
        document = None
        for _ in range(dice.randint(1, 5)):
            version = records.version(dossier, document if dice.random() < 0.5 else None)
            document = version.document
            at = dice.choice([NOON, NOON, None])
            environment = dice.choice(["", "", "production"])
            counts = at is not None and not environment and not dossier.is_test
            kind = dice.choice(["qualified", "unqualified", "pro", "usager"])
            if kind in ("pro", "usager"):
                receipt = dice.choice(["", "remis", "rejete"])
                records.message(
                    dossier, version, at=at, environment=environment, receipt=receipt,
                    to_usager=kind == "usager",
                )  # fmt: skip
                counts = counts and receipt != "rejete"
            else:
                records.deposit(version, at, environment=environment, qualified=kind == "qualified")
            known.append(Known(kind, dossier.pk, document.pk, counts))
    return [act for act in known if act.counts]


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_sql_counts_what_a_plain_recount_counts(records: Records, lens: Lens, seed: int) -> None:
    known = make_random_acts(records, random.Random(seed))
    with_ins = {act.document for act in known if act.kind == "qualified"}
    without = {act.document for act in known if act.kind == "unqualified"} - with_ins
    fed, to_pro, to_usager = (
        {act.dossier for act in known if act.kind in kinds}
        for kinds in (("qualified", "unqualified"), ("pro",), ("usager",))
    )
    mailed = [act.kind for act in known if act.kind in ("pro", "usager")]
    expected = {
        "1": len(with_ins | without), "1a": len(with_ins), "1b": len(without), "2": len(mailed),
        "2a": mailed.count("pro"), "2b": mailed.count("usager"), "3a": len(fed), "3b": len(to_pro),
        "3c": len(to_usager), "4": len(fed & to_pro & to_usager),
    }  # fmt: skip
    assert counted(lens) == {code: number for code, number in expected.items() if number}


def full_scans(rows: QuerySet) -> list[str]:
    """Lines of the plan that read a whole table to answer `rows`."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            # A few rows are read whole whatever the indexes: ask what could be done otherwise.
            cursor.execute("SET LOCAL enable_seqscan = off")
        plan = rows.explain().splitlines()
    if connection.vendor == "postgresql":
        return [line for line in plan if "Seq Scan on " in line]
    # "SCAN U0" is a table too; a list the engine made itself (LIST SUBQUERY, materialised) is not.
    return [line for line in plan if " SCAN " in line]


def test_a_full_scan_is_seen(records: Records, lens: Lens) -> None:
    with system_scope("test"):
        assert full_scans(DmpDeposit.objects.filter(environment="nowhere"))


@pytest.mark.parametrize("key", ["", "2026-11"])
def test_no_number_reads_a_whole_table(records: Records, lens: Lens, key: str) -> None:
    dossier = records.dossier()
    version = records.version(dossier)
    records.deposit(version)
    records.message(dossier, version)
    period = periods.parse(key)
    assert period is not None
    lens = dataclasses.replace(lens, period=period)
    for definition in TBB1:
        assert definition.family is Family.TBB1
        assert full_scans(source_of(definition, lens, TODAY).rows) == [], definition.code
    assert full_scans(acts.deposits(lens)) == []
    assert full_scans(acts.with_document(acts.messages(lens))) == []
    assert full_scans(acts.file_active(lens.essms_id, TODAY)) == []
