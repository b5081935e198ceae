"""The sandbox in a process of its own, that may be killed and started again where it was: a real outage."""

from __future__ import annotations

import contextlib
import json
import re
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.dui.connected import Far

PORTS = {
    "control": "--port",
    "https": "--https-port",
    "https_simple": "--simple-port",
    "smtp": "--smtp-port",
    "imap": "--imap-port",
}


@dataclass(slots=True)
class FarProcess:
    """National services that run, or do not."""

    folder: Path
    addresses: dict[str, str] = field(default_factory=dict)
    _process: subprocess.Popen[str] | None = None

    @property
    def far(self) -> Far:
        """Where it listens."""
        return Far.of(self.folder, self.addresses)

    def start(self) -> None:
        """Start it, on the ports it had before when there was a before; return once it answers."""
        ports = {
            option: re.findall(r":(\d+)", self.addresses[name])[-1] if self.addresses else "0"
            for name, option in PORTS.items()
        }
        options = [text for pair in ports.items() for text in pair]
        command = [sys.executable, "-m", "amarre.sandbox", "--json", "--data", str(self.folder), *options]
        self._process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        assert self._process.stdout is not None
        said = self._process.stdout.readline()
        assert said, "the sandbox did not start"
        self.addresses = {key: value for key, value in json.loads(said).items() if key != "data"}

    def kill(self) -> None:
        """End it without a word."""
        if self._process is not None:
            self._process.kill()
            self._process.communicate()
            self._process = None

    def choose(self, service: str, situation: str, count: int) -> None:
        """Put a service in a situation for its next exchanges."""
        chosen = {"service": service, "name": situation, "count": count}
        self._ask("scenario", json.dumps(chosen).encode())

    def documents(self) -> dict[str, dict[str, Any]]:
        """Return what the DMP holds, by uniqueId."""
        return dict(self._ask("state")["dmp"]["documents"])

    def _ask(self, what: str, body: bytes | None = None) -> Any:
        url = f"{self.addresses['control']}api/{what}"
        with urllib.request.urlopen(urllib.request.Request(url, body), timeout=10) as answer:
            return json.load(answer)


@contextlib.contextmanager
def far_process(folder: Path) -> Iterator[FarProcess]:
    """Give a running sandbox and end it whatever happens."""
    far = FarProcess(folder)
    try:
        far.start()
        yield far
    finally:
        far.kill()
