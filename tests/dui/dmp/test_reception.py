"""« Contrôle de réception »: what we believe against what the DMP holds, and what a person does of it."""

from __future__ import annotations

import datetime

import pytest
from django.conf import settings

from amarre.dui.access.errors import AccessError
from amarre.dui.access.scope import system_scope
from amarre.dui.audit.models import Trace
from amarre.dui.core.clock import now
from amarre.dui.dmp.models import DepositReception
from amarre.dui.dmp.reconciliation.asking import KIND, ask_about
from amarre.dui.dmp.reconciliation.daily import control_reception
from amarre.dui.dmp.reconciliation.errors import NotAbsent, NothingToAsk, NothingToCorrect
from amarre.dui.dmp.reconciliation.verdict import verdict
from amarre.dui.dmp.services.deposit_in_dmp import deposit_in_dmp
from amarre.dui.dmp.services.settle_reception import ask_reception, correct_state, note_gone
from amarre.dui.documents.models import DmpDeposit
from amarre.dui.exchanges.enums import State
from amarre.dui.exchanges.models import Exchange
from amarre.dui.exchanges.worker import drain
from amarre.dui.organisations.enums import Environment
from tests.dui import factories
from tests.dui.connected import House
from tests.dui.dmp.far_dmp import forget
from tests.dui.dmp.test_deposit_in_dmp import held, reload
from tests.dui.dmp.transport_watch import Watch, watch

__all__ = ["watch"]

Finding = DepositReception.Finding
PEOPLE = ("marie-therese-quere", "catarina-tchitchi", "zoe-adrun")


@pytest.fixture(autouse=True)
def no_spacing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "AMARRE_RECEPTION_SPACING_MS", 0)


def deposited(house: House, person: str = PEOPLE[0]) -> DmpDeposit:
    deposit = deposit_in_dmp(version=house.filed(house.dossier(person)), actor=house.actor)
    drain()
    return reload(deposit)


def ask(house: House, deposit: DmpDeposit) -> DepositReception:
    ask_reception(deposits=[reload(deposit)], actor=house.actor)
    drain()
    return reception(deposit)


def reception(deposit: DmpDeposit) -> DepositReception:
    with system_scope("test"):
        return DepositReception.objects.select_related("exchange").get(deposit=deposit)


def sent_back(deposit: DmpDeposit, state: State) -> None:
    """Our row forgets what the DMP knows, as after a backup restored."""
    with system_scope("test"):
        Exchange.objects.filter(pk=deposit.exchange_id).update(
            state=state, outcome_unknown=False, result={}, explanation={}
        )
        DmpDeposit.objects.filter(pk=deposit.pk).update(accepted_at=None)


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("found", [True, False])
@pytest.mark.parametrize("gone", [True, False])
def test_the_verdict_of_every_pair(state: State, found: bool, gone: bool) -> None:
    judged = verdict(state, found=found, noted_gone=gone)
    if state in (State.A_VALIDER, State.EN_FILE, State.ENVOYE, State.INCONNU):
        assert judged is Finding.INCONNU
    elif state is State.ACCEPTE and not gone:
        assert judged is (Finding.CONCORDANT if found else Finding.ABSENT)
    else:
        assert judged is (Finding.RECENT if found else Finding.CONCORDANT)


@pytest.mark.req("quality-bars §2.2 rule 9")
def test_a_deposit_that_is_there_agrees(house: House, watch: Watch) -> None:
    deposit = deposited(house)
    watch.calls.clear()
    ask_reception(deposits=[deposit], actor=house.actor)
    assert watch.calls == [], "the worker asks, not the page"
    drain()
    assert watch.calls == ["dmp-td3.1b"]
    agreed = reception(deposit)
    assert (agreed.finding, agreed.believed) == (Finding.CONCORDANT, State.ACCEPTE)
    assert agreed.checked_at is not None
    line = Trace.objects.get(verb="dmp.reception_checked")
    assert line.details == {"version": 1, "conclusion": "concordant"}


def test_what_the_dmp_lost_is_absent_until_the_person_explains(house: House) -> None:
    deposit = deposited(house)
    forget(house, deposit.version.unique_id)
    absent = ask(house, deposit)
    assert absent.finding == Finding.ABSENT
    note_gone(reception=absent, actor=house.actor)
    assert reception(deposit).finding == Finding.CONCORDANT
    with pytest.raises(NotAbsent):
        note_gone(reception=absent, actor=house.actor)
    with system_scope("test"):
        dossier = deposit.version.document.dossier
    again = deposit_in_dmp(version=house.filed(house.reload(dossier)), actor=house.actor)
    drain()
    assert reload(again).exchange.state == State.ACCEPTE, reload(again).exchange.explanation
    assert held(house)[reload(again).version.unique_id]["replaces"] == ""


def test_a_deletion_noted_by_mistake_is_taken_back(house: House) -> None:
    deposit = deposited(house)
    with system_scope("test"):
        ask_about([deposit], house.actor)
    drain()
    row = reception(deposit)
    row.finding, row.gone_noted_at = Finding.CONCORDANT, now()
    row.save()
    there = ask(house, deposit)
    assert there.finding == Finding.RECENT
    correct_state(reception=there, actor=house.actor)
    assert reception(deposit).gone_noted_at is None
    assert ask(house, deposit).finding == Finding.CONCORDANT


