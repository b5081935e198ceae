"""`amarre ins …`: key, Datamatrix, explanation of an INSi answer, search by traits or by carte Vitale."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

from amarre.cli.commands.ins_connection import add_connection, complain_of_missing, insi_client
from amarre.cli.commands.ins_verify import add_verify, run_verify
from amarre.cli.output import error_document, print_error, print_json
from amarre.interop.clients.insi import InsiCall, InsiOutcome, OutcomeKind
from amarre.interop.clients.vitale import FileVitaleReader
from amarre.interop.ins import (
    Environment,
    Ins,
    ScannedIdentity,
    Sexe,
    Traits,
    birth_date_typed,
    compute_key,
    decode,
    encode,
    ins_oid,
    matricule_typed,
    qualified_identity,
    read_picture,
    to_png,
    to_svg,
    traits_typed,
    write_name,
)
from amarre.interop.ins.insi import (
    Individual,
    InsiAnswer,
    ResultCode,
    SearchCriteria,
    VitaleBeneficiaryNotChosen,
    VitaleCard,
    choose,
    vitale_query,
)
from amarre.interop.ins.insi.explain import ADVICE, SENTENCES, Diagnosis, diagnose
from amarre.interop.ins.status import IdentityState


def add_parser(subparsers: argparse._SubParsersAction[Any]) -> None:
    """Add the command `ins` and its own commands."""
    parser = subparsers.add_parser("ins", help="identité nationale de santé : clé, Datamatrix, INSi")
    commands = parser.add_subparsers(dest="ins_command", metavar="ACTION", required=True)
    key = commands.add_parser("key", help="calculer ou vérifier la clé d'un matricule")
    key.add_argument("matricule", help="13 caractères (calcul) ou 15 (vérification)")
    _finish(key, run_key)
    explain = commands.add_parser("explain", help="expliquer une réponse ou une anomalie d'INSi")
    explain.add_argument("file", type=Path, metavar="FICHIER", help="réponse reçue d'INSi (.xml)")
    _finish(explain, run_explain)
    _add_datamatrix(commands)
    _add_search(commands)
    _finish(add_verify(commands), run_verify)


def _finish(parser: argparse.ArgumentParser, run: Any) -> None:
    """Add --json and say what to run."""
    parser.add_argument("--json", action="store_true", help="réponse en JSON")
    parser.set_defaults(run=run)


def _add_traits(parser: argparse.ArgumentParser) -> None:
    """Add the options of the strict traits."""
    parser.add_argument("--nom", required=True, help="nom de naissance")
    parser.add_argument("--prenoms", required=True, help="prénoms de naissance, dans l'ordre")
    parser.add_argument("--sexe", required=True, choices=["F", "M"], help="sexe à l'état civil")
    parser.add_argument("--naissance", required=True, help="JJ/MM/AAAA ou AAAA-MM-JJ")
    parser.add_argument("--lieu", default="", help="code INSEE du lieu de naissance")


def _add_datamatrix(commands: argparse._SubParsersAction[Any]) -> None:
    """Add `datamatrix encode` and `datamatrix decode`."""
    datamatrix = commands.add_parser("datamatrix", help="écrire ou lire un code INS")
    actions = datamatrix.add_subparsers(dest="datamatrix_command", metavar="ACTION", required=True)
    write = actions.add_parser("encode", help="écrire un code pour une identité fictive, hors production")
    write.add_argument("--matricule", required=True, help="15 caractères")
    write.add_argument("--oid", default="1.2.250.1.213.1.4.10", help="OID d'essai (.10) ou fictif (.11)")
    _add_traits(write)
    write.add_argument("--out", type=Path, metavar="FICHIER", help=".svg ou .png ; sans lui, le contenu")
    _finish(write, run_datamatrix_encode)
    read = actions.add_parser("decode", help="lire une image, ou le texte d'une douchette")
    read.add_argument("source", metavar="FICHIER", help="image ou texte ; - pour l'entrée standard")
    _finish(read, run_datamatrix_decode)


def _add_search(commands: argparse._SubParsersAction[Any]) -> None:
    """Add `search` and `vitale`."""
    search = commands.add_parser("search", help="chercher une INS par traits")
    _add_traits(search)
    add_connection(search)
    _finish(search, run_search)
    vitale = commands.add_parser("vitale", help="chercher une INS avec une carte Vitale simulée")
    vitale.add_argument("card", type=Path, metavar="FICHIER", help="carte du bac à sable (dossier vitale)")
    vitale.add_argument("--beneficiaire", type=int, metavar="N", help="la personne présente, par son rang")
    add_connection(vitale)
    _finish(vitale, run_vitale)


def run_key(args: argparse.Namespace) -> int:
    """Compute the key of 13 characters, or check 15. Exit code 1 when the key is wrong (explained)."""
    text = "".join(args.matricule.split()).upper()
    if len(text) == 13:
        key = compute_key(text)
        if args.json:
            print_json({"matricule": text, "cle": key})
        else:
            print(f"Clé : {key}")
        return 0
    matricule = matricule_typed(text)
    if args.json:
        print_json({"matricule": matricule.base, "cle": matricule.key, "correcte": True})
    else:
        print(f"La clé est correcte : {matricule.grouped()}")
    return 0


def _typed(args: argparse.Namespace) -> Traits:
    """Return the traits given on the command line, written by the rules."""
    first = write_name(args.prenoms).split(" ")[0]
    return traits_typed(
        nom_naissance=args.nom,
        prenoms=args.prenoms,
        premier_prenom=first,
        sexe=Sexe(args.sexe),
        date_naissance=birth_date_typed(args.naissance),
        lieu_naissance=args.lieu,
    )


def run_datamatrix_encode(args: argparse.Namespace) -> int:
    """Write a Datamatrix, for a test or demonstration OID only: nothing real leaves here."""
    ins = Ins(matricule_typed(args.matricule), ins_oid(args.oid))
    if Environment.PRODUCTION in ins.oid.environments:
        print("Seuls les OID d'essai (.10) et de démonstration (.11) sont acceptés ici.", file=sys.stderr)
        return 2
    identity = qualified_identity(
        state=IdentityState(insi=True, coherence=True),
        ins=ins,
        traits=_typed(args),
        environment=Environment.SANDBOX,
    )
    if args.out is None:
        payload = encode(identity)
        if args.json:
            print_json({"contenu": payload})
        else:
            print(payload.replace("\x1d", "<GS>"))
        return 0
    if args.out.suffix == ".png":
        args.out.write_bytes(to_png(identity, scale=8))
    else:
        args.out.write_text(to_svg(identity), encoding="utf-8")
    if args.json:
        print_json({"fichier": str(args.out)})
    else:
        print(f"Écrit : {args.out}")
    return 0


def run_datamatrix_decode(args: argparse.Namespace) -> int:
    """Read a picture or a scanner's text and show what it holds."""
    data = sys.stdin.buffer.read() if args.source == "-" else _read(Path(args.source))
    if data is None:
        return 2
    text_like = data.lstrip().startswith((b"IS", b"]"))
    scanned = decode(data) if text_like else read_picture(data)
    if args.json:
        print_json(_scan_json(scanned))
    else:
        _print_identity(scanned.ins, scanned.traits, [item.sentence for item in scanned.warnings])
        if not scanned.certain:
            print("Les séparateurs manquaient : vérifiez la fin des noms.")
    return 0


