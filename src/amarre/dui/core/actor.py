"""Who acts: passed to every service, frozen for the time of one request or one job."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum


class ActorKind(StrEnum):
    """A person, or the software itself (worker, command)."""

    PERSON = "person"
    SYSTEM = "system"


@dataclass(frozen=True, slots=True)
class Actor:
    """One person acting for one establishment, or the software.

    `roles` are those of the person in `essms_id`, read at each request (a right removed works at once).
    `session_ref` identifies the session without allowing to take it over. `means` is how the person proved
    who they are (for example ``psc:eidas1``).
    """

    kind: ActorKind
    name: str
    user_id: int | None = None
    essms_id: int | None = None
    organisme_id: int | None = None
    roles: frozenset[str] = field(default_factory=frozenset)
    session_ref: str = ""
    means: str = ""

    @property
    def person_id(self) -> int:
        """Return the account of the person who acts. Raises TypeError for the software: it signs nothing."""
        if self.user_id is None:
            raise TypeError("this act needs a person")
        return self.user_id

    @property
    def is_system(self) -> bool:
        """Say whether the software itself acts."""
        return self.kind is ActorKind.SYSTEM


def system_actor(name: str, *, essms_id: int | None = None, organisme_id: int | None = None) -> Actor:
    """Return the actor of a job of the software, named in the trace (``worker``, ``import``…)."""
    return Actor(kind=ActorKind.SYSTEM, name=name, essms_id=essms_id, organisme_id=organisme_id)
