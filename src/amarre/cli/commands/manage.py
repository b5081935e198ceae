"""`amarre manage <command>`: the commands of the record that need its database."""

from __future__ import annotations

import argparse
import os
import sys
from typing import Any

# Not offered where the record is not installed.
NEEDS = ("django",)


def add_parser(subparsers: Any) -> None:
    """Add the command to the parser of `amarre`."""
    parser = subparsers.add_parser(
        "manage",
        help="commandes d’administration du dossier (migrate, check, habilitations…)",
        add_help=False,
    )
    parser.add_argument("arguments", nargs=argparse.REMAINDER, help="commande, puis ses options")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Become `python -m amarre.dui …`, so that signals and the exit code are those of the command."""
    sys.stdout.flush()
    os.execv(sys.executable, [sys.executable, "-m", "amarre.dui", *args.arguments])  # noqa: S606
