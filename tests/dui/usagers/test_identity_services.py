"""INSi from request to decision against the sandbox, correction, marks, rights."""

from __future__ import annotations

import datetime
import threading
from collections.abc import Callable
from dataclasses import replace

import pytest
from django.db import connection

from amarre.cast.usagers import usager
from amarre.dui.access.errors import NotAllowed, OutOfScope
from amarre.dui.access.scope import system_scope
from amarre.dui.audit.models import Trace
from amarre.dui.core.actor import Actor
from amarre.dui.core.clock import now, today
from amarre.dui.exchanges.models import Exchange
from amarre.dui.exchanges.worker import drain
from amarre.dui.organisations.enums import CertificatePurpose
from amarre.dui.organisations.models import ConnectorCertificate
from amarre.dui.usagers.errors import (
    DiscrepancyToSettle,
    InsHeldByAnotherIdentity,
    InsiNotConfigured,
    NothingChanged,
    ReasonMissing,
    SameTraitsAsAnother,
    SearchAlreadyPending,
    SearchNotDecidable,
    SearchTraitsIncomplete,
    TraitsChangedSinceSearch,
    UsagerError,
)
from amarre.dui.usagers.models import Dossier, InsiSearch
from amarre.dui.usagers.selectors.identity_page import Act, Insi, insi_state, next_step
from amarre.dui.usagers.services.decide_insi_search import accept_insi_search, set_aside_insi_search
from amarre.dui.usagers.services.mark_identity import mark_identity
from amarre.dui.usagers.services.record_evidence import record_evidence
from amarre.dui.usagers.services.request_insi_search import request_insi_search
from amarre.dui.usagers.services.update_traits import update_traits
from amarre.interop.ins.errors import AttributesIncompatible, TransitionRefused
from amarre.interop.ins.insi import CallForbidden
from amarre.interop.ins.status import Attribute, Status
from amarre.interop.ins.traits import Traits
from tests.dui.connected import House, identity_of, traits_of
from tests.dui.usagers.cases import asked, fresh, opened

pytestmark = pytest.mark.django_db

SHORT = {"prenoms": "YVONNE", "lieu_naissance": "99999"}


def correct(house: House, dossier: Dossier, reason: str = "Pièce relue", **changes: object) -> None:
    traits: Traits = replace(identity_of(dossier).traits, **changes)  # type: ignore[arg-type]
    update_traits(dossier=dossier, traits=traits, lieu_libelle="", reason=reason, actor=house.referent)


def see_document(house: House, dossier: Dossier) -> None:
    record_evidence(dossier=dossier, device="CN", seen_on=today(), actor=house.referent)


@pytest.mark.req("INS EXI SI 07")
def test_found_then_accepted_then_document_makes_it_qualified(house: House) -> None:
    dossier = opened(house, **SHORT)
    search = asked(house, dossier)
    assert search.outcome == InsiSearch.Outcome.FOUND
    assert identity_of(dossier).status is Status.PROVISOIRE, "nothing is stored before a person decides"
    assert identity_of(dossier).matricule == ""
    accept_insi_search(search=search, actor=house.referent)
    identity = identity_of(dossier)
    assert identity.status is Status.RECUPEREE
    assert (identity.prenoms, identity.premier_prenom) == ("YVONNE MARIE ANNE", "YVONNE")
    assert (identity.lieu_naissance, identity.nom_utilise) == ("29151", "KERVELLA")
    assert identity.matricule == usager("yvonne-le-bihan").matricule
    see_document(house, dossier)
    assert identity_of(dossier).status is Status.QUALIFIEE
    fields = set(identity.changes.values_list("field", flat=True))
    assert {"prenoms", "lieu_naissance", "statut"} <= fields


def test_document_first_then_insi_makes_it_qualified(house: House) -> None:
    dossier = opened(house)
    see_document(house, dossier)
    assert identity_of(dossier).status is Status.VALIDEE
    accept_insi_search(search=asked(house, dossier), actor=house.referent)
    assert identity_of(dossier).status is Status.QUALIFIEE


def test_history_of_ins_is_kept_once(house: House) -> None:
    dossier = opened(house, "pierre-alain-ecetinsi")
    accept_insi_search(search=asked(house, dossier), actor=house.referent)
    count = identity_of(dossier).ins_history.count()
    assert count >= 1
    accept_insi_search(search=asked(house, dossier), actor=house.referent)
    assert identity_of(dossier).ins_history.count() == count


