"""`python -m amarre.sandbox` as a person runs it."""

from __future__ import annotations

import json
import signal
import socket
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest

from amarre.sandbox.app import Sandbox
from amarre.sandbox.settings import SandboxSettings, from_environment

FREE = ["--port", "0", "--https-port", "0", "--smtp-port", "0", "--imap-port", "0"]


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_announces_itself_and_stops_cleanly(tmp_path: Path, number: signal.Signals) -> None:
    command = [sys.executable, "-m", "amarre.sandbox", *FREE, "--json", "--data", str(tmp_path)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert process.stdout is not None
    addresses = json.loads(process.stdout.readline())
    with urllib.request.urlopen(addresses["control"], timeout=5) as response:
        assert response.status == 200
    assert (tmp_path / "pki" / "ca.pem").exists()
    process.send_signal(number)
    output, errors = process.communicate(timeout=15)
    assert (process.returncode, output, errors) == (0, "", "")


def test_a_taken_port_is_explained(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        command = [sys.executable, "-m", "amarre.sandbox", *FREE, "--port", port, "--data", str(tmp_path)]
        done = subprocess.run(command, capture_output=True, text=True, timeout=30, check=False)
    assert done.returncode == 1
    assert "un autre programme occupe un de ses ports" in done.stderr
    assert "Traceback" not in done.stderr


def test_settings_come_from_the_environment() -> None:
    settings = from_environment({"AMARRE_SANDBOX_PLAIN_PORT": "1", "AMARRE_SANDBOX_DATA": "/tmp/x"})
    assert (settings.plain_port, settings.https_port, str(settings.data_dir)) == (1, 8443, "/tmp/x")
    with pytest.raises(ValueError, match="invalid literal"):
        from_environment({"AMARRE_SANDBOX_PLAIN_PORT": "x"})


def test_a_failed_start_releases_the_other_ports(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        settings = SandboxSettings(
            data_dir=tmp_path, plain_port=port, https_port=taken.getsockname()[1], durable=False
        )
        with pytest.raises(OSError, match="in use"):
            Sandbox(settings, services=()).start()
    with socket.socket() as again:
        again.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        again.bind(("127.0.0.1", port))
