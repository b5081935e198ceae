"""Writes docs/reference/sandbox-fidelity.md from the README of each simulated service.

`python -m amarre.sandbox.fidelity [FILE]` writes the page; with `--check` it says whether it is up to date.
"""

from __future__ import annotations

import argparse
import sys
from importlib.resources import files
from pathlib import Path

from amarre.sandbox.app import SERVICES

HEADINGS = ("Fidèle", "Simplifié", "Absent")
DEFAULT = Path("docs") / "reference" / "sandbox-fidelity.md"
INTRODUCTION = """# Fidélité du bac à sable

Page produite par `python -m amarre.sandbox.fidelity` à partir du README de chaque service ;
ne la modifiez pas à la main.

Le bac à sable parle les vrais protocoles, aux vraies adresses,
et refuse ce que le vrai service refuserait.
Il juge avec ses propres tables de règles, jamais avec l'encodeur d'Amarre.
Il ne remplace pas une homologation.
"""


class FidelityError(ValueError):
    """The README of a service has not the three headings, in order, each followed by a list."""


def page() -> str:
    """Return the whole page. Raises FidelityError when a README is not as expected."""
    root = files("amarre.sandbox.services")
    parts = [INTRODUCTION]
    for name in SERVICES:
        readme = root.joinpath(name, "README.md")
        parts.append(_section(name, readme.read_text("utf-8")))
    return "\n".join(parts)


def _section(name: str, text: str) -> str:
    """Return the README of one service, its headings one level down."""
    lines = text.strip().splitlines()
    headings = tuple(line.removeprefix("## ") for line in lines if line.startswith("## "))
    if headings != HEADINGS or not lines[0].startswith("# "):
        raise FidelityError(f"services/{name}/README.md: headings {headings}, expected {HEADINGS}")
    for heading, body in zip(headings, text.split("\n## ")[1:], strict=True):
        if not any(line.startswith("- ") for line in body.splitlines()):
            raise FidelityError(f"services/{name}/README.md: « {heading} » has no list")
    return "\n".join(f"#{line}" if line.startswith("#") else line for line in lines) + "\n"


def main(argv: list[str] | None = None) -> int:
    """Write or check the page; return 1 when it is out of date or a README is wrong."""
    parser = argparse.ArgumentParser(prog="python -m amarre.sandbox.fidelity")
    parser.add_argument("file", nargs="?", type=Path, default=DEFAULT)
    parser.add_argument("--check", action="store_true", help="ne rien écrire")
    arguments = parser.parse_args(argv)
    try:
        text = page()
    except (FidelityError, FileNotFoundError) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    if arguments.check:
        same = arguments.file.exists() and arguments.file.read_text("utf-8") == text
        if not same:
            sys.stderr.write(f"{arguments.file} is out of date: run python -m amarre.sandbox.fidelity\n")
        return 0 if same else 1
    arguments.file.parent.mkdir(parents=True, exist_ok=True)
    arguments.file.write_text(text, "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
