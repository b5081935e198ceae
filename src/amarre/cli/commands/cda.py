"""`amarre cda check FILE` and `amarre cda show FILE`: judge a CDA document, read it."""

from __future__ import annotations

import argparse
import datetime
import zoneinfo
from typing import Any, TextIO

from amarre.cli.files import explaining, ordinary_file, read_bounded
from amarre.cli.output import plural, print_json
from amarre.interop.cda import (
    CheckContext,
    Finding,
    ReceivedActor,
    ReceivedDocument,
    Severity,
    Target,
    check,
)
from amarre.interop.cda.display import DisplayDocument, DisplaySection, display, render_section, render_text
from amarre.interop.common.clock import SystemClock

_PARIS = zoneinfo.ZoneInfo("Europe/Paris")
_MASKED = "•••"
SEVERITIES = {Severity.ERROR: "erreur", Severity.WARNING: "attention"}


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Register the command."""
    parser = subparsers.add_parser("cda", help="vérifier ou lire un document CDA")
    actions = parser.add_subparsers(dest="action", metavar="ACTION", required=True)
    checker = actions.add_parser("check", help="appliquer les contrôles d'Amarre à un document")
    checker.add_argument("file", type=ordinary_file, metavar="FICHIER", help="document CDA (.xml)")
    checker.add_argument("--dmp", action="store_true", help="avec les listes fermées du DMP")
    checker.add_argument("--json", action="store_true", help="sortie pour un programme")
    checker.set_defaults(run=run_check)
    shower = actions.add_parser("show", help="afficher l'en-tête et le contenu d'un document")
    shower.add_argument("file", type=ordinary_file, metavar="FICHIER", help="document CDA (.xml)")
    shower.add_argument("--entete", action="store_true", help="l'en-tête seul, sans le contenu")
    shower.add_argument("--traits", action="store_true", help="montrer l'identité de la personne")
    shower.add_argument("--json", action="store_true", help="sortie pour un programme")
    shower.set_defaults(run=run_show)


def run_check(args: argparse.Namespace) -> int:
    """Print the findings; 0 when nothing blocks, 1 otherwise."""
    target = Target.DMP if args.dmp else Target.CISIS
    data = read_bounded(args.file)
    with explaining(args.file):
        findings = check(data, CheckContext(target=target, now=SystemClock().now()))
    errors = sum(finding.severity is Severity.ERROR for finding in findings)
    if args.json:
        rows = [finding_row(finding) for finding in findings]
        print_json({"fichier": args.file.name, "cible": target.value, "erreurs": errors, "constats": rows})
    else:
        print_findings(findings)
        print(f"{args.file.name} : {_verdict(errors, len(findings) - errors)}")
    return 1 if errors else 0


def _verdict(errors: int, remarks: int) -> str:
    first = "aucune erreur" if not errors else plural(errors, "erreur")
    return f"{first}, {plural(remarks, 'point')} à vérifier." if remarks else f"{first}."


def finding_row(finding: Finding) -> dict[str, str]:
    """Return a broken rule for a program."""
    return {
        "regle": finding.rule,
        "gravite": SEVERITIES[finding.severity],
        "message": finding.message,
        "a_faire": finding.advice,
        "ou": finding.where,
        "source": finding.source,
    }


def print_findings(findings: tuple[Finding, ...], file: TextIO | None = None) -> None:
    """Print broken rules for a person, what blocks first; on standard output unless `file` is given."""
    for finding in sorted(findings, key=lambda item: item.severity is not Severity.ERROR):
        label = "Erreur" if finding.severity is Severity.ERROR else "À vérifier"
        print(f"{label} {finding.rule} : {finding.message}", file=file)
        print(f"  À faire : {finding.advice}", file=file)
        print(f"  Où : {finding.where}", file=file)
        print(f"  Source : {finding.source}", file=file)


def run_show(args: argparse.Namespace) -> int:
    """Print the header, then the content as the reader understands it.

    The identity of the header is masked unless --traits; the words of the content are the sender's.
    """
    data = read_bounded(args.file)
    with explaining(args.file):
        document = display(data)
    rows = describe(document.header, traits=args.traits)
    if args.json:
        print_json(rows if args.entete else {**rows, **_content(document)})
        return 0
    width = max(len(name) for name in rows)
    for name, value in rows.items():
        shown = " ; ".join(value) if isinstance(value, list) else value
        print(f"{name.replace('_', ' '):{width}}  {shown or '—'}")
    if not args.entete:
        print(f"\n{render_text(document)}")
    return 0


def _content(document: DisplayDocument) -> dict[str, Any]:
    """Return the content for a program: sections with their words, files by reference, remarks."""
    return {
        "rubriques": [_section(section) for section in document.sections],
        "fichiers": [
            {"identifiant": item.identifier, "format": item.media_type, "octets": item.size}
            for item in document.media
        ],
        "remarques": [remark.value for remark in document.remarks],
    }


def _section(section: DisplaySection) -> dict[str, Any]:
    return {
        "titre": section.title,
        "code": section.code.code,
        "texte": render_section(section),
        "rubriques": [_section(part) for part in section.sections],
    }


def describe(document: ReceivedDocument, *, traits: bool) -> dict[str, str | list[str]]:
    """Return the header as French names and texts, in reading order."""
    person = document.patient
    identity = {
        "matricule_ins": f"{person.ins.extension} (OID {person.ins.root})" if person.ins else "",
        "nom_de_naissance": person.birth_name,
        "prenoms": person.given_names,
        "premier_prenom": person.first_given_name,
        "nom_utilise": person.used_name,
        "prenom_utilise": person.used_given_name,
        "sexe": person.sex,
        "date_de_naissance": person.birth_date,
        "lieu_de_naissance": person.birthplace_code,
    }
    if not traits:
        identity = {name: _MASKED if value else "" for name, value in identity.items()}
    return {
        "identifiant": document.document_id.root,
        "famille_de_versions": document.set_id.root,
        "version": "" if document.version is None else str(document.version),
        "remplace": [parent.root for kind, parent in document.related if kind == "RPLC"],
        "type": f"{document.type_code.display} ({document.type_code.code})",
        "titre": document.title,
        "cree_le": _time(document.effective_time),
        "langue": document.language,
        "confidentialite": document.confidentiality,
        **identity,
        "auteurs": [_actor(author) for author in document.authors],
        "responsable": _actor(document.legal_authenticator) if document.legal_authenticator else "",
        "structure": document.custodian,
        "cadre_d_exercice": document.practice_setting.display,
        "type_de_structure": document.facility.display,
        "debut_de_l_acte": _time(document.service_start),
        "contenu": "structuré" if document.structured else document.media_type,
    }


def _actor(actor: ReceivedActor) -> str:
    """Return name (or system), profession, organization; professionals are not masked."""
    name = f"{actor.name.given} {actor.name.family}".strip() or actor.device
    return ", ".join(part for part in (name, actor.code.display, actor.organization) if part)


def _time(value: datetime.datetime | None) -> str:
    return "" if value is None else value.astimezone(_PARIS).strftime("%d/%m/%Y %H:%M")
