"""What TD0.2 answered, in the words of the person who reads, with what to do next."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass

from amarre.dui.core.clock import now
from amarre.interop.dmp import Authorisation, DmpState, DmpStatus


@dataclass(frozen=True, slots=True)
class ShownStatus:
    """The state of a DMP: chip (words, pictogram, tone), the sentence below, and what may follow."""

    label: str
    icon: str
    tone: str
    sentence: str
    advice: str
    at: datetime.datetime
    attached: bool | None = None
    treating: bool = False
    may_read: bool = False
    may_declare: bool = False


_CLOSED: Mapping[DmpState, tuple[str, str, str, str, str]] = {
    DmpState.ABSENT: (
        "Pas de DMP",
        "creux",
        "",
        "Cette personne n'a pas de DMP, ou s'y est opposée.",
        "Il n'y a rien à lire. Demandez les documents utiles à son médecin, par messagerie sécurisée.",
    ),
    DmpState.CLOSED: (
        "DMP fermé",
        "cadenas",
        "",
        "Le DMP est fermé à la demande de la personne.",
        "Ne proposez pas de le rouvrir.",
    ),
}
# Authorisation → chip, sentence, advice, whether declaring one's access (TD0.3) is the next step.
_OPEN: Mapping[Authorisation, tuple[str, str, str, str, str, bool]] = {
    Authorisation.VALIDE: ("DMP ouvert", "ok", "ok", "Vous pouvez le consulter.", "", False),
    Authorisation.NON_EXISTE: (
        "Accès à déclarer",
        "alerte",
        "att",
        "Le DMP est ouvert, mais vous n'y avez pas encore déclaré votre accès.",
        "La personne a donné son accord : déclarez votre accès. Elle le verra dans Mon espace santé.",
        True,
    ),
    Authorisation.EXPIRE: (
        "Accès expiré",
        "alerte",
        "att",
        "Votre accès à ce DMP a expiré.",
        "Si la personne est toujours d'accord, déclarez-le à nouveau.",
        True,
    ),
    Authorisation.INTERDIT: (
        "Accès refusé par la personne",
        "refus",
        "dan",
        "La personne vous a bloqué dans Mon espace santé.",
        "N'insistez pas : elle seule peut changer cela.",
        False,
    ),
}


def shown_status(status: DmpStatus, at: datetime.datetime | None = None) -> ShownStatus:
    """Return how `status` is shown; `at` when it was given, now by default."""
    when = at or now()
    if status.state is not DmpState.ACTIVE:
        return ShownStatus(*_CLOSED[status.state], at=when)
    # An open DMP that says nothing of the caller gives no right to read.
    authorisation = status.authorisation or Authorisation.NON_EXISTE
    label, icon, tone, sentence, advice, may_declare = _OPEN[authorisation]
    return ShownStatus(
        label,
        icon,
        tone,
        sentence,
        advice,
        at=when,
        attached=status.attached_to_mes,
        treating=status.caller_is_treating_physician,
        may_read=authorisation is Authorisation.VALIDE,
        may_declare=may_declare,
    )
