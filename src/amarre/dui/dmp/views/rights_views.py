"""« Qui peut faire quoi au DMP »: the rights by means of access, and the means of this establishment."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from amarre.dui.access import policy
from amarre.dui.access.actors import actor_of
from amarre.dui.access.scope import system_scope
from amarre.dui.organisations.enums import DmpReading
from amarre.dui.organisations.models import Essms
from amarre.dui.organisations.selectors import profile_of
from amarre.interop.dmp import RIGHTS, RIGHTS_SOURCE, Caller, Scope, Transaction

# Deposits always leave with the establishment's certificate; reading depends on what was chosen.
_READERS: dict[str, frozenset[Caller]] = {
    DmpReading.AIR.value: frozenset({Caller.AIR_PS, Caller.AIR_NON_PS}),
    DmpReading.CARD.value: frozenset({Caller.CPS, Caller.CPE}),
}
# What Amarre does not offer is not promised.
_ABSENT = frozenset({Transaction.LISTER_DMP})


@dataclass(frozen=True, slots=True)
class Means:
    """One column: a means of access, and whether this establishment uses it."""

    label: str
    is_here: bool


@dataclass(frozen=True, slots=True)
class Line:
    """One row: what is done, its official number, its scope for each means."""

    act: str
    number: str
    scopes: tuple[Scope, ...]


@require_safe
def show_rights(request: HttpRequest) -> HttpResponse:
    """Show what each means of access allows, to whoever works in the establishment."""
    actor = actor_of(request)
    essms = policy.get_visible(actor, Essms, pk=actor.essms_id)
    with system_scope("settings of the actor's establishment"):
        reading = profile_of(essms).dmp_reading
    here = _READERS.get(reading, frozenset()) | {Caller.ORGANISATION}
    rows = [row for row in RIGHTS if row.transaction not in _ABSENT]
    context = {
        "essms": essms,
        "reads": bool(reading),
        "reading": DmpReading(reading).label,
        "means": [Means(caller.value, caller in here) for caller in Caller],
        "lines": [Line(row.act, row.transaction.value.partition(" ")[0], row.scopes) for row in rows],
        "source": RIGHTS_SOURCE,
    }
    return render(request, "dmp/rights.html", context)
