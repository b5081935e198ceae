"""Rules of deposit: what each does of a validated document, by whom, and what a new version does."""

from __future__ import annotations

import pytest

from amarre.dui.access.errors import AccessError
from amarre.dui.access.models import Membership
from amarre.dui.access.roles import Role
from amarre.dui.access.scope import system_scope
from amarre.dui.audit.models import Trace
from amarre.dui.core.actor import Actor
from amarre.dui.dmp.errors import TypeNotForDmp
from amarre.dui.dmp.models import DepositProposal, DepositRule
from amarre.dui.dmp.rules import Moment, accepted_types, default_rule
from amarre.dui.dmp.rules_errors import RoleMayNotDeposit, TypeNeverDeposited
from amarre.dui.dmp.services.approve_deposit import approve_deposit, decline_deposit
from amarre.dui.dmp.services.deposit_in_dmp import deposit_in_dmp
from amarre.dui.dmp.services.set_rule import set_rule
from amarre.dui.documents.models import DmpDeposit
from amarre.dui.exchanges.enums import State
from amarre.dui.exchanges.errors import ApproverIsAuthor
from amarre.dui.exchanges.worker import drain
from amarre.dui.usagers.models import DmpInformation
from amarre.interop.common.errors import AmarreError
from amarre.interop.dmp.errors import DmpDocumentTooLarge
from tests.dui import factories
from tests.dui.connected import House
from tests.dui.dmp.test_deposit_in_dmp import held, reload

PROJET = "80788-3"
Closing = DepositProposal.Closing


def director_of(house: House) -> Actor:
    user = factories.make_user("Bruno", "Allard")
    factories.give_role(user, house.essms, Role.DIRECTION)
    return factories.actor_for(user, house.essms)


def rule(house: House, moment: Moment, *, roles: tuple[str, ...] = (), follows: bool = False) -> DepositRule:
    return set_rule(
        essms=house.essms, type_code=PROJET, moment=moment, roles=roles, follows_versions=follows,
        actor=director_of(house),
    )  # fmt: skip


def deposits(house: House) -> list[DmpDeposit]:
    with system_scope("test"):
        return list(DmpDeposit.objects.select_related("exchange", "version").order_by("pk"))


def proposals(house: House) -> list[tuple[int, str]]:
    """Version and closing of each proposal, oldest first."""
    with system_scope("test"):
        return list(DepositProposal.objects.order_by("pk").values_list("version__number", "closing"))


def states(house: House) -> list[str]:
    return [one.exchange.state for one in deposits(house)]


def test_without_a_rule_a_person_decides(house: House) -> None:
    version = house.filed()
    assert (deposits(house), proposals(house)) == ([], [(1, "")])
    deposit_in_dmp(version=version, actor=house.actor)
    assert proposals(house) == [(1, Closing.DEPOSE)]


def test_never_means_never_and_proposes_nothing(house: House) -> None:
    rule(house, Moment.JAMAIS)
    version = house.filed()
    assert (deposits(house), proposals(house)) == ([], [])
    with pytest.raises(TypeNeverDeposited):
        deposit_in_dmp(version=version, actor=house.actor)


def test_at_validation_it_leaves_by_itself(house: House) -> None:
    rule(house, Moment.VALIDATION)
    version = house.filed()
    assert (states(house), proposals(house)) == ([State.EN_FILE], [])
    drain()
    assert list(held(house)) == [version.unique_id]
    assert Trace.objects.filter(verb="dmp.deposit_requested").count() == 1


def test_at_validation_what_is_held_back_waits_with_its_reason(house: House) -> None:
    rule(house, Moment.VALIDATION)
    version = house.filed(house.dossier(informed=False))
    assert (deposits(house), proposals(house)) == ([], [(1, "")])
    with pytest.raises(AmarreError) as caught:
        deposit_in_dmp(version=version, actor=house.actor)
    assert caught.value.code == "DMP-060"


