"""What each service received and answered, with its verdict: kept for the control page and for tests."""

from __future__ import annotations

import datetime
import json
from dataclasses import asdict, dataclass, field

from amarre.interop.common.clock import Clock
from amarre.sandbox.service import Remark, Verdict
from amarre.sandbox.store import Database


@dataclass(frozen=True, slots=True)
class Exchange:
    """One exchange. Bytes beyond the limit of the settings are cut; the sizes are the real ones."""

    id: int
    at: datetime.datetime
    service: str
    verdict: Verdict
    request: bytes
    response: bytes
    request_size: int
    response_size: int
    # "POST /si-dmp-server/…" or "SMTP"; "" when it has no meaning.
    address: str = ""
    status: int = 0
    scenario: str = ""
    certificate: str = ""
    request_headers: dict[str, str] = field(default_factory=dict)
    response_headers: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What surrounds an exchange: where it came, under which situation, with which certificate."""

    address: str = ""
    status: int = 0
    scenario: str = ""
    certificate: str = ""
    request_headers: dict[str, str] = field(default_factory=dict)
    response_headers: dict[str, str] = field(default_factory=dict)


class Journal:
    """The last exchanges of each service."""

    def __init__(self, database: Database, clock: Clock, *, kept: int, kept_bytes: int) -> None:
        self._database = database
        self._clock = clock
        self._kept = kept
        self._kept_bytes = kept_bytes

    def record(
        self,
        *,
        service: str,
        verdict: Verdict,
        request: bytes,
        response: bytes = b"",
        circumstances: Circumstances | None = None,
    ) -> int:
        """Keep one exchange and return its number. The oldest of the same service beyond the limit goes."""
        detail = {
            "verdict": asdict(verdict),
            "request_size": len(request),
            "response_size": len(response),
            **asdict(circumstances or Circumstances()),
        }
        with self._database.transaction() as connection:
            cursor = connection.execute(
                "INSERT INTO exchange (service, at, detail, request, response) VALUES (?, ?, ?, ?, ?)",
                (
                    service,
                    self._clock.now().isoformat(),
                    json.dumps(detail, ensure_ascii=False),
                    request[: self._kept_bytes],
                    response[: self._kept_bytes],
                ),
            )
            connection.execute(
                "DELETE FROM exchange WHERE service = ? AND id <= (SELECT id FROM exchange"
                " WHERE service = ? ORDER BY id DESC LIMIT 1 OFFSET ?)",
                (service, service, self._kept),
            )
        return cursor.lastrowid or 0

    def list(self, service: str = "", after: int = 0, limit: int = 500) -> list[Exchange]:
        """Return exchanges, newest first, of one service or of all, numbered above `after`."""
        rows = self._database.query(
            "SELECT id, service, at, detail, request, response FROM exchange"
            " WHERE (? = '' OR service = ?) AND id > ? ORDER BY id DESC LIMIT ?",
            (service, service, after, limit),
        )
        return [_exchange(row) for row in rows]

    def get(self, number: int) -> Exchange | None:
        """Return one exchange, None when it does not exist (or went)."""
        rows = self._database.query(
            "SELECT id, service, at, detail, request, response FROM exchange WHERE id = ?", (number,)
        )
        return _exchange(rows[0]) if rows else None

    def clear(self) -> None:
        """Forget every exchange. Numbers are not used again."""
        with self._database.transaction() as connection:
            connection.execute("DELETE FROM exchange")


def _exchange(row: tuple[object, ...]) -> Exchange:
    number, service, at, detail, request, response = row
    values = json.loads(str(detail))
    verdict = values.pop("verdict")
    verdict["remarks"] = tuple(Remark(**remark) for remark in verdict["remarks"])
    return Exchange(
        id=int(str(number)),
        service=str(service),
        at=datetime.datetime.fromisoformat(str(at)),
        verdict=Verdict(**verdict),
        request=request if isinstance(request, bytes) else b"",
        response=response if isinstance(response, bytes) else b"",
        **values,
    )
