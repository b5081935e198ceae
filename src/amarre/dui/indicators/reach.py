"""How far each role reads: the notes « les siens », « INS », « techniques » of the matrix of rights.

A role that has the right and is absent from `NARROWED` reads every number of its establishment.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from amarre.dui.access import policy
from amarre.dui.access.permissions import Permission
from amarre.dui.access.roles import MATRIX, Role
from amarre.dui.core.actor import Actor
from amarre.dui.indicators.definitions import Definition, Family


@dataclass(frozen=True, slots=True)
class Reach:
    """What a person reads here.

    `own`: only the acts they asked for themselves. `names`: the lists name persons; otherwise they show the
    number of the dossier and the reference of the act, nothing else.
    """

    families: frozenset[Family]
    own: bool = False
    names: bool = False

    def includes(self, definition: Definition) -> bool:
        """Say whether the number may be shown."""
        return definition.family in self.families


_ALL = Reach(frozenset(Family))
_OWN = Reach(frozenset({Family.TBB1}), own=True)
NARROWED: Mapping[Role, Reach] = {
    Role.ACCOMPAGNEMENT: _OWN,
    Role.SOINS: _OWN,
    Role.PSYCHOLOGUE: _OWN,
    Role.MANDATAIRE: _OWN,
    Role.REFERENT_IDENTITE: Reach(frozenset({Family.INS})),
    Role.ADMINISTRATEUR: Reach(frozenset({Family.TBB1})),
}


def reach_of(actor: Actor) -> Reach:
    """Return what the roles of `actor` read together. Raises the access errors (READ_INDICATEURS)."""
    policy.require(actor, Permission.READ_INDICATEURS)
    held = [role for role in Role if role in actor.roles and Permission.READ_INDICATEURS in MATRIX[role]]
    reaches = [NARROWED.get(role, _ALL) for role in held]
    of_acts = [one for one in reaches if Family.TBB1 in one.families]
    return Reach(
        families=frozenset().union(*(one.families for one in reaches)),
        # One role that reads the acts of everybody is enough; who reads no act has none of their own.
        own=bool(of_acts) and all(one.own for one in of_acts),
        names=policy.can(actor, Permission.READ_IDENTITE),
    )
