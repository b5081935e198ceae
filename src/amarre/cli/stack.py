"""Sandbox, site and worker as three real processes around one data folder: what `demo` and `parcours` start.

Every process is started by us, stopped by its own handle, and writes its log in `<data>/log/`.
"""

from __future__ import annotations

import fcntl
import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import IO

READY_SECONDS = 90.0
STOP_SECONDS = 15.0
# Path of Pro Santé Connect's realm, the same as the national one.
PSC_REALM = "/auth/realms/esante-wallet"


class StackFailed(Exception):
    """A process did not start or ended early; the message is French and names its log."""


@dataclass(frozen=True, slots=True)
class Ports:
    """Ports on loopback; 0 means any free one."""

    site: int = 8000
    plain: int = 8400
    https: int = 8443
    smtp: int = 8587
    imap: int = 8143


FREE_PORTS = Ports(0, 0, 0, 0, 0)


class Stack:
    """Starts the processes in order, watches them, stops them in the reverse order."""

    def __init__(
        self,
        data: Path,
        ports: Ports,
        *,
        say: Callable[[str], None] = print,
        extra_env: dict[str, str] | None = None,
        stories: bool = True,
    ) -> None:
        self.data = data.absolute()
        self._ports = ports
        self._say = say
        self._extra = extra_env or {}
        self._stories = stories
        self._processes: dict[str, subprocess.Popen[bytes]] = {}
        self._logs: list[IO[bytes]] = []
        self._held: IO[bytes] | None = None
        self.site_url = ""
        self.sandbox: dict[str, str] = {}

    def __enter__(self) -> Stack:
        try:
            self.start()
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def start(self) -> None:
        """Start everything. Raises StackFailed with what to do."""
        self._take_folder()
        port = self._ports.site or _free_port()
        _require_free(port, "le site")
        self.site_url = f"http://localhost:{port}"
        self._say("Bac à sable des services nationaux…")
        self._start_sandbox()
        self._say("Base de démonstration…")
        self.manage("migrate", "--no-input", "-v", "0")
        self.manage("collectstatic", "--no-input", "-v", "0")
        stories = () if self._stories else ("--no-stories",)
        self.manage("seed_demo", "--sandbox", str(self._addresses_file), *stories)
        self._say("Site et tâche de fond…")
        self._spawn("worker", [sys.executable, "-m", "amarre.dui", "worker"])
        self._start_site(port)

    def stop(self) -> None:
        """Stop what was started, last first; kill what does not answer."""
        for name in reversed(list(self._processes)):
            process = self._processes.pop(name)
            if process.poll() is None:
                process.send_signal(signal.SIGTERM)
            try:
                process.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
            if process.stdout is not None:
                process.stdout.close()
        for log in self._logs:
            log.close()
        self._logs.clear()
        if self._held is not None:
            self._held.close()
            self._held = None

    def watch(self, seconds: float = 0.5) -> None:
        """Wait `seconds`; raise StackFailed when a process has ended by itself."""
        time.sleep(seconds)
        for name, process in self._processes.items():
            if process.poll() is not None:
                raise StackFailed(self._explain(name, f"s'est arrêté (code {process.returncode})"))

    def manage(self, *arguments: str) -> str:
        """Run one management command and return what it printed. Raises StackFailed."""
        done = subprocess.run(
            [sys.executable, "-m", "amarre.dui", *arguments],
            env=self.environment(),
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            (self.data / "log" / f"{arguments[0]}.log").write_text(done.stdout + done.stderr)
            raise StackFailed(self._explain(arguments[0], f"a échoué (code {done.returncode})"))
        return done.stdout

    def environment(self) -> dict[str, str]:
        """Return the environment of the site, the worker and the commands."""
        psc = {"AMARRE_PSC_ISSUER": f"{self.sandbox['https']}{PSC_REALM}"} if self.sandbox else {}
        return {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "amarre.dui.config.settings.demo",
            "AMARRE_VAR_DIR": str(self.data),
            "AMARRE_PUBLIC_URL": self.site_url,
            **psc,
            **self._extra,
        }

    @property
    def _addresses_file(self) -> Path:
        return self.data / "sandbox-addresses.json"

    def _take_folder(self) -> None:
        """Make the folder and hold it: a second stack on the same data would move the first one's addresses.

        The lock goes with the process that holds it, whatever ends it. Raises StackFailed.
        """
        try:
            # The database, the keys and the documents are for the person who started the demonstration.
            self.data.mkdir(parents=True, exist_ok=True, mode=0o700)
            (self.data / "log").mkdir(exist_ok=True)
            self._held = (self.data / "en-cours").open("ab")
        except OSError as error:
            raise StackFailed(
                f"Le dossier {self.data} ne peut pas être utilisé ({error.strerror}). "
                "Choisissez-en un autre avec --data."
            ) from None
        try:
            fcntl.flock(self._held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise StackFailed(
                f"Amarre tourne déjà sur les données de {self.data}. "
                "Arrêtez-le d'abord (Ctrl+C dans son terminal), ou choisissez un autre dossier avec --data."
            ) from None

    def _start_sandbox(self) -> None:
        ports = self._ports
        command = [
            sys.executable, "-m", "amarre.sandbox", "--json", "--data", str(self.data / "sandbox"),
            "--port", str(ports.plain), "--https-port", str(ports.https),
            "--smtp-port", str(ports.smtp), "--imap-port", str(ports.imap), "--dui-url", self.site_url,
        ]  # fmt: skip
        log = self._log("sandbox")
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=log, start_new_session=True)
        self._processes["sandbox"] = process
        line = process.stdout.readline() if process.stdout else b""
        if not line.strip():
            process.wait(STOP_SECONDS)
            raise StackFailed(self._explain("sandbox", "ne démarre pas"))
        self.sandbox = json.loads(line)
        self._addresses_file.write_bytes(line)

    def _start_site(self, port: int) -> None:
        command = [
            sys.executable, "-m", "granian", "--interface", "wsgi", "--no-ws", "--workers", "1",
            "--host", "127.0.0.1", "--port", str(port), "--blocking-threads", "4",
            "amarre.dui.config.wsgi:application",
        ]  # fmt: skip
        self._spawn("site", command)
        deadline = time.monotonic() + READY_SECONDS
        while time.monotonic() < deadline:
            self.watch(0.2)
            if _answers(f"{self.site_url}/"):
                return
        raise StackFailed(self._explain("site", f"ne répond pas après {READY_SECONDS:.0f} secondes"))

    def _spawn(self, name: str, command: list[str]) -> None:
        log = self._log(name)
        # Its own session: Ctrl+C reaches us alone, and we stop the others in order.
        self._processes[name] = subprocess.Popen(
            command, env=self.environment(), stdout=log, stderr=log, start_new_session=True
        )

    def _log(self, name: str) -> IO[bytes]:
        log = (self.data / "log" / f"{name}.log").open("ab")
        self._logs.append(log)
        return log

    def _explain(self, name: str, what: str) -> str:
        path = self.data / "log" / f"{name}.log"
        tail = path.read_text(errors="replace").strip().splitlines()[-3:] if path.exists() else []
        return "\n".join([f"« {name} » {what}. Journal : {path}", *(f"  {line}" for line in tail)])


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _require_free(port: int, what: str) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OverflowError:
            raise StackFailed(f"Le port {port} n'existe pas : donnez un nombre de 1 à 65535.") from None
        except PermissionError:
            raise StackFailed(
                f"Le port {port} est réservé au système : prenez-en un au-dessus de 1023."
            ) from None
        except OSError:
            raise StackFailed(
                f"Le port {port} est déjà pris : {what} ne peut pas démarrer. Changez-le avec --port."
            ) from None


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=3):  # noqa: S310 - our own loopback address
            return True
    except urllib.error.HTTPError:
        return True
    except (urllib.error.URLError, OSError):
        return False