def test_what_only_the_freezing_sees_does_not_undo_the_filing(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    def too_large(*values: object) -> None:
        raise DmpDocumentTooLarge(size=9_000, limit=5_000)

    monkeypatch.setattr("amarre.dui.dmp.services.apply_rules.queue_deposit", too_large)
    rule(house, Moment.VALIDATION)
    version = house.filed()
    assert version.pk is not None
    assert (deposits(house), proposals(house)) == ([], [(1, "")])


def test_an_author_without_the_right_leaves_it_to_those_who_have_it(house: House) -> None:
    rule(house, Moment.VALIDATION, roles=("secretariat",))
    version = house.filed()
    assert proposals(house) == [(1, "")]
    with pytest.raises(RoleMayNotDeposit) as caught:
        deposit_in_dmp(version=version, actor=house.actor)
    assert "secrétariat" in caught.value.explanation().what
    clerk = factories.make_user("Zoé", "Le Gall")
    factories.give_role(clerk, house.essms, Role.SECRETARIAT)
    with system_scope("test"):
        loic = Membership.objects.get(user=house.loic)
        Membership.objects.filter(user=clerk).update(
            author_code=loic.author_code, author_code_system=loic.author_code_system
        )
    deposit_in_dmp(version=version, actor=factories.actor_for(clerk, house.essms))
    assert states(house) == [State.EN_FILE]


def test_with_an_agreement_nothing_leaves_before_a_second_person(house: House) -> None:
    rule(house, Moment.ACCORD)
    house.filed()
    (waiting,) = deposits(house)
    assert (waiting.exchange.state, drain()) == (State.A_VALIDER, 0)
    with pytest.raises(ApproverIsAuthor):
        approve_deposit(deposit=waiting, actor=house.actor)
    approve_deposit(deposit=waiting, actor=director_of(house))
    drain()
    assert len(held(house)) == 1
    assert Trace.objects.filter(verb="dmp.deposit_approved").count() == 1


def test_a_deposit_not_approved_says_why_and_may_be_asked_again(house: House) -> None:
    rule(house, Moment.ACCORD)
    version = house.filed()
    (waiting,) = deposits(house)
    with pytest.raises(AmarreError) as caught:
        decline_deposit(deposit=waiting, reason="  ", actor=director_of(house))
    assert caught.value.code == "DMP-083"
    decline_deposit(deposit=waiting, reason="Il manque l'avis de sa sœur.", actor=director_of(house))
    stopped = reload(waiting).exchange
    assert stopped.state == State.ANNULE
    assert "Il manque l'avis de sa sœur." in stopped.explanation["what"]
    deposit_in_dmp(version=version, actor=house.actor)
    assert states(house) == [State.A_VALIDER]


def test_who_may_not_approve_is_refused(house: House) -> None:
    rule(house, Moment.ACCORD)
    house.filed()
    clerk = factories.make_user("Zoé", "Le Gall")
    factories.give_role(clerk, house.essms, Role.SECRETARIAT)
    with pytest.raises(AccessError):
        approve_deposit(deposit=deposits(house)[0], actor=factories.actor_for(clerk, house.essms))


def test_an_approval_is_controlled_again(house: House) -> None:
    """What changed since it was asked holds it back: here the identity is not qualified any more."""
    rule(house, Moment.ACCORD)
    version = house.filed()
    identity = version.document.dossier.identity
    identity.coherence_checked = False
    identity.save()
    with pytest.raises(AmarreError) as caught:
        approve_deposit(deposit=deposits(house)[0], actor=director_of(house))
    assert caught.value.code == "INS-010"
    assert states(house) == [State.A_VALIDER]


def test_a_new_version_withdraws_the_one_that_waited_for_an_agreement(house: House) -> None:
    rule(house, Moment.ACCORD)
    dossier = house.dossier()
    house.filed(dossier)
    house.filed(dossier)
    first, second = deposits(house)
    assert (first.exchange.state, first.exchange.cause) == (State.ANNULE, "DMP-079")
    assert second.exchange.state == State.A_VALIDER


def test_a_new_version_closes_the_proposal_of_the_one_before(house: House) -> None:
    dossier = house.dossier()
    house.filed(dossier)
    house.filed(dossier)
    assert proposals(house) == [(1, Closing.REMPLACE), (2, "")]


def test_a_new_version_follows_the_one_at_the_dmp_when_the_rule_says_so(house: House) -> None:
    rule(house, Moment.PROPOSER, follows=True)
    dossier = house.dossier()
    first = house.filed(dossier)
    assert proposals(house) == [(1, "")], "the first one is a decision"
    deposit_in_dmp(version=first, actor=house.actor)
    drain()
    second = house.filed(dossier)
    assert states(house) == [State.ACCEPTE, State.EN_FILE]
    drain()
    assert held(house)[second.unique_id]["replaces"] == held(house)[first.unique_id]["entry_uuid"]


def test_an_opposition_stops_everything_that_waits_at_once(house: House) -> None:
    dossier = house.dossier()
    queued = deposit_in_dmp(version=house.filed(dossier), actor=house.actor)
    rule(house, Moment.PROPOSER)
    house.filed(dossier)
    house.inform(dossier, DmpInformation.Decision.OPPOSITION)
    stopped = reload(queued).exchange
    assert (stopped.state, stopped.cause) == (State.ANNULE, "DMP-061")
    assert "s'oppose" in stopped.explanation["what"]
    assert proposals(house) == [(1, Closing.DEPOSE), (2, Closing.OPPOSITION)]
    assert drain() == 0
    assert Trace.objects.filter(verb="exchange.cancelled", exchange_id=stopped.reference).count() == 1


def test_an_opposition_of_another_person_stops_nothing_here(house: House) -> None:
    deposit = deposit_in_dmp(version=house.filed(), actor=house.actor)
    house.inform(house.dossier("jean-riou"), DmpInformation.Decision.OPPOSITION)
    assert reload(deposit).exchange.state == State.EN_FILE


def test_never_sets_aside_what_waited(house: House) -> None:
    house.filed()
    rule(house, Moment.JAMAIS)
    assert proposals(house) == [(1, Closing.ECARTE)]


def test_a_rule_is_the_establishment_s_own(house: House) -> None:
    written = rule(house, Moment.ACCORD, roles=("soins",))
    again = rule(house, Moment.VALIDATION)
    assert (written.pk, again.roles) == (again.pk, [])
    with pytest.raises(AccessError):
        set_rule(essms=house.essms, type_code=PROJET, moment=Moment.JAMAIS, actor=house.actor)
    with pytest.raises(TypeNotForDmp):
        set_rule(essms=house.essms, type_code="EXPORT_DUI", moment=Moment.PROPOSER, actor=director_of(house))


def test_rules_at_the_start_propose_what_professionals_write() -> None:
    moments = {kind.code.code: default_rule(kind.code.code).moment for kind in accepted_types()}
    assert moments[PROJET] == moments["74207-2"] == moments["57833-6"] == Moment.PROPOSER
    assert moments["ATTEST-RESID"] == moments["EXPPAT_3"] == Moment.JAMAIS
    assert set(moments.values()) == {Moment.PROPOSER, Moment.JAMAIS}, "nothing leaves unasked"
    assert default_rule("EXPORT_DUI").moment is Moment.JAMAIS
