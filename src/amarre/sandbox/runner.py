"""Runs the sandbox in the foreground until SIGINT or SIGTERM."""

from __future__ import annotations

import argparse
import dataclasses
import errno
import json
import signal
import sys
from pathlib import Path
from types import FrameType

from amarre.sandbox import starter
from amarre.sandbox.app import Sandbox
from amarre.sandbox.services.insi.people_file import PeopleFileRefused
from amarre.sandbox.settings import ADDRESS_LABELS, from_environment


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options of the command."""
    parser.add_argument("--port", type=int, help="port des pages du navigateur (8400; 0 : libre)")
    parser.add_argument("--https-port", type=int, help="port des services (8443; 0 : libre)")
    parser.add_argument("--simple-port", type=int, help="port d'INSi par carte de professionnel (8444)")
    parser.add_argument("--smtp-port", type=int, help="port d'envoi des messages (8587; 0 : libre)")
    parser.add_argument("--imap-port", type=int, help="port de lecture des messages (8143; 0 : libre)")
    parser.add_argument("--data", type=Path, help="dossier des certificats et des données reçues")
    parser.add_argument("--dui-url", help="adresse du site, pour le retour des pages de connexion")
    parser.add_argument(
        "--insi-people", type=Path, metavar="FICHIER", help="autres personnes fictives connues d'INSi (TSV)"
    )
    parser.add_argument("--json", action="store_true", help="écrit les adresses en JSON, sur une ligne")


def run(arguments: argparse.Namespace) -> int:
    """Run until a signal; return 0, or 1 when a port is taken or a setting is wrong."""
    chosen = {
        "plain_port": arguments.port,
        "https_port": arguments.https_port,
        "simple_port": arguments.simple_port,
        "smtp_port": arguments.smtp_port,
        "imap_port": arguments.imap_port,
        "data_dir": arguments.data.resolve() if arguments.data else None,
        "dui_url": arguments.dui_url,
        "insi_people": arguments.insi_people,
    }
    try:
        settings = dataclasses.replace(
            from_environment(), **{key: value for key, value in chosen.items() if value is not None}
        )
    except ValueError:
        _complain("Un port du bac à sable n'est pas un nombre. Corrigez AMARRE_SANDBOX_*_PORT.")
        return 1
    sandbox = Sandbox(settings)
    stopping = False

    def stop(number: int, frame: FrameType | None) -> None:
        nonlocal stopping
        stopping = True

    signal.signal(signal.SIGINT, stop)
    signal.signal(signal.SIGTERM, stop)
    try:
        sandbox.start()
    except PeopleFileRefused as error:
        _complain(f"Le fichier de personnes fictives est refusé. {error}")
        return 1
    except OSError as error:
        _complain(f"Le bac à sable ne démarre pas : {_reason(error)}.")
        return 1
    _announce(sandbox, settings.data_dir, as_json=arguments.json)
    while not stopping:
        sandbox.wait(0.2)
    sandbox.stop()
    return 0


def _announce(sandbox: Sandbox, data_dir: Path, *, as_json: bool) -> None:
    """Write where everything listens; flushed, since programs wait for this line."""
    found = sandbox.addresses()
    lines = ["Bac à sable prêt (services simulés, personnes fictives)."]
    lines += [f"  {ADDRESS_LABELS.get(name, name)} : {address}" for name, address in found.items()]
    lines.append(f"  Certificats : {data_dir / 'pki'}")
    lines.append(f"  Pour commencer : {starter.folder(data_dir)} (profils et documents de « amarre dmp »)")
    text = json.dumps(found | {"data": str(data_dir)}) if as_json else "\n".join(lines)
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def _reason(error: OSError) -> str:
    """Say in French why a server could not listen."""
    if error.errno == errno.EADDRINUSE:
        return "un autre programme occupe un de ses ports ; arrêtez-le ou choisissez-en un autre (--help)"
    if error.errno == errno.EACCES:
        return "il n'a pas le droit d'écrire dans son dossier ou d'ouvrir un de ses ports"
    return error.strerror or str(error)


def _complain(sentence: str) -> None:
    sys.stderr.write(sentence + "\n")
