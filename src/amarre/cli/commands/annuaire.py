"""`amarre annuaire find`: search the directory from a terminal."""

from __future__ import annotations

import argparse
import os
from pathlib import Path
from typing import Any

from amarre.cli.output import print_json
from amarre.interop.annuaire import Place, PlaceQuery, Professional, ProfessionalQuery
from amarre.interop.clients.annuaire import AnnuaireClient, AnnuaireProfile
from amarre.interop.transport.http import TlsHttpTransport
from amarre.interop.transport.tls import client_context


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Declare `annuaire find NAME`."""
    parser = subparsers.add_parser("annuaire", help="chercher un correspondant dans l'Annuaire Santé")
    actions = parser.add_subparsers(dest="action", metavar="ACTION", required=True)
    find = actions.add_parser("find", help="chercher un professionnel ou une structure par son nom")
    find.add_argument("name", metavar="NOM", help="nom, ou son début")
    find.add_argument("--commune", default="", help="début du nom de la commune")
    find.add_argument("--profession", default="", help="code de profession (60 : infirmier, 10 : médecin)")
    find.add_argument("--structures", action="store_true", help="chercher des structures")
    find.add_argument("--url", default=os.environ.get("AMARRE_ANNUAIRE_URL"), help="adresse de l'annuaire")
    find.add_argument("--ca", type=Path, help="autorité de confiance (PEM)")
    find.add_argument("--cert", type=Path, help="certificat client (PEM)")
    find.add_argument("--key", type=Path, help="clé du certificat client")
    find.add_argument("--json", action="store_true", help="écrire du JSON")
    find.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Search and print; the key is read from AMARRE_ANNUAIRE_KEY, never from the command line."""
    if not args.url or args.ca is None:
        print("Indiquez --url et --ca (autorité de confiance de l'annuaire).")
        return 2
    transport = TlsHttpTransport(client_context(args.ca, args.cert, args.key))
    try:
        client = AnnuaireClient(
            transport, AnnuaireProfile(args.url, os.environ.get("AMARRE_ANNUAIRE_KEY", ""))
        )
        if args.structures:
            places = client.search_places(PlaceQuery(name=args.name, commune=args.commune)).items
            rows = [_place_row(item) for item in places]
        else:
            query = ProfessionalQuery(name=args.name, commune=args.commune, profession=args.profession)
            rows = [_professional_row(item) for item in client.search_professionals(query).items]
    finally:
        transport.close()
    if args.json:
        print_json(rows)
    else:
        _print(rows)
    return 0


def _professional_row(item: Professional) -> dict[str, Any]:
    places = [situation.place for situation in item.situations if situation.place is not None]
    return {
        "nom": f"{item.given_name} {item.family_name}".strip(),
        "rpps": item.rpps,
        "profession": item.profession,
        "structures": [f"{place.name}, {place.commune}" for place in places],
        "boites": [mailbox.address for mailbox in item.all_mailboxes],
    }


def _place_row(item: Place) -> dict[str, Any]:
    return {
        "nom": item.name,
        "finess": item.finess,
        "commune": item.commune,
        "boites": [mailbox.address for mailbox in item.mailboxes],
    }


def _print(rows: list[dict[str, Any]]) -> None:
    if not rows:
        print("Aucun résultat.")
    for row in rows:
        values = [", ".join(value) if isinstance(value, list) else str(value) for value in row.values()]
        print(" | ".join(value for value in values if value))