@pytest.mark.parametrize(
    ("key", "scenario", "outcome"),
    [
        ("pierre-houilles", "", "not_found"),
        ("leonardo-de-vinci", "", "several"),
        ("zoe-adrun", "introuvable", "not_found"),
    ],
)
def test_outcomes_without_identity_leave_everything_as_it_was(
    house: House, key: str, scenario: str, outcome: str
) -> None:
    dossier = opened(house, key)
    before = identity_of(dossier).traits
    if house.sandbox and scenario:
        house.sandbox.choose("insi", scenario)
    search = asked(house, dossier)
    assert search.outcome == outcome
    assert identity_of(dossier).traits == before
    with pytest.raises(SearchNotDecidable):
        accept_insi_search(search=search, actor=house.referent)


def test_service_down_then_answers_at_the_next_call(house: House) -> None:
    dossier = opened(house)
    search = asked(house, dossier, "indisponible")
    assert insi_state(identity_of(dossier)).kind is Insi.LATE
    assert search.outcome == ""
    with system_scope("test"):
        Exchange.objects.filter(pk=search.exchange_id).update(due_at=now())
    drain()
    assert fresh(search).outcome == InsiSearch.Outcome.FOUND
    assert insi_state(identity_of(dossier)).kind is Insi.FOUND


def test_wrong_certificate_is_explained_and_can_be_asked_again(house: House) -> None:
    assert house.sandbox is not None
    right = ConnectorCertificate.objects.visible_to(house.referent).get(purpose=CertificatePurpose.INSI_AUTH)
    data = house.sandbox.settings.data_dir
    kept = (right.certificate_file, right.key_file)
    right.certificate_file = str(data / "pki" / "faulty" / "wrong-purpose.pem")
    right.key_file = str(data / "pki" / "faulty" / "wrong-purpose.key")
    right.save()
    dossier = opened(house)
    search = asked(house, dossier)
    state = insi_state(identity_of(dossier))
    assert state.kind is Insi.FAILED, (search.outcome, search.exchange.state, search.exchange.explanation)
    assert state.explanation is not None
    right.certificate_file, right.key_file = kept
    right.save()
    assert asked(house, dossier).outcome == InsiSearch.Outcome.FOUND


def test_answer_about_another_person_is_never_shown(house: House) -> None:
    dossier = opened(house, "zoe-adrun")
    search = asked(house, dossier, "autre-personne")
    assert search.outcome == InsiSearch.Outcome.FAILED
    assert search.returned == {}
    assert "INSI" in search.exchange.explanation["code"]


def test_set_aside_forgets_what_came_back(house: House) -> None:
    dossier = opened(house)
    search = asked(house, dossier)
    set_aside_insi_search(search=search, actor=house.referent)
    assert fresh(search).returned == {}
    assert identity_of(dossier).status is Status.PROVISOIRE
    with pytest.raises(SearchNotDecidable):
        set_aside_insi_search(search=search, actor=house.referent)


def test_traits_changed_after_the_question(house: House) -> None:
    dossier = opened(house)
    search = asked(house, dossier)
    correct(house, dossier, prenoms="YVONNE MARIE")
    assert insi_state(identity_of(dossier)).kind is Insi.OUTDATED
    with pytest.raises(TraitsChangedSinceSearch):
        accept_insi_search(search=search, actor=house.referent)


def test_document_and_insi_disagree_on_a_strict_trait(house: House) -> None:
    dossier = opened(house, prenoms="YVONNE MARIE ANNA")
    see_document(house, dossier)
    search = asked(house, dossier)
    with pytest.raises(DiscrepancyToSettle):
        accept_insi_search(search=search, actor=house.referent)
    assert identity_of(dossier).status is Status.VALIDEE


def test_fewer_given_names_at_insi_asks_for_a_reason(house: House) -> None:
    dossier = opened(house, prenoms="YVONNE MARIE ANNE CLAUDE")
    search = asked(house, dossier)
    with pytest.raises(ReasonMissing):
        accept_insi_search(search=search, actor=house.referent)
    accept_insi_search(search=search, actor=house.referent, reason="Acte de naissance relu")
    change = identity_of(dossier).changes.get(field="prenoms")
    assert change.reason == "Acte de naissance relu"