def run_explain(args: argparse.Namespace) -> int:
    """Say in French what an INSi answer or fault means. Exit code 0 even for a fault: it was explained."""
    data = _read(args.file)
    if data is None:
        return 2
    found = diagnose(data)
    if args.json:
        print_json(_diagnosis_json(found))
    else:
        _print_diagnosis(found)
    return 0


def _print_diagnosis(found: Diagnosis) -> None:
    """Print what the bytes are, what it means, what to do."""
    print(found.meaning)
    if found.detail is not None:
        print(f"  Code du service : {found.detail.code or 'aucun'} ({found.dialect})")
    if found.http_status:
        print(f"  HTTP : {found.http_status}")
    if found.answer is not None and found.answer.individual is not None:
        _print_individual(found.answer.individual)
    said = found.answer.individual.warnings if found.answer and found.answer.individual else ()
    for remark in found.remarks:
        if remark not in {warning.sentence for warning in said}:
            print(f"  {remark}")
    if found.error is not None:
        print(f"  Vos données : {found.error.explanation().data_state} ({found.error.code})")
    print("À faire :")
    for advice in found.advice:
        print(f"  - {advice}")


def _diagnosis_json(found: Diagnosis) -> dict[str, Any]:
    """Return a diagnosis as a document; the answer's own fields are at its top, as for a search."""
    document: dict[str, Any] = {
        "nature": found.kind.value,
        "explication": found.meaning,
        "conseils": list(found.advice),
        "remarques": list(found.remarks),
    }
    if found.http_status:
        document["http"] = found.http_status
    if found.answer is not None:
        document |= _answer_json(found.answer)
    if found.detail is not None:
        document["anomalie"] = {
            "code": found.detail.code,
            "severite": found.detail.severity,
            "origine": found.dialect,
            "message_id": found.detail.message_id,
        }
    if found.error is not None:
        document |= error_document(found.error)
    return document


