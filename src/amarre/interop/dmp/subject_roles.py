"""From the profession a document announces (JDV_J01) to the roles the VIHF announces (JDV_J65).

Sources: JDV_J01_XdsAuthorSpecialty_CISIS, JDV_J65_SubjectRole_DMP; CI-SIS, Volet VIHF (one value, or two: the
profession then the speciality, or "99" then the role of an actor known by role only).
"""

from __future__ import annotations

from amarre.interop.dmp.errors import DmpRoleMissing
from amarre.interop.terminology import Code, ValueSetId, value_set

# TRE_A02, where a profession is written "G15_60", a profession with its speciality "G15_10/SM26".
AUTHOR_PROFESSIONS = "1.2.250.1.213.1.1.4.5"
# TRE_R85, actors known by their role only: they are "99" for the VIHF, then their role.
ROLES_ONLY = "1.2.250.1.213.1.6.1.107"
ROLE_ACTOR = ("99", "1.2.250.1.213.1.6.1.140")
# Nomenclature named in the code → its OID.
PROFESSIONS = {"G15": "1.2.250.1.71.1.2.7", "G16": "1.2.250.1.71.1.2.8"}
# Specialities of physicians and nurses (TRE_R01), sections of pharmacists (TRE_G05).
SPECIALITIES = ("1.2.250.1.71.4.2.5", "1.2.250.1.71.4.2.6")


def subject_roles(specialty: Code) -> tuple[Code, ...]:
    """Return one or two codes of JDV_J65 for a code of JDV_J01. Raises DmpRoleMissing when there is none."""
    if specialty.system == AUTHOR_PROFESSIONS:
        profession, _, speciality = specialty.code.partition("/")
        nomenclature, _, code = profession.partition("_")
        first = _known(code, PROFESSIONS.get(nomenclature, ""))
        second = next(filter(None, (_found(speciality, system) for system in SPECIALITIES)), None)
        return (first, second) if second else (first,)
    if specialty.system == ROLES_ONLY:
        return (_known(*ROLE_ACTOR), _known(specialty.code, specialty.system))
    return (_known(specialty.code, specialty.system),)


def _found(code: str, system: str) -> Code | None:
    return value_set(ValueSetId.DMP_SUBJECT_ROLE).find(code, system)


def _known(code: str, system: str) -> Code:
    found = _found(code, system)
    if found is None:
        raise DmpRoleMissing(remote_code=code)
    return found
