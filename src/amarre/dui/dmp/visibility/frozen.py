"""What a change needs to be made later, by the worker: who asked, when they logged in, about which document.

The metadata of the document are not frozen: the DMP wants those of today back (TD3.3a, PreviousVersion).
"""

from __future__ import annotations

import datetime
import json
from dataclasses import dataclass

from amarre.dui.dmp.visibility.changes import Row, row_of
from amarre.interop.dmp import Actor, AuthenticationContext
from amarre.interop.dmp.errors import DmpFrozenUnreadable
from amarre.interop.terminology import Code
from amarre.interop.xds import PatientId

VERSION = 1


@dataclass(frozen=True, slots=True, repr=False)
class FrozenChange:
    """One change asked. Its repr hides the person."""

    row: Row
    unique_id: str
    patient: PatientId
    actor: Actor

    def to_bytes(self) -> bytes:
        """Return what the outbox keeps."""
        actor = self.actor
        login = actor.authenticated_at
        values = {
            "version": VERSION,
            "change": self.row.key,
            "unique_id": self.unique_id,
            "patient": [self.patient.value, self.patient.authority, self.patient.kind],
            "identifier": actor.identifier,
            "names": [actor.family_name, actor.given_name],
            "roles": [_values(role) for role in actor.roles],
            "specialty": _values(actor.specialty) if actor.specialty else None,
            "authenticated_at": login.isoformat() if login else None,
            "context": actor.context.value,
        }
        return json.dumps(values, ensure_ascii=False, sort_keys=True).encode()

    @classmethod
    def from_bytes(cls, data: bytes) -> FrozenChange:
        """Read back `to_bytes`. Raises DmpFrozenUnreadable."""
        try:
            values = json.loads(data)
            row = row_of(values["change"])
            if values["version"] != VERSION or row is None:
                raise DmpFrozenUnreadable()
            login = values["authenticated_at"]
            actor = Actor(
                identifier=values["identifier"],
                family_name=values["names"][0],
                given_name=values["names"][1],
                roles=tuple(Code(*role) for role in values["roles"]),
                specialty=Code(*values["specialty"]) if values["specialty"] else None,
                authenticated_at=datetime.datetime.fromisoformat(login) if login else None,
                context=AuthenticationContext(values["context"]),
            )
            return cls(row, values["unique_id"], PatientId(*values["patient"]), actor)
        except (ValueError, KeyError, TypeError, IndexError) as error:
            raise DmpFrozenUnreadable() from error


def _values(code: Code) -> list[str]:
    return [code.code, code.display, code.system]
