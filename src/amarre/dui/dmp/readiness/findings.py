"""One judged point: its state, what was seen, the error that a deposit would meet when it blocks."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from amarre.dui.documents.control import PointState, Shared
from amarre.dui.organisations.models import ConnectorProfile, Essms
from amarre.interop.common.errors import AmarreError


@dataclass(frozen=True, slots=True)
class Place:
    """The establishment judged, its connector settings, and what several points read once."""

    essms: Essms
    profile: ConnectorProfile
    shared: Shared


@dataclass(frozen=True, slots=True)
class Finding:
    """What was found for one prerequisite. A blocking one carries the error that refuses a deposit.

    `names` are people or documents to look at, `url` and `action` where it is mended, `noted` the key of a
    step that a person notes by hand.
    """

    key: str
    state: PointState
    detail: str
    error: AmarreError | None = None
    names: tuple[str, ...] = ()
    url: str = ""
    action: str = ""
    noted: str = ""

    @classmethod
    def good(cls, key: str, detail: str) -> Finding:
        """Return a point in order."""
        return cls(key, PointState.GOOD, detail)

    @classmethod
    def look(
        cls, key: str, detail: str, *, url: str = "", action: str = "", names: tuple[str, ...] = ()
    ) -> Finding:
        """Return a point to look at: it holds no deposit back."""
        return cls(key, PointState.LOOK, detail, None, names, url, action)

    @classmethod
    def blocked(
        cls, key: str, error: AmarreError, *, url: str = "", action: str = "", names: tuple[str, ...] = ()
    ) -> Finding:
        """Return the point that refuses every deposit, with the error that says so."""
        return cls(key, PointState.BLOCKING, error.explanation().what, error, names, url, action)


Judge = Callable[[Place], Finding]
