"""What the proofs of deposits share: a thousand documents, a DMP that misbehaves at random, the oracle.

Oracle (quality bars §2.3): *lost* is a deposit asked and not at the DMP once everything is drained, *double*
is two documents for one, *false status* is a row that says what the DMP does not hold, at any moment.
"""

from __future__ import annotations

import dataclasses
import random
import re
import threading
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


def assert_exact(house: House, scene: Scene, asked: Asked) -> None:
    """Every document asked is in the DMP once, in its place, and its row says so with its acknowledgement."""
    held = in_the_dmp(house)
    unsettled = [row for row in scene.rows(STOPPED) if row[0] != "accepte"]
    assert unsettled == [], scene.log()
    assert sorted(held) == sorted(asked.unique_ids), "one document each, none lost, none doubled"
    for second, first in asked.replaced.items():
        assert held[second]["replaces"] == held[first]["entry_uuid"]
    rows = scene.rows(ROWS)
    assert [row[0] for row in rows] == asked.unique_ids
    for unique_id, state, _, accepted_at, acknowledgement, in_doubt in rows:
        assert (state, bool(in_doubt)) == ("accepte", False), (unique_id, scene.log())
        assert accepted_at is not None
        assert acknowledgement, "the answer is kept with its exchange"


def assert_no_false_status(house: House, scene: Scene) -> None:
    """At any moment: « accepté » means that the DMP has it; a final « non » means that it has not."""
    held = in_the_dmp(house)
    for unique_id, state, *_, in_doubt in scene.rows(ROWS):
        if state == "accepte":
            assert unique_id in held
        if state in ("refuse", "annule") or (state == "a_refaire" and not in_doubt):
            assert unique_id not in held


@dataclass(slots=True)
class Call:
    """One call the DMP received: transaction, document, and what became of its answer."""

    operation: str
    unique_id: str
    fate: str = "dite"


@dataclass(slots=True)
class TroubledDmp:
    """A DMP that does what it is asked and says so badly: answers lost, late, cut, replaced by a web page.

    Only answers to deposits are spoilt, after the deposit was treated: the far side did it, nobody knows.
    """

    source: random.Random
    lost: float = 0.10
    late: float = 0.03
    cut: float = 0.02
    page: float = 0.02
    late_seconds: float = 2.5
    calls: list[Call] = field(default_factory=list)
    _lock: Any = field(default_factory=threading.Lock)

    def install(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Put this DMP in the place of the sandbox's, for the time of a test."""
        really = DmpService.handle

        def handle(service: DmpService, request: SandboxRequest) -> tuple[SandboxResponse, Verdict]:
            response, verdict = really(service, request)
            return self._answer(request, response, verdict), verdict

        monkeypatch.setattr(DmpService, "handle", handle)

    def _answer(
        self, request: SandboxRequest, response: SandboxResponse, verdict: Verdict
    ) -> SandboxResponse:
        with self._lock:
            operation = verdict.operation.partition(" ")[0]
            found = (_DEPOSITED if operation == "TD2.1" else _ASKED).findall(request.body)
            call = Call(operation, found[0].decode() if found else "")
            self.calls.append(call)
            if operation != "TD2.1" or not verdict.accepted:
                return response
            call.fate = self._draw()
        match call.fate:
            case "perdue":
                return dataclasses.replace(response, cut=True)
            case "tardive":
                return dataclasses.replace(response, delay_seconds=self.late_seconds)
            case "coupée":
                return dataclasses.replace(response, truncate_at=len(response.body) // 2)
            case "page":
                return SandboxResponse(200, {"content-type": "text/html"}, b"<html>mandataire</html>")
        return response

    def _draw(self) -> str:
        drawn = self.source.random()
        for fate, share in (
            ("perdue", self.lost), ("tardive", self.late), ("coupée", self.cut), ("page", self.page),
        ):  # fmt: skip
            if drawn < share:
                return fate
            drawn -= share
        return "dite"

    def count(self, fate: str) -> int:
        """Return how many answers met this fate."""
        return sum(call.fate == fate for call in self.calls)

    def assert_asked_before_any_resend(self) -> None:
        """Between two deposits of one document there is a question about it (F3)."""
        open_deposit: set[str] = set()
        for call in self.calls:
            if call.operation == "TD2.1":
                assert call.unique_id not in open_deposit, f"{call.unique_id} sent twice without a question"
                open_deposit.add(call.unique_id)
            elif call.operation.startswith("TD3.1"):
                open_deposit.discard(call.unique_id)
