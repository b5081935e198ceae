"""What the proofs of deposits share: a thousand documents, a DMP that misbehaves at random, the oracle.

Oracle (quality bars §2.3): *lost* is a deposit asked and not at the DMP once everything is drained, *double*
is two documents for one, *false status* is a row that says what the DMP does not hold, at any moment.
"""

from __future__ import annotations

import dataclasses
import random
import re
import threading
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pytest

from amarre.dui.access.scope import system_scope
from amarre.dui.core.clock import now
from amarre.dui.dmp.services.deposit_in_dmp import deposit_in_dmp
from amarre.dui.documents.printing import Draft
from amarre.dui.documents.rendering import Section
from amarre.dui.documents.services import file_document as filing
from amarre.dui.usagers.models import Dossier
from amarre.sandbox.service import SandboxRequest, SandboxResponse, Verdict
from amarre.sandbox.services.dmp.endpoint import DmpService
from tests.dui.connected import House
from tests.dui.dmp.bad_answers import mime
from tests.dui.exchanges.kill_harness import Scene

PEOPLE = (
    "marie-therese-quere",
    "catarina-tchitchi",
    "zoe-adrun",
    "pierre-abgrall",
    "jean-riou",
    "germaine-ollivier",
)
# One document in five has a second version, which replaces it.
SECOND_VERSION_EVERY = 5
ROWS = """
SELECT version.unique_id, exchange.state, exchange.attempts_made, deposit.accepted_at,
       answer.sha256 = deposit.acknowledgement_sha256, exchange.outcome_unknown
FROM exchanges_exchange exchange
JOIN documents_dmpdeposit deposit ON deposit.exchange_id = exchange.id
JOIN documents_documentversion version ON version.id = deposit.version_id
LEFT JOIN exchanges_exchangepart answer ON answer.exchange_id = exchange.id AND answer.name = 'answer'
ORDER BY exchange.id
"""
STOPPED = "SELECT state, explanation FROM exchanges_exchange ORDER BY id"
NOT_TREATED = Verdict(False, "non traité", "")
_ASKED = re.compile(rb"\('([0-9.]+)'\)")
_DEPOSITED = re.compile(
    rb"identificationScheme=\"urn:uuid:2e82c1f6-a085-4c72-9da3-8640a32e42ab\"[^>]*value=\"([0-9.]+)"
)


@dataclass(slots=True)
class Asked:
    """The deposits asked, in order, and which replaces which (uniqueIds)."""

    unique_ids: list[str] = field(default_factory=list)
    replaced: dict[str, str] = field(default_factory=dict)


def ask_deposits(
    house: House, count: int, monkeypatch: pytest.MonkeyPatch, *, second_every: int = SECOND_VERSION_EVERY
) -> Asked:
    """File and queue `count` versions of documents of a few persons."""
    _print_once(monkeypatch)
    dossiers = [house.dossier(key) for key in PEOPLE[: min(count, len(PEOPLE))]]
    asked = Asked()
    source = 0
    while len(asked.unique_ids) < count:
        source += 1
        dossier = dossiers[source % len(dossiers)]
        first = _ask(house, dossier, source)
        asked.unique_ids.append(first)
        if second_every and source % second_every == 0 and len(asked.unique_ids) < count:
            second = _ask(house, dossier, source)
            asked.unique_ids.append(second)
            asked.replaced[second] = first
    return asked


