"""The INS an identity had before: kept unchanged, used to find a record, never sent as the active one.

Source: Guide d'implémentation de l'INS, EXI REC 08. INSi returns 0..n former matricules (INSHISTO); observed
answers hold entries equal to the active INS, dates in the wrong order, or no date. The answer keeps them
all; the search list drops only what the active INS already says.
"""

from __future__ import annotations

from dataclasses import dataclass

from amarre.interop.ins.matricule import Ins, Matricule


@dataclass(frozen=True, slots=True)
class FormerIns:
    """One former INS with the period written in the answer (AAAA-MM-JJ as received, "" when absent)."""

    ins: Ins
    start: str = ""
    end: str = ""


@dataclass(frozen=True, slots=True)
class InsHistory:
    """Active INS (None before retrieval or after invalidation) and every INS held before."""

    active: Ins | None = None
    former: tuple[FormerIns, ...] = ()

    def received(self, active: Ins, former: tuple[FormerIns, ...]) -> InsHistory:
        """Return the history after an accepted INSi answer.

        Former entries equal to the active INS are dropped from the search list but nothing already known is
        forgotten; a previous active INS that changed (NIA to NIR, new matricule) joins the former ones.
        """
        known = {item.ins for item in self.former}
        added = [item for item in former if item.ins not in known and item.ins != active]
        if self.active is not None and self.active != active:
            known_now = known | {item.ins for item in added}
            added += [] if self.active in known_now else [FormerIns(self.active)]
        kept = tuple(item for item in self.former if item.ins != active)
        return InsHistory(active, kept + tuple(dict.fromkeys(added)))

    def invalidated(self) -> InsHistory:
        """Return the history once the active INS is disputed or removed: it becomes a former one."""
        if self.active is None:
            return self
        former = self.former
        if self.active not in {item.ins for item in former}:
            former += (FormerIns(self.active),)
        return InsHistory(None, former)

    def knows(self, matricule: Matricule) -> bool:
        """Whether a document bearing this matricule (active or former) concerns this identity."""
        known = [item.ins for item in self.former] + ([self.active] if self.active else [])
        return any(ins.matricule.base == matricule.base for ins in known)
