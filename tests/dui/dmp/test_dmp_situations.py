"""Every situation of the simulated DMP: state of the deposit, what the DMP holds, what the person reads."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

import pytest

from amarre.dui.access.scope import system_scope
from amarre.dui.core.clock import now
from amarre.dui.dmp.services.deposit_in_dmp import deposit_in_dmp
from amarre.dui.documents.models import DmpDeposit
from amarre.dui.exchanges.enums import State
from amarre.dui.exchanges.models import Circuit, Exchange
from amarre.dui.exchanges.services.resume import resume_exchange
from amarre.dui.exchanges.worker import drain
from amarre.dui.usagers.models import DmpInformation
from amarre.interop.clients import dmp as dmp_client_module
from amarre.interop.common.errors import walk_error_classes
from amarre.interop.transport.http import Deadlines
from tests.dui.connected import House, identity_of
from tests.dui.dmp.test_deposit_in_dmp import held, reload


@dataclass(frozen=True, slots=True)
class Expected:
    """After the first try: state, code of the explanation, whether the DMP holds the document."""

    state: State
    code: str
    stored: bool = False


# Situation → what becomes of the deposit while it lasts.
SITUATIONS = {
    "dmp-absent": Expected(State.REFUSE, "DMP-001"),
    "dmp-ferme": Expected(State.REFUSE, "DMP-002"),
    "autorisation-interdite": Expected(State.REFUSE, "DMP-068"),
    "type-refuse": Expected(State.A_REFAIRE, "XDS-010"),
    "doublon": Expected(State.REFUSE, "DMP-031"),
    "empreinte-differente": Expected(State.REFUSE, "XDS-014"),
    "certificat-signature": Expected(State.A_REFAIRE, "DMP-010"),
    "depot-occupe": Expected(State.EN_FILE, "XDS-050"),
    "depot-perdu": Expected(State.INCONNU, "TRA-006", stored=True),
    "depot-tronque": Expected(State.INCONNU, "TRA-006", stored=True),
    "depot-lent": Expected(State.INCONNU, "TRA-005", stored=True),
    "indisponible": Expected(State.EN_FILE, "DMP-021"),
    "coupure-avant": Expected(State.EN_FILE, "DMP-069"),
    "reponse-perdue": Expected(State.EN_FILE, "DMP-069"),
    "page-html": Expected(State.EN_FILE, "DMP-069"),
    "reponse-illisible": Expected(State.EN_FILE, "XML-002"),
}


@pytest.fixture
def shorter_deadlines(monkeypatch: pytest.MonkeyPatch) -> None:
    """The sandbox's slow answer lasts 2 s here: our patience is shortened in proportion."""
    monkeypatch.setattr(dmp_client_module, "DEPOSIT_DEADLINES", Deadlines(3.0, 1.0, 5.0))


def deposit_under(house: House, situation: str) -> DmpDeposit:
    deposit = deposit_in_dmp(version=house.filed(), actor=house.actor)
    assert house.sandbox is not None
    house.sandbox.choose("dmp", situation)
    drain(1)
    return reload(deposit)


def make_due() -> None:
    """The waiting time has passed."""
    with system_scope("test"):
        Exchange.objects.update(due_at=now() - datetime.timedelta(seconds=1))
    Circuit.objects.update(open_until=None)


@pytest.mark.req("issue 2, faults")
@pytest.mark.parametrize("situation", SITUATIONS)
def test_a_situation_has_its_state_its_sentence_and_a_way_out(
    house: House, situation: str, shorter_deadlines: None
) -> None:
    expected = SITUATIONS[situation]
    deposit = deposit_under(house, situation)
    exchange = deposit.exchange
    said = exchange.explanation
    assert (exchange.state, said["code"]) == (expected.state, expected.code), said
    assert bool(held(house)) is expected.stored
    assert deposit.accepted_at is None
    assert all(said[part] for part in ("what", "data_state", "advice"))
    assert house.sandbox is not None
    house.sandbox.choose("dmp", "")
    if exchange.state in (State.REFUSE, State.A_REFAIRE):
        resume_exchange(exchange=exchange, actor=house.actor)
    make_due()
    drain()
    after = reload(deposit)
    assert (after.exchange.state, len(held(house))) == (State.ACCEPTE, 1), after.exchange.explanation
    assert after.accepted_at is not None


def test_different_causes_have_different_sentences() -> None:
    classes = {cls.code: cls for cls in walk_error_classes()}
    codes = {expected.code for expected in SITUATIONS.values()}
    assert len({classes[code].what for code in codes}) == len(codes)


def test_what_changed_while_it_waited_is_looked_at_again(house: House) -> None:
    dossier = house.dossier()
    deposit = deposit_in_dmp(version=house.filed(dossier), actor=house.actor)
    house.inform(dossier, DmpInformation.Decision.OPPOSITION)
    drain()
    refused = reload(deposit).exchange
    assert (refused.state, refused.explanation["code"]) == (State.ANNULE, "DMP-061")
    assert not held(house)


def test_an_identity_no_longer_qualified_does_not_leave(house: House) -> None:
    dossier = house.dossier()
    deposit = deposit_in_dmp(version=house.filed(dossier), actor=house.actor)
    identity = identity_of(dossier)
    identity.traits_from_insi = False
    identity.save()
    drain()
    kept = reload(deposit).exchange
    assert (kept.state, kept.explanation["code"]) == (State.A_REFAIRE, "INS-010"), kept.explanation
    assert not held(house)


def test_a_question_is_asked_even_after_the_person_opposed(house: House) -> None:
    """What may be there already must be known, whatever was decided since."""
    dossier = house.dossier()
    deposit = deposit_in_dmp(version=house.filed(dossier), actor=house.actor)
    assert house.sandbox is not None
    house.sandbox.choose("dmp", "depot-perdu", 1)
    drain(1)
    house.inform(dossier, DmpInformation.Decision.OPPOSITION)
    make_due()
    drain()
    assert reload(deposit).exchange.state == State.ACCEPTE
    assert len(held(house)) == 1
