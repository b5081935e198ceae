"""Who a document may be hidden from, in the words of the screens; what a new deposit starts from."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from amarre.dui.core.clock import now, today
from amarre.dui.dmp.models import DepositAudience
from amarre.dui.dmp.visibility.errors import OnlyForMinors
from amarre.dui.documents.control import ControlPoint, PointState, Slot
from amarre.dui.documents.models import DmpDeposit
from amarre.dui.usagers.dmp_speakers import is_minor
from amarre.dui.usagers.models import Dossier
from amarre.interop.dmp import Visibility

Hidden = frozenset[Visibility]
EVERYONE: Hidden = frozenset()


@dataclass(frozen=True, slots=True)
class Audience:
    """One audience: the box to tick, the short state, and when to tick it."""

    visibility: Visibility
    label: str
    chip: str
    help: str
    only_minors: bool = False


AUDIENCES: tuple[Audience, ...] = (
    Audience(
        Visibility.MASQUE_PS,
        "Masquer aux autres professionnels",
        "Masqué aux professionnels",
        "À la demande de la personne. Elle-même, son auteur et le médecin traitant le voient.",
    ),
    Audience(
        Visibility.INVISIBLE_PATIENT,
        "Ne pas montrer à la personne avant une annonce",
        "Pas encore montré à la personne",
        "Le temps qu’un professionnel lui annonce ce qu’il contient, de vive voix.",
    ),
    Audience(
        Visibility.INVISIBLE_REPRESENTANTS_LEGAUX,
        "Cacher aux représentants légaux",
        "Caché aux représentants légaux",
        "Quand un mineur demande le secret sur ses soins.",
        only_minors=True,
    ),
)
_WORDS = {audience.visibility: audience for audience in AUDIENCES}


def choices_for(dossier: Dossier) -> tuple[Audience, ...]:
    """Return the audiences that have a meaning for this person."""
    minor = _minor(dossier)
    return tuple(audience for audience in AUDIENCES if minor or not audience.only_minors)


def hidden_from_values(values: Iterable[str]) -> Hidden:
    """Return the audiences named by a form; an unknown name is left out."""
    known = {item.value: item for item in Visibility}
    return frozenset(known[value] for value in values if value in known)


def require_meaningful(hidden: Hidden, dossier: Dossier) -> None:
    """Raise OnlyForMinors when legal representatives are named for an adult."""
    if Visibility.INVISIBLE_REPRESENTANTS_LEGAUX in hidden and not _minor(dossier):
        raise OnlyForMinors


def in_order(hidden: Hidden) -> tuple[Visibility, ...]:
    """Return the audiences in a fixed order: frozen bytes depend on it."""
    return tuple(item for item in Visibility if item in hidden)


def chips_of(hidden: Hidden) -> list[str]:
    """Return the short states, in order."""
    return [_WORDS[item].chip for item in in_order(hidden)]


def inherited(earlier: DmpDeposit | None) -> Hidden:
    """Return what a new version starts from: hidden from whom the version it replaces was. Needs a scope."""
    held = DepositAudience.objects.filter(deposit=earlier).first() if earlier is not None else None
    return hidden_from_values(held.hidden_from) if held else EVERYONE


def keep_audience(deposit: DmpDeposit, hidden: Hidden, *, is_new: bool) -> None:
    """Write who a deposit just asked is hidden from (`is_new`: it never was before).

    Needs a scope, inside the transaction of the act.
    """
    kept = None if is_new else DepositAudience.objects.filter(deposit=deposit).first()
    held = kept or DepositAudience(deposit=deposit)
    held.hidden_from = [item.value for item in in_order(hidden)]
    held.status = DepositAudience.Status.ACTUEL
    held.changed_at = now()
    held.save()


def audience_point(hidden: Hidden) -> ControlPoint:
    """Return the line of « Contrôle avant envoi » that says who will read the document."""
    if not hidden:
        return ControlPoint(
            Slot.DMP,
            PointState.GOOD,
            "Lu par la personne et par les professionnels à qui elle ouvre son DMP",
        )
    label = " ; ".join(chips_of(hidden))
    detail = " ".join(_WORDS[item].help for item in in_order(hidden))
    return ControlPoint(Slot.DMP, PointState.LOOK, label, detail)


def _minor(dossier: Dossier) -> bool:
    return is_minor(dossier.identity.traits.date_naissance.calendar, today(dossier.essms.zone))
