"""How an identity and a dossier are said on a screen."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from amarre.dui.usagers.models import Dossier, Identity
from amarre.dui.web.dates import age
from amarre.interop.ins.status import STATUS_LABELS, Status
from amarre.interop.ins.traits import COG_UNKNOWN

_CHIPS = {
    Status.PROVISOIRE: "provisoire",
    Status.RECUPEREE: "recuperee",
    Status.VALIDEE: "validee",
    Status.QUALIFIEE: "qualifiee",
}


def status_key(identity: Identity) -> str:
    """Return the key of the chip: the attribute that blocks, else the status."""
    if identity.is_douteuse:
        return "douteuse"
    if identity.is_fictive:
        return "fictive"
    return _CHIPS[identity.status]


def status_label(identity: Identity) -> str:
    """Return « identité qualifiée »."""
    return STATUS_LABELS[identity.status]


def usual_name(identity: Identity) -> str:
    """Return the name people call: used given name and name when known, birth ones otherwise.

    Names keep the capitals of the strict traits; given names are said as words (« Catarina TCHITCHI »).
    """
    return f"{usual_given_name(identity)} {usual_family_name(identity)}"


def usual_given_name(identity: Identity) -> str:
    """Return « Catarina »."""
    return _as_words(identity.prenom_utilise or identity.premier_prenom)


def usual_family_name(identity: Identity) -> str:
    """Return « TCHITCHI »."""
    return identity.nom_utilise or identity.nom_naissance


def birth_place(identity: Identity) -> str:
    """Return « Morlaix (29151) », the code alone, or « inconnu »."""
    if identity.lieu_naissance == COG_UNKNOWN:
        return f"{identity.lieu_libelle or 'inconnu'} ({COG_UNKNOWN})"
    return (
        f"{identity.lieu_libelle} ({identity.lieu_naissance})"
        if identity.lieu_libelle
        else identity.lieu_naissance
    )


def birth_date(identity: Identity) -> str:
    """Return « 31/12/1936 (date interprétée) »: a part was unknown and written by the national rule."""
    date = identity.traits.date_naissance
    return f"{date.french} (date interprétée)" if date.interpreted else date.french


def strict_traits(identity: Identity) -> list[tuple[str, str]]:
    """Return the five strict traits in their fixed order, then the used names when they differ."""
    traits = [
        ("Nom de naissance", identity.nom_naissance),
        ("1er prénom de naissance", identity.premier_prenom),
        ("Sexe", identity.sexe),
        ("Date de naissance", birth_date(identity)),
        ("Lieu de naissance", birth_place(identity)),
    ]
    used = " ".join(filter(None, (_as_words(identity.prenom_utilise), identity.nom_utilise)))
    if used and (identity.nom_utilise or identity.prenom_utilise != identity.premier_prenom):
        traits.append(("Nom et prénom utilisés", used))
    return traits


def banner(dossier: Dossier, today: datetime.date) -> dict[str, Any]:
    """Return what `composants/identite.html` shows."""
    identity = dossier.identity
    birth = identity.traits.date_naissance.calendar
    details = [age(birth, today)] if birth else []
    details.append(f"dossier {dossier.number}")
    if dossier.left_on and dossier.left_on < today:
        details.append("sorti")
    name = usual_name(identity)
    reachable = identity.status is Status.QUALIFIEE and identity.matricule
    return {
        "name": name,
        "details": ", ".join(details),
        "initials": "".join(part[0] for part in name.split()[:2]).upper(),
        "status": status_key(identity),
        "homonym": identity.is_homonyme,
        "traits": strict_traits(identity),
        # Never shown by itself: opening it is a reading of its own, traced.
        "matricule_url": (
            reverse("usagers:show_matricule", kwargs={"dossier_id": dossier.pk}) if reachable else ""
        ),
    }


def _as_words(given: str) -> str:
    return given.title() if given.isupper() else given


@dataclass(frozen=True, slots=True)
class PersonLine:
    """One person in a list."""

    dossier_id: int
    name: str
    birth_name: str
    birth_date: str
    age: str
    number: str
    status: str
    homonym: bool
    entered_on: datetime.date
    has_left: bool


def person_lines(dossiers: list[Dossier], today: datetime.date) -> list[PersonLine]:
    """Return the lines of a list of dossiers; `identity` must be loaded."""
    return [_person_line(dossier, today) for dossier in dossiers]


def _person_line(dossier: Dossier, today: datetime.date) -> PersonLine:
    identity = dossier.identity
    birth = identity.traits.date_naissance
    used = identity.nom_utilise and identity.nom_utilise != identity.nom_naissance
    return PersonLine(
        dossier_id=dossier.pk,
        name=usual_name(identity),
        birth_name=identity.nom_naissance if used else "",
        birth_date=birth.french,
        age=age(birth.calendar, today) if birth.calendar else "",
        number=dossier.number,
        status=status_key(identity),
        homonym=identity.is_homonyme,
        entered_on=dossier.entered_on,
        has_left=bool(dossier.left_on and dossier.left_on < today),
    )
