"""`amarre ins verify`: one identity, or a file of them, resumable."""

from __future__ import annotations

import argparse
import csv
import os
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from amarre.cli.commands.ins_connection import add_connection, complain_of_missing, verification_port
from amarre.cli.output import print_json
from amarre.interop.clients.insi_batch import step
from amarre.interop.common.clock import SystemIds
from amarre.interop.common.errors import AmarreError
from amarre.interop.ins import (
    Environment,
    IdentityState,
    Ins,
    Sexe,
    birth_date_typed,
    ins_oid,
    matricule_received,
    traits_typed,
    write_name,
)
from amarre.interop.ins.insi import QuotaExceeded
from amarre.interop.ins.verification import (
    VerificationOutcome,
    VerificationPort,
    VerificationRequest,
    verification_request,
)
from amarre.interop.ins.verification_batch import BatchState, batch_from_json, batch_to_json, plan_batch

SENTENCES = {
    VerificationOutcome.CONFIRMED: "L'identité est toujours celle des bases nationales.",
    VerificationOutcome.REFUTED: (
        "L'identité n'est plus celle des bases nationales : relancez une recherche à la prochaine venue."
    ),
    VerificationOutcome.INVALID: "Un trait ne respecte pas les règles d'écriture : rien n'a été vérifié.",
}
COLUMNS = ("reference", "matricule", "oid", "nom", "prenoms", "sexe", "naissance", "lieu")
HELP = {
    "matricule": "matricule, clé comprise (15 caractères)",
    "oid": "OID de l'INS ; par défaut celui des matricules d'essai",
    "nom": "nom de naissance",
    "prenoms": "prénoms de naissance, dans l'ordre",
    "sexe": "F ou M",
    "naissance": "JJ/MM/AAAA ou AAAA-MM-JJ",
    "lieu": "code INSEE du lieu de naissance",
}
_KNOWN = IdentityState(insi=True)


def add_verify(commands: argparse._SubParsersAction[Any]) -> argparse.ArgumentParser:
    """Add `verify` and return its parser."""
    parser: argparse.ArgumentParser = commands.add_parser(
        "verify", help="vérifier des INS (bac à sable seulement : le format officiel n'est pas public)"
    )
    for name, text in HELP.items():
        parser.add_argument(f"--{name}", default="", help=text)
    parser.add_argument("--file", type=Path, metavar="CSV", help=f"colonnes : {', '.join(COLUMNS)}")
    parser.add_argument(
        "--state", type=Path, metavar="FICHIER", help="avancement, pour reprendre après un arrêt"
    )
    parser.add_argument("--lot", type=int, default=500, help="lignes par lot")
    add_connection(parser, card=False)
    return parser


def run_verify(args: argparse.Namespace) -> int:
    """Verify. Exit code 0 when everything is confirmed, 1 otherwise, 2 when the command is not complete."""
    if complain_of_missing(args):
        return 2
    if args.file is not None:
        return _run_file(args)
    if not (args.matricule and args.nom and args.prenoms and args.sexe and args.naissance):
        print(
            "Il manque l'identité : --matricule --nom --prenoms --sexe --naissance, ou --file.",
            file=sys.stderr,
        )
        return 2
    request = _request({name: getattr(args, name) for name in COLUMNS[1:]} | {"reference": "1"}, args)
    with verification_port(args) as port:
        result = port.verify(request)
    if args.json:
        print_json({"resultat": result.outcome.value, "code": result.code, "officiel": False})
    else:
        print(SENTENCES[result.outcome])
        print("Forme d'échange non officielle, propre au bac à sable.")
    return 0 if result.outcome is VerificationOutcome.CONFIRMED else 1


