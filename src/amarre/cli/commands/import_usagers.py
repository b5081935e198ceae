"""`amarre import usagers FILE`: open a dossier for each person of a list.

Without `--as`, the software acts, for who holds the server; with it, the person acts, with their rights, in
an establishment of theirs, and the trace bears their name. Starting the command without `--dry-run` is the
confirmation. Exit codes: 0 something was imported or everything was known already; 1 the list or every row is
refused; 2 wrong use.
"""

from __future__ import annotations

import argparse
import datetime
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import django

from amarre.cli.output import print_json

if TYPE_CHECKING:
    from amarre.dui.core.actor import Actor
    from amarre.dui.organisations.models import Essms
    from amarre.dui.usagers.importing.columns import Table
    from amarre.dui.usagers.importing.plan import ImportPlan

SHOWN_PROBLEMS = 200

# Not offered where the record is not installed.
NEEDS = ("django",)


def add_parser(subparsers: argparse._SubParsersAction[Any]) -> None:
    """Add `import` and what it imports to the parser of `amarre`."""
    parser = subparsers.add_parser("import", help="importer une liste dans un établissement")
    kinds = parser.add_subparsers(dest="import_kind", metavar="QUOI", required=True)
    usagers = kinds.add_parser(
        "usagers",
        help="ouvrir un dossier par personne d'une liste CSV, XLSX ou ODS",
        description="Lit la liste, reconnaît ses colonnes, refuse les lignes douteuses avec leur raison, et "
        "ouvre les autres dossiers en une fois. Relancer la même liste ne crée rien deux fois.",
    )
    usagers.add_argument("file", type=Path, metavar="FICHIER", help="liste à importer")
    usagers.add_argument("--essms", default="", metavar="ID", help="établissement : numéro interne ou FINESS")
    usagers.add_argument("--dry-run", action="store_true", help="dire ce qui serait fait, sans rien écrire")
    usagers.add_argument("--json", action="store_true", help="réponse en JSON")
    usagers.add_argument(
        "--nom", choices=["naissance", "usage", "mixte"], help="ce que contient la colonne « Nom »"
    )
    usagers.add_argument(
        "--map",
        action="append",
        default=[],
        type=_mapping,
        metavar="COLONNE=CHAMP",
        help="corriger une colonne",
    )
    usagers.add_argument(
        "--entree", type=_day, metavar="JJ/MM/AAAA", help="date d'entrée des lignes qui n'en ont pas"
    )
    usagers.add_argument(
        "--refus", type=Path, metavar="FICHIER", help="écrire là les lignes refusées et leur raison (CSV)"
    )
    usagers.add_argument(
        "--as", dest="subject", default="", metavar="SUBJECT_NAME_ID", help="agir au nom de cette personne"
    )
    usagers.set_defaults(run=run)


def _mapping(text: str) -> tuple[str, str]:
    heading, separator, value = text.rpartition("=")
    if not separator or not heading.strip() or not value.strip():
        raise argparse.ArgumentTypeError("écrivez « Titre de la colonne=champ »")
    return heading.strip(), value.strip()


def _day(text: str) -> datetime.date:
    for pattern in ("%d/%m/%Y", "%Y-%m-%d"):
        try:
            return datetime.datetime.strptime(text, pattern).replace(tzinfo=datetime.UTC).date()
        except ValueError:
            continue
    raise argparse.ArgumentTypeError("écrivez la date ainsi : 20/11/2026")


