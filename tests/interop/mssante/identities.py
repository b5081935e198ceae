"""A qualified identity of the test range."""

from __future__ import annotations

from amarre.interop.ins import (
    BirthDate,
    Environment,
    IdentityState,
    Ins,
    QualifiedIdentity,
    Sexe,
    Traits,
    ins_oid,
    matricule_typed,
    qualified_identity,
)


def qualified() -> QualifiedIdentity:
    """Return the identity whose matricule is 2 55 06 99 999 123 37."""
    return qualified_identity(
        state=IdentityState(insi=True, coherence=True),
        ins=Ins(matricule_typed("255069999912337"), ins_oid("1.2.250.1.213.1.4.10")),
        traits=Traits("CORSE", "FIGATELLIX", Sexe("F"), BirthDate("1955-06-01"), "99999"),
        environment=Environment.SANDBOX,
    )
