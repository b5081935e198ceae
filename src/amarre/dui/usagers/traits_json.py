"""Traits and what INSi returned, as JSON values kept with a search until a person decides."""

from __future__ import annotations

from typing import Any

from amarre.interop.ins import Ins, InsOid, Matricule, ins_oid
from amarre.interop.ins.history import FormerIns
from amarre.interop.ins.insi import Individual
from amarre.interop.ins.traits import BirthDate, Sexe, Traits


def traits_to_json(traits: Traits) -> dict[str, str]:
    """Return the traits as text values."""
    return {
        "nom_naissance": traits.nom_naissance,
        "prenoms": traits.prenoms,
        "premier_prenom": traits.premier_prenom,
        "sexe": traits.sexe.value,
        "date_naissance": traits.date_naissance.text,
        "lieu_naissance": traits.lieu_naissance,
    }


def traits_from_json(values: dict[str, Any]) -> Traits:
    """Return the traits kept by `traits_to_json`."""
    return Traits(
        nom_naissance=values["nom_naissance"],
        prenoms=values["prenoms"],
        sexe=Sexe(values["sexe"]),
        date_naissance=BirthDate(values["date_naissance"]),
        lieu_naissance=values["lieu_naissance"],
        premier_prenom=values["premier_prenom"],
    )


def individual_to_json(individual: Individual) -> dict[str, Any]:
    """Return what INSi found as JSON values."""
    return {
        "traits": traits_to_json(individual.traits),
        "ins": ins_to_json(individual.ins),
        "former": [
            {**ins_to_json(item.ins), "start": item.start, "end": item.end} for item in individual.former
        ],
        "warnings": [warning.sentence for warning in individual.warnings],
    }


def ins_from_json(values: dict[str, Any]) -> Ins:
    """Return the INS kept by `individual_to_json`."""
    return Ins(Matricule(values["base"], values["key"]), ins_oid(values["oid"]))


def former_from_json(values: dict[str, Any]) -> FormerIns:
    """Return one former INS kept by `individual_to_json`."""
    return FormerIns(ins_from_json(values), values["start"], values["end"])


def ins_to_json(ins: Ins) -> dict[str, str]:
    """Return an INS as text values."""
    oid: InsOid = ins.oid
    return {"base": ins.matricule.base, "key": ins.matricule.key, "oid": oid.value}
