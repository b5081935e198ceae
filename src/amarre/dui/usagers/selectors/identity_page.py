"""Read model of the identity screen: where INSi stands, what to do next, what happened before."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from enum import StrEnum

from amarre.dui.core.clock import now
from amarre.dui.exchanges.models import Exchange
from amarre.dui.usagers.models import Identity, InsiSearch
from amarre.dui.usagers.selectors.comparison import TraitsTable, traits_table
from amarre.dui.usagers.traits_json import ins_from_json, traits_from_json, traits_to_json
from amarre.interop.common.errors import Contact, Explanation
from amarre.interop.ins.insi import NOT_FOUND_ADVICE, SEVERAL_ADVICE
from amarre.interop.ins.status import Status

# INSi answers in 15 seconds as a rule; beyond, the page asks less often.
USUAL_SECONDS = 15
SLOW_SECONDS = 60


class Insi(StrEnum):
    """Where the last search stands."""

    NONE = "none"
    PENDING = "pending"
    LATE = "late"
    FOUND = "found"
    OUTDATED = "outdated"
    NOT_FOUND = "not_found"
    SEVERAL = "several"
    FAILED = "failed"
    ACCEPTED = "accepted"
    SET_ASIDE = "set_aside"


class Act(StrEnum):
    """The one thing to do next: it alone has the filled button."""

    NONE = ""
    CALL_INSI = "insi"
    SEE_DOCUMENT = "piece"
    CORRECT = "traits"
    DECIDE = "decider"


@dataclass(frozen=True, slots=True)
class InsiState:
    """The last search, and what is shown of it."""

    kind: Insi
    search: InsiSearch | None = None
    table: TraitsTable | None = None
    nature: str = ""
    warnings: tuple[str, ...] = ()
    former: int = 0
    advice: tuple[str, ...] = ()
    explanation: Explanation | None = None
    due_at: datetime.datetime | None = None
    seconds: int = 0

    @property
    def is_waiting(self) -> bool:
        """Say whether the page must ask again."""
        return self.kind in (Insi.PENDING, Insi.LATE)

    @property
    def may_leave_place_out(self) -> bool:
        """Say whether nobody was found with a birthplace that may be left out of the question."""
        return self.search is not None and self.search.may_be_asked_without_place


@dataclass(frozen=True, slots=True)
class NextStep:
    """The status in a sentence, what to do now, and which act has the filled button."""

    title: str
    sentence: str
    tone: str
    act: Act


def insi_state(identity: Identity) -> InsiState:
    """Return where the last search of `identity` stands; two queries."""
    search = (
        identity.insi_searches.select_related("exchange", "requested_by", "decided_by")
        .order_by("-requested_at", "-id")
        .first()
    )
    if search is None:
        return InsiState(Insi.NONE)
    if search.outcome == InsiSearch.Outcome.PENDING:
        return _waiting(search)
    if search.decision == InsiSearch.Decision.ACCEPTED:
        return InsiState(Insi.ACCEPTED, search)
    if search.decision == InsiSearch.Decision.SET_ASIDE:
        return InsiState(Insi.SET_ASIDE, search)
    if search.sent_traits != traits_to_json(identity.traits):
        return InsiState(Insi.OUTDATED, search)
    return _answered(identity, search)


def _waiting(search: InsiSearch) -> InsiState:
    seconds = int((now() - search.requested_at).total_seconds())
    exchange: Exchange = search.exchange
    if exchange.explanation:
        return InsiState(
            Insi.LATE,
            search,
            explanation=kept_explanation(exchange),
            due_at=exchange.due_at,
            seconds=seconds,
        )
    return InsiState(Insi.PENDING, search, seconds=seconds)


def _answered(identity: Identity, search: InsiSearch) -> InsiState:
    match search.outcome:
        case InsiSearch.Outcome.FOUND:
            ins = ins_from_json(search.returned["ins"])
            return InsiState(
                Insi.FOUND,
                search,
                table=traits_table(identity.traits, traits_from_json(search.returned["traits"])),
                nature=ins.oid.kind.value,
                warnings=tuple(search.returned.get("warnings", ())),
                former=len(search.returned.get("former", ())),
            )
        case InsiSearch.Outcome.NOT_FOUND:
            return InsiState(Insi.NOT_FOUND, search, advice=NOT_FOUND_ADVICE)
        case InsiSearch.Outcome.SEVERAL:
            return InsiState(Insi.SEVERAL, search, advice=SEVERAL_ADVICE)
        case _:
            return InsiState(Insi.FAILED, search, explanation=kept_explanation(search.exchange))


def kept_explanation(exchange: Exchange) -> Explanation | None:
    """Return the five parts kept with an exchange, None when it has none."""
    kept = exchange.explanation
    if not kept:
        return None
    return Explanation(**{**kept, "contact": Contact(kept["contact"])})


_STATUS: dict[Status, tuple[str, str]] = {
    Status.PROVISOIRE: (
        "Cette identité est provisoire",
        "Il manque une pièce d’identité contrôlée et l’INS. L’admission peut continuer, l’INS ne sort pas.",
    ),
    Status.RECUPEREE: (
        "Cette identité est récupérée",
        "INSi connaît ces traits. Contrôlez une pièce d’identité pour la qualifier.",
    ),
    Status.VALIDEE: (
        "Cette identité est validée",
        "La pièce d’identité est contrôlée. Appelez INSi pour la qualifier.",
    ),
    Status.QUALIFIEE: (
        "Cette identité est qualifiée",
        "INSi et la pièce d’identité concordent. L’INS peut accompagner les documents de la personne.",
    ),
}


def next_step(identity: Identity, insi: InsiState, *, may_write: bool, may_qualify: bool) -> NextStep:
    """Return what to do now, among what the person may do."""
    if identity.state.blocked:
        mark = "douteuse" if identity.is_douteuse else "fictive"
        sentence = (
            "Elle reste provisoire : INSi n’est pas appelé et l’INS ne sort pas. Retirez le signalement "
            "quand le doute est levé."
        )
        return NextStep(f"Cette identité est signalée {mark}", sentence, "dan", Act.NONE)
    status = identity.status
    title, sentence = _STATUS[status]
    tone = "ok" if status is Status.QUALIFIEE else ""
    act = _act(status, insi.kind)
    right = {Act.SEE_DOCUMENT: may_qualify, Act.DECIDE: may_qualify}.get(act, may_write)
    return NextStep(title, sentence, tone, act if right else Act.NONE)


def _act(status: Status, insi: Insi) -> Act:
    if insi is Insi.FOUND:
        return Act.DECIDE
    if status is Status.QUALIFIEE or insi in (Insi.PENDING, Insi.LATE):
        return Act.NONE
    if status is Status.RECUPEREE:
        return Act.SEE_DOCUMENT
    if insi in (Insi.NOT_FOUND, Insi.SEVERAL):
        return Act.CORRECT
    if insi is Insi.SET_ASIDE:
        return Act.CORRECT if status is Status.VALIDEE else Act.SEE_DOCUMENT
    return Act.CALL_INSI
