"""Unqualified identities never leave."""

from __future__ import annotations

import dataclasses
import itertools

import pytest

from amarre.interop.ins import (
    Attribute,
    BirthDate,
    Environment,
    IdentityNotQualified,
    IdentityState,
    Ins,
    OidNotAccepted,
    QualifiedIdentity,
    QualifiedIdentityIncomplete,
    Sexe,
    Traits,
    ins_oid,
    matricule_received,
    qualified_identity,
)

TRAITS = Traits("D'ESSAI", "ANNE-SOPHIE LOUISE", Sexe.F, BirthDate("1984-12-01"), "63220", "ANNE-SOPHIE")
INS = Ins(matricule_received("284126322099962")[0], ins_oid("1.2.250.1.213.1.4.10"))
QUALIFIED = IdentityState(insi=True, coherence=True)


def open_gate(
    state: IdentityState = QUALIFIED, ins: Ins | None = INS, traits: Traits = TRAITS
) -> QualifiedIdentity:
    return qualified_identity(state=state, ins=ins, traits=traits, environment=Environment.SANDBOX)


@pytest.mark.req("RNIV EXI SI 08")
@pytest.mark.req("GI-INS EXI ID 29")
def test_only_qualifiee_opens_the_gate() -> None:
    assert open_gate().matricule.value == "284126322099962"
    for axes in itertools.product([False, True], repeat=2):
        if axes != (True, True):
            with pytest.raises(IdentityNotQualified):
                open_gate(IdentityState(*axes))
    for attribute in (Attribute.DOUTEUSE, Attribute.FICTIVE):
        with pytest.raises(IdentityNotQualified) as caught:
            open_gate(IdentityState(attributes=frozenset({attribute})))
        assert "provisoire" in caught.value.explanation().what
    with pytest.raises(IdentityNotQualified):
        open_gate(ins=None)


def test_there_is_no_other_way_in() -> None:
    with pytest.raises(TypeError):
        QualifiedIdentity(INS, TRAITS, object())
    with pytest.raises((TypeError, ValueError)):
        dataclasses.replace(open_gate(), traits=TRAITS)
    with pytest.raises(dataclasses.FrozenInstanceError):
        open_gate().traits = TRAITS  # type: ignore[misc]


def test_a_matricule_never_travels_with_missing_traits() -> None:
    with pytest.raises(QualifiedIdentityIncomplete) as caught:
        open_gate(traits=dataclasses.replace(TRAITS, lieu_naissance="", sexe=Sexe.INDETERMINE))
    assert "lieu de naissance, sexe" in caught.value.explanation().what


def test_test_matricules_do_not_leave_in_production() -> None:
    with pytest.raises(OidNotAccepted):
        qualified_identity(state=QUALIFIED, ins=INS, traits=TRAITS, environment=Environment.PRODUCTION)


def test_identifiers_derived_for_exchanges() -> None:
    identity = open_gate()
    assert identity.hl7_cx == "284126322099962^^^&1.2.250.1.213.1.4.10&ISO^NH"
    assert identity.citizen_mailbox == "284126322099962@patient.mssante.fr"
    assert "2841" not in repr(identity)
