"""The status table, as properties."""

from __future__ import annotations

import datetime
import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amarre.interop.ins import (
    TRANSITIONS,
    Attribute,
    AttributesIncompatible,
    Event,
    Evidence,
    EvidenceMissing,
    IdentityState,
    SideEffect,
    Status,
    TransitionRefused,
    apply_event,
    status_of,
)

PASSPORT = Evidence("PA", datetime.date(2026, 1, 15), "operator-1")
BLOCKING = {Attribute.DOUTEUSE, Attribute.FICTIVE}


@pytest.mark.req("RNIV EXI SI 07")
@pytest.mark.parametrize(
    ("insi", "coherence", "doubtful", "fictive"), list(itertools.product([False, True], repeat=4))
)
def test_truth_table(insi: bool, coherence: bool, doubtful: bool, fictive: bool) -> None:
    attributes = frozenset(
        attribute
        for attribute, held in ((Attribute.DOUTEUSE, doubtful), (Attribute.FICTIVE, fictive))
        if held
    )
    if doubtful and fictive:
        with pytest.raises(AttributesIncompatible):
            status_of(insi, coherence, attributes)
        return
    expected = {
        (False, False): Status.PROVISOIRE,
        (True, False): Status.RECUPEREE,
        (False, True): Status.VALIDEE,
        (True, True): Status.QUALIFIEE,
    }[(insi, coherence)]
    assert status_of(insi, coherence, attributes) is (Status.PROVISOIRE if attributes else expected)


@pytest.mark.req("RNIV EXI SI 09")
def test_a_trusted_identity_held_doubtful_cannot_be_built() -> None:
    for attribute in BLOCKING:
        for axes in ((True, False), (False, True), (True, True)):
            with pytest.raises(AttributesIncompatible):
                IdentityState(*axes, frozenset({attribute}))


@pytest.mark.req("RNIV EXI SI 22")
def test_only_doubtful_and_homonym_stand_together() -> None:
    IdentityState(attributes=frozenset({Attribute.DOUTEUSE, Attribute.HOMONYME}))
    for pair in ({Attribute.FICTIVE, Attribute.HOMONYME}, {Attribute.FICTIVE, Attribute.DOUTEUSE}):
        with pytest.raises(AttributesIncompatible):
            IdentityState(attributes=frozenset(pair))


def test_the_usual_way_to_qualifiee() -> None:
    created = apply_event(None, Event.SAISIE).state
    found = apply_event(created, Event.INSI_ACCEPTE)
    assert found.state.status is Status.RECUPEREE
    assert SideEffect.STORE_INS in found.transition.effects
    qualified = apply_event(found.state, Event.JUSTIFICATIF, PASSPORT)
    assert qualified.state.status is Status.QUALIFIEE
    assert qualified.evidence == PASSPORT


@pytest.mark.req("RNIV EXI SI 10")
@pytest.mark.parametrize(
    "evidence", [None, Evidence("", PASSPORT.seen_on, "x"), Evidence("PA", PASSPORT.seen_on, "")]
)
def test_no_trust_without_a_recorded_document(evidence: Evidence | None) -> None:
    with pytest.raises(EvidenceMissing):
        apply_event(IdentityState(), Event.JUSTIFICATIF, evidence)
    with pytest.raises(EvidenceMissing):
        apply_event(None, Event.CREATION_APCV, evidence)


@pytest.mark.req("GI-INS EXI ID 26")
@pytest.mark.parametrize("event", [Event.POSER_DOUTEUSE, Event.POSER_FICTIVE])
def test_doubt_invalidates_and_blocks_insi(event: Event) -> None:
    change = apply_event(IdentityState(insi=True, coherence=True), event)
    assert change.state.status is Status.PROVISOIRE
    assert not change.state.insi_call_allowed
    assert {
        SideEffect.INVALIDATE_INS,
        SideEffect.VOID_EVIDENCE,
        SideEffect.NOTIFY,
    } == change.transition.effects
    for refused in (Event.INSI_ACCEPTE, Event.JUSTIFICATIF):
        with pytest.raises(TransitionRefused):
            apply_event(change.state, refused, PASSPORT)


