"""How an exchange is shown: its steps, its attempts, what went wrong and whom to call."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.http import HttpRequest

from amarre.dui.access.permissions import Permission
from amarre.dui.access.scope import system_scope
from amarre.dui.core.clock import now
from amarre.dui.exchanges.enums import OPEN_STATES, Receipt, State
from amarre.dui.exchanges.handlers import Description, described, has_receipts
from amarre.dui.exchanges.models import Exchange, ExchangeAttempt
from amarre.dui.exchanges.services.cancel import can_be_cancelled
from amarre.dui.web import shell
from amarre.dui.web.dates import moment
from amarre.dui.web.guard import allowed
from amarre.dui.web.steps import DEPOSIT, MESSAGE, Mark, Step, stepper
from amarre.interop.common.errors import Contact, Explanation, Fault, Retry, walk_error_classes

# Seconds between two looks: when something is about to happen, and when it will happen later.
POLL_SOON, POLL_LATER = 3, 30
# Beyond, nobody is waiting in front of the page any more.
NOTICE_SOON = datetime.timedelta(minutes=15)

# What the person sees where the rope breaks, and how far it had come: state → (reached, word, mark).
BROKEN = {
    State.REFUSE: ("Envoyé", "Refusé", Mark.REFUSED),
    State.INCONNU: ("Envoyé", "Issue inconnue", Mark.UNKNOWN),
    State.A_REFAIRE: ("En file", "À refaire", Mark.REFUSED),
    State.ANNULE: ("En file", "Annulé", Mark.REFUSED),
}
REACHED = {
    State.A_VALIDER: "À valider",
    State.EN_FILE: "En file",
    State.ENVOYE: "Envoyé",
    State.ACCEPTE: "Accepté",
}
RECEIPT_STEPS = {Receipt.REMIS: "Remis", Receipt.LU: "Lu"}


@dataclass(frozen=True, slots=True)
class Attempt:
    """One try, in words."""

    at: datetime.datetime
    text: str
    # What the service wrote, as it wrote it.
    quoted: str = ""


@dataclass(frozen=True, slots=True)
class ExchangeCard:
    """Everything `exchanges/_card.html` needs, without a query of its own."""

    exchange: Exchange
    description: Description
    chip_family: str
    chip_state: str
    steps: list[Step]
    note: str
    explanation: Explanation | None
    contact: shell.ContactCard | None
    tone: str
    attempts: list[Attempt] = field(default_factory=list)
    poll_seconds: int = 0
    can_retry: bool = False
    # The refusal calls for no retry, unless the situation changed.
    can_retry_anyway: bool = False
    can_close: bool = False
    can_cancel: bool = False


def card(request: HttpRequest, exchange: Exchange, attempts: Sequence[ExchangeAttempt]) -> ExchangeCard:
    """Return how `exchange` is shown to the person behind `request`."""
    at = now()
    explanation = _explanation(exchange)
    may_act = exchange.awaits_someone and allowed(request, Permission.RETRY_ENVOIS, exchange)
    resumable = exchange.state in (State.REFUSE, State.A_REFAIRE)
    may_resume = resumable and allowed(request, Permission.RETRY_ENVOIS, exchange)
    useful = exchange.state == State.A_REFAIRE or _retry_is_useful(exchange)
    family, chip_state = chip_of(exchange)
    return ExchangeCard(
        exchange=exchange,
        description=described(exchange),
        chip_family=family,
        chip_state=chip_state,
        steps=_steps(exchange, attempts, at),
        note=_note(exchange, at),
        explanation=explanation,
        contact=shell.contact(request, explanation.contact) if explanation else None,
        tone=_tone(exchange, resumable),
        attempts=[_attempt(one) for one in attempts],
        poll_seconds=_poll_seconds(exchange, at),
        can_retry=may_resume and useful,
        can_retry_anyway=may_resume and not useful and not _is_our_fault(exchange),
        can_close=may_act and exchange.state != State.A_VALIDER,
        can_cancel=can_be_cancelled(exchange) and allowed(request, Permission.RETRY_ENVOIS, exchange),
    )


def _tone(exchange: Exchange, resumable: bool) -> str:
    if exchange.state == State.ANNULE:
        return ""
    return "dan" if resumable or exchange.receipt == Receipt.REJETE else "att"


def chip_of(exchange: Exchange) -> tuple[str, str]:
    """Return the family and the key of the chip: the receipt speaks once there is one."""
    return ("accuse", exchange.receipt) if exchange.receipt else ("echange", exchange.state)


def _steps(exchange: Exchange, attempts: Sequence[ExchangeAttempt], at: datetime.datetime) -> list[Step]:
    names = MESSAGE if has_receipts(exchange.kind) else DEPOSIT
    state = State(exchange.state)
    first_sent = next((one.started_at for one in attempts), None)
    instants = {
        "À valider": exchange.created_at,
        "En file": exchange.created_at,
        "Envoyé": first_sent,
        "Accepté": exchange.finished_at if state is State.ACCEPTE else None,
        "Refusé": exchange.finished_at,
        "À refaire": exchange.finished_at,
        "Annulé": exchange.finished_at,
        "Remis": exchange.receipt_at,
        "Lu": exchange.receipt_at,
        "Rejeté": exchange.receipt_at,
    }
    times = {name: moment(instant, at) for name, instant in instants.items() if instant is not None}
    if exchange.receipt == Receipt.REJETE:
        return stepper(names, "Accepté", times, broken="Rejeté")
    if exchange.receipt:
        return stepper(names, RECEIPT_STEPS[Receipt(exchange.receipt)], times)
    if state in BROKEN:
        reached, word, mark = BROKEN[state]
        if attempts and state is State.A_REFAIRE:
            reached = "Envoyé"
        return stepper(names, reached, times, broken=word, mark=mark)
    return stepper(names, REACHED[state], times)


def _note(exchange: Exchange, at: datetime.datetime) -> str:
    """Return one sentence of what comes next."""
    if exchange.closed_at is not None:
        return f"Classé sans suite : {moment(exchange.closed_at, at)}."
    match State(exchange.state):
        case State.A_VALIDER:
            return "Rien ne part avant l'accord d'une seconde personne."
        case State.EN_FILE if _is_behind(exchange):
            return "Il partira après un autre envoi pour la même personne : l'ordre est gardé."
        case State.EN_FILE if exchange.due_at > at:
            return f"Prochain essai : {moment(exchange.due_at, at)}. Vous n'avez rien à faire."
        case State.EN_FILE:
            return "Il part dans quelques secondes. Vous pouvez continuer votre travail."
        case State.ENVOYE:
            return "La réponse arrive en général en quelques secondes."
        case State.INCONNU:
            return f"Amarre vérifiera s'il est arrivé avant de le renvoyer : {moment(exchange.due_at, at)}."
        case State.ACCEPTE if not has_receipts(exchange.kind) and exchange.service == "dmp":
            return "Le document est au DMP. Le DMP n'annonce pas les lectures : le suivi s'arrête là."
        case State.ACCEPTE if _awaits_notice(exchange, at):
            return "La messagerie l'a pris. L'avis de remise arrive ici, en général en une minute."
    return ""


def _is_behind(exchange: Exchange) -> bool:
    """Say whether another exchange of its lane goes first; asked for what is in the queue only."""
    with system_scope("what goes first in the lane of an exchange in scope"):
        first = Exchange.objects.open_in_lane(exchange.lane).values_list("pk", flat=True).first()
    return first is not None and first != exchange.pk


def _poll_seconds(exchange: Exchange, at: datetime.datetime) -> int:
    if _awaits_notice(exchange, at):
        return POLL_LATER
    if exchange.state not in OPEN_STATES:
        return 0
    waits = exchange.state != State.ENVOYE and exchange.due_at - at > datetime.timedelta(minutes=1)
    return POLL_LATER if waits else POLL_SOON


def _awaits_notice(exchange: Exchange, at: datetime.datetime) -> bool:
    """Say whether the notice of delivery of a message just accepted is still to come."""
    if exchange.state != State.ACCEPTE or exchange.receipt or exchange.finished_at is None:
        return False
    return has_receipts(exchange.kind) and at - exchange.finished_at < NOTICE_SOON


def _explanation(exchange: Exchange) -> Explanation | None:
    return explanation_from(exchange.explanation)


def explanation_from(values: dict[str, Any]) -> Explanation | None:
    """Return the explanation kept with an exchange or an attempt, None when there is none."""
    if not values:
        return None
    return Explanation(**{**values, "contact": Contact(values["contact"])})


def _attempt(attempt: ExchangeAttempt) -> Attempt:
    words = [attempt.get_step_display()]
    if attempt.ended_at is None:
        words.append("en cours")
    elif attempt.outcome:
        words.append(attempt.get_outcome_display().lower())
    text = " : ".join(words)
    codes = ", ".join(filter(None, (attempt.error_code, attempt.remote_code)))
    said = explanation_from(attempt.explanation)
    if said is not None:
        text += f". {said.what}"
    return Attempt(attempt.started_at, f"{text} ({codes})" if codes else text, attempt.remote_text)


def _retry_is_useful(exchange: Exchange) -> bool:
    return _class_of(exchange, "retry") is not Retry.NEVER


def _is_our_fault(exchange: Exchange) -> bool:
    return _class_of(exchange, "fault") is Fault.OURS


def _class_of(exchange: Exchange, attribute: str) -> object:
    """Return an attribute of the error class behind the explanation, None when the class is gone."""
    code = exchange.explanation.get("code", "")
    return next((getattr(cls, attribute) for cls in walk_error_classes() if cls.code == code), None)
