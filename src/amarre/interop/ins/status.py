"""Trust statuses and attributes of an identity, and the only transitions that exist between them.

Source: RNIV 1 (EXI SI 07 to 10, 22, 23); Guide d'implémentation de l'INS (EXI ID 19, 24, 26, 29).
A status is never typed in: it is computed from two axes (traits retrieved through INSi, coherence with a
high-trust document) and from the attributes.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass, replace
from enum import StrEnum

from amarre.interop.ins.errors import AttributesIncompatible, EvidenceMissing, TransitionRefused


class Status(StrEnum):
    """The four statuses; values are the codes of HL7 table 0445 as extended by France."""

    PROVISOIRE = "PROV"
    RECUPEREE = "RECUP"
    VALIDEE = "VALI"
    QUALIFIEE = "QUAL"


STATUS_LABELS: dict[Status, str] = {
    Status.PROVISOIRE: "identité provisoire",
    Status.RECUPEREE: "identité récupérée",
    Status.VALIDEE: "identité validée",
    Status.QUALIFIEE: "identité qualifiée",
}


class Attribute(StrEnum):
    """What may be added to a status."""

    HOMONYME = "homonyme"
    DOUTEUSE = "douteuse"
    FICTIVE = "fictive"


class Event(StrEnum):
    """What may happen to an identity."""

    SAISIE = "saisie"
    CREATION_INSI = "creation_insi"
    CREATION_APCV = "creation_apcv"
    INSI_ACCEPTE = "insi_accepte"
    JUSTIFICATIF = "justificatif"
    TRAIT_MODIFIE = "trait_modifie"
    INS_CONTESTEE = "ins_contestee"
    JUSTIFICATIF_ANNULE = "justificatif_annule"
    VERIFICATION_KO = "verification_ko"
    POSER_HOMONYME = "poser_homonyme"
    RETIRER_HOMONYME = "retirer_homonyme"
    POSER_DOUTEUSE = "poser_douteuse"
    RETIRER_DOUTEUSE = "retirer_douteuse"
    POSER_FICTIVE = "poser_fictive"
    RETIRER_FICTIVE = "retirer_fictive"


class SideEffect(StrEnum):
    """What the caller must do with a transition, in the same transaction."""

    STORE_INS = "store_ins"
    STORE_EVIDENCE = "store_evidence"
    INVALIDATE_INS = "invalidate_ins"
    VOID_EVIDENCE = "void_evidence"
    NOTIFY = "notify"


@dataclass(frozen=True, slots=True)
class Evidence:
    """The high-trust document seen: code of the device, day it was seen, who saw it. No default device."""

    device: str
    seen_on: datetime.date
    operator: str


def status_of(insi: bool, coherence: bool, attributes: frozenset[Attribute]) -> Status:
    """Return the status given the two axes and the attributes (RNIV 1 EXI SI 07, 09).

    Raises AttributesIncompatible when the attributes may not stand together.
    """
    _check_attributes(attributes)
    if attributes & _BLOCKING:
        return Status.PROVISOIRE
    if insi:
        return Status.QUALIFIEE if coherence else Status.RECUPEREE
    return Status.VALIDEE if coherence else Status.PROVISOIRE


_BLOCKING = frozenset({Attribute.DOUTEUSE, Attribute.FICTIVE})


def _check_attributes(attributes: frozenset[Attribute]) -> None:
    """Only douteuse and homonyme may be held together (RNIV 1 EXI SI 22)."""
    if Attribute.FICTIVE in attributes and len(attributes) > 1:
        raise AttributesIncompatible()


@dataclass(frozen=True, slots=True)
class IdentityState:
    """The two axes and the attributes. An identity both douteuse or fictive and trusted cannot be built."""

    insi: bool = False
    coherence: bool = False
    attributes: frozenset[Attribute] = frozenset()

    def __post_init__(self) -> None:
        """Raise AttributesIncompatible for attributes or axes that may not stand together."""
        _check_attributes(self.attributes)
        if self.blocked and (self.insi or self.coherence):
            raise AttributesIncompatible()

    @property
    def blocked(self) -> bool:
        """Whether douteuse or fictive forbids any INSi call and any use of the matricule."""
        return bool(self.attributes & _BLOCKING)

    @property
    def status(self) -> Status:
        """The status, computed."""
        return status_of(self.insi, self.coherence, self.attributes)

    @property
    def insi_call_allowed(self) -> bool:
        """Whether INSi may be called for this identity (GI-INS EXI ID 26)."""
        return not self.blocked


@dataclass(frozen=True, slots=True)
class Transition:
    """One legal row: from (None: the identity does not exist yet), event, to, what to do, where it is said.

    `blocked` tells whether the row is for identities held douteuse or fictive. "(unconfirmed)" in the source
    marks what the public documents do not state word for word.
    """

    start: Status | None
    blocked: bool
    event: Event
    end: Status
    effects: frozenset[SideEffect]
    source: str


_P, _R, _V, _Q = Status.PROVISOIRE, Status.RECUPEREE, Status.VALIDEE, Status.QUALIFIEE
_INS = frozenset({SideEffect.STORE_INS})
_EVIDENCE = frozenset({SideEffect.STORE_EVIDENCE})
_LOSE_INS = frozenset({SideEffect.INVALIDATE_INS, SideEffect.NOTIFY})
_LOSE_ALL = _LOSE_INS | {SideEffect.VOID_EVIDENCE}
_LOSE_EVIDENCE = frozenset({SideEffect.VOID_EVIDENCE})
_NOTHING: frozenset[SideEffect] = frozenset()
_APCV = "RNIV 1 v2.0, application carte Vitale"
_EXI_07, _EXI_09 = "RNIV 1 EXI SI 07", "RNIV 1 EXI SI 09; GI-INS EXI ID 26"


def _rows() -> tuple[Transition, ...]:
    """Return the table; rows that are the same for every status are repeated for each."""
    rows = [
        Transition(None, False, Event.SAISIE, _P, _NOTHING, _EXI_07),
        Transition(None, False, Event.CREATION_INSI, _R, _INS, _EXI_07),
        Transition(None, False, Event.CREATION_APCV, _Q, _INS | _EVIDENCE, _APCV),
        Transition(_P, False, Event.INSI_ACCEPTE, _R, _INS, _EXI_07),
        Transition(_V, False, Event.INSI_ACCEPTE, _Q, _INS, _EXI_07),
        # A renewed retrieval replaces the INS (new matricule, corrected trait) and changes no trust.
        Transition(_R, False, Event.INSI_ACCEPTE, _R, _INS, _EXI_07 + " (unconfirmed)"),
        Transition(_Q, False, Event.INSI_ACCEPTE, _Q, _INS, _EXI_07 + " (unconfirmed)"),
        Transition(_P, False, Event.JUSTIFICATIF, _V, _EVIDENCE, "RNIV 1 EXI SI 10"),
        Transition(_R, False, Event.JUSTIFICATIF, _Q, _EVIDENCE, "RNIV 1 EXI SI 10"),
        Transition(_V, False, Event.JUSTIFICATIF, _V, _EVIDENCE, "RNIV 1 EXI SI 10"),
        Transition(_Q, False, Event.JUSTIFICATIF, _Q, _EVIDENCE, "RNIV 1 EXI SI 10"),
        Transition(_P, False, Event.TRAIT_MODIFIE, _P, _NOTHING, _EXI_07),
        Transition(_R, False, Event.TRAIT_MODIFIE, _P, _LOSE_INS, _EXI_07),
        Transition(_V, False, Event.TRAIT_MODIFIE, _P, _LOSE_EVIDENCE, _EXI_07 + " (unconfirmed)"),
        Transition(_Q, False, Event.TRAIT_MODIFIE, _V, _LOSE_INS, _EXI_07),
        Transition(_V, False, Event.JUSTIFICATIF_ANNULE, _P, _LOSE_EVIDENCE, "RNIV 1 EXI SI 10"),
        Transition(_Q, False, Event.JUSTIFICATIF_ANNULE, _R, _LOSE_EVIDENCE, "RNIV 1 EXI SI 10"),
        Transition(_P, True, Event.TRAIT_MODIFIE, _P, _NOTHING, _EXI_09),
        Transition(_P, True, Event.RETIRER_DOUTEUSE, _P, _NOTHING, _EXI_09 + " (unconfirmed)"),
        Transition(_P, True, Event.RETIRER_FICTIVE, _P, _NOTHING, _EXI_09 + " (unconfirmed)"),
        Transition(_P, True, Event.POSER_HOMONYME, _P, _NOTHING, "RNIV 1 EXI SI 22"),
        Transition(_P, True, Event.RETIRER_HOMONYME, _P, _NOTHING, "RNIV 1 EXI SI 22"),
    ]
    for event in (Event.INS_CONTESTEE, Event.VERIFICATION_KO):
        rows.append(Transition(_R, False, event, _P, _LOSE_INS, _EXI_07))
        rows.append(Transition(_Q, False, event, _V, _LOSE_INS, _EXI_07))
    for start in Status:
        rows.append(Transition(start, False, Event.POSER_HOMONYME, start, _NOTHING, "RNIV 1 EXI SI 22"))
        rows.append(Transition(start, False, Event.RETIRER_HOMONYME, start, _NOTHING, "RNIV 1 EXI SI 22"))
        for event in (Event.POSER_DOUTEUSE, Event.POSER_FICTIVE):
            rows.append(Transition(start, False, event, _P, _LOSE_ALL, _EXI_09))
    return tuple(rows)


TRANSITIONS: tuple[Transition, ...] = _rows()
_TABLE = {(row.start, row.blocked, row.event): row for row in TRANSITIONS}
_NEEDS_EVIDENCE = frozenset({Event.JUSTIFICATIF, Event.CREATION_APCV})
_POSES = {
    Event.POSER_HOMONYME: Attribute.HOMONYME,
    Event.POSER_DOUTEUSE: Attribute.DOUTEUSE,
    Event.POSER_FICTIVE: Attribute.FICTIVE,
}
_REMOVES = {
    Event.RETIRER_HOMONYME: Attribute.HOMONYME,
    Event.RETIRER_DOUTEUSE: Attribute.DOUTEUSE,
    Event.RETIRER_FICTIVE: Attribute.FICTIVE,
}


@dataclass(frozen=True, slots=True)
class Change:
    """Result of an event: the new state, the row of the table applied, the evidence recorded with it."""

    state: IdentityState
    transition: Transition
    evidence: Evidence | None = None


def apply_event(state: IdentityState | None, event: Event, evidence: Evidence | None = None) -> Change:
    """Apply an event to a state (None: the identity is being created) by the table, and nothing else.

    Raises TransitionRefused when the table has no such row, EvidenceMissing when the event gives trust and no
    document is recorded (RNIV 1 EXI SI 10), AttributesIncompatible.
    """
    start = None if state is None else state.status
    blocked = False if state is None else state.blocked
    row = _TABLE.get((start, blocked, event))
    if row is None:
        raise TransitionRefused(
            status="nouvelle identité" if start is None else STATUS_LABELS[start],
            reason="elle est signalée douteuse ou fictive." if blocked else "l'étape n'est pas prévue.",
        )
    if event in _NEEDS_EVIDENCE and (evidence is None or not (evidence.device and evidence.operator)):
        raise EvidenceMissing()
    return Change(_state_after(state or IdentityState(), row), row, evidence)


def _state_after(state: IdentityState, row: Transition) -> IdentityState:
    """Return the state a row leads to; the status of the result is the row's, by construction of the axes."""
    attributes = state.attributes
    if row.event in _POSES:
        attributes = attributes | {_POSES[row.event]}
    elif row.event in _REMOVES:
        attribute = _REMOVES[row.event]
        if attribute not in attributes:
            raise TransitionRefused(status=STATUS_LABELS[state.status], reason="cet attribut n'est pas posé.")
        attributes = attributes - {attribute}
    return replace(
        state,
        insi=row.end in (Status.RECUPEREE, Status.QUALIFIEE),
        coherence=row.end in (Status.VALIDEE, Status.QUALIFIEE),
        attributes=attributes,
    )
