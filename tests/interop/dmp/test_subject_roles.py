"""Every profession that may sign a document has its roles for the VIHF, or an explained refusal."""

from __future__ import annotations

import pytest

from amarre.interop.dmp import subject_roles
from amarre.interop.dmp.errors import DmpRoleMissing
from amarre.interop.terminology import Code, ValueSetId, value_set

A02 = "1.2.250.1.213.1.1.4.5"
R85 = "1.2.250.1.213.1.6.1.107"
G15 = "1.2.250.1.71.1.2.7"


@pytest.mark.parametrize(
    ("code", "system", "expected"),
    [
        ("G15_60", A02, [("60", G15)]),
        ("G15_10/SM26", A02, [("10", G15), ("SM26", "1.2.250.1.71.4.2.5")]),
        ("G15_21/A", A02, [("21", G15), ("A", "1.2.250.1.71.4.2.6")]),
        ("G16_10", A02, [("10", "1.2.250.1.71.1.2.8")]),
        ("326", R85, [("99", "1.2.250.1.213.1.6.1.140"), ("326", R85)]),
        ("93", "1.2.250.1.213.1.6.1.109", [("93", "1.2.250.1.213.1.6.1.109")]),
    ],
)
def test_the_roles_of_a_profession(code: str, system: str, expected: list[tuple[str, str]]) -> None:
    assert [(role.code, role.system) for role in subject_roles(Code(code, "", system))] == expected


def test_a_role_the_dmp_does_not_know_is_explained() -> None:
    with pytest.raises(DmpRoleMissing):
        subject_roles(Code("359", "Directeur d'établissement", R85))


def test_every_health_profession_of_the_list_has_roles() -> None:
    for code in value_set(ValueSetId.AUTHOR_SPECIALTY).codes.values():
        if code.system == A02:
            assert subject_roles(code), code.code
