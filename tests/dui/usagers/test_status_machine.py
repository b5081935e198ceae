"""The RNIV table over the services and the database: any series of acts, in any order.

The model is the kit's own state, moved by the kit's table; the row must follow it, act by act, and keep what
the national rules ask: no matricule without INSi, no trust without a document, nothing lost of the history.
"""

from __future__ import annotations

import itertools
import os
from collections.abc import Callable
from dataclasses import replace
from typing import Any, ClassVar

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from hypothesis.strategies import booleans, sampled_from

from amarre.cast.usagers import TEST
from amarre.dui.access.scope import system_scope
from amarre.dui.core.clock import now, today
from amarre.dui.exchanges.models import Exchange
from amarre.dui.exchanges.references import new_reference
from amarre.dui.usagers.collision_points import CODES
from amarre.dui.usagers.errors import (
    DiscrepancyToSettle,
    ReasonMissing,
    TraitsChangedSinceSearch,
    UsagerError,
)
from amarre.dui.usagers.models import Dossier, Identity, InsHistory, InsiSearch
from amarre.dui.usagers.services.decide_insi_search import accept_insi_search, set_aside_insi_search
from amarre.dui.usagers.services.handle_collision import check_point, close_collision, open_collision
from amarre.dui.usagers.services.mark_identity import EVENTS, mark_identity
from amarre.dui.usagers.services.open_discrepancy import open_for_search
from amarre.dui.usagers.services.record_evidence import record_evidence
from amarre.dui.usagers.services.update_traits import update_traits
from amarre.dui.usagers.traits_json import traits_to_json
from amarre.interop.ins import Environment, IdentityNotQualified, Status, qualified_identity
from amarre.interop.ins.matricule import compute_key
from amarre.interop.ins.status import (
    Attribute,
    AttributesIncompatible,
    Event,
    Evidence,
    IdentityState,
    TransitionRefused,
    apply_event,
)
from tests.dui.connected import House, identity_of
from tests.dui.usagers.cases import opened

pytestmark = pytest.mark.django_db

EVIDENCE = Evidence("CN", today(), "operateur")
NAMES = ("LE BIHAN", "LE BIHEN")


