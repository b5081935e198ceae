"""« Contrôle avant envoi »: one engine for the screen and for the service.

What the screen shows as blocking is what the service refuses, since both ask `control_points`:

    points = control_points(version, target=Target.DMP, sender=user)
    require_clear(points)                        # in the service: raises the error behind the first block

Checks are in `control_checks`; another way of leaving adds its own by `register_check` (recipients,
addresses, its certificate) in its fixed place.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass, field
from enum import IntEnum, StrEnum
from typing import Any, TypeVar, cast

from django.db.models import prefetch_related_objects

from amarre.dui.access.scope import system_scope
from amarre.dui.accounts.models import User
from amarre.dui.documents.models import DocumentVersion
from amarre.dui.organisations.models import ConnectorProfile, Essms
from amarre.dui.organisations.selectors import profile_of
from amarre.dui.usagers.models import Dossier
from amarre.interop.common.errors import AmarreError

T = TypeVar("T")


class Target(StrEnum):
    """Where a version may leave to."""

    DMP = "dmp"
    MSSANTE = "mssante"


class PointState(StrEnum):
    """State of one point; values are those of `composants/controle.html`."""

    GOOD = "bon"
    LOOK = "regarder"
    BLOCKING = "bloquant"


class Slot(IntEnum):
    """The fixed order of the points."""

    IDENTITY = 1
    DOCUMENT = 2
    RECIPIENTS = 3
    INFORMATION = 4
    DMP = 5
    ADDRESSES = 6
    CERTIFICATE = 7


@dataclass(frozen=True, slots=True)
class ControlPoint:
    """One line of the control. A blocking one carries the error that the service raises.

    `url` and `action` lead to where it can be mended.
    """

    slot: Slot
    state: PointState
    label: str
    detail: str = ""
    url: str = ""
    action: str = ""
    error: AmarreError | None = None

    @classmethod
    def blocked(cls, slot: Slot, error: AmarreError, *, url: str = "", action: str = "") -> ControlPoint:
        """Return the blocking point that says what `error` says."""
        said = error.explanation()
        return cls(slot, PointState.BLOCKING, said.what, said.advice, url, action, error)


class Shared:
    """What several controls read once: settings, certificates, who deposits. Lives for one request.

    shared = Shared()
    for version in versions:
        control_points(version, target=Target.DMP, shared=shared)
    """

    def __init__(self) -> None:
        self._kept: dict[Hashable, Any] = {}

    def once(self, key: Hashable, read: Callable[[], T]) -> T:
        """Return what `read` returned the first time it was asked under `key`."""
        if key not in self._kept:
            self._kept[key] = read()
        return cast(T, self._kept[key])

    def keep(self, key: Hashable, value: object) -> None:
        """Give beforehand what would be read under `key`: one query for all the versions of a list."""
        self._kept[key] = value


@dataclass(frozen=True, slots=True)
class Situation:
    """What the checks look at, read once. `recipient` is what the target understands, None for the DMP."""

    target: Target
    version: DocumentVersion
    dossier: Dossier
    profile: ConnectorProfile
    sender: User | None
    recipient: Any = None
    shared: Shared = field(default_factory=Shared)

    @property
    def carries_ins(self) -> bool:
        """True when the matricule would leave: with the deposit, in the document, or as an address."""
        written_to = bool(getattr(self.recipient, "is_by_ins", False))
        return self.target is Target.DMP or self.version.identity_qualified or written_to


Check = Callable[[Situation], ControlPoint | None]

_CHECKS: list[tuple[Slot, frozenset[Target], Check]] = []


def register_check(slot: Slot, targets: Iterable[Target], check: Check) -> None:
    """Add a check in its place; called from the `ready` of the application. It answers None when it has
    nothing to say."""
    entry = (slot, frozenset(targets), check)
    if entry not in _CHECKS:
        _CHECKS.append(entry)


def control_points(
    version: DocumentVersion,
    *,
    target: Target,
    sender: User | None = None,
    recipient: Any = None,
    shared: Shared | None = None,
) -> list[ControlPoint]:
    """Return every point of the control, in the fixed order. Nothing is sent, nothing is written.

    `version.document.dossier` must be in the scope of who asks. `shared` is for the controls of a list.
    """
    dossier = version.document.dossier
    shared = shared or Shared()
    with system_scope("control before sending a document in scope"):
        profile = profile_once(dossier.essms, shared)
        situation = Situation(target, version, dossier, profile, sender, recipient, shared)
        checks = sorted((entry for entry in _CHECKS if target in entry[1]), key=lambda entry: entry[0])
        found = [check(situation) for _, _, check in checks]
    return [point for point in found if point is not None]


def profile_once(essms: Essms, shared: Shared) -> ConnectorProfile:
    """Return the settings of the establishment, read once under `shared`."""
    return shared.once(("profile", essms.pk), lambda: _profile_of(essms))


def _profile_of(essms: Essms) -> ConnectorProfile:
    """Return the settings of the establishment with its certificates: several checks look at them."""
    profile = profile_of(essms)
    if profile.pk:
        prefetch_related_objects([profile], "certificates")
    return profile


def blocking_points(points: Iterable[ControlPoint]) -> list[ControlPoint]:
    """Return the points that hold the sending back."""
    return [point for point in points if point.state is PointState.BLOCKING]


def require_clear(points: Iterable[ControlPoint]) -> None:
    """Raise the error behind the first blocking point, if there is one."""
    for point in blocking_points(points):
        if point.error is not None:
            raise point.error
