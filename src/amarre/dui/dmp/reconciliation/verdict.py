"""What an answer of the DMP says of what we believe: pure."""

from __future__ import annotations

from amarre.dui.dmp.models import DepositReception
from amarre.dui.exchanges.enums import State

Finding = DepositReception.Finding
# The worker or a colleague still owes something: comparing now would say nothing.
NOT_SETTLED = frozenset({State.A_VALIDER, State.EN_FILE, State.ENVOYE, State.INCONNU})


def verdict(believed: State, *, found: bool, noted_gone: bool = False) -> Finding:
    """Return the finding, from the state of the deposit and whether the DMP holds the document.

    « Recent »: the DMP holds what we do not believe there. « Absent »: the reverse, and only then.
    """
    if believed in NOT_SETTLED:
        return Finding.INCONNU
    if believed is State.ACCEPTE and not noted_gone:
        return Finding.CONCORDANT if found else Finding.ABSENT
    return Finding.RECENT if found else Finding.CONCORDANT
