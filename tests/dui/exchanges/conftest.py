"""An establishment, its author, and a handler whose service is a Python list."""

from __future__ import annotations

import datetime
from collections.abc import Callable

import pytest
from django.db import transaction

from amarre.dui.access.scope import system_scope
from amarre.dui.core.actor import Actor, ActorKind
from amarre.dui.exchanges import handlers
from amarre.dui.exchanges.handlers import Description, Job, Outcome
from amarre.dui.exchanges.models import Exchange
from amarre.dui.exchanges.services.enqueue import enqueue
from amarre.dui.organisations.models import Essms, OrganismeGestionnaire
from amarre.interop.common.errors import AmarreError, Contact, Effect, Fault, Phase, Retry


class Lost(AmarreError):
    code = "TST-001"
    phase = Phase.READ
    fault = Fault.THEIRS
    retry = Retry.LATER
    effect = Effect.UNKNOWN
    what = "La réponse s'est perdue."
    data_state = "Gardé."
    advice = "Attendez."


class Down(AmarreError):
    code = "TST-002"
    phase = Phase.CONNECT
    fault = Fault.THEIRS
    retry = Retry.LATER
    what = "Le service ne répond pas."
    data_state = "Gardé."
    advice = "Attendez."


class Refusal(AmarreError):
    code = "TST-003"
    phase = Phase.REMOTE
    fault = Fault.DATA
    retry = Retry.NEVER
    contact = Contact.PILOTE_DUI
    what = "Le service refuse."
    data_state = "Gardé."
    advice = "Corrigez."


class NeedsFix(AmarreError):
    code = "TST-004"
    phase = Phase.BUILD
    fault = Fault.OURS
    retry = Retry.AFTER_FIX
    what = "Un réglage manque."
    data_state = "Gardé."
    advice = "Complétez."


class FakeService:
    """The far side: what it received, and what it will do next."""

    kind = "test.send"
    service = "test"
    service_label = "Le service d'essai"
    has_receipts = False
    recognises_resends = True
    is_quiet = False

    def __init__(self) -> None:
        self.received: list[str] = []
        self.queries = 0
        self.applied: list[str] = []
        self.gave_up: list[str] = []
        self.script: list[Callable[[Job], None]] = []
        self.query_script: list[AmarreError] = []

    def send(self, job: Job) -> Outcome:
        step = self.script.pop(0) if self.script else self.accept
        step(job)
        return Outcome("ok", {"text": "accepté"})

    def accept(self, job: Job) -> None:
        self.received.append(job.parts["body"].decode())

    def accept_then_lose(self, job: Job) -> None:
        self.accept(job)
        raise Lost

    def lose_before(self, job: Job) -> None:
        raise Lost

    def down(self, job: Job) -> None:
        raise Down

    def refuse(self, job: Job) -> None:
        raise Refusal(remote_code="R42")

    def broken_settings(self, job: Job) -> None:
        raise NeedsFix

    def broken(self) -> AmarreError:
        return NeedsFix()

    def crash(self, job: Job) -> None:
        raise ZeroDivisionError

    def find(self, job: Job) -> Outcome | None:
        self.queries += 1
        if self.query_script:
            raise self.query_script.pop(0)
        return Outcome("déjà là") if job.parts["body"].decode() in self.received else None

    def apply(self, exchange: Exchange, outcome: Outcome) -> None:
        self.applied.append(exchange.key)

    def failed(self, exchange: Exchange) -> None:
        self.gave_up.append(exchange.key)

    def describe(self, exchange: Exchange) -> Description:
        return Description("Essai", "Le service d'essai", "/")


@pytest.fixture
def far_side(monkeypatch: pytest.MonkeyPatch) -> FakeService:
    service = FakeService()
    monkeypatch.setitem(handlers._HANDLERS, service.kind, service)
    return service


@pytest.fixture
def essms(db: None) -> Essms:
    organisme = OrganismeGestionnaire.objects.create(name="Association Les Deux Quais")
    return Essms.objects.create(organisme=organisme, name="Service", kind="SAD", finess_eg="990000002")


@pytest.fixture
def author(essms: Essms) -> Actor:
    return Actor(kind=ActorKind.PERSON, name="Loïc", essms_id=essms.pk, roles=frozenset({"soins"}))


@pytest.fixture
def ask(author: Actor, essms: Essms, far_side: FakeService) -> Callable[..., Exchange]:
    def one(key: str = "k1", lane: str = "test:1", body: bytes | None = None) -> Exchange:
        with transaction.atomic():
            return enqueue(
                kind="test.send",
                actor=author,
                essms_id=essms.pk,
                key=key,
                lane=lane,
                parts={"body": body or key.encode()},
            )

    return one


def reload(exchange: Exchange) -> Exchange:
    with system_scope("test"):
        return Exchange.objects.get(pk=exchange.pk)


def make_due(exchange: Exchange) -> None:
    """The waiting time has passed."""
    with system_scope("test"):
        past = datetime.datetime(2020, 1, 1, tzinfo=datetime.UTC)
        Exchange.objects.filter(pk=exchange.pk).update(due_at=past)
