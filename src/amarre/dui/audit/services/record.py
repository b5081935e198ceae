"""Write one line of the trace."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TypedDict, Unpack

from django.db import models, transaction

from amarre.dui.audit import registry
from amarre.dui.audit.enums import Outcome
from amarre.dui.audit.errors import OutsideTransaction, UnknownVerb
from amarre.dui.audit.models import Trace
from amarre.dui.audit.registry import Detail
from amarre.dui.core import request_context
from amarre.dui.core.actor import Actor
from amarre.dui.core.version import SOFTWARE_VERSION


class About(TypedDict, total=False):
    """What an event is about. `essms_id` defaults to the actor's establishment."""

    subject: models.Model | None
    usager_id: object
    dossier_id: object
    essms_id: int | None
    reason: str
    exchange_id: object
    details: Mapping[str, Detail]


def record(actor: Actor, verb: str, outcome: Outcome = Outcome.DONE, **about: Unpack[About]) -> Trace:
    """Trace an act, in the transaction that makes it.

    Raises OutsideTransaction when no transaction is open, UnknownVerb, UndeclaredDetail.
    """
    if not transaction.get_connection().in_atomic_block:
        raise OutsideTransaction(verb)
    return _write(actor, verb, outcome, about)


def record_many(actor: Actor, verb: str, abouts: Iterable[About]) -> None:
    """Trace one act per item of `abouts`, in the transaction that makes them, in a few statements.

    For imports: each dossier has its own line. Raises as `record`.
    """
    if not transaction.get_connection().in_atomic_block:
        raise OutsideTransaction(verb)
    Trace.objects.bulk_create([_line(actor, verb, Outcome.DONE, about) for about in abouts])


def record_reading(actor: Actor, verb: str, **about: Unpack[About]) -> Trace:
    """Trace a consultation; allowed during a GET, alone in its own statement.

    Raises UnknownVerb when the verb is not one of reading.
    """
    if not registry.get(verb).reading:
        raise UnknownVerb(f"{verb} is not a verb of reading")
    return _write(actor, verb, Outcome.DONE, about)


def record_refusal(actor: Actor, verb: str, **about: Unpack[About]) -> Trace:
    """Trace an act that was refused, once its transaction is rolled back."""
    return _write(actor, verb, Outcome.REFUSED, about)


def _write(actor: Actor, verb_name: str, outcome: Outcome, about: About) -> Trace:
    trace = _line(actor, verb_name, outcome, about)
    trace.save(force_insert=True)
    return trace


def _line(actor: Actor, verb_name: str, outcome: Outcome, about: About) -> Trace:
    verb = registry.get(verb_name)
    context = request_context.current()
    subject = about.get("subject")
    essms_id = about.get("essms_id")
    return Trace(
        verb=verb.name,
        outcome=outcome,
        essms_id=actor.essms_id if essms_id is None else essms_id,
        actor_kind=actor.kind,
        actor_id=actor.user_id,
        actor_name=actor.name[:200],
        actor_roles=",".join(sorted(actor.roles))[:300],
        session_ref=actor.session_ref[:64],
        means=actor.means[:40],
        subject_type=subject._meta.label_lower if subject is not None else "",
        subject_id=_text(subject.pk if subject is not None else None),
        usager_id=_text(about.get("usager_id")),
        dossier_id=_text(about.get("dossier_id")),
        reason=about.get("reason", "")[:300],
        request_id=context.request_id,
        exchange_id=_text(about.get("exchange_id")),
        origin=context.origin[:64],
        software=SOFTWARE_VERSION,
        details=registry.checked_details(verb, about.get("details", {})),
    )


def _text(identifier: object) -> str:
    return "" if identifier is None else str(identifier)
