"""The only gate through which a matricule leaves: a qualified identity.

Source: RNIV 1 EXI SI 08 and Guide d'implémentation de l'INS EXI ID 29: the matricule and its OID may be
exchanged or printed only when the local status is "identité qualifiée". Datamatrix, CDA with INS, DMP and the
citizen mailbox of MSSanté take a QualifiedIdentity, which only `qualified_identity` can make.
"""

from __future__ import annotations

from dataclasses import InitVar, dataclass

from amarre.interop.ins.errors import IdentityNotQualified, QualifiedIdentityIncomplete
from amarre.interop.ins.matricule import Environment, Ins, InsOid, Matricule, accepted_oids, require_accepted
from amarre.interop.ins.status import STATUS_LABELS, IdentityState, Status
from amarre.interop.ins.traits import TRAIT_LABELS, Sexe, Trait, Traits

_GATE = object()


@dataclass(frozen=True, slots=True, repr=False)
class QualifiedIdentity:
    """Matricule, OID and the traits that travel with them. Built by `qualified_identity` and nowhere else."""

    ins: Ins
    traits: Traits
    gate: InitVar[object]

    def __post_init__(self, gate: object) -> None:
        """Refuse any construction that did not go through the gate. Raises TypeError."""
        if gate is not _GATE:
            raise TypeError("a QualifiedIdentity is made by qualified_identity() only")

    def __repr__(self) -> str:
        """Hide the values."""
        return "QualifiedIdentity(…)"

    @property
    def matricule(self) -> Matricule:
        """The matricule INS."""
        return self.ins.matricule

    @property
    def oid(self) -> InsOid:
        """The assigning authority."""
        return self.ins.oid

    @property
    def hl7_cx(self) -> str:
        """The identifier as a CX of XDS patientId and VIHF resource-id: ``matricule^^^&OID&ISO^NH``."""
        return f"{self.matricule.value}^^^&{self.oid.value}&ISO^NH"

    @property
    def citizen_mailbox(self) -> str:
        """Address of the person's mailbox in Mon espace santé."""
        return f"{self.matricule.value}@patient.mssante.fr"


def qualified_identity(
    *, state: IdentityState, ins: Ins | None, traits: Traits, environment: Environment
) -> QualifiedIdentity:
    """Open the gate for an identity whose status is QUALIFIEE, complete, and of this environment.

    Raises IdentityNotQualified (any other status, douteuse, fictive, no INS), QualifiedIdentityIncomplete
    (one of the five traits is missing), OidNotAccepted (a test INS in production).
    """
    if state.status is not Status.QUALIFIEE or state.blocked or ins is None:
        raise IdentityNotQualified(status=STATUS_LABELS[state.status])
    missing = [
        label
        for trait, label in TRAIT_LABELS.items()
        if trait is not Trait.PREMIER_PRENOM and not traits.of(trait)
    ]
    if traits.sexe is Sexe.INDETERMINE:
        missing.append(TRAIT_LABELS[Trait.SEXE])
    if missing:
        raise QualifiedIdentityIncomplete(missing=", ".join(missing))
    require_accepted(ins.oid, accepted_oids(environment))
    return QualifiedIdentity(ins, traits, _GATE)
