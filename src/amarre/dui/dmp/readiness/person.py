"""« Prêt pour le DMP ? » of one person: the points that do not depend on the document, then each document.

Same functions as the control before a deposit: what blocks here is what a deposit is refused for.
"""

from __future__ import annotations

from dataclasses import dataclass

from amarre.dui.access.scope import system_scope
from amarre.dui.accounts.models import User
from amarre.dui.dmp.control_checks import depositor_point, information_point
from amarre.dui.documents.control import (
    ControlPoint,
    PointState,
    Shared,
    Slot,
    Target,
    blocking_points,
    control_points,
)
from amarre.dui.documents.control_checks import identity_point
from amarre.dui.documents.models import DocumentVersion
from amarre.dui.organisations.selectors import profile_of
from amarre.dui.usagers.models import Dossier

# The current versions shown; a dossier with more has its list of documents.
VERSIONS_SHOWN = 10
# Said once for the person, not again for each document.
OF_THE_PERSON = (Slot.IDENTITY, Slot.INFORMATION)


@dataclass(frozen=True, slots=True)
class VersionState:
    """One current version: what holds it back besides the person's own points."""

    version: DocumentVersion
    blocking: list[ControlPoint]
    is_deposited: bool


def person_points(dossier: Dossier, viewer: User, shared: Shared) -> list[ControlPoint]:
    """Return the points of the person and of who looks: identity, information, depositor."""
    with system_scope("readiness of a dossier in scope"):
        profile = shared.once(("profile", dossier.essms_id), lambda: profile_of(dossier.essms))
        points = [
            identity_point(dossier, profile, carries_ins=True),
            information_point(dossier),
            depositor_point(viewer, dossier.essms, shared) or _known_depositor(),
        ]
    return points


def version_states(dossier: Dossier, viewer: User, shared: Shared) -> list[VersionState]:
    """Return the newest current versions of the dossier with what holds each of them back."""
    with system_scope("current versions of a dossier in scope"):
        rows = (
            DocumentVersion.objects.filter(document__dossier=dossier)
            .select_related("document", "author", "dmp_deposit__exchange")
            .prefetch_related("document__versions")
            .order_by("-pk")[: 3 * VERSIONS_SHOWN]
        )
        current = [row for row in rows if row.number == _newest(row)]
    found = []
    for version in current[:VERSIONS_SHOWN]:
        version.document.dossier = dossier
        points = control_points(version, target=Target.DMP, sender=viewer, shared=shared)
        own = [point for point in blocking_points(points) if point.slot not in OF_THE_PERSON]
        found.append(VersionState(version, own, _is_deposited(version)))
    return found


def _newest(version: DocumentVersion) -> int:
    return max(one.number for one in version.document.versions.all())


def _is_deposited(version: DocumentVersion) -> bool:
    deposit = getattr(version, "dmp_deposit", None)
    return deposit is not None and deposit.accepted_at is not None


def _known_depositor() -> ControlPoint:
    return ControlPoint(Slot.DMP, PointState.GOOD, "Votre profession est connue du DMP")
