"""`amarre document list|skeleton|render`: a document of the catalogue from data, without a database.

What is printed is what the record would print, but for what only the record may say: without a dossier there
is no qualified identity, so neither matricule nor Datamatrix, and no number of the establishment.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from amarre.cli.document_data import read_data, skeleton_of
from amarre.cli.files import new_file, ordinary_file, write_private
from amarre.cli.output import print_json

if TYPE_CHECKING:
    from amarre.dui.authoring.catalogue import Template

# Not offered where the record is not installed. None of the two verbs opens its database.
NEEDS = ("typst", "django")


def add_parser(subparsers: argparse._SubParsersAction[Any]) -> None:
    """Add the command `document` and its own commands."""
    parser = subparsers.add_parser("document", help="composer un document du catalogue, sans base de données")
    actions = parser.add_subparsers(dest="action", metavar="ACTION", required=True)
    lister = actions.add_parser("list", help="lister les modèles du catalogue")
    _finish(lister, run_list)
    skeleton = actions.add_parser("skeleton", help="écrire les données à remplir pour un modèle")
    skeleton.add_argument("template", metavar="MODELE", help="nom du modèle (amarre document list)")
    skeleton.set_defaults(run=run_skeleton)
    render = actions.add_parser("render", help="composer un PDF/A à partir de données")
    render.add_argument("template", metavar="MODELE", help="nom du modèle (amarre document list)")
    render.add_argument("data", type=ordinary_file, metavar="DONNEES", help="données (.json)")
    render.add_argument(
        "-o", "--out", type=new_file, required=True, metavar="FICHIER", help="fichier à créer (.pdf)"
    )
    render.add_argument(
        "--brouillon", action="store_true", help="même incomplet, avec le mot « brouillon » sur chaque page"
    )
    _finish(render, run_render)


def _finish(parser: argparse.ArgumentParser, run: Any) -> None:
    parser.add_argument("--json", action="store_true", help="réponse en JSON")
    parser.set_defaults(run=run)


def _template(key: str) -> Template:
    """Return the template `key`, every kind of block declared. Raises TemplateUnknown."""
    # Imported when used: the other commands do not pay for the record.
    from amarre.dui.authoring import structured  # noqa: F401 - declares the structured blocks
    from amarre.dui.authoring.catalogue import TEMPLATES, find_template
    from amarre.dui.authoring.errors import TemplateUnknown

    found = find_template(key)
    if found is None:
        raise TemplateUnknown(key=key[:40], keys=", ".join(item.key for item in TEMPLATES))
    return found


def run_list(args: argparse.Namespace) -> int:
    """Print the templates: key, words, type of document, level."""
    from amarre.dui.authoring.catalogue import TEMPLATES

    rows = [
        {"modele": item.key, "titre": item.label, "type": item.type_code, "niveau": item.level.value.upper()}
        for item in TEMPLATES
    ]
    if args.json:
        print_json(rows)
        return 0
    width = max(len(row["modele"]) for row in rows)
    for row in rows:
        print(f"{row['modele']:{width}}  {row['titre']} ({row['type']}, {row['niveau']})")
    return 0


def run_skeleton(args: argparse.Namespace) -> int:
    """Print the data a template asks for, empty."""
    print(json.dumps(skeleton_of(_template(args.template)), ensure_ascii=False, indent=2))
    return 0


def run_render(args: argparse.Namespace) -> int:
    """Compose, write the file, say what was made."""
    from amarre.dui.documents.rendering import page_count, render_pdf

    template = _template(args.template)
    content = read_data(args.data, template, draft=args.brouillon)
    pdf = render_pdf(content)
    write_private(args.out, pdf)
    pages = page_count(pdf)
    if args.json:
        print_json({"fichier": _name(args.out), "modele": template.key, "pages": pages, "octets": len(pdf)})
    else:
        print(f"{_name(args.out)} : {template.label}, {pages} page{'s' if pages > 1 else ''}.")
    return 0


def _name(path: Path) -> str:
    return path.name