class Identities(RuleBasedStateMachine):
    """One identity; each example in a transaction of its own, rolled back."""

    house: ClassVar[House]

    def __init__(self) -> None:
        super().__init__()
        self.atomic = transaction.atomic()
        self.atomic.__enter__()
        self.dossier: Dossier = opened(self.house)
        self.model = IdentityState()
        self.numbers = itertools.count(1)
        self.waiting: InsiSearch | None = None
        self.retired: set[str] = set()
        self.lines = 0

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.atomic.__exit__(None, None, None)

    # --- Acts. ---------------------------------------------------------------------------------------------

    @precondition(lambda self: self.waiting is None and self.model.insi_call_allowed)
    @rule(same=booleans())
    def insi_answers(self, same: bool) -> None:
        """INSi found somebody: with the traits of the record, or another given name."""
        identity = self.identity
        traits = identity.traits if same else replace(identity.traits, prenoms="YVONNE SIMONE")
        number = next(self.numbers)
        base = f"2380429151{number:03d}"
        exchange = Exchange.objects.create(
            kind="insi.search", service="insi", essms_id=self.house.essms.pk, dossier_id=self.dossier.pk,
            lane=f"m{number}", key=f"m{number}", reference=new_reference(), created_at=now(), due_at=now(),
        )  # fmt: skip
        self.waiting = InsiSearch(
            identity=identity, dossier=self.dossier, exchange=exchange, requested_by=self.house.maud,
            requested_at=now(), sent_traits=traits_to_json(identity.traits), outcome="found",
            answered_at=now(),
            returned={
                "traits": traits_to_json(traits), "former": [], "warnings": [],
                "ins": {"base": base, "key": compute_key(base), "oid": TEST},
            },
        )  # fmt: skip
        self.waiting.save()
        with system_scope("test"):
            open_for_search(self.waiting, self.house.referent)

    @precondition(lambda self: self.waiting is None and self.model.insi_call_allowed)
    @rule()
    def found_and_accepted(self) -> None:
        """The usual way, which chance alone would take too rarely."""
        self.insi_answers(same=True)
        self.accept(reason="")

    @precondition(lambda self: self.waiting is not None)
    @rule(reason=sampled_from(["", "Pièce relue"]))
    def accept(self, reason: str) -> None:
        search = self.waiting
        assert search is not None
        held = self.identity
        stale = traits_to_json(held.traits) != search.sent_traits
        differs = search.returned["traits"] != search.sent_traits
        expected: type[Exception] | None = None
        if stale:
            expected = TraitsChangedSinceSearch
        elif differs and self.model.coherence:
            expected = DiscrepancyToSettle
        former = held.matricule
        done = self.attempt(
            Event.INSI_ACCEPTE,
            lambda: accept_insi_search(search=search, actor=self.house.referent, reason=reason),
            also=expected,
        )
        if done:
            self.waiting = None
            if former and former != self.identity.matricule:
                self.retired.add(former)

    @precondition(lambda self: self.waiting is not None)
    @rule()
    def set_aside(self) -> None:
        assert self.waiting is not None
        set_aside_insi_search(search=self.waiting, actor=self.house.referent)
        self.waiting = None

    @rule()
    def see_document(self) -> None:
        self.attempt(
            Event.JUSTIFICATIF,
            lambda: record_evidence(
                dossier=self.dossier, device="CN", seen_on=today(), actor=self.house.referent
            ),
        )

    @rule(name=sampled_from(NAMES))
    def edit_strict_trait(self, name: str) -> None:
        traits = self.identity.traits
        if traits.nom_naissance == name:
            return
        self.losing(Event.TRAIT_MODIFIE, lambda: self.edit(replace(traits, nom_naissance=name)))

    @rule(name=sampled_from(["KERVELLA", "", "LAGADEC"]))
    def edit_used_name(self, name: str) -> None:
        """Never a transition."""
        traits = self.identity.traits
        if traits.nom_utilise != name:
            self.edit(replace(traits, nom_utilise=name))

    @rule(attribute=sampled_from(Attribute), held=booleans())
    def mark(self, attribute: Attribute, held: bool) -> None:
        self.losing(
            EVENTS[attribute, held],
            lambda: mark_identity(
                dossier=self.dossier, attribute=attribute, held=held, reason="Vu", actor=self.house.referent
            ),
        )

    @precondition(lambda self: self.model.insi)
    @rule()
    def collision(self) -> None:
        """Trust is taken back at once, as by a verification that INSi refutes."""

        def act() -> None:
            case = open_collision(
                dossier=self.dossier, level="ins", reason="Mêlées", actor=self.house.referent
            )
            for code in CODES:
                check_point(case=case, point=code, actor=self.house.referent)
            close_collision(case=case, conclusion="ecartee", note="Vu", actor=self.house.referent)

        self.losing(Event.VERIFICATION_KO, act)

    # --- What must hold after each. ------------------------------------------------------------------------

    @invariant()
    def the_row_follows_the_table(self) -> None:
        identity = self.identity
        assert identity.state == self.model
        assert identity.status is self.model.status

    @invariant()
    def a_matricule_only_with_insi_and_out_only_when_qualified(self) -> None:
        identity = self.identity
        assert bool(identity.matricule) is self.model.insi
        try:
            qualified_identity(
                state=identity.state,
                ins=identity.ins,
                traits=identity.traits,
                environment=Environment.SANDBOX,
            )
            out = True
        except IdentityNotQualified:
            out = False
        assert out is (identity.status is Status.QUALIFIEE)

    @invariant()
    def trust_has_a_document(self) -> None:
        valid = self.identity.evidence.filter(voided_at=None).exists()
        assert valid or not self.model.coherence
        if self.model.blocked:
            assert not valid

    @invariant()
    def nothing_is_lost(self) -> None:
        identity = self.identity
        with system_scope("test"):
            kept = set(InsHistory.objects.filter(identity=identity).values_list("matricule", flat=True))
        assert self.retired <= kept
        lines = identity.changes.count()
        assert lines >= self.lines
        self.lines = lines

    # --- Means. --------------------------------------------------------------------------------------------

    @property
    def identity(self) -> Identity:
        return identity_of(self.house.reload(self.dossier))

    def edit(self, traits: Any) -> None:
        update_traits(
            dossier=self.dossier, traits=traits, lieu_libelle="", reason="Relue", actor=self.house.referent
        )

    def losing(self, event: Event, act: Callable[[], object]) -> None:
        """Play an act that may take the INS back: the number goes to the history."""
        former = self.identity.matricule
        if self.attempt(event, act) and former and not self.model.insi:
            self.retired.add(former)

    def attempt(self, event: Event, act: Callable[[], object], also: type[Exception] | None = None) -> bool:
        """Play an act: the table and the service agree, or both refuse and nothing changed."""
        try:
            expected: IdentityState | None = apply_event(self.model, event, EVIDENCE).state
        except (TransitionRefused, AttributesIncompatible):
            expected = None
        before = self.identity.state
        try:
            with transaction.atomic():
                act()
        except (TransitionRefused, AttributesIncompatible):
            assert expected is None, event
        except ReasonMissing:
            assert event is Event.INSI_ACCEPTE
        except UsagerError as error:
            refused: object = type(error)
            assert refused is also
        else:
            assert expected is not None, event
            assert also is None, (event, also)
            self.model = expected
            return True
        assert self.identity.state == before
        return False


@pytest.mark.req("issue 3: property tests on the status table")
def test_any_series_of_acts_follows_the_table(house: House) -> None:
    Identities.house = house
    examples = int(os.environ.get("AMARRE_PROVE_SERIES", "8"))
    run_state_machine_as_test(
        Identities,
        settings=settings(
            max_examples=examples,
            stateful_step_count=14,
            # A failing series is told as it is: making it shorter takes minutes.
            phases=(Phase.explicit, Phase.reuse, Phase.generate),
            deadline=None,
            derandomize="AMARRE_PROVE_SERIES" not in os.environ,
            suppress_health_check=list(HealthCheck),
        ),
    )