def _read(path: Path) -> bytes | None:
    """Return the bytes of a file, None (and a sentence on standard error) when it cannot be read."""
    try:
        return path.read_bytes()
    except OSError:
        print(f"Ce fichier n'existe pas ou ne peut pas être lu : {path}", file=sys.stderr)
        return None


def run_search(args: argparse.Namespace) -> int:
    """Search an INS by traits. Exit code 0 when found, 1 otherwise."""
    if complain_of_missing(args):
        return 2
    with insi_client(args) as client:
        outcome = client.search_by_traits(_criteria(args))
    return _show_outcome(outcome, args.json)


def run_vitale(args: argparse.Namespace) -> int:
    """Search an INS with a carte Vitale. Without a choice among several persons, list them: exit code 2."""
    card = FileVitaleReader(args.card).read()
    try:
        person = choose(card, args.beneficiaire)
    except VitaleBeneficiaryNotChosen as error:
        _print_people(card, error, args.json)
        return 2
    if complain_of_missing(args):
        return 2
    with insi_client(args) as client:
        outcome = client.search_by_vitale(vitale_query(card, person))
    return _show_outcome(outcome, args.json)


def _print_people(card: VitaleCard, error: VitaleBeneficiaryNotChosen, as_json: bool) -> None:
    """Show the persons of a card, by rank, without any NIR."""
    people = {str(rank): person.label for rank, person in enumerate(card.beneficiaries, 1)}
    if as_json:
        print_json({"beneficiaires": people, **error_document(error)})
        return
    print(error.explanation().what)
    for rank, label in people.items():
        print(f"  {rank}. {label}")
    print("Relancez avec --beneficiaire et le rang de la personne présente.")


def _criteria(args: argparse.Namespace) -> SearchCriteria:
    """Return the criteria given on the command line."""
    return SearchCriteria(
        nom_naissance=write_name(args.nom),
        prenoms=write_name(args.prenoms),
        sexe=Sexe(args.sexe),
        date_naissance=birth_date_typed(args.naissance),
        lieu_naissance=args.lieu.strip().upper(),
    )