def test_lifting_the_doubt_gives_no_trust_back() -> None:
    held = apply_event(IdentityState(insi=True, coherence=True), Event.POSER_DOUTEUSE).state
    assert apply_event(held, Event.RETIRER_DOUTEUSE).state == IdentityState()
    with pytest.raises(TransitionRefused):
        apply_event(held, Event.RETIRER_FICTIVE)


def test_an_edited_trait_loses_the_ins_and_notifies() -> None:
    change = apply_event(IdentityState(insi=True, coherence=True), Event.TRAIT_MODIFIE)
    assert change.state.status is Status.VALIDEE
    assert {SideEffect.INVALIDATE_INS, SideEffect.NOTIFY} <= change.transition.effects


def test_the_table_has_one_row_per_case_and_cites_its_source() -> None:
    keys = [(row.start, row.blocked, row.event) for row in TRANSITIONS]
    assert len(keys) == len(set(keys))
    assert all(row.source for row in TRANSITIONS)


@given(st.lists(st.sampled_from(Event), max_size=25))
def test_no_sequence_of_events_reaches_an_illegal_state(events: list[Event]) -> None:
    state: IdentityState | None = None
    for event in events:
        try:
            change = apply_event(state, event, PASSPORT)
        except (TransitionRefused, AttributesIncompatible):
            continue
        before, state = state, change.state
        assert state.status is change.transition.end
        assert (None if before is None else before.status) is change.transition.start
        assert not (state.attributes & BLOCKING and state.status is not Status.PROVISOIRE)
        gained_trust = state.coherence and not (before and before.coherence)
        assert not gained_trust or SideEffect.STORE_EVIDENCE in change.transition.effects
        lost_ins = before is not None and before.insi and not state.insi
        assert not lost_ins or SideEffect.INVALIDATE_INS in change.transition.effects


@given(st.sampled_from(Event), st.sampled_from([None, *Status]))
def test_whatever_is_not_in_the_table_is_refused(event: Event, start: Status | None) -> None:
    state = None
    if start is not None:
        state = IdentityState(
            start in (Status.RECUPEREE, Status.QUALIFIEE), start in (Status.VALIDEE, Status.QUALIFIEE)
        )
    if any((row.start, row.blocked, row.event) == (start, False, event) for row in TRANSITIONS):
        return
    with pytest.raises(TransitionRefused):
        apply_event(state, event, PASSPORT)


EVERY_STATE = [
    IdentityState(insi, coherence, frozenset(attributes))
    for insi, coherence in itertools.product([False, True], repeat=2)
    for attributes in ((), (Attribute.HOMONYME,))
] + [
    IdentityState(attributes=frozenset(attributes))
    for attributes in (
        (Attribute.DOUTEUSE,),
        (Attribute.DOUTEUSE, Attribute.HOMONYME),
        (Attribute.FICTIVE,),
    )
]


@pytest.mark.parametrize("event", list(Event))
@pytest.mark.parametrize("state", [None, *EVERY_STATE])
def test_every_pair_is_in_the_table_or_refused(state: IdentityState | None, event: Event) -> None:
    """Each state with each event: the row of the table and nothing else, or a typed refusal."""
    start = None if state is None else state.status
    blocked = state is not None and state.blocked
    rows = [row for row in TRANSITIONS if (row.start, row.blocked, row.event) == (start, blocked, event)]
    assert len(rows) <= 1
    evidence = Evidence("PA", datetime.date(2026, 1, 5), "operateur")
    try:
        change = apply_event(state, event, evidence)
    except TransitionRefused:
        # A row exists only for the removal of an attribute that is not held.
        assert not rows or event.value.startswith("retirer")
        return
    except AttributesIncompatible:
        assert rows
        assert event in (Event.POSER_HOMONYME, Event.POSER_FICTIVE, Event.POSER_DOUTEUSE)
        return
    assert change.transition is rows[0]
    assert change.state.status is rows[0].end
    lost = state is not None and state.insi and not change.state.insi
    assert (SideEffect.INVALIDATE_INS in rows[0].effects) or not lost
    if change.state.status is Status.QUALIFIEE:
        assert change.state.insi
        assert change.state.coherence
        assert not change.state.blocked
