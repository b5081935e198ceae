"""`amarre parcours`: the whole chain against a real site, worker and sandbox, on a temporary base."""

from __future__ import annotations

import argparse
import os
import shutil
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from amarre.cli.output import print_json
from amarre.cli.parcours.browser import PageProblem
from amarre.cli.parcours.thread import THREAD, Link, Walk
from amarre.cli.stack import FREE_PORTS, Stack, StackFailed

# Not offered where the record is not installed.
NEEDS = ("django",)

# How the evidence is said; its keys are those of the JSON document.
WORDS = {
    "dossiers_ouverts": "dossiers ouverts",
    "lignes_refusees": "lignes refusées",
    "deuxieme_import": "deuxième import",
    "pdf": "PDF",
    "cda": "CDA",
    "etat": "état",
    "message_id": "Message-ID",
}


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Declare the command."""
    parser = subparsers.add_parser(
        "parcours", help="joue toute la chaîne, de la liste importée à l'indicateur"
    )
    parser.add_argument("--json", action="store_true", help="résultat en JSON")
    parser.add_argument("--out", type=Path, help="garde chaque octet parti et revenu dans ce dossier (neuf)")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Return 0 when every link holds, 1 at the first that fails, 2 for a folder that is not empty."""
    if args.out is not None and args.out.exists() and (not args.out.is_dir() or any(args.out.iterdir())):
        print(f"{args.out} n'est pas un dossier vide : choisissez-en un autre.", file=sys.stderr)
        return 2
    if os.environ.get("DJANGO_SETTINGS_MODULE", "").endswith("production"):
        print("Le parcours ne se joue jamais avec les réglages de production.", file=sys.stderr)
        return 2
    say = (lambda line: None) if args.json else print
    data = Path(tempfile.mkdtemp(prefix="amarre-parcours-"))
    extra = {"AMARRE_RETRY_BASE_SECONDS": "1", "AMARRE_RECEIPTS_SECONDS": "1"}
    if args.out is not None:
        extra["AMARRE_RECORD_DIR"] = str((args.out / "echanges").absolute())
    results: list[dict[str, Any]] = []
    try:
        with Stack(data, FREE_PORTS, say=say, extra_env=extra, stories=False) as stack:
            walk = Walk(stack.site_url, stack.sandbox["plain"], args.out)
            try:
                failed = _go_through(walk, results, as_json=args.json)
            finally:
                walk.close()
            if failed and not args.json:
                print(f"  Journaux : {_kept_logs(data)}", file=sys.stderr)
    except StackFailed as failure:
        print(str(failure), file=sys.stderr)
        return 1
    finally:
        shutil.rmtree(data, ignore_errors=True)
    if args.json:
        print_json({"maillons": results, "complet": not failed})
    return 1 if failed else 0


def _go_through(walk: Walk, results: list[dict[str, Any]], *, as_json: bool) -> bool:
    """Play the links in order; stop at the first that fails and explain it. Return whether one failed."""
    for number, link in enumerate(THREAD, 1):
        start = time.monotonic()
        try:
            evidence = link.go(walk)
        except PageProblem as problem:
            results.append(
                _line(link, number, ok=False, seconds=time.monotonic() - start, problem=str(problem))
            )
            if not as_json:
                print(f"✘ {number}. {link.label}", file=sys.stderr)
                print(f"  Le maillon a cédé ici : {problem}", file=sys.stderr)
            return True
        results.append(_line(link, number, ok=True, seconds=time.monotonic() - start, evidence=evidence))
        if not as_json:
            proof = ", ".join(f"{WORDS.get(name, name)} : {value}" for name, value in evidence.items())
            print(f"✔ {number}. {link.label}. {proof}", flush=True)
    return False


def _line(link: Link, number: int, *, ok: bool, seconds: float, **more: Any) -> dict[str, Any]:
    return {"numero": number, "maillon": link.key, "tenu": ok, "secondes": round(seconds, 1), **more}


def _kept_logs(data: Path) -> Path:
    """Copy the logs out of the temporary folder, and return where they are."""
    kept = Path(tempfile.mkdtemp(prefix="amarre-journaux-"))
    shutil.copytree(data / "log", kept, dirs_exist_ok=True)
    return kept