def _print_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Print the first document only: what is proved here is its journey, not its page."""
    really, printed = filing.render_pdf, []

    def render(content: Any) -> bytes:
        if not printed:
            printed.append(really(content))
        return printed[0]

    monkeypatch.setattr(filing, "render_pdf", render)


def _ask(house: House, dossier: Dossier, number: int) -> str:
    draft = Draft(
        source_kind="proof",
        source_id=number,
        type_code="80788-3",
        title="Projet d'accompagnement personnalisé",
        subtitle="",
        summary=(),
        sections=(Section("Attentes", ("Rester chez elle.",)),),
        act_started_at=now(),
    )
    version = filing.file_document(dossier=dossier, draft=draft, author=house.loic, actor=house.actor)
    with system_scope("proof"):
        deposit_in_dmp(version=version, actor=house.actor)
    return version.unique_id


def in_the_dmp(house: House) -> dict[str, dict[str, Any]]:
    """Return what the DMP holds, by uniqueId."""
    assert house.sandbox is not None
    state: Any = house.sandbox.state()["dmp"]
    return dict(state["documents"])


@dataclass(frozen=True, slots=True)
class Tally:
    """What the registry of the DMP and our database say of the same deposits, counted (uniqueIds)."""

    lost: tuple[str, ...]
    doubled: tuple[str, ...]
    false: tuple[str, ...]

    def __str__(self) -> str:
        return f"{len(self.lost)} lost, {len(self.doubled)} doubled, {len(self.false)} false status"


def tally(house: House, scene: Scene, asked: Asked, stored: Mapping[str, int] | None = None) -> Tally:
    """Count, once everything is drained. `stored`: how many times the DMP wrote each document, when known."""
    held = in_the_dmp(house)
    twice = [unique_id for unique_id, times in (stored or {}).items() if times > 1]
    return Tally(
        lost=tuple(sorted(set(asked.unique_ids) - set(held))),
        doubled=tuple(sorted({*(set(held) - set(asked.unique_ids)), *twice})),
        false=tuple(row[0] for row in scene.rows(ROWS) if (row[1] == "accepte") != (row[0] in held)),
    )


def assert_exact(house: House, scene: Scene, asked: Asked, stored: Mapping[str, int] | None = None) -> Tally:
    """Every document asked is in the DMP once, in its place, and its row says so with its acknowledgement."""
    counted = tally(house, scene, asked, stored)
    assert counted == Tally((), (), ()), scene.log()
    unsettled = [row for row in scene.rows(STOPPED) if row[0] != "accepte"]
    assert unsettled == [], scene.log()
    held = in_the_dmp(house)
    for second, first in asked.replaced.items():
        assert held[second]["replaces"] == held[first]["entry_uuid"]
    rows = scene.rows(ROWS)
    assert [row[0] for row in rows] == asked.unique_ids
    for unique_id, state, _, accepted_at, acknowledgement, in_doubt in rows:
        assert (state, bool(in_doubt)) == ("accepte", False), (unique_id, scene.log())
        assert accepted_at is not None
        assert acknowledgement, "the answer is kept with its exchange"
    return counted


def assert_no_false_status(house: House, scene: Scene) -> None:
    """At any moment: « accepté » means that the DMP has it; a final « non » means that it has not.

    The rows are read first: workers may be alive, and what the DMP holds only grows.
    """
    rows = scene.rows(ROWS)
    held = in_the_dmp(house)
    for unique_id, state, *_, in_doubt in rows:
        if state == "accepte":
            assert unique_id in held
        if state in ("refuse", "annule") or (state == "a_refaire" and not in_doubt):
            assert unique_id not in held


@dataclass(slots=True)
class Call:
    """One call the DMP received: transaction, document, what became of its answer, whether it was stored."""

    operation: str
    unique_id: str
    fate: str
    stored: bool


# What becomes of an answer, and how often. « barrée »: a proxy gives its page and the DMP received nothing.
OF_DEPOSITS = {
    "perdue": 0.10, "tardive": 0.03, "coupée": 0.02, "MTOM coupé": 0.02, "page": 0.02, "barrée": 0.03,
}  # fmt: skip
OF_QUESTIONS = {"perdue": 0.02, "page": 0.01, "barrée": 0.01}
_PAGE = b"<!DOCTYPE html><html><body><h1>502 Bad Gateway</h1></body></html>"


@dataclass(slots=True)
class TroubledDmp:
    """A DMP that does what it is asked and says so badly: answers lost, late, cut, replaced by a web page.

    Most answers are spoilt after the request was treated: the far side did it, nobody knows. Those of the
    questions are spoilt too, less often.
    """

    source: random.Random
    of_deposits: Mapping[str, float] = field(default_factory=lambda: OF_DEPOSITS)
    of_questions: Mapping[str, float] = field(default_factory=lambda: OF_QUESTIONS)
    late_seconds: float = 2.5
    calls: list[Call] = field(default_factory=list)
    _lock: Any = field(default_factory=threading.Lock)

    def install(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Put this DMP in the place of the sandbox's, for the time of a test."""
        really = DmpService.handle

        def handle(service: DmpService, request: SandboxRequest) -> tuple[SandboxResponse, Verdict]:
            deposited = _DEPOSITED.findall(request.body)
            with self._lock:
                fate = self._draw(self.of_deposits if deposited else self.of_questions)
            if fate == "barrée":
                answer = SandboxResponse(502, {"content-type": "text/html"}, _PAGE), NOT_TREATED
            else:
                answer = really(service, request)
            response, verdict = answer
            operation = "TD2.1" if deposited else verdict.operation.partition(" ")[0]
            found = deposited or _ASKED.findall(request.body)
            call = Call(operation, found[0].decode() if found else "", fate, verdict.accepted)
            with self._lock:
                self.calls.append(call)
            return self._spoilt(response, fate), verdict

        monkeypatch.setattr(DmpService, "handle", handle)

    def _spoilt(self, response: SandboxResponse, fate: str) -> SandboxResponse:
        match fate:
            case "perdue":
                return dataclasses.replace(response, cut=True)
            case "tardive":
                return dataclasses.replace(response, delay_seconds=self.late_seconds)
            case "coupée":
                return dataclasses.replace(response, truncate_at=len(response.body) // 2)
            case "MTOM coupé":
                return mime(len(response.body) // 3)(response)
            case "page":
                return SandboxResponse(200, {"content-type": "text/html"}, _PAGE)
        return response

    def _draw(self, shares: Mapping[str, float]) -> str:
        drawn = self.source.random()
        for fate, share in shares.items():
            if drawn < share:
                return fate
            drawn -= share
        return "dite"

    def fates(self, *, of_deposits: bool) -> dict[str, int]:
        """Return how many answers met each fate, but those that were said."""
        met = Counter(call.fate for call in self.calls if (call.operation == "TD2.1") is of_deposits)
        return {fate: met[fate] for fate in (OF_DEPOSITS if of_deposits else OF_QUESTIONS)}

    def stored(self) -> Counter[str]:
        """Return how many times the DMP wrote each document."""
        return Counter(call.unique_id for call in self.calls if call.operation == "TD2.1" and call.stored)

    def assert_asked_before_any_resend(self) -> None:
        """Between two deposits of one document there is a question about it (F3)."""
        open_deposit: set[str] = set()
        for call in self.calls:
            if call.operation == "TD2.1":
                assert call.unique_id not in open_deposit, f"{call.unique_id} sent twice without a question"
                open_deposit.add(call.unique_id)
            elif call.operation.startswith("TD3.1"):
                open_deposit.discard(call.unique_id)
