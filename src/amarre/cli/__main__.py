"""`amarre`: finds its commands by entry points, explains errors, sets the exit code.

Exit codes: 0 done, 1 refused or failed (explained), 2 wrong use, 130 interrupted.
"""

from __future__ import annotations

import argparse
import sys
from importlib.metadata import entry_points, version
from importlib.util import find_spec

from amarre.cli.french import speak_french
from amarre.cli.output import print_error, print_system_error
from amarre.interop.common.errors import AmarreError

GROUP = "amarre.commands"


def build_parser() -> argparse.ArgumentParser:
    """Return the parser with every command installed on this machine."""
    speak_french()
    parser = argparse.ArgumentParser(
        prog="amarre", description="Dossier usager informatisé amarré aux services nationaux de santé."
    )
    parser.add_argument(
        "--version",
        action="version",
        version=f"amarre {version('amarre')}",
        help="affiche la version et s'arrête",
    )
    subparsers = parser.add_subparsers(dest="command", metavar="COMMANDE", required=True)
    for entry in sorted(entry_points(group=GROUP), key=lambda item: item.name):
        try:
            add_parser = entry.load()
        except ModuleNotFoundError as error:
            # The kit and the sandbox are installable without the DUI: its commands are then absent.
            if (error.name or "").startswith("amarre."):
                raise
            continue
        needed = getattr(sys.modules[add_parser.__module__], "NEEDS", ())
        if all(find_spec(name) is not None for name in needed):
            add_parser(subparsers)
    return parser


def main(argv: list[str] | None = None) -> int:
    """Run one command and return its exit code."""
    args = argparse.Namespace()
    try:
        args = build_parser().parse_args(argv)
        return int(args.run(args))
    except AmarreError as error:
        print_error(error, as_json=getattr(args, "json", False))
        return 1
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        return 0
    except OSError as error:
        # A file that cannot be read or written: the person's, not a defect.
        print_system_error(error)
        return 1


if __name__ == "__main__":
    sys.exit(main())
