"""Where the sandbox listens and keeps its data. Read when called, never at import."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from amarre.cast import ASSOCIATION, ESTABLISHMENTS

MEBIBYTE = 1024 * 1024
# What listens where, for people.
ADDRESS_LABELS = {
    "control": "Page de contrôle",
    "plain": "Pages du navigateur (HTTP)",
    "https": "Services (HTTPS, certificat client)",
    "https_simple": "INSi par carte de professionnel (HTTPS, sans certificat client)",
    "smtp": "Envoi de messages (SMTP)",
    "imap": "Lecture de messages (IMAP)",
}


@dataclass(frozen=True, slots=True)
class Structure:
    """A structure that owns client certificates.

    `identifier` is its Struct_IdNat ("1" + FINESS), `name` the O of its certificates, `department` the ST.
    """

    identifier: str
    name: str
    department: str = "Département fictif (99)"


def known_structures() -> tuple[Structure, ...]:
    """Return the structures that receive certificates: the cast's association and its establishments."""
    association = Structure(f"1{ASSOCIATION.finess_ej}", ASSOCIATION.name)
    return (association, *(Structure(item.struct_idnat, item.name) for item in ESTABLISHMENTS))


@dataclass(frozen=True, slots=True)
class SandboxSettings:
    """Everything that can be chosen. Port 0 means any free port."""

    data_dir: Path
    host: str = "127.0.0.1"
    # The name written in addresses given to clients; the server certificate carries it.
    public_host: str = "localhost"
    plain_port: int = 8400
    https_port: int = 8443
    # Simple TLS: INSi called with a professional's card. None: the port after `https_port`, or any free one.
    simple_port: int | None = None
    smtp_port: int = 8587
    imap_port: int = 8143
    # Where the DUI answers, for the return of the authorization pages.
    dui_url: str = "http://localhost:8000"
    # False: the store lives in memory and disappears with the process.
    durable: bool = True
    # Seconds of the "slow answer" situation: longer than the deadline of a client.
    slow_answer_seconds: float = 30.0
    # Documents of other houses in the DMP of some usagers, before the first deposit.
    dmp_history: bool = False
    kept_exchanges: int = 500
    kept_bytes: int = 4 * MEBIBYTE
    max_body_bytes: int = 30 * MEBIBYTE
    # INSi: requests accepted per minute and per caller; the real figure is not public (unconfirmed). 0: no
    # limit.
    insi_requests_per_minute: int = 0
    # INSi: more fictive persons, see `services.insi.people_file`.
    insi_people: Path | None = None
    # INSi verification (non-official form): requests, lines of a lot, lots not yet fetched, seconds per line.
    verification_lot_lines: int = 1_000
    verification_open_lots: int = 5
    verification_seconds_per_line: float = 0.002
    structures: tuple[Structure, ...] = field(default_factory=known_structures)

    @property
    def simple_tls_port(self) -> int:
        """The port of simple TLS."""
        if self.simple_port is not None:
            return self.simple_port
        return self.https_port + 1 if self.https_port else 0


def from_environment(environment: Mapping[str, str] | None = None) -> SandboxSettings:
    """Return the settings, changed by
    AMARRE_SANDBOX_{DATA,HOST,PLAIN_PORT,HTTPS_PORT,SIMPLE_PORT,SMTP_PORT,IMAP_PORT,INSI_PEOPLE,DMP_HISTORY}.

    Raises ValueError when a port is not a number.
    """
    values = os.environ if environment is None else environment
    data = values.get("AMARRE_SANDBOX_DATA") or str(Path.cwd() / "var" / "sandbox")
    simple = values.get("AMARRE_SANDBOX_SIMPLE_PORT", "")
    people = values.get("AMARRE_SANDBOX_INSI_PEOPLE", "")
    return SandboxSettings(
        data_dir=Path(data),
        host=values.get("AMARRE_SANDBOX_HOST", "127.0.0.1"),
        plain_port=int(values.get("AMARRE_SANDBOX_PLAIN_PORT", "8400")),
        https_port=int(values.get("AMARRE_SANDBOX_HTTPS_PORT", "8443")),
        simple_port=int(simple) if simple else None,
        smtp_port=int(values.get("AMARRE_SANDBOX_SMTP_PORT", "8587")),
        imap_port=int(values.get("AMARRE_SANDBOX_IMAP_PORT", "8143")),
        dui_url=values.get("AMARRE_SANDBOX_DUI_URL", "http://localhost:8000"),
        insi_people=Path(people) if people else None,
        dmp_history=values.get("AMARRE_SANDBOX_DMP_HISTORY", "1") != "0",
    )
