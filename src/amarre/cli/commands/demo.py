"""`amarre demo`: the demonstration in the foreground, until Ctrl+C."""

from __future__ import annotations

import argparse
import signal
import sys
from pathlib import Path
from types import FrameType

from amarre.cast import PERSONAS
from amarre.cli.stack import Ports, Stack, StackFailed

# Not offered where the record is not installed.
NEEDS = ("django",)


class _Stop(Exception):
    """SIGTERM or SIGINT."""


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Declare the command."""
    parser = subparsers.add_parser(
        "demo", help="démonstration complète sur cette machine (Ctrl+C arrête tout)"
    )
    parser.add_argument("--port", type=int, default=8000, help="port du site (8000)")
    parser.add_argument("--data", type=Path, default=Path("var/demo"), help="dossier des données (var/demo)")
    parser.add_argument("--sandbox-port", type=int, default=8400, help="port des pages du bac à sable (8400)")
    parser.add_argument("--free-ports", action="store_true", help="prend des ports libres, partout")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Start everything, print where to go and who to be, wait."""
    ports = Ports(0, 0, 0, 0, 0) if args.free_ports else Ports(site=args.port, plain=args.sandbox_port)
    signal.signal(signal.SIGTERM, _raise_stop)
    signal.signal(signal.SIGINT, _raise_stop)
    try:
        with Stack(args.data, ports) as stack:
            _welcome(stack)
            while True:
                stack.watch()
    except StackFailed as failure:
        print(f"\n{failure}", file=sys.stderr)
        return 1
    except _Stop:
        print("\nDémonstration arrêtée. Les données restent dans", args.data)
        return 0


def _raise_stop(number: int, frame: FrameType | None) -> None:
    # A second Ctrl+C while stopping must not interrupt the stop.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    raise _Stop


def _welcome(stack: Stack) -> None:
    width = max(len(f"{p.given_name} {p.family_name}") for p in PERSONAS)
    print(f"\nAmarre est prêt : {stack.site_url}")
    print(f"Bac à sable     : {stack.sandbox['control']}  (ce que chaque service a reçu, les pannes à jouer)")
    print("\nConnexion : « Se connecter avec Pro Santé Connect », puis choisissez une personne.\n")
    for person in PERSONAS:
        name = f"{person.given_name} {person.family_name}"
        print(f"  {name:<{width}}  {person.title:<30}  {person.what_they_do}")
    print("\nPersonnes et établissements fictifs. Ctrl+C pour arrêter.", flush=True)
