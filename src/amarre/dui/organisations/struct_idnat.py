"""National identifier of a structure, from the identifiers it has and its own order of preference.

Source: TRE_G07 (OID 1.2.250.1.71.1.2.14): ``1`` + FINESS, ``3`` + SIRET. The preference is a setting because
certificates are issued for one identifier only, which the deposits must repeat.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from amarre.dui.organisations.enums import IdnatSource

STRUCT_IDNAT_OID = "1.2.250.1.71.4.2.2"
DEFAULT_PRIORITY = (IdnatSource.FINESS_EG, IdnatSource.FINESS_EJ, IdnatSource.SIRET)
_PREFIXES = {IdnatSource.FINESS_EG: "1", IdnatSource.FINESS_EJ: "1", IdnatSource.SIRET: "3"}


def struct_idnat(numbers: Mapping[str, str], priority: Sequence[str] = DEFAULT_PRIORITY) -> str:
    """Return the Struct_IdNat of the first identifier of `priority` that is present, or an empty string."""
    for source in priority:
        number = numbers.get(source, "")
        if number:
            return _PREFIXES[IdnatSource(source)] + number
    return ""
