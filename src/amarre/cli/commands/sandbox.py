"""`amarre sandbox`: the national services, simulated, in the foreground."""

from __future__ import annotations

from typing import TYPE_CHECKING

from amarre.sandbox.runner import add_arguments, run

if TYPE_CHECKING:
    import argparse

# Not offered where the sandbox's servers are not installed.
NEEDS = ("cheroot",)


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command to `amarre`."""
    parser = subparsers.add_parser(
        "sandbox",
        help="lance le bac à sable des services nationaux",
        description="INSi, DMP, MSSanté, Annuaire et Pro Santé Connect simulés, jusqu'à Ctrl-C.",
    )
    add_arguments(parser)
    parser.set_defaults(run=run)
