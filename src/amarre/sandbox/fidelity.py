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
    """Return what a README says before and under the three headings, one level down."""
    head, *sections = text.strip().split("\n## ")
    titles = tuple(section.partition("\n")[0].strip() for section in sections)
    if titles[: len(HEADINGS)] != HEADINGS or not head.startswith("# "):
        raise FidelityError(f"services/{name}/README.md: headings {titles}, expected {HEADINGS} first")
    parts = [f"#{head.strip()}"]
    for title, section in zip(HEADINGS, sections, strict=False):
        body = section.partition("\n")[2].strip()
        if not body.startswith("- "):
            raise FidelityError(f"services/{name}/README.md: « {title} » is not followed by a list")
        parts.append(f"### {title}\n\n{body}")
    return "\n\n".join(parts) + "\n"


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