def _request(row: dict[str, str], args: argparse.Namespace) -> VerificationRequest:
    """Return the request of a row. Raises AmarreError subclasses."""
    traits = traits_typed(
        nom_naissance=row["nom"],
        prenoms=row["prenoms"],
        premier_prenom=write_name(row["prenoms"]).split(" ")[0],
        sexe=Sexe(row["sexe"]) if row["sexe"] in set(Sexe) else Sexe.INDETERMINE,
        date_naissance=birth_date_typed(row["naissance"]),
        lieu_naissance=row["lieu"],
    )
    # What the file holds came from INSi: a wrong key in it is a remark, not a refusal.
    ins = Ins(matricule_received(row["matricule"])[0], ins_oid(row["oid"] or "1.2.250.1.213.1.4.10"))
    return verification_request(row["reference"], ins, traits, _KNOWN, Environment(args.environment))


def _run_file(args: argparse.Namespace) -> int:
    try:
        rows = list(_rows(args.file))
    except (OSError, UnicodeDecodeError, csv.Error):
        print(f"Ce fichier n'existe pas ou n'est pas un CSV en UTF-8 : {args.file}", file=sys.stderr)
        return 2
    requests: dict[str, VerificationRequest] = {}
    refused: dict[str, str] = {}
    for row in rows:
        try:
            requests[row["reference"]] = _request(row, args)
        except AmarreError as error:
            refused[row["reference"]] = error.explanation().what
    state = _load(args.state) or plan_batch(list(requests), args.lot, SystemIds())
    with verification_port(args) as port:
        state = _play(port, state, requests, args)
    counts = {outcome.value: count for outcome, count in state.counts().items()}
    if args.json:
        print_json(
            {
                "bilan": counts,
                "refusees_avant_envoi": refused,
                "resultats": {name: item.outcome.value for name, item in state.results.items()},
            }
        )
    else:
        _print_report(state, refused)
    right = counts[VerificationOutcome.CONFIRMED.value]
    return 0 if right == len(rows) else 1


def _print_report(state: BatchState, refused: dict[str, str]) -> None:
    for outcome, count in state.counts().items():
        print(f"{outcome.value} : {count}")
    for name, sentence in refused.items():
        print(f"  {name} : non envoyée. {sentence}")
    for name, item in state.results.items():
        if item.outcome is not VerificationOutcome.CONFIRMED:
            print(f"  {name} : {item.outcome.value} {item.code}".rstrip())


def _rows(path: Path) -> Iterator[dict[str, str]]:
    """Read the rows; a column that is absent is empty, a row without a reference takes its number."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        sample = file.readline()
        file.seek(0)
        reader = csv.DictReader(file, delimiter=";" if sample.count(";") > sample.count(",") else ",")
        for number, row in enumerate(reader, 1):
            values = {name: str(row.get(name) or "").strip() for name in COLUMNS}
            yield values | {"reference": values["reference"] or str(number)}


def _play(
    port: VerificationPort,
    state: BatchState,
    requests: dict[str, VerificationRequest],
    args: argparse.Namespace,
) -> BatchState:
    """Play the batch to its end, saving its state after each exchange."""
    pause = 0.05
    while not state.finished:
        before = len(state.results)
        try:
            state = step(port, state, requests, SystemIds())
        except QuotaExceeded as error:
            time.sleep(float(error.params["seconds"]))
            continue
        _save(args.state, state)
        # Nothing new: the service is working, ask less and less often.
        pause = 0.05 if len(state.results) > before else min(pause * 2, 5.0)
        if len(state.results) == before:
            time.sleep(pause)
    return state


def _load(path: Path | None) -> BatchState | None:
    """Return the state saved, None when there is none."""
    return batch_from_json(path.read_text("utf-8")) if path is not None and path.exists() else None


def _save(path: Path | None, state: BatchState) -> None:
    """Write the state at once: a killed process leaves the one before or this one."""
    if path is None:
        return
    temporary = path.with_suffix(path.suffix + ".part")
    temporary.write_text(batch_to_json(state), "utf-8")
    os.replace(temporary, path)
