"""What a person chooses from when describing a document: types, professions, people of the establishment."""

from __future__ import annotations

import functools

from amarre.dui.access.models import Membership
from amarre.dui.access.scope import system_scope
from amarre.dui.accounts.models import User
from amarre.dui.core.clock import today
from amarre.dui.organisations.models import Essms
from amarre.interop.terminology import Code, ValueSetId, document_types, value_set

Group = tuple[str, list[tuple[str, str]]]

# What a DUI receives most (order of this list), then everything else. Ours (unconfirmed).
_USUAL_TYPES = (
    "34112-3", "11490-0", "11488-4", "11502-2", "18748-4", "57833-6", "34120-6", "89601-9", "28653-4",
    "51851-4",
)  # fmt: skip
# Exchanged from one DUI to another only, never by hand.
_NEVER_BROUGHT = frozenset({"EXPORT_DUI"})
_USUAL_PROFESSIONS = (
    "G15_10", "G15_10/SM54", "G15_60", "G15_70", "G15_91", "G15_94", "G15_96", "93", "G15_21", "G15_40", "41",
    "326", "307", "331", "359", "312",
)  # fmt: skip
# Systems and automata are no authors of a paper (code system of the roles of systems).
_SYSTEMS = "1.2.250.1.213.1.1.4.6"
_SEPARATOR = "|"


@functools.cache
def type_groups() -> list[Group]:
    """Return the types of documents: the usual ones, then the others by name."""
    known = {kind.code.code: kind.code.display for kind in document_types()}
    usual = [(code, known[code]) for code in _USUAL_TYPES if code in known]
    others = sorted(
        ((code, label) for code, label in known.items() if code not in {*_USUAL_TYPES, *_NEVER_BROUGHT}),
        key=lambda pair: pair[1],
    )
    return [("Les plus courants", usual), ("Les autres", others)]


@functools.cache
def profession_groups() -> list[Group]:
    """Return the professions: the usual ones, then the others by name. Values are « code|system »."""
    every = [
        code for code in value_set(ValueSetId.AUTHOR_SPECIALTY).codes.values() if code.system != _SYSTEMS
    ]
    usual = [code for wanted in _USUAL_PROFESSIONS for code in every if code.code == wanted]
    others = sorted((code for code in every if code not in usual), key=lambda code: code.display)
    return [("Les plus courantes", _pairs(usual)), ("Les autres", _pairs(others))]


def profession_value(code: str, system: str) -> str:
    """Return the value of a profession in the form; "" when there is none."""
    return f"{code}{_SEPARATOR}{system}" if code else ""


def profession_of(value: str) -> tuple[str, str]:
    """Return (code, system) of a value of the form."""
    code, _, system = value.partition(_SEPARATOR)
    return code, system


def professionals_of(essms: Essms) -> list[User]:
    """Return the people of an establishment who may sign: their profession is known. By name."""
    with system_scope("people of an establishment the actor acts for, to say who wrote a document"):
        held = (
            Membership.objects.in_force(today())
            .filter(essms=essms)
            .exclude(author_code="")
            .select_related("user")
        )
        users = {row.user_id: row.user for row in held}
    return sorted(users.values(), key=lambda user: (user.family_name, user.given_name, user.pk))


def _pairs(codes: list[Code]) -> list[tuple[str, str]]:
    return [(profession_value(code.code, code.system), code.display) for code in codes]
