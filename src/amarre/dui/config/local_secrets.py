"""Secrets of a demonstration: drawn once on this machine, kept in its data folder, never committed."""

from __future__ import annotations

import os
import secrets
from pathlib import Path


def local_secret(var_dir: Path, name: str) -> str:
    """Return the secret `name` of this installation, drawing it at the first call (file mode 0600)."""
    folder = var_dir / "secrets"
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / name
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text(encoding="ascii")
    value = secrets.token_urlsafe(48)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(value)
    return value
