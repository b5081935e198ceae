"""2,000 rows of name traps through the import, the search, INSi and the duplicates: each row as expected.

`make test` plays the first rows of every trap; `make prove` plays 2,000 (`AMARRE_PROVE_TRAPS`)
and prints the table of results.
"""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from django.db.models import Q

from amarre.dui.access.scope import system_scope
from amarre.dui.core.clock import today
from amarre.dui.exchanges.worker import drain
from amarre.dui.usagers.errors import SearchTraitsIncomplete
from amarre.dui.usagers.importing.columns import settle
from amarre.dui.usagers.models import Discrepancy, Dossier, DuplicatePair, InsiSearch
from amarre.dui.usagers.search_terms import read_terms
from amarre.dui.usagers.selectors import people
from amarre.dui.usagers.services.decide_insi_search import accept_insi_search
from amarre.dui.usagers.services.import_usagers import ImportResult, import_usagers
from amarre.dui.usagers.services.propose_duplicates import catch_up
from amarre.dui.usagers.services.request_insi_search import request_insi_search
from amarre.interop.ins.insi import CallForbidden
from amarre.interop.ins.status import Status
from amarre.sandbox.app import Sandbox
from amarre.sandbox.settings import SandboxSettings
from tests.dui.connected import Far, House, build_house
from tests.dui.usagers.import_samples import table_of
from tests.dui.usagers.traps.corpus import FLAGGED, NOT_ASKED, OPENED, Corpus, Row, corpus
from tests.dui.usagers.traps.people import write_register

pytestmark = pytest.mark.django_db

FIRST_LINE = 2
SHOWN = 5
OUTCOMES = {"found": "trouvé", "not_found": "introuvable", "several": "plusieurs"}
GAPS = {"blocking": "différent", "tolerated": "toléré", "not_found": "introuvable", "several": "plusieurs"}


@dataclass(slots=True)
class Results:
    """What each trap gave: rows, and what was not as expected, by question."""

    rows: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    asked: dict[tuple[str, str], int] = field(default_factory=lambda: defaultdict(int))
    wrong: dict[tuple[str, str], list[str]] = field(default_factory=lambda: defaultdict(list))

    def note(self, question: str, row: Row, expected: object, got: object) -> None:
        """Keep one answer."""
        self.asked[row.trap, question] += 1
        if expected != got:
            self.wrong[row.trap, question].append(f"{row.cells}: {expected!r} expected, {got!r}")

    def table(self, questions: tuple[str, ...]) -> str:
        """Return the Markdown table of results."""
        lines = ["| Piège | Lignes | " + " | ".join(questions) + " |", "|---|--:|" + "---|" * len(questions)]
        for trap, count in self.rows.items():
            cells = []
            for question in questions:
                asked = self.asked[trap, question]
                cells.append(f"{asked - len(self.wrong[trap, question])}/{asked}" if asked else "–")
            lines.append(f"| {trap} | {count} | " + " | ".join(cells) + " |")
        return "\n".join(lines)

    def complaints(self) -> str:
        """Return the first wrong answer of each trap and question."""
        found = {key: value for key, value in self.wrong.items() if value}
        return "\n".join(f"{key} ({len(value)}): {value[0]}" for key, value in found.items())


QUESTIONS = ("import", "INSi", "écart", "INS reprise", "retrouvé", "doublon")


@pytest.fixture
def traps() -> Corpus:
    rows = int(os.environ.get("AMARRE_PROVE_TRAPS", "160"))
    return corpus(rows, int(os.environ.get("AMARRE_PROVE_SEED", "20261120")))


@pytest.fixture
def registry(traps: Corpus, sandbox_data: Path, tmp_path: Path) -> Iterator[Sandbox]:
    """An INSi that knows the persons of the corpus, with the certificates of the session."""
    write_register(traps.register, tmp_path / "register.tsv")
    settings = SandboxSettings(
        sandbox_data, plain_port=0, https_port=0, smtp_port=0, imap_port=0, durable=False,
        insi_people=tmp_path / "register.tsv",
    )  # fmt: skip
    with Sandbox(settings) as sandbox:
        yield sandbox