def test_same_ins_is_never_active_twice(house: House) -> None:
    first, second = opened(house), opened(house, **SHORT)
    accept_insi_search(search=asked(house, first), actor=house.referent)
    with pytest.raises(InsHeldByAnotherIdentity):
        accept_insi_search(search=asked(house, second), actor=house.referent)


def test_indeterminate_sex_and_missing_settings_are_said_before_any_call(house: House) -> None:
    dossier = opened(house)
    correct(house, dossier, sexe=traits_of(usager("jean-riou")).sexe.INDETERMINE)
    with pytest.raises(SearchTraitsIncomplete):
        request_insi_search(dossier=dossier, actor=house.referent)
    house.profile.insi_idam = ""
    house.profile.save()
    with pytest.raises(InsiNotConfigured) as raised:
        request_insi_search(dossier=dossier, actor=house.referent)
    assert "IDAM" in raised.value.explanation().what


@pytest.mark.req("INS EXI SI 09")
@pytest.mark.parametrize("attribute", [Attribute.DOUTEUSE, Attribute.FICTIVE])
def test_doubt_takes_everything_back_and_blocks_insi(house: House, attribute: Attribute) -> None:
    dossier = house.dossier("jean-riou")
    mark_identity(dossier=dossier, attribute=attribute, held=True, reason="Doute", actor=house.referent)
    identity = identity_of(dossier)
    assert (identity.status, identity.matricule) == (Status.PROVISOIRE, "")
    assert identity.ins_history.count() == 1
    assert not identity.evidence.filter(voided_at=None).exists()
    with pytest.raises(CallForbidden):
        request_insi_search(dossier=dossier, actor=house.referent)
    with pytest.raises(TransitionRefused):
        see_document(house, dossier)
    mark_identity(dossier=dossier, attribute=attribute, held=False, reason="Levé", actor=house.referent)
    assert not identity_of(dossier).state.blocked


def test_marks_that_cannot_stand_together(house: House) -> None:
    dossier = opened(house)
    mark_identity(
        dossier=dossier, attribute=Attribute.HOMONYME, held=True, reason="Jumelles", actor=house.referent
    )
    with pytest.raises(AttributesIncompatible):
        mark_identity(
            dossier=dossier, attribute=Attribute.FICTIVE, held=True, reason="Essai", actor=house.referent
        )
    assert identity_of(dossier).is_homonyme


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"nom_naissance": "RIOUX"}, Status.VALIDEE),
        ({"nom_utilise": "RIOU MARTIN"}, Status.QUALIFIEE),
        ({"premier_prenom": "JEAN FRANCOIS"}, Status.QUALIFIEE),
    ],
)
def test_only_a_strict_trait_takes_the_trust_back(
    house: House, changes: dict[str, str], status: Status
) -> None:
    dossier = house.dossier("jean-riou")
    correct(house, dossier, **changes)
    identity = identity_of(dossier)
    assert identity.status is status
    assert bool(identity.matricule) is (status is Status.QUALIFIEE)
    (name,) = changes
    assert identity.changes.get(field=name).reason == "Pièce relue"


def test_correction_without_reason_change_or_with_the_traits_of_another(house: House) -> None:
    dossier, other = opened(house), opened(house, "jean-riou")
    with pytest.raises(ReasonMissing):
        correct(house, dossier, reason="  ", nom_naissance="LE BIHEN")
    with pytest.raises(NothingChanged):
        correct(house, dossier)
    twin = identity_of(other).traits
    with pytest.raises(SameTraitsAsAnother):
        update_traits(dossier=dossier, traits=twin, lieu_libelle="", reason="x", actor=house.referent)
    assert identity_of(dossier).nom_naissance == "LE BIHAN"


def acts(dossier: Dossier, search: InsiSearch, actor: Actor) -> list[Callable[[], object]]:
    traits = replace(dossier.identity.traits, nom_naissance="AUTRE")
    return [
        lambda: request_insi_search(dossier=dossier, actor=actor),
        lambda: accept_insi_search(search=search, actor=actor),
        lambda: set_aside_insi_search(search=search, actor=actor),
        lambda: record_evidence(dossier=dossier, device="CN", seen_on=today(), actor=actor),
        lambda: update_traits(dossier=dossier, traits=traits, lieu_libelle="", reason="x", actor=actor),
        lambda: mark_identity(
            dossier=dossier, attribute=Attribute.DOUTEUSE, held=True, reason="x", actor=actor
        ),
    ]


