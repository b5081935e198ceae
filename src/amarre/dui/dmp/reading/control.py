"""What must be true before a DMP is opened: one list for the screen, and for the services that refuse.

The same points as « Contrôle avant envoi »: identity, answer of the person, access of the professional,
service.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from django.urls import reverse

from amarre.dui.access.scope import system_scope
from amarre.dui.accounts.models import User
from amarre.dui.core.actor import Actor
from amarre.dui.core.clock import now
from amarre.dui.dmp.reading.connector import professional_of, reading_profile
from amarre.dui.dmp.reading.errors import (
    AgreementNotAsked,
    AgreementRefused,
    PersonNotInformed,
    PersonOpposedToReading,
    ReadingHeld,
    WebNotConfigured,
)
from amarre.dui.documents.control import ControlPoint, PointState, Slot
from amarre.dui.documents.identity import open_gate
from amarre.dui.exchanges.models import Circuit
from amarre.dui.organisations.enums import DmpReading
from amarre.dui.organisations.models import ConnectorProfile
from amarre.dui.organisations.selectors import profile_of
from amarre.dui.usagers.dmp_agreement import TeamAgreement, team_agreement
from amarre.dui.usagers.models import Dossier
from amarre.dui.web.dates import day, hour
from amarre.interop.common.errors import AmarreError
from amarre.interop.dmp import Transaction, rights
from amarre.interop.dmp.errors import DmpStrongLoginNeeded

REFUSALS: Mapping[TeamAgreement, type[ReadingHeld]] = {
    TeamAgreement.NOT_INFORMED: PersonNotInformed,
    TeamAgreement.NOT_ASKED: AgreementNotAsked,
    TeamAgreement.REFUSED: AgreementRefused,
    TeamAgreement.OPPOSED: PersonOpposedToReading,
}
_ACCESS = {
    DmpReading.AIR.value: "Votre connexion forte est acceptée (AIR)",
    DmpReading.CARD.value: "Votre carte est lue",
}


@dataclass(frozen=True, slots=True)
class ReadingSituation:
    """Who would read, in which dossier. The dossier is in the scope of `actor`."""

    dossier: Dossier
    user: User
    actor: Actor
    profile: ConnectorProfile

    @classmethod
    def of(cls, dossier: Dossier, user: User, actor: Actor) -> ReadingSituation:
        """Return the situation, with the settings of the establishment."""
        return cls(dossier, user, actor, profile_of(dossier.essms))


def reading_points(situation: ReadingSituation) -> list[ControlPoint]:
    """Return every point to look at before reading. Nothing is asked of the DMP, nothing is written."""
    with system_scope("what must be true before the DMP of a person in scope is read"):
        return [
            _identity(situation),
            _agreement(situation),
            _access(situation),
            *_service(situation),
        ]


def leaving_points(situation: ReadingSituation) -> list[ControlPoint]:
    """Return the same without the agreement: taking one's access back needs none."""
    with system_scope("what must be true before the access to a DMP in scope is taken back"):
        return [_identity(situation), _access(situation)]


def web_points(situation: ReadingSituation) -> list[ControlPoint]:
    """Return what must be true before the link to the DMP's own site: no connector, but the same person."""
    with system_scope("what must be true before the DMP of a person in scope is opened online"):
        points = [_identity(situation), _agreement(situation)]
        if not situation.profile.dmp_web_url:
            points.append(ControlPoint.blocked(Slot.DMP, WebNotConfigured()))
        return points


def _identity(situation: ReadingSituation) -> ControlPoint:
    url = reverse("usagers:show_identity", kwargs={"dossier_id": situation.dossier.pk})
    try:
        open_gate(situation.dossier.identity, situation.profile)
    except AmarreError as error:
        return ControlPoint.blocked(Slot.IDENTITY, error, url=url, action="Voir l'identité")
    return ControlPoint(Slot.IDENTITY, PointState.GOOD, "Identité qualifiée")


def _agreement(situation: ReadingSituation) -> ControlPoint:
    url = reverse("dmp:agreement", kwargs={"dossier_id": situation.dossier.pk})
    answer = team_agreement(situation.dossier)
    refusal = REFUSALS.get(answer.agreement)
    if refusal is not None:
        return ControlPoint.blocked(Slot.INFORMATION, refusal(), url=url, action="Noter la réponse")
    since = f"Accord du {day(answer.row.informed_on)}." if answer.row else ""
    return ControlPoint(Slot.INFORMATION, PointState.GOOD, "La personne est d'accord", since)


def _access(situation: ReadingSituation) -> ControlPoint:
    profile = situation.profile
    try:
        professional = professional_of(situation.user, profile, situation.actor.means)
        opened = reading_profile(profile, professional)
        rights.require_call(Transaction.RECHERCHER, opened, opened.responsible)
    except DmpStrongLoginNeeded as error:
        back = reverse("dmp:show", kwargs={"dossier_id": situation.dossier.pk})
        login = f"{reverse('accounts:begin_login')}?{urlencode({'next': back})}"
        return ControlPoint.blocked(Slot.DMP, error, url=login, action="Se reconnecter")
    except AmarreError as error:
        return ControlPoint.blocked(Slot.DMP, error)
    return ControlPoint(Slot.DMP, PointState.GOOD, _ACCESS[profile.dmp_reading])


def _service(situation: ReadingSituation) -> list[ControlPoint]:
    """Say that the DMP rests after failures; reading may be tried all the same."""
    resting = Circuit.objects.filter(
        essms_id=situation.dossier.essms_id, service="dmp", open_until__gt=now()
    ).first()
    if resting is None or resting.open_until is None:
        return []
    wait = (
        f"Il ne répondait plus. Amarre y retourne à {hour(resting.open_until)} ; vous pouvez essayer avant."
    )
    return [ControlPoint(Slot.DMP, PointState.LOOK, "Le DMP ne répond pas bien en ce moment", wait)]