@pytest.mark.req("issue 3: a 2,000-row file of real-life name traps")
def test_every_row_of_the_traps_ends_as_expected(
    db: None, traps: Corpus, registry: Sandbox, sandbox_data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    house = build_house(Far.of(sandbox_data, registry.addresses()), sandbox=registry)
    results = Results()
    for row in traps.rows:
        results.rows[row.trap] += 1
    dossiers = imported(house, traps, results)
    with system_scope("test"):
        ask(house, traps, dossiers, results)
        accept(house, traps, dossiers, results)
        look_for(house, traps, dossiers, results)
        catch_up()
        pair(traps, dossiers, results)
    with capsys.disabled():
        if "AMARRE_PROVE_TRAPS" in os.environ:
            print(f"\n{len(traps.rows)} rows, {len(dossiers)} dossiers\n{results.table(QUESTIONS)}")
    assert not results.complaints(), results.complaints()


def imported(house: House, traps: Corpus, results: Results) -> dict[int, Dossier]:
    """Import the list; return the dossier of each line."""
    table = table_of(traps.csv)
    done: ImportResult = import_usagers(
        essms=house.essms, table=table, choice=settle(table.columns, None), actor=house.referent
    )
    opened = {one.person.line: one.person for one in done.plan.to_open}
    refused = {one.line.number: " / ".join(p.reason for p in one.problems) for one in done.plan.refused}
    for line, row in enumerate(traps.rows, FIRST_LINE):
        if line in opened:
            got = FLAGGED if opened[line].flags else OPENED
        else:
            got = row.fate if row.fate.lower() in refused[line].lower() else refused[line]
        results.note("import", row, row.fate, got)
    numbers = {person.line: person.local_number for person in opened.values()}
    with system_scope("test"):
        made = Dossier.objects.select_related("identity", "essms").filter(essms=house.essms)
        by_number = {one.identity.local_number: one for one in made}
    return {line: by_number[number] for line, number in numbers.items()}


def ask(house: House, traps: Corpus, dossiers: dict[int, Dossier], results: Results) -> None:
    """Ask INSi about every dossier, then compare outcomes and écarts."""
    actor = house.referent
    not_asked = set()
    for line, dossier in dossiers.items():
        try:
            request_insi_search(dossier=dossier, actor=actor)
        except (SearchTraitsIncomplete, CallForbidden):
            not_asked.add(line)
    drain(limit=100_000)
    searches = {one.dossier_id: one for one in InsiSearch.objects.all()}
    gaps = {one.dossier_id: one.kind for one in Discrepancy.objects.filter(state="ouvert")}
    for line, row in enumerate(traps.rows, FIRST_LINE):
        if line not in dossiers or row.is_refused:
            continue
        pk = dossiers[line].pk
        got = NOT_ASKED if line in not_asked else OUTCOMES.get(searches[pk].outcome, searches[pk].outcome)
        results.note("INSi", row, row.insi, got)
        if got != NOT_ASKED:
            results.note("écart", row, row.gap, GAPS[gaps[pk]] if pk in gaps else "concorde")


def accept(house: House, traps: Corpus, dossiers: dict[int, Dossier], results: Results) -> None:
    """Take the INS of every row that one person may take: not of two rows that are one person."""
    lines = {dossier.pk: line for line, dossier in dossiers.items()}
    for search in InsiSearch.objects.select_related("dossier").filter(outcome="found").order_by("pk"):
        row = traps.rows[lines[search.dossier_id] - FIRST_LINE]
        identity = accept_insi_search(search=search, actor=house.referent, reason="Pièce relue")
        results.note("INS reprise", row, Status.RECUPEREE, identity.status)


def look_for(house: House, traps: Corpus, dossiers: dict[int, Dossier], results: Results) -> None:
    """Type what somebody would, and expect the person in the first five."""
    for line, row in enumerate(traps.rows, FIRST_LINE):
        if line in dossiers and row.sought:
            found = people.search_people(house.referent, read_terms(row.sought, today())).dossiers[:SHOWN]
            results.note("retrouvé", row, True, dossiers[line] in found)


def pair(traps: Corpus, dossiers: dict[int, Dossier], results: Results) -> None:
    """Expect the pairs that are one person, and none of those that are not to be taken for sure."""
    lines = {row.number: line for line, row in enumerate(traps.rows, FIRST_LINE)}
    for line, row in enumerate(traps.rows, FIRST_LINE):
        other = row.twin or row.apart
        if not other or line not in dossiers:
            continue
        one, two = dossiers[line].identity_id, dossiers[lines[other]].identity_id
        found = DuplicatePair.objects.filter(Q(first=one, second=two) | Q(first=two, second=one)).first()
        if row.twin:
            results.note("doublon", row, "proposé", "proposé" if found else "manqué")
        else:
            sure = found is not None and found.score >= 95
            results.note(
                "doublon", row, "distinct", f"proposé à {found.score}" if found and sure else "distinct"
            )
