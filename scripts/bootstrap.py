#!/usr/bin/env python3
"""Prepare `.venv` from the locked requirements, with the standard library only.

Usage: python3 scripts/bootstrap.py runtime|dev

Uses uv when it is on the PATH, pip otherwise; both refuse a package whose hash is not in the lock. A second
call with an unchanged lock does nothing. Prints what is missing on the machine when something is.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / ("Scripts" if os.name == "nt" else "bin") / "python"


def fail(message: str) -> None:
    """Stop with one sentence and no traceback."""
    sys.exit(f"\namarre: {message}\n")


def run(command: list[str]) -> None:
    """Run one install step; stop with its own words when it fails."""
    try:
        subprocess.run(command, check=True, cwd=ROOT)
    except FileNotFoundError:
        fail(f"{command[0]} is missing")
    except subprocess.CalledProcessError as error:
        fail(f"this step failed ({error.returncode}): {' '.join(command)}")


def create_venv(uv: str | None) -> None:
    """Create the virtual environment, with pip inside in both cases."""
    if PYTHON.exists():
        return
    print("amarre: creating .venv", flush=True)
    if uv:
        run([uv, "venv", "-q", "--seed", "--python", sys.executable, str(VENV)])
        return
    try:
        import ensurepip  # noqa: F401 - Debian ships venv without it
        import venv  # noqa: F401
    except ImportError:
        fail("the venv module is missing. On Debian or Ubuntu: sudo apt install python3-venv")
    run([sys.executable, "-m", "venv", str(VENV)])


def install(lock: Path, uv: str | None) -> None:
    """Install the locked packages, then Amarre itself in place, unless this was done with the same files."""
    digest = hashlib.sha256()
    for file in (lock, ROOT / "pyproject.toml"):
        digest.update(file.read_bytes())
    digest.update(sys.version.encode())
    stamp = VENV / f".ready-{lock.stem}"
    if stamp.exists() and stamp.read_text() == digest.hexdigest():
        return
    print(f"amarre: installing {lock.relative_to(ROOT)} (a minute the first time)", flush=True)
    pip = [str(PYTHON), "-m", "pip", "install", "-q", "--disable-pip-version-check"]
    installer = [uv, "pip", "install", "-q", "--python", str(PYTHON)] if uv else pip
    only_wheels = [] if uv else ["--only-binary", ":all:"]
    run([*installer, "--require-hashes", *only_wheels, "-r", str(lock)])
    run([*installer, "--no-deps", "--no-build-isolation", "-e", str(ROOT)])
    stamp.write_text(digest.hexdigest())


def main() -> None:
    """Check the interpreter, then install what was asked."""
    version = sys.version.split()[0]
    if tuple(map(int, version.split(".")[:2])) < (3, 11):
        fail(f"Python 3.11 or newer is needed, this is {version}. Try: make PYTHON=python3.12 demo")
    wanted = sys.argv[1] if len(sys.argv) > 1 else "runtime"
    lock = ROOT / "requirements" / f"{wanted}.txt"
    if not lock.exists():
        fail(f"unknown set of packages: {wanted}")
    uv = shutil.which("uv")
    create_venv(uv)
    install(lock, uv)


if __name__ == "__main__":
    main()
