"""What must be true before a message leaves."""

from __future__ import annotations

from collections.abc import Iterable

from amarre.interop.mssante.addresses import is_citizen
from amarre.interop.mssante.codes import MASKING, Audience, MaskingRow, Visibility
from amarre.interop.mssante.errors import MaskingForbids


def audience_of(recipients: Iterable[str]) -> Audience:
    """Return who the recipients are. Raises AddressMalformed."""
    kinds = {is_citizen(address) for address in recipients}
    if kinds == {True, False}:
        return Audience.BOTH
    return Audience.USAGER if kinds == {True} else Audience.PROFESSIONALS


def check_masking(visibility: Visibility, audience: Audience) -> None:
    """Refuse a document whose visibility forbids this audience (matrix MASKING). Raises MaskingForbids."""
    if any(row.audience is audience and _matches(row, visibility) for row in MASKING):
        return
    if audience is not Audience.USAGER and visibility.masque_ps:
        raise MaskingForbids(reason="le document est masqué aux professionnels")
    if audience is not Audience.PROFESSIONALS and visibility.invisible_patient:
        raise MaskingForbids(reason="le document n'est pas encore visible par l'usager")
    raise MaskingForbids(reason="le document n'est pas visible par les représentants légaux")


def _matches(row: MaskingRow, visibility: Visibility) -> bool:
    pairs = (
        (row.masque_ps, visibility.masque_ps),
        (row.invisible_patient, visibility.invisible_patient),
        (row.invisible_rep_legaux, visibility.invisible_rep_legaux),
    )
    return all(expected is None or expected == actual for expected, actual in pairs)
