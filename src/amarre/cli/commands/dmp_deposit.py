"""`amarre dmp deposit`: a CDA file goes into the DMP of the person it is about, once.

The order of a deposit: our own checks, TD0.2, TD3.1b when a version is replaced, TD2.1; and TD3.1b again when
the answer of TD2.1 leaves a doubt. Running the same command again is harmless: the document keeps its number.

DepositRefused
├── ReplacedAbsent      CLI-001
├── ReplacementUnsaid   CLI-002
├── DepositNotDone      CLI-003
└── DepositInDoubt      CLI-004
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

from amarre.cli.commands.cda import finding_row, print_findings
from amarre.cli.dmp_profile import Connection
from amarre.cli.files import explaining, ordinary_file, read_bounded
from amarre.cli.output import error_document, plural, print_json
from amarre.interop.cda import CdaNotAcceptable, CheckContext, Target, blocking, check, decode, explain
from amarre.interop.cda.codes import INS_OIDS
from amarre.interop.common.clock import SystemClock
from amarre.interop.common.errors import AmarreError, Contact, Effect, Fault, Phase, Retry
from amarre.interop.dmp import Acknowledgement, DmpState, FrozenSubmission, Visibility
from amarre.interop.dmp.errors import DmpAbsent, DmpClosed
from amarre.interop.ins import QualifiedIdentity, ins_oid
from amarre.interop.xds.errors import XdsReplaceRefused

HIDDEN_FROM = {
    "professionnels": Visibility.MASQUE_PS,
    "personne": Visibility.INVISIBLE_PATIENT,
    "representants": Visibility.INVISIBLE_REPRESENTANTS_LEGAUX,
}


class DepositRefused(AmarreError):
    """Base of what stops a deposit made from a terminal."""

    phase = Phase.BUILD
    fault = Fault.DATA
    retry = Retry.AFTER_FIX
    contact = Contact.PILOTE_DUI
    data_state = "Rien n'a été déposé."


class ReplacedAbsent(DepositRefused):
    """TD3.1b does not find the document to replace."""

    code = "CLI-001"
    what = "Le DMP n'a pas le document à remplacer (numéro {number}), ou il ne l'a plus."
    advice = (
        "Vérifiez ce numéro. Si le document est nouveau, déposez-le sans dire qu'il en remplace un autre."
    )


class ReplacementUnsaid(DepositRefused):
    """--replaces names another document than the header, which is what the DMP believes."""

    code = "CLI-002"
    what = "Le document ne dit pas lui-même qu'il remplace le numéro {number}."
    advice = (
        "Une nouvelle version le dit dans son en-tête (relatedDocument, RPLC) et porte le numéro de version"
        " suivant : refaites-la à partir du document d'origine."
    )


class DepositNotDone(DepositRefused):
    """No readable answer came back, and TD3.1b says that the document is not there."""

    code = "CLI-003"
    phase = Phase.WAIT
    fault = Fault.THEIRS
    retry = Retry.LATER
    what = "La réponse du DMP n'est pas arrivée. Interrogé ensuite, il dit ne pas avoir le document."
    advice = "Relancez la même commande : le document garde son numéro et ne sera déposé qu'une fois."


class DepositInDoubt(DepositRefused):
    """No readable answer came back, and the DMP could not be asked."""

    code = "CLI-004"
    phase = Phase.WAIT
    fault = Fault.THEIRS
    retry = Retry.LATER
    effect = Effect.UNKNOWN
    what = "La réponse du DMP n'est pas arrivée, et il ne répond plus."
    data_state = "On ne sait pas encore si le document est déposé."
    advice = (
        "Relancez la même commande dans quelques minutes : le document garde son numéro et ne sera déposé"
        " qu'une fois."
    )


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what a deposit asks for, besides the options of every verb."""
    parser.add_argument("file", type=ordinary_file, metavar="FICHIER", help="document CDA (.xml)")
    parser.add_argument(
        "--replaces",
        metavar="NUMERO",
        default="",
        help="numéro (OID) du document remplacé ; par défaut, celui que dit le document",
    )
    parser.add_argument(
        "--hide-from",
        action="append",
        choices=sorted(HIDDEN_FROM),
        default=[],
        help="cacher le document (répétable)",
    )