def test_stranger_and_colleague_without_right_change_nothing(house: House, stranger: Actor) -> None:
    dossier = opened(house)
    search = asked(house, dossier)
    before = Trace.objects.count()
    for act in acts(dossier, search, stranger):
        with pytest.raises(OutOfScope):
            act()
    for act in acts(dossier, search, house.actor):
        with pytest.raises(NotAllowed):
            act()
    assert identity_of(dossier).nom_naissance == "LE BIHAN"
    assert fresh(search).decision == ""
    assert Trace.objects.count() == before


def test_each_act_leaves_its_trace(house: House) -> None:
    dossier = opened(house, **SHORT)
    accept_insi_search(search=asked(house, dossier), actor=house.referent)
    see_document(house, dossier)
    correct(house, dossier, nom_utilise="")
    mark_identity(dossier=dossier, attribute=Attribute.HOMONYME, held=True, reason="x", actor=house.referent)
    verbs = set(Trace.objects.filter(dossier_id=str(dossier.pk)).values_list("verb", flat=True))
    assert {
        "dossier.created", "insi.requested", "insi.answered", "insi.accepted", "identity.evidence_recorded",
        "identity.changed",
    } <= verbs  # fmt: skip
    for trace in Trace.objects.filter(dossier_id=str(dossier.pk)):
        assert "BIHAN" not in str(trace.details)


@pytest.mark.parametrize(
    ("may_write", "may_qualify", "act"),
    [(True, True, Act.DECIDE), (True, False, Act.NONE), (False, False, Act.NONE)],
)
def test_next_step_is_only_what_the_person_may_do(
    house: House, may_write: bool, may_qualify: bool, act: Act
) -> None:
    dossier = opened(house)
    asked(house, dossier)
    identity = identity_of(dossier)
    step = next_step(identity, insi_state(identity), may_write=may_write, may_qualify=may_qualify)
    assert step.act is act


@pytest.mark.django_db(transaction=True)
@pytest.mark.needs("postgresql")
class TestTwoAtOnce:
    """Two people press at the same moment: one effect, and an explained refusal for the other."""

    def race(self, act: Callable[[], object]) -> list[UsagerError]:
        refusals: list[UsagerError] = []
        start = threading.Barrier(2)

        def run() -> None:
            start.wait()
            try:
                act()
            except UsagerError as error:
                refusals.append(error)
            finally:
                connection.close()

        threads = [threading.Thread(target=run) for _ in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(30)
        return refusals

    def test_two_searches(self, house: House) -> None:
        dossier = opened(house)
        actor = house.referent
        refusals = self.race(lambda: request_insi_search(dossier=dossier, actor=actor))
        assert [type(error) for error in refusals] == [SearchAlreadyPending]
        assert identity_of(dossier).insi_searches.count() == 1

    def test_two_acceptances(self, house: House) -> None:
        dossier = opened(house)
        search = asked(house, dossier)
        actor = house.referent
        refusals = self.race(lambda: accept_insi_search(search=search, actor=actor))
        assert [type(error) for error in refusals] == [SearchNotDecidable]
        assert identity_of(dossier).status is Status.RECUPEREE


def test_second_search_and_second_acceptance_are_refused(house: House) -> None:
    dossier = opened(house)
    search = request_insi_search(dossier=dossier, actor=house.referent)
    with pytest.raises(SearchAlreadyPending):
        request_insi_search(dossier=dossier, actor=house.referent)
    drain()
    accept_insi_search(search=fresh(search), actor=house.referent)
    with pytest.raises(SearchNotDecidable):
        accept_insi_search(search=fresh(search), actor=house.referent)


def test_evidence_seen_later_than_today_is_refused_by_the_form(house: House) -> None:
    from amarre.dui.usagers.forms.evidence_forms import EvidenceForm

    tomorrow = (today() + datetime.timedelta(days=1)).strftime("%d/%m/%Y")
    form = EvidenceForm({"device": "", "seen_on": tomorrow}, dossier=opened(house))
    assert not form.is_valid()
    assert {"device", "seen_on", "compared"} == set(form.errors)
