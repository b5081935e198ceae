"""`amarre mss send|receipts`: use one MSSanté mailbox from a terminal."""

from __future__ import annotations

import argparse
import dataclasses
import os
from email.parser import BytesHeaderParser
from pathlib import Path
from typing import Any

from amarre.cli.output import print_json
from amarre.interop.clients.mssante import MssanteClient, MssanteProfile
from amarre.interop.common.clock import SystemClock, SystemIds
from amarre.interop.mssante import Receipt, check_recipient
from amarre.interop.transport.tls import client_context


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Declare `mss send FILE` and `mss receipts`."""
    parser = subparsers.add_parser("mss", help="envoyer un message MSSanté, lire les avis reçus")
    actions = parser.add_subparsers(dest="action", metavar="ACTION", required=True)
    send = actions.add_parser("send", help="envoyer un message déjà construit (fichier .eml)")
    send.add_argument("file", type=Path, metavar="FICHIER", help="message entier (.eml)")
    send.add_argument("--to", action="append", required=True, metavar="ADRESSE", help="destinataire")
    send.set_defaults(run=_send)
    receipts = actions.add_parser("receipts", help="lire les avis de remise et de lecture")
    receipts.set_defaults(run=_receipts)
    for action in (send, receipts):
        _add_mailbox_options(action)


def _add_mailbox_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--host", default=os.environ.get("AMARRE_MSS_HOST", "localhost"), help="serveur")
    parser.add_argument("--smtp-port", type=int, default=587, help="port d'envoi")
    parser.add_argument("--imap-port", type=int, default=143, help="port de lecture")
    parser.add_argument("--mailbox", required=True, help="adresse de la boîte applicative")
    parser.add_argument("--ca", type=Path, required=True, help="autorité de confiance (PEM)")
    parser.add_argument("--cert", type=Path, required=True, help="certificat client (PEM)")
    parser.add_argument("--key", type=Path, required=True, help="clé du certificat client")
    parser.add_argument("--json", action="store_true", help="écrire du JSON")


def _client(args: argparse.Namespace) -> MssanteClient:
    profile = MssanteProfile(
        host=args.host,
        smtp_port=args.smtp_port,
        imap_port=args.imap_port,
        context=client_context(args.ca, args.cert, args.key),
        mailbox=args.mailbox,
        label="",
        reply_to="",
        nil="",
    )
    return MssanteClient(profile, SystemClock(), SystemIds())


def _send(args: argparse.Namespace) -> int:
    data = args.file.read_bytes()
    message_id = str(BytesHeaderParser().parsebytes(data).get("Message-ID", "")).strip()
    if not message_id:
        print("Le fichier n'a pas d'identifiant de message (Message-ID).")
        return 2
    client = _client(args)
    recipients = tuple(check_recipient(item) for item in args.to)
    receipt = client.submit(data, client.envelope(recipients, message_id))
    if args.json:
        print_json({"message_id": message_id, "reponse": receipt.reply_text, "file": receipt.queue_id})
    else:
        print(f"Message pris par l'opérateur : {receipt.reply_text}")
    return 0


def _receipts(args: argparse.Namespace) -> int:
    client = _client(args)
    batch = client.receipts()
    found = list(batch.receipts)
    while batch.more:
        batch = client.receipts(batch.cursor)
        found += batch.receipts
    if args.json:
        print_json([_row(item) for item in found])
    elif not found:
        print("Aucun avis.")
    else:
        for item in found:
            print(f"{item.kind.value} | {item.recipient} | {item.original_message_id} | {item.sentence}")
    return 0


def _row(item: Receipt) -> dict[str, Any]:
    row = dataclasses.asdict(item)
    return row | {"arrived_at": item.arrived_at.isoformat() if item.arrived_at else None}
