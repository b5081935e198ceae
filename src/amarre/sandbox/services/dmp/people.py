"""The people the simulated DMP knows: the cast, each with the state of their DMP.

The states are those of the national homologation test set (dossier absent, closed, access forbidden, valid).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from amarre.cast import USAGERS, CastUsager

INS_OIDS = frozenset({"1.2.250.1.213.1.4.8", "1.2.250.1.213.1.4.9", "1.2.250.1.213.1.4.10"})


class DmpState(StrEnum):
    """State of a person's DMP."""

    ABSENT = "absent"
    ACTIVE = "active"
    CLOSED = "closed"


class Authorisation(StrEnum):
    """Answer of TD0.2 about the caller (attentionLine AUTORISATION)."""

    VALIDE = "VALIDE"
    NON_EXISTE = "NON_EXISTE"
    EXPIRE = "EXPIRE"
    INTERDIT = "INTERDIT"


# Cast key → state and authorisation. Everybody else has an active DMP and no authorisation yet.
STATES: dict[str, tuple[DmpState, Authorisation]] = {
    "anna-kowalczyk": (DmpState.ABSENT, Authorisation.NON_EXISTE),
    "denise-pochard": (DmpState.CLOSED, Authorisation.NON_EXISTE),
    "rene-caradec": (DmpState.ACTIVE, Authorisation.INTERDIT),
    "yvonne-le-bihan": (DmpState.ACTIVE, Authorisation.VALIDE),
    "jean-riou": (DmpState.ACTIVE, Authorisation.EXPIRE),
}


# Who refused the access of professionals in an emergency (OPPOSITION_BRIS_DE_GLACE).
OPPOSED_BREAK_GLASS = frozenset({"germaine-ollivier"})


@dataclass(frozen=True, slots=True)
class Person:
    """One person with an INS. `ins` is the matricule followed by its key, 15 characters."""

    ins: str
    oid: str
    state: DmpState
    authorisation: Authorisation
    usager: CastUsager

    @property
    def opposed_break_glass(self) -> bool:
        """Tell whether the person refused the access "bris de glace"."""
        return self.usager.key in OPPOSED_BREAK_GLASS


def find(ins: str, oid: str) -> Person | None:
    """Return the person of that INS, None when the DMP does not know it (or knows it under another OID)."""
    for usager in USAGERS:
        if usager.matricule and usager.matricule + usager.cle == ins and usager.ins_oid == oid:
            state, authorisation = STATES.get(usager.key, (DmpState.ACTIVE, Authorisation.NON_EXISTE))
            return Person(ins, oid, state, authorisation, usager)
    return None


def find_by_ins(ins: str) -> Person | None:
    """Return the person of that INS, whatever its OID: an address in a browser does not carry it."""
    for usager in USAGERS:
        if usager.matricule and usager.matricule + usager.cle == ins:
            return find(ins, usager.ins_oid)
    return None


def key_is_right(ins: str) -> bool:
    """Tell whether the last two digits of a 15-character INS are its key (97 − number mod 97, 2A→19, 2B→18).

    Source: référentiel INS, annex on the matricule.
    """
    number, key = ins[:13].replace("2A", "19").replace("2B", "18"), ins[13:]
    return number.isdecimal() and key.isdecimal() and int(key) == 97 - int(number) % 97
