"""What each simulated service receives when it is created."""

from __future__ import annotations

from dataclasses import dataclass

from amarre.interop.common.clock import Clock, IdSource
from amarre.sandbox.journal import Journal
from amarre.sandbox.pki import Pki
from amarre.sandbox.scenarios import ActiveScenarios
from amarre.sandbox.service import Store
from amarre.sandbox.settings import SandboxSettings


@dataclass(frozen=True, slots=True)
class SandboxContext:
    """The tools of a service. `plain_url` and `https_url` are the real addresses, ports already bound."""

    settings: SandboxSettings
    store: Store
    journal: Journal
    scenarios: ActiveScenarios
    clock: Clock
    ids: IdSource
    pki: Pki
    # "http://localhost:8400": browser pages. No trailing slash.
    plain_url: str
    # "https://localhost:8443": everything with a client certificate. No trailing slash.
    https_url: str
