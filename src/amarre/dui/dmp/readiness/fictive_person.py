"""The test person a connection is tried with, outside production: nobody.

Source: test identities published for INSi (GIE SESAM-Vitale, INSi authorisation tests), OID of tests.
"""

from __future__ import annotations

from amarre.interop.ins import (
    BirthDate,
    Environment,
    IdentityState,
    Ins,
    Matricule,
    QualifiedIdentity,
    Sexe,
    Traits,
    ins_oid,
    qualified_identity,
)

OID_OF_TESTS = "1.2.250.1.213.1.4.10"


def fictive_person(environment: Environment) -> QualifiedIdentity:
    """Return the test person. Raises OidNotAccepted in production: no fictive person is asked about there."""
    traits = Traits(
        nom_naissance="TCHITCHI",
        prenoms="CATARINA BELLA",
        sexe=Sexe.F,
        date_naissance=BirthDate("1936-06-21"),
        lieu_naissance="63220",
        premier_prenom="CATARINA",
    )
    ins = Ins(Matricule("2360663220836", "56"), ins_oid(OID_OF_TESTS))
    state = IdentityState(insi=True, coherence=True)
    return qualified_identity(state=state, ins=ins, traits=traits, environment=environment)
