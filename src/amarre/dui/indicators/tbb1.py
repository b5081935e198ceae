"""TBB.1: the formulas, on counts already made. Pure: no query, no clock.

Source: requirement TBB.1 (see `definitions`), one set of figures per establishment and period.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from amarre.dui.indicators.definitions import TBB1


@dataclass(frozen=True, slots=True)
class Counts:
    """Distinct acts and dossiers of one establishment over one period.

    `documents_unqualified` are the documents deposited without any deposit under a qualified identity.
    `messages` is counted by itself: a message to both kinds of recipients is in both parts and once in the
    total. `dossiers_*` are distinct dossiers: fed in the DMP, with a document mailed to a professional, with
    a document mailed to Mon espace santé, in the three at once.
    """

    documents_qualified: int = 0
    documents_unqualified: int = 0
    messages: int = 0
    messages_professionnels: int = 0
    messages_usagers: int = 0
    dossiers_dmp: int = 0
    dossiers_professionnels: int = 0
    dossiers_usagers: int = 0
    dossiers_trois_actions: int = 0


@dataclass(frozen=True, slots=True)
class Figure:
    """One number. With a `denominator`, its value is a share; a denominator of 0 has no value."""

    numerator: int
    denominator: int | None = None

    @property
    def percent(self) -> float | None:
        """Return the share in percent (0–100), None for « sans objet » or for a plain count."""
        return self.numerator * 100 / self.denominator if self.denominator else None

    @property
    def is_share(self) -> bool:
        """Say whether the number is a share."""
        return self.denominator is not None


def figures(counts: Counts) -> dict[str, Figure]:
    """Return every TBB.1 number by code, in the order of the table."""
    values = {
        "TBB1.1": counts.documents_qualified + counts.documents_unqualified,
        "TBB1.1a": counts.documents_qualified,
        "TBB1.1b": counts.documents_unqualified,
        "TBB1.2": counts.messages,
        "TBB1.2a": counts.messages_professionnels,
        "TBB1.2b": counts.messages_usagers,
        "TBB1.3a": counts.dossiers_dmp,
        "TBB1.3b": counts.dossiers_professionnels,
        "TBB1.3c": counts.dossiers_usagers,
        "TBB1.4": counts.dossiers_trois_actions,
    }
    return {definition.code: Figure(values[definition.code]) for definition in TBB1}


def still_zero(found: Mapping[str, Figure]) -> tuple[str, ...]:
    """Return the codes the VA asks for (« différent de zéro ») that are still at 0, in order.

    Totals only: « avec ou sans INS qualifiée », « des professionnels ou des usagers ».
    """
    return tuple(d.code for d in TBB1 if d.asked_for_va and found[d.code].numerator == 0)