def run(args: argparse.Namespace) -> int:
    """Import, or say what would be. Raises the errors IMP-0xx and ACC-0xx, explained by `amarre`."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "amarre.dui.config.settings.demo")
    django.setup()
    from amarre.dui.core.request_context import RequestContext, new_request_id, request_context

    with request_context(RequestContext(new_request_id(), "cli")):
        return _run(args)


def _run(args: argparse.Namespace) -> int:
    from amarre.dui.usagers.importing.columns import map_by_hand, read_table, settle
    from amarre.dui.usagers.importing.fields import NomMeaning
    from amarre.dui.usagers.importing.source import read_list
    from amarre.dui.usagers.services.import_usagers import import_usagers, preview_import

    actor, essms = _actor_and_place(args.subject, args.essms)
    table = read_table(read_list(_read(args.file)))
    table = table.with_columns(map_by_hand(table.columns, dict(args.map)))
    choice = settle(table.columns, NomMeaning(args.nom) if args.nom else None)
    asked: Any = {
        "essms": essms, "table": table, "choice": choice, "actor": actor, "entered_on": args.entree
    }  # fmt: skip
    plan = preview_import(**asked)
    if not args.dry_run:
        # The place of the refused rows is taken before anything is written: it never fails afterwards.
        _check_refused_file(args.refus)
        plan = import_usagers(**asked).plan
    if args.refus and plan.refused:
        _write_refused(args.refus, table, plan)
    _report(args, essms, table, plan)
    return 0 if plan.rows else 1


def _read(path: Path) -> bytes:
    from amarre.dui.usagers.importing.errors import FileUnreachable
    from amarre.dui.usagers.importing.limits import MAX_BYTES

    try:
        with path.open("rb") as file:
            return file.read(MAX_BYTES + 1)
    except OSError as error:
        reasons: dict[type[OSError], str] = {
            FileNotFoundError: "il n'existe pas", PermissionError: "la lecture est interdite",
            IsADirectoryError: "c'est un dossier",
        }  # fmt: skip
        raise FileUnreachable(reason=reasons.get(type(error), "la lecture échoue")) from error


def _actor_and_place(subject: str, wanted: str) -> tuple[Actor, Essms]:
    """Return who acts and where: the only establishment when there is one, else the one asked for."""
    from amarre.dui.access.actors import Place, build_actor, places_of
    from amarre.dui.access.scope import system_scope
    from amarre.dui.accounts.models import User
    from amarre.dui.core.actor import system_actor
    from amarre.dui.organisations.models import Essms
    from amarre.dui.usagers.importing.errors import ActorUnknown, EssmsToChoose

    places: dict[int, Place] = {}
    with system_scope("command line: choice of the establishment"):
        rows = Essms.objects.filter(is_open=True).order_by("pk")
        user = None
        if subject:
            user = User.objects.filter(subject_name_id=subject, is_active=True).first()
            if user is None:
                raise ActorUnknown
            places = {place.essms_id: place for place in places_of(user)}
            rows = rows.filter(pk__in=places)
        known = list(rows)
    found = [one for one in known if not wanted or wanted in (str(one.pk), one.finess_eg)]
    if len(found) != 1:
        listed = "; ".join(f"{one.pk} {one.name} ({one.finess_eg})" for one in known)
        raise EssmsToChoose(known=listed or "aucun")
    essms = found[0]
    if user is None:
        return system_actor("import", essms_id=essms.pk, organisme_id=essms.organisme_id), essms
    return build_actor(user, places[essms.pk], means="cli"), essms


def _check_refused_file(path: Path | None) -> None:
    from amarre.dui.usagers.importing.errors import RefusedFileExists

    if path is not None and (path.exists() or not path.parent.is_dir()):
        raise RefusedFileExists


def _write_refused(path: Path, table: Table, plan: ImportPlan) -> None:
    """Write the refused rows, readable by their owner only; never over another file."""
    from amarre.dui.usagers.importing.errors import RefusedFileExists
    from amarre.dui.usagers.importing.refused_file import refused_csv

    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except OSError as error:
        raise RefusedFileExists from error
    with os.fdopen(descriptor, "wb") as file:
        file.write(refused_csv(table.columns, plan.refused))


def _report(args: argparse.Namespace, essms: Essms, table: Table, plan: ImportPlan) -> None:
    (_report_json if args.json else _report_text)(args, essms, table, plan)


def _report_json(args: argparse.Namespace, essms: Essms, table: Table, plan: ImportPlan) -> None:
    from amarre.dui.usagers.importing.plan import Fate

    print_json(
        {
            "essai": args.dry_run,
            "etablissement": {"id": essms.pk, "nom": essms.name, "finess": essms.finess_eg},
            "lecture": list(table.notes),
            "colonnes": [
                {
                    "titre": column.heading,
                    "champ": column.field.value if column.field else None,
                    "non_reprise": column.aside.value if column.aside else None,
                }
                for column in plan.choice.columns
            ],
            "lignes": len(table.lines),
            "crees": len(plan.to_open),
            "dont_deja_connus_de_l_organisme": len(plan.of(Fate.ATTACH)),
            "deja_connus": len(plan.known),
            "refusees": len(plan.refused),
            "a_regarder": [
                {"ligne": row.person.line, "remarques": list(row.person.flags)} for row in plan.flagged
            ],
            "ecarts": [{"ligne": row.person.line, "traits": list(row.gaps)} for row in plan.rows if row.gaps],
            "refus": [
                {"ligne": p.line, "colonne": p.column, "raison": p.reason, "a_faire": p.advice}
                for row in plan.refused
                for p in row.problems
            ],
        }
    )


def _report_text(args: argparse.Namespace, essms: Essms, table: Table, plan: ImportPlan) -> None:
    from amarre.dui.usagers.import_page import aside_lines
    from amarre.dui.usagers.importing.plan import Fate

    print(f"{args.file.name} : {len(table.lines)} lignes. {' '.join(table.notes)}")
    print(f"Établissement : {essms.name} (n° {essms.pk}, FINESS {essms.finess_eg or 'absent'})")
    for column in plan.choice.columns:
        if column.field is not None:
            print(f"  « {column.heading} » : {column.field.label}")
    for line in aside_lines(plan):
        print(f"  Non repris : {line}")
    print("Essai : rien n'est écrit." if args.dry_run else "Import fait.")
    verb = "à ouvrir" if args.dry_run else "ouverts"
    attached = len(plan.of(Fate.ATTACH))
    print(f"  Dossiers {verb} : {len(plan.to_open)} (dont {attached} de personnes connues de l'organisme)")
    print(f"  Déjà dans l'établissement, inchangés : {len(plan.known)}")
    print(f"  Lignes refusées : {len(plan.refused)}")
    if plan.month_first:
        print("Attention : des dates ont le mois avant le jour ; les autres sont peut-être inversées aussi.")
    _print_details(plan)
    if plan.refused and args.refus:
        print(f"Lignes refusées écrites dans {args.refus}")
    elif plan.refused:
        print("Ajoutez --refus FICHIER pour recevoir les lignes refusées à corriger.")


def _print_details(plan: ImportPlan) -> None:
    problems = [problem for row in plan.refused for problem in row.problems]
    for problem in problems[:SHOWN_PROBLEMS]:
        print(f"  ligne {problem.line}, colonne « {problem.column} » : {problem.reason} {problem.advice}")
    if len(problems) > SHOWN_PROBLEMS:
        print(f"  … et {len(problems) - SHOWN_PROBLEMS} autres raisons.")
    remarks = [f"  ligne {row.person.line} : {'; '.join(row.person.flags)}" for row in plan.flagged]
    remarks += [
        f"  ligne {row.person.line} : déjà connue, rien n'est modifié ; diffère : {', '.join(row.gaps)}"
        for row in plan.known
        if row.gaps
    ]
    if remarks:
        print("À regarder :")
        print("\n".join(remarks[:SHOWN_PROBLEMS]))
    if len(remarks) > SHOWN_PROBLEMS:
        print(f"  … et {len(remarks) - SHOWN_PROBLEMS} autres remarques.")
