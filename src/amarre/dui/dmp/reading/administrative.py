"""TD1.3a beside the identity of the dossier. Shown and compared; INSi alone gives traits."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from amarre.dui.usagers.models import Identity
from amarre.dui.usagers.selectors.comparison import TraitRow, traits_table
from amarre.dui.usagers.services.open_discrepancy import differences_of
from amarre.interop.dmp import AdministrativeData
from amarre.interop.ins.compare import compare
from amarre.interop.ins.traits import TRAIT_LABELS, BirthDate, Sexe, Trait, Traits

# Links of the HL7 vocabulary PersonalRelationshipRoleType met in the published samples.
LINKS: Mapping[str, str] = {
    "FTH": "Père",
    "MTH": "Mère",
    "NFTH": "Père",
    "NMTH": "Mère",
    "GUARD": "Tuteur",
    "CHILD": "Enfant",
    "SPS": "Conjoint",
    "SIB": "Frère ou sœur",
}


@dataclass(frozen=True, slots=True)
class Compared:
    """The traits side by side, what the DMP did not give (then not compared), the differences by name."""

    rows: tuple[TraitRow, ...]
    missing: tuple[str, ...]
    differences: list[dict[str, Any]]

    @property
    def differs(self) -> bool:
        """True when one trait at least is written otherwise."""
        return bool(self.differences)


def compared(data: AdministrativeData, identity: Identity) -> Compared:
    """Compare what the DMP says with the record.

    The DMP gives no birthplace, and one given name: the record's other given names are no difference.
    """
    ours = identity.traits
    birth = _birth_date(data.birth_date)
    sex = {"F": Sexe.F, "M": Sexe.M}.get(data.sex)
    given = data.given_name.upper()
    first = ours.premier_prenom or ours.prenoms.partition(" ")[0]
    same_given = not given or given in (first, ours.prenoms)
    theirs = Traits(
        nom_naissance=data.family_name.upper() or ours.nom_naissance,
        prenoms=ours.prenoms,
        sexe=sex or ours.sexe,
        date_naissance=birth or ours.date_naissance,
        lieu_naissance=ours.lieu_naissance,
        premier_prenom=ours.premier_prenom if same_given else given,
    )
    told = {
        Trait.NOM_NAISSANCE: bool(data.family_name),
        Trait.PREMIER_PRENOM: bool(given),
        Trait.SEXE: sex is not None,
        Trait.DATE_NAISSANCE: birth is not None,
        Trait.LIEU_NAISSANCE: False,
    }
    rows = dict(zip(Trait, traits_table(ours, theirs).rows, strict=True))
    return Compared(
        rows=tuple(rows[trait] for trait, given in told.items() if given),
        missing=tuple(TRAIT_LABELS[trait] for trait, given in told.items() if not given),
        differences=differences_of(compare(ours, theirs)),
    )


def _birth_date(text: str) -> BirthDate | None:
    if not (len(text) == 8 and text.isascii() and text.isdigit()):
        return None
    return BirthDate(f"{text[:4]}-{text[4:6]}-{text[6:]}")