def deposit(args: argparse.Namespace, connection: Connection, identity: QualifiedIdentity) -> int:
    """Deposit, and print what became of it. Raises what the client raises, and DepositRefused."""
    data = read_bounded(args.file)
    if not _acceptable(args, data, connection):
        return 1
    number, replaced = _numbers(args.file, data, args.replaces)
    _require_open(connection, identity)
    known = connection.client.find_by_unique_id(identity, replaced) if replaced else None
    if replaced and known is None:
        raise ReplacedAbsent(number=replaced)
    frozen = connection.client.prepare(
        identity,
        data,
        visibility=tuple(HIDDEN_FROM[name] for name in dict.fromkeys(args.hide_from)),
        replaces=known.entry_uuid if known else "",
    )
    acknowledgement = _submit(connection, frozen)
    if args.json:
        print_json(_row(acknowledgement, replaced))
    else:
        print(_sentence(acknowledgement, replaced))
        print(f"  Numéro du document : {number}")
    return 0


def _acceptable(args: argparse.Namespace, data: bytes, connection: Connection) -> bool:
    """Apply our own checks; print what forbids the deposit, and return whether nothing does."""
    profile, environment = connection.profile, connection.environment
    context = CheckContext(
        target=Target.DMP,
        now=SystemClock().now(),
        accepted_ins_oids=frozenset(oid for oid in INS_OIDS if environment in ins_oid(oid).environments),
        root_oid=profile.root_oid,
        structure_id=profile.structure.identifier,
        max_body_bytes=profile.max_document_bytes,
    )
    with explaining(args.file):
        faults = blocking(check(data, context))
    if not faults:
        return True
    error = CdaNotAcceptable(sentences=explain(faults))
    if args.json:
        print_json({**error_document(error), "constats": [finding_row(finding) for finding in faults]})
    else:
        print_findings(faults, file=sys.stderr)
        print(f"{error.code} : {plural(len(faults), 'erreur')}, rien n'a été envoyé.", file=sys.stderr)
    return False


def _numbers(file: Path, data: bytes, asked: str) -> tuple[str, str]:
    """Return the number of the document and that of the one it replaces, "" when it replaces none."""
    with explaining(file):
        header = decode(data)
    said = next((parent.root for kind, parent in header.related if kind == "RPLC"), "")
    if asked and asked != said:
        raise ReplacementUnsaid(number=asked)
    return header.document_id.root, said


def _require_open(connection: Connection, identity: QualifiedIdentity) -> None:
    """TD0.2: stop at once when there is no DMP to deposit in."""
    state = connection.client.exists(identity).state
    if state is DmpState.ABSENT:
        raise DmpAbsent()
    if state is DmpState.CLOSED:
        raise DmpClosed()


def _submit(connection: Connection, frozen: FrozenSubmission) -> Acknowledgement:
    """TD2.1, then TD3.1b when its answer leaves a doubt. Raises DepositNotDone, DepositInDoubt."""
    client = connection.client
    try:
        return client.submit(frozen)
    except AmarreError as error:
        # A version already deposited by a first try is no longer replaceable: look before believing it.
        if error.effect is not Effect.UNKNOWN and not isinstance(error, XdsReplaceRefused):
            raise
        try:
            found = client.find_frozen(frozen)
        except AmarreError as again:
            raise DepositInDoubt(remote_code=again.remote_code or again.code) from again
        if found is None:
            if isinstance(error, XdsReplaceRefused):
                raise
            raise DepositNotDone(remote_code=error.remote_code or error.code) from error
        return Acknowledgement(
            frozen.document_unique_id,
            frozen.submission_set_unique_id,
            SystemClock().now(),
            already_there=True,
        )


def _row(acknowledgement: Acknowledgement, replaced: str) -> dict[str, Any]:
    return {
        "numero": acknowledgement.document_unique_id,
        "lot": acknowledgement.submission_set_unique_id,
        "depose": True,
        "deja_la": acknowledgement.already_there,
        "remplace": replaced,
        "avertissements": list(acknowledgement.warnings),
    }


def _sentence(acknowledgement: Acknowledgement, replaced: str) -> str:
    if acknowledgement.already_there:
        return "Le DMP a ce document : il n'est déposé qu'une fois."
    if replaced:
        return "Le document est déposé au DMP. Il remplace la version précédente."
    return "Le document est déposé au DMP."
