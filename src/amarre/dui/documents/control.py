"""« Contrôle avant envoi »: one engine for the screen and for the service.

What the screen shows as blocking is what the service refuses, since both ask `control_points`:

    points = control_points(version, target=Target.DMP, sender=user)
    require_clear(points)                        # in the service: raises the error behind the first block

Checks are in `control_checks`; another way of leaving adds its own by `register_check` (recipients,
addresses, its certificate) in its fixed place.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import IntEnum, StrEnum
from typing import Any

from amarre.dui.access.scope import system_scope
from amarre.dui.accounts.models import User
from amarre.dui.documents.models import DocumentVersion
from amarre.dui.organisations.models import ConnectorProfile
from amarre.dui.organisations.selectors import profile_of
from amarre.dui.usagers.models import Dossier
from amarre.interop.common.errors import AmarreError


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


@dataclass(frozen=True, slots=True)
class Situation:
    """What the checks look at, read once. `recipient` is what the target understands, None for the DMP."""

    target: Target
    version: DocumentVersion
    dossier: Dossier
    profile: ConnectorProfile
    sender: User | None
    recipient: Any = None

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
    version: DocumentVersion, *, target: Target, sender: User | None = None, recipient: Any = None
) -> list[ControlPoint]:
    """Return every point of the control, in the fixed order. Nothing is sent, nothing is written.

    `version.document.dossier` must be in the scope of who asks.
    """
    dossier = version.document.dossier
    with system_scope("control before sending a document in scope"):
        profile = profile_of(dossier.essms)
        situation = Situation(target, version, dossier, profile, sender, recipient)
        checks = sorted((entry for entry in _CHECKS if target in entry[1]), key=lambda entry: entry[0])
        found = [check(situation) for _, _, check in checks]
    return [point for point in found if point is not None]


def blocking_points(points: Iterable[ControlPoint]) -> list[ControlPoint]:
    """Return the points that hold the sending back."""
    return [point for point in points if point.state is PointState.BLOCKING]


def require_clear(points: Iterable[ControlPoint]) -> None:
    """Raise the error behind the first blocking point, if there is one."""
    for point in blocking_points(points):
        if point.error is not None:
            raise point.error