def _show_outcome(outcome: InsiOutcome, as_json: bool) -> int:
    """Print the outcome of a search; return the exit code."""
    if as_json:
        document: dict[str, Any] = {
            "resultat": outcome.kind.value,
            "appels": [_call_json(call) for call in outcome.calls],
        }
        if outcome.individual is not None:
            document["identite"] = _individual_json(outcome.individual)
        if outcome.error is not None:
            document["erreur"] = {"code": outcome.error.code, "message": outcome.error.explanation().what}
        print_json(document)
    elif outcome.error is not None:
        print_error(outcome.error)
    else:
        code = outcome.calls[-1].code or ResultCode.NOT_FOUND
        if outcome.kind is OutcomeKind.SEVERAL:
            code = ResultCode.SEVERAL
        _print_answer(code, outcome.individual)
        print(f"{len(outcome.calls)} appel(s).")
    return 0 if outcome.kind is OutcomeKind.FOUND else 1


def _print_answer(code: ResultCode, individual: Individual | None) -> None:
    """Print a result, and what to try when nobody or several were found."""
    print(SENTENCES[code])
    if individual is None:
        for advice in ADVICE[code]:
            print(f"  - {advice}")
    else:
        _print_individual(individual)


def _print_individual(individual: Individual) -> None:
    """Print the identity found, its remarks and its history."""
    _print_identity(individual.ins, individual.traits, [item.sentence for item in individual.warnings])
    for former in individual.former:
        dates = " ".join(
            f"{word} {'/'.join(reversed(day.split('-')))}"
            for word, day in (("du", former.start), ("au", former.end))
            if day
        )
        kind = former.ins.oid.kind.value
        print(f"  Ancienne INS : {former.ins.matricule.grouped()} {kind} {dates}".rstrip())


def _print_identity(ins: Ins, traits: Traits, warnings: list[str]) -> None:
    """Print an identity with its remarks."""
    print(f"  INS : {ins.matricule.grouped()} {ins.oid.kind.value} ({ins.oid.value})")
    print(f"  Nom de naissance : {traits.nom_naissance}")
    print(f"  Prénoms : {traits.prenoms}")
    print(f"  Sexe : {traits.sexe.value}")
    print(f"  Date de naissance : {traits.date_naissance.french}")
    print(f"  Lieu de naissance : {traits.lieu_naissance or 'absent'}")
    for warning in warnings:
        print(f"  Attention : {warning}")


def _traits_json(traits: Traits) -> dict[str, str]:
    return {
        "nom_naissance": traits.nom_naissance,
        "prenoms": traits.prenoms,
        "sexe": traits.sexe.value,
        "date_naissance": traits.date_naissance.text,
        "lieu_naissance": traits.lieu_naissance,
    }


def _ins_json(ins: Ins) -> dict[str, str]:
    return {"matricule": ins.matricule.value, "oid": ins.oid.value, "nature": ins.oid.kind.value}


def _scan_json(scanned: ScannedIdentity) -> dict[str, Any]:
    return {
        "ins": _ins_json(scanned.ins),
        "traits": _traits_json(scanned.traits),
        "certain": scanned.certain,
        "remarques": [item.sentence for item in scanned.warnings],
    }


def _individual_json(individual: Individual) -> dict[str, Any]:
    return {
        "ins": _ins_json(individual.ins),
        "traits": _traits_json(individual.traits),
        "historique": [
            {**_ins_json(item.ins), "debut": item.start, "fin": item.end} for item in individual.former
        ],
        "remarques": [item.sentence for item in individual.warnings],
    }


def _answer_json(answer: InsiAnswer) -> dict[str, Any]:
    return {
        "code": answer.code.value,
        "libelle": answer.label,
        "identite": None if answer.individual is None else _individual_json(answer.individual),
    }


def _call_json(call: InsiCall) -> dict[str, Any]:
    return {
        "message_id": call.message_id,
        "http": call.status,
        "code": call.code.value if call.code else None,
        "erreur": call.error.code if call.error else None,
        "secondes": round(call.seconds, 3),
    }