@pytest.mark.parametrize("state", [State.REFUSE, State.A_REFAIRE])
def test_what_the_dmp_has_and_we_do_not_believe_is_corrected_without_sending(
    house: House, watch: Watch, state: State
) -> None:
    deposit = deposited(house)
    sent_back(deposit, state)
    recent = ask(house, deposit)
    assert (recent.finding, recent.believed) == (Finding.RECENT, state)
    watch.calls.clear()
    correct_state(reception=recent, actor=house.actor)
    drain()
    assert watch.calls == ["dmp-td3.1b"], "asked, found, nothing sent"
    settled = reload(deposit)
    assert (settled.exchange.state, settled.accepted_at is not None) == (State.ACCEPTE, True)
    assert len(held(house)) == 1
    assert ask(house, deposit).finding == Finding.CONCORDANT


def test_correcting_needs_the_answer_of_the_dmp(house: House) -> None:
    agreed = ask(house, deposited(house))
    with pytest.raises(NothingToCorrect):
        correct_state(reception=agreed, actor=house.actor)


def test_a_question_that_fails_says_unknown_and_bothers_nobody(house: House) -> None:
    deposit = deposited(house)
    assert house.sandbox is not None
    house.sandbox.choose("dmp", "certificat-signature", 1)
    unknown = ask(house, deposit)
    assert unknown.finding == Finding.INCONNU
    assert unknown.exchange is not None
    assert unknown.exchange.awaits_someone is False
    house.sandbox.choose("dmp", "indisponible", 1)
    ask_reception(deposits=[deposit], actor=house.actor)
    drain()
    waiting = reception(deposit).exchange
    assert waiting is not None
    assert waiting.state == State.EN_FILE, "it will be asked again by itself"
    with pytest.raises(NothingToAsk):
        ask_reception(deposits=[deposit], actor=house.actor)


def test_a_question_never_holds_a_deposit_back(house: House) -> None:
    deposit = deposited(house)
    assert house.sandbox is not None
    house.sandbox.choose("dmp", "indisponible", 1)
    ask_reception(deposits=[deposit], actor=house.actor)
    drain()
    with system_scope("test"):
        dossier = deposit.version.document.dossier
    second = deposit_in_dmp(version=house.filed(house.reload(dossier)), actor=house.actor)
    drain()
    assert reload(second).exchange.state == State.ACCEPTE


def test_questions_are_spaced(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "AMARRE_RECEPTION_SPACING_MS", 2_000)
    ask_reception(deposits=[deposited(house, person) for person in PEOPLE], actor=house.actor)
    with system_scope("test"):
        due = list(Exchange.objects.filter(kind=KIND).order_by("pk").values_list("due_at", flat=True))
    assert [round((one - due[0]).total_seconds()) for one in due] == [0, 2, 4]
    assert drain() == 1, "the others wait for their turn"


def ago(deposit: DmpDeposit, **time: int) -> None:
    at = now() - datetime.timedelta(**time)
    with system_scope("test"):
        DmpDeposit.objects.filter(pk=deposit.pk).update(requested_at=at)
        Exchange.objects.filter(pk=deposit.exchange_id).update(finished_at=at)


def test_every_day_asks_about_what_is_new_and_what_did_not_agree(house: House) -> None:
    fresh, recent, old = (deposited(house, person) for person in PEOPLE)
    ago(recent, hours=2)
    ago(old, days=8)
    assert control_reception() == 1, "not what has just left, not what is old"
    drain()
    assert reception(recent).finding == Finding.CONCORDANT
    assert control_reception() == 0, "agreed: not asked again"
    with system_scope("test"):
        DepositReception.objects.update(
            finding=Finding.INCONNU, asked_at=now() - datetime.timedelta(hours=21)
        )
    assert control_reception() == 1
    with system_scope("test"):
        assert not DepositReception.objects.filter(deposit__in=[fresh, old]).exists()


def test_the_sandbox_s_deposits_are_not_asked_about_in_production(house: House) -> None:
    ago(deposited(house), hours=2)
    house.profile.environment = Environment.QUALIFICATION
    house.profile.save()
    assert control_reception() == 0


def test_only_who_may_resume_asks(house: House) -> None:
    deposit = deposited(house)
    maud = house.referent
    with pytest.raises(AccessError):
        ask_reception(deposits=[deposit], actor=maud)
    agreed = ask(house, deposit)
    for act in (note_gone, correct_state):
        with pytest.raises(AccessError):
            act(reception=agreed, actor=maud)


def test_another_establishment_s_deposits_are_out_of_reach(house: House, other_essms: object) -> None:
    deposit = deposited(house)
    agreed = ask(house, deposit)
    stranger = factories.make_user("Nora", "Le Bris")
    factories.give_role(stranger, other_essms, "soins")  # type: ignore[arg-type]
    actor = factories.actor_for(stranger, other_essms)  # type: ignore[arg-type]
    with pytest.raises(AccessError):
        note_gone(reception=agreed, actor=actor)
    assert not DmpDeposit.objects.visible_to(actor).exists()
