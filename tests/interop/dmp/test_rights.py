"""The table of rights by mode, and the wording of the refusals."""

from __future__ import annotations

import pytest

from amarre.interop.dmp import AuthenticationMode, errors, rights
from amarre.interop.dmp.errors import DmpError, DmpModeNotAllowed, error_for
from amarre.interop.dmp.rights import RIGHTS, Caller, Scope, Transaction, require, scope_of


def test_every_transaction_has_one_row() -> None:
    assert [row.transaction for row in RIGHTS] == list(Transaction)


@pytest.mark.parametrize(
    ("transaction", "mode", "allowed"),
    [
        (Transaction.DEPOSER, AuthenticationMode.INDIRECTE, True),
        (Transaction.DEPOSER, AuthenticationMode.INDIRECTE_RENFORCEE, False),
        (Transaction.CONSULTER, AuthenticationMode.INDIRECTE, False),
        (Transaction.CONSULTER, AuthenticationMode.INDIRECTE_RENFORCEE, True),
        (Transaction.RECHERCHER_PAR_NUMERO, AuthenticationMode.INDIRECTE, True),
        (Transaction.RECHERCHER, AuthenticationMode.INDIRECTE, False),
    ],
)
def test_deposit_and_reading_use_two_modes(
    transaction: Transaction, mode: AuthenticationMode, allowed: bool
) -> None:
    if allowed:
        require(transaction, mode)
    else:
        with pytest.raises(DmpModeNotAllowed):
            require(transaction, mode)


def test_an_organisation_deletes_its_own_documents_only() -> None:
    assert scope_of(Transaction.SUPPRIMER, Caller.ORGANISATION) is Scope.STRUCTURE


@pytest.mark.parametrize("transaction", list(Transaction))
def test_a_refusal_of_rights_names_the_act_not_its_number(transaction: Transaction) -> None:
    act = rights.act_of(transaction)
    try:
        require(transaction, AuthenticationMode.INDIRECTE)
    except DmpModeNotAllowed as error:
        said = error.explanation().what
        assert f"« {act} »" in said
        assert "TD" not in said
    else:
        assert scope_of(transaction, Caller.ORGANISATION) is not Scope.NO


@pytest.mark.parametrize(
    ("code", "text", "sender", "expected"),
    [
        ("DMPInvalidCertificate", "", True, errors.DmpCertificateRefused),
        ("", "Le certificat ayant signé le VIHF est invalide : Not a valid signature certificate", True,
         errors.DmpCertificateRefused),
        ("", "Aucune spécialité dans le vihf. Spécialité obligatoire pour les Médecins", True,
        errors.DmpRoleMissing), ("", "Structure introuvable ou Inactive", True, errors.DmpStructureUnknown),
        ("", "PS et Structure non liés", True, errors.DmpStructureUnknown),
        ("", "A required header representing a Message Addressing Property is not present", True,
         errors.DmpRequestRefused),
        ("", "VIHF expiré", True, errors.DmpAssertionRefused),
        ("DMPAccessDeniedByRightsService", "", True, errors.DmpRightsDenied),
        ("DMPAutre", "", True, errors.DmpOtherRefusal),
        ("Sender", "", True, errors.DmpRequestRefused),
        ("Receiver", "", False, errors.DmpUnavailable),
        ("", "", None, errors.DmpOtherRefusal),
    ],
)  # fmt: skip
def test_each_cause_has_its_sentence(
    code: str, text: str, sender: bool | None, expected: type[DmpError]
) -> None:
    error = error_for(code, text, sender=sender)
    assert type(error) is expected
    # The service's own words are kept for the details, never repeated in what may be logged.
    assert error.remote_text == text
    assert not text or text not in str(error)


def test_sentences_are_complete_and_all_different() -> None:
    found = [
        cls for cls in vars(errors).values()
        if isinstance(cls, type) and issubclass(cls, DmpError) and "code" in vars(cls)
    ]  # fmt: skip
    assert len({cls.code for cls in found}) == len(found)
    assert len({cls.what for cls in found}) == len(found)
    for cls in found:
        assert cls.what.endswith((".", ").", "{cause}"))
        assert "veuillez" not in (cls.what + cls.advice).lower()
