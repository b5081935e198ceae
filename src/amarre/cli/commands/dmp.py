"""`amarre dmp exists|deposit|list|get|delete`: the DMP of one person, from a terminal."""

from __future__ import annotations

import argparse
import contextlib
import os
import sys
import zoneinfo
from pathlib import Path
from typing import Any

from amarre.cli.commands import dmp_deposit
from amarre.cli.dmp_profile import Connection, WrongUse, identity_from_cast, identity_from_file, load
from amarre.cli.files import new_file, write_private
from amarre.cli.output import print_json
from amarre.interop.dmp import (
    AuthenticationMode,
    Change,
    DmpDocument,
    DmpState,
    StatusTarget,
    Visibility,
)
from amarre.interop.ins import QualifiedIdentity
from amarre.interop.xds import DocumentFilter, EntryStatus

_PARIS = zoneinfo.ZoneInfo("Europe/Paris")
_HIDDEN = {
    Visibility.MASQUE_PS: "masqué aux professionnels",
    Visibility.INVISIBLE_PATIENT: "non visible par la personne",
    Visibility.INVISIBLE_REPRESENTANTS_LEGAUX: "non visible par ses représentants légaux",
}
_STATES = {
    DmpState.ACTIVE: "Cette personne a un DMP.",
    DmpState.CLOSED: "Le DMP de cette personne est fermé.",
    DmpState.ABSENT: "Cette personne n'a pas de DMP.",
}


def add_parser(subparsers: argparse._SubParsersAction[Any]) -> None:
    """Add the command `dmp` and its own commands."""
    parser = subparsers.add_parser("dmp", help="déposer au DMP d'une personne, le lire")
    actions = parser.add_subparsers(dest="action", metavar="ACTION", required=True)
    _common(actions.add_parser("exists", help="la personne a-t-elle un DMP ?"), _exists)
    depositor = actions.add_parser("deposit", help="déposer un document CDA, ou sa nouvelle version")
    dmp_deposit.add_arguments(depositor)
    _common(depositor, dmp_deposit.deposit)
    lister = actions.add_parser("list", help="lister les documents")
    lister.add_argument("--archives", action="store_true", help="montrer aussi les documents archivés")
    _common(lister, _list)
    getter = actions.add_parser("get", help="lire un document et l'écrire dans un fichier")
    getter.add_argument("number", metavar="NUMERO", help="identifiant unique du document (OID)")
    getter.add_argument("--out", type=new_file, required=True, metavar="FICHIER", help="fichier à créer")
    _common(getter, _get)
    deleter = actions.add_parser("delete", help="supprimer un document de l'établissement ou de l'auteur")
    deleter.add_argument("number", metavar="NUMERO", help="identifiant unique du document (OID)")
    _common(deleter, _delete)


def _common(parser: argparse.ArgumentParser, run: Any) -> None:
    """Add the options of every action; a matricule is never one of them."""
    profile = os.environ.get("AMARRE_DMP_PROFILE")
    parser.add_argument(
        "--profile",
        type=Path,
        default=Path(profile) if profile else None,
        metavar="FICHIER",
        help="profil du connecteur (TOML) ; par défaut AMARRE_DMP_PROFILE",
    )
    who = parser.add_mutually_exclusive_group(required=True)
    who.add_argument("--ins", type=Path, metavar="FICHIER", help="code INS : image, ou texte d'une douchette")
    who.add_argument("--person", metavar="CLE", help="personne de la distribution du bac à sable")
    parser.add_argument("--json", action="store_true", help="réponse en JSON")
    parser.set_defaults(run=lambda args: _run(args, run))


def _run(args: argparse.Namespace, action: Any) -> int:
    """Open the connection and the identity, then act. Exit code 2 for a wrong use."""
    try:
        if args.profile is None:
            raise WrongUse("Indiquez un profil : --profile FICHIER, ou AMARRE_DMP_PROFILE.")
        connection = load(args.profile)
        with contextlib.closing(connection.transport):
            identity = (
                identity_from_file(args.ins, connection.environment)
                if args.ins
                else identity_from_cast(args.person, connection.environment)
            )
            return int(action(args, connection, identity))
    except WrongUse as error:
        print(error, file=sys.stderr)
        return 2


def _exists(args: argparse.Namespace, connection: Connection, identity: QualifiedIdentity) -> int:
    status = connection.client.exists(identity)
    if args.json:
        print_json(
            {
                "etat": status.state.value,
                "autorisation": status.authorisation.value if status.authorisation else None,
                "mon_espace_sante": status.attached_to_mes,
                "motif": status.reason,
            }
        )
    else:
        print(_STATES[status.state])
    return 0


def _list(args: argparse.Namespace, connection: Connection, identity: QualifiedIdentity) -> int:
    statuses = [EntryStatus.APPROVED, *([EntryStatus.ARCHIVED] if args.archives else [])]
    found = connection.client.list_documents(identity, DocumentFilter(statuses=tuple(statuses)))
    if args.json:
        print_json([_row(item) for item in found])
    elif not found:
        print("Aucun document.")
    else:
        for item in found:
            print(_line(item))
    return 0


def _line(item: DmpDocument) -> str:
    """Return a document on one line, its date in the time of Paris."""
    row, date = _row(item), item.metadata.creation_time
    day = date.astimezone(_PARIS).strftime("%d/%m/%Y %H:%M") if date else "sans date"
    marks = [_HIDDEN[name] for name in sorted(item.hidden_from)]
    marks += ["archivé"] if item.status is EntryStatus.ARCHIVED else []
    parts = [day, row["type"], row["titre"], row["numero"], *([", ".join(marks)] if marks else [])]
    return " | ".join(parts)


def _row(item: DmpDocument) -> dict[str, Any]:
    document = item.metadata
    return {
        "numero": document.unique_id,
        "titre": document.title,
        "type": document.type_code.display if document.type_code else "",
        "date": document.creation_time.isoformat() if document.creation_time else "",
        "auteurs": [author.name for author in document.author_details],
        "etat": document.status.rpartition(":")[2],
        "cache_a": sorted(item.hidden_from),
        "ecrit_par_la_personne": item.by_patient,
        "octets": document.size,
    }


def _get(args: argparse.Namespace, connection: Connection, identity: QualifiedIdentity) -> int:
    known = connection.client.find_by_unique_id(identity, args.number, metadata=True)
    if known is None or known.metadata is None:
        return _not_found(args)
    found = connection.client.retrieve(identity, DmpDocument(known.metadata))
    # Health data: for the person who asked only.
    write_private(args.out, found.data)
    if args.json:
        print_json({"numero": found.unique_id, "type": found.mime_type, "octets": len(found.data)})
    else:
        print(f"{len(found.data)} octets écrits dans {args.out.name}.")
    return 0


def _delete(args: argparse.Namespace, connection: Connection, identity: QualifiedIdentity) -> int:
    indirect = connection.mode is AuthenticationMode.INDIRECTE
    known = connection.client.find_by_unique_id(identity, args.number, metadata=not indirect)
    if known is None:
        return _not_found(args)
    target = DmpDocument(known.metadata) if known.metadata else StatusTarget(known.entry_uuid)
    connection.client.change(identity, Change.DELETE, target)
    if args.json:
        print_json({"numero": args.number, "supprime": True})
    else:
        print("Le document est supprimé du DMP.")
    return 0


def _not_found(args: argparse.Namespace) -> int:
    if args.json:
        print_json({"numero": args.number, "trouve": False})
    else:
        print("Le DMP n'a pas ce document, ou ne vous le montre pas.", file=sys.stderr)
    return 1
