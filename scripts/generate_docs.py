#!/usr/bin/env python3
"""Write the reference pages made from the code, or say which ones are out of date.

usage: make docs        or  python scripts/generate_docs.py [--check] [PAGE…]

Each page is a function returning its whole text, the same on every machine: no date, no path of the machine,
nothing read from the person's environment.
"""

from __future__ import annotations

import argparse
import contextlib
import difflib
import importlib
import os
import pkgutil
import sys
import tempfile
import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
REFERENCE = Path("docs") / "reference"
BY_HAND = "Page produite par `make docs` à partir du code : ne la modifiez pas à la main."

# Values of the settings that have no default, only to read what production declares.
_PRODUCTION = {
    "AMARRE_SECRET_KEY": "x",
    "AMARRE_AUDIT_KEY": "x",
    "AMARRE_PUBLIC_URL": "https://localhost",
    "AMARRE_HOSTS": "localhost",
    "DATABASE_URL": "sqlite:",
    "AMARRE_PSC_AUTHENTICATION": "client_secret_basic",
    "AMARRE_PSC_CLIENT_SECRET": "x",
}


_KINDS = {
    "text": "texte",
    "boolean": "oui ou non (1, 0)",
    "integer": "nombre",
    "list": "liste, virgules",
    "path": "chemin",
}
# Read only when another variable says so.
_CONDITIONS = {"AMARRE_PSC_CLIENT_SECRET": "AMARRE_PSC_AUTHENTICATION=client_secret_basic"}


# --- Errors -----------------------------------------------------------------------------------------------
FAMILIES = {
    "ACC": "Droits et habilitations",
    "ANN": "Annuaire Santé",
    "CDA": "Document CDA",
    "CLI": "Ligne de commande",
    "DMP": "Dépôt au DMP",
    "DOC": "Documents",
    "ECR": "Documents à écrire",
    "EXC": "File des envois",
    "IMG": "Images",
    "FIC": "Fichiers donnés en ligne de commande",
    "IMP": "Import d’une liste",
    "IND": "Indicateurs",
    "INS": "Identité nationale de santé",
    "INSI": "Téléservice INSi",
    "MSS": "MSSanté",
    "MTM": "Messages en plusieurs parties (MTOM)",
    "PRJ": "Projet personnalisé",
    "PSC": "Pro Santé Connect",
    "ORG": "Réglages de l’établissement",
    "REC": "Documents reçus ou écrits ailleurs",
    "SES": "Session",
    "SOAP": "Enveloppes SOAP",
    "TRA": "Réseau et certificats",
    "USA": "Dossiers et identités",
    "WEB": "Site",
    "XDM": "Archive IHE_XDM.zip",
    "XDS": "Réponses du DMP (XDS)",
    "XML": "Lecture de XML reçu",
}
_RETRY = {
    "never": "ne sert à rien",
    "later": "Amarre réessaie seul",
    "after_fix": "après correction",
}
_PHASE = {
    "build": "préparation",
    "connect": "connexion",
    "send": "envoi",
    "wait": "attente de la réponse",
    "read": "lecture de la réponse",
    "remote": "traitement par le service",
}
_FAULT = {"ours": "Amarre ou ses réglages", "theirs": "le service distant", "data": "les données saisies"}
_EFFECT = {
    "none": "rien n’a été fait de l’autre côté",
    "unknown": "peut-être fait de l’autre côté, Amarre interroge avant de renvoyer",
}
_CONTACT = {
    "support": "le support d’Amarre",
    "referent_identite": "le référent identitovigilance",
    "administrateur": "l’administrateur de l’établissement",
    "pilote_dui": "le pilote du DUI",
    "dpo": "le délégué à la protection des données",
    "destinataire": "le destinataire, par téléphone",
}


def errors_page() -> str:
    """Return `erreurs.md`: every explained error, by family."""
    from amarre.interop.common.errors import walk_error_classes

    for package in ("amarre.interop", "amarre.dui", "amarre.cli"):
        import_all(package)
    families: dict[str, list[list[str]]] = {}
    for cls in walk_error_classes():
        if cls.__module__.startswith("amarre."):
            families.setdefault(cls.code.partition("-")[0], []).append(error_lines(cls))
    families["WEB"] = [page_lines(item) for item in frame_pages()]
    lines = [
        "# Catalogue des erreurs",
        "",
        BY_HAND,
        "",
        "Chaque erreur a un code, à recopier quand vous demandez de l’aide. "
        "Les mots entre accolades sont remplacés à l’écran. "
        "Que faire, par famille : [questions fréquentes](../guide/questions-frequentes.md).",
        "",
    ]
    lines += [
        f"- [{family}](#{slug(heading(family))}) : {len(families[family])}" for family in sorted(families)
    ]
    for family in sorted(families):
        lines += ["", f"## {heading(family)}"]
        for entry in families[family]:
            lines += entry
    return "\n".join(lines) + "\n"


def heading(family: str) -> str:
    """Return the title of a family; raises KeyError when FAMILIES lacks it."""
    return f"{family} · {FAMILIES[family]}"


def error_lines(cls: Any) -> list[str]:
    """Return the section of one error class."""
    retry, effect = _RETRY[cls.retry.value], _EFFECT[cls.effect.value]
    return [
        *sentences(cls),
        f"- Réessayer : {retry}. Étape : {_PHASE[cls.phase.value]}. "
        f"En cause : {_FAULT[cls.fault.value]}. Effet : {effect}.",
        f"- Dans le code : `{cls.__module__}.{cls.__qualname__}`",
    ]


def page_lines(page: Any) -> list[str]:
    """Return the section of one page of the frame."""
    return [*sentences(page), "- Dans le code : `amarre.dui.web.errors`"]


def sentences(item: Any) -> list[str]:
    """Return the parts a person reads, of an error class or of an explanation."""
    return [
        "",
        f"### {item.code}",
        "",
        f"**{escape(item.what)}**",
        "",
        f"- Vos données : {escape(item.data_state)}",
        f"- À faire : {escape(item.advice)}",
        f"- Qui appeler : {_CONTACT[item.contact.value]}.",
    ]


def frame_pages() -> list[Any]:
    """Return the explanations of the site's own error pages, by code."""
    from amarre.dui.web import errors
    from amarre.interop.common.errors import Explanation

    found = [item for item in vars(errors).values() if isinstance(item, Explanation)]
    return sorted(found, key=lambda item: str(item.code))


# --- Settings ---------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Setting:
    """One variable as one profile declares it; `default` is shown as it stands."""

    name: str
    kind: str
    default: str
    help: str


def declared(profile: str) -> dict[str, Setting]:
    """Return what `amarre.dui.config.settings.<profile>` reads, by name."""
    from amarre.dui.core.env import env

    package = "amarre.dui.config.settings"
    with tempfile.TemporaryDirectory() as folder:
        var_dir = Path(folder) / "var"
        var_dir.mkdir()
        given = {"AMARRE_VAR_DIR": str(var_dir), **(_PRODUCTION if profile == "production" else {})}
        env.declared.clear()
        for name in ("base", profile):
            sys.modules.pop(f"{package}.{name}", None)
        with clean_environment(given):
            importlib.import_module(f"{package}.{profile}")
        found = {
            item.name: Setting(item.name, item.kind, plain_default(item.default, var_dir), item.help)
            for item in env.declared.values()
        }
    for name in ("base", profile):
        sys.modules.pop(f"{package}.{name}", None)
    return found


def plain_default(text: str, var_dir: Path) -> str:
    """Return a default without the folder of this machine."""
    for folder in (str(var_dir), str(Path.cwd() / "var")):
        text = text.replace(folder, "var")
    return text


def sandbox_settings() -> dict[str, Setting]:
    """Return what the sandbox reads in the environment, by asking it with a mapping that listens."""
    from amarre.sandbox.settings import from_environment

    class Listening(dict[str, str]):
        def get(self, name: str, default: Any = None) -> Any:
            asked[name] = Setting(name, "text", str(default) if default is not None else "var/sandbox", "")
            return default

    asked: dict[str, Setting] = {}
    from_environment(Listening())
    return asked


def settings_page() -> str:
    """Return `parametres.md`: what each profile reads, with its default."""
    demo, production = declared("demo"), declared("production")
    lines = [
        "# Paramètres",
        "",
        BY_HAND,
        "",
        "Amarre se règle par des variables d’environnement. Un secret `NOM` peut être donné par un fichier, "
        "dans `NOM_FILE` : préférez-le. Une valeur absente ou mal formée arrête le démarrage et le dit.",
        "",
        "Le profil se choisit par `DJANGO_SETTINGS_MODULE` : `amarre.dui.config.settings.demo` "
        "(défaut de `amarre manage`) ou `amarre.dui.config.settings.production` (défaut du serveur).",
        "",
        "## Dossier (production et démonstration)",
        "",
        "| Variable | Type | Défaut en production | Défaut en démonstration | Sert à |",
        "|---|---|---|---|---|",
    ]
    for name in sorted(demo.keys() | production.keys()):
        one = production.get(name) or demo[name]
        cells = [kind(one), shown(production.get(name)), shown(demo.get(name)), escape(one.help)]
        lines.append(f"| `{name}` | {' | '.join(cells)} |")
    lines += [
        "",
        "« obligatoire » : pas de défaut. « – » : ce profil ne lit pas la variable.",
        "",
        *(f"`{name}` n’est lu qu’avec `{value}`." for name, value in _CONDITIONS.items()),
        "",
        "## Bac à sable",
        "",
        "Les options de `amarre sandbox` passent avant ces variables.",
        "",
        "| Variable | Défaut |",
        "|---|---|",
    ]
    lines += [f"| `{item.name}` | {shown(item)} |" for _, item in sorted(sandbox_settings().items())]
    return "\n".join(lines) + "\n"


def kind(setting: Setting) -> str:
    """Return the shape of a value in French."""
    return _KINDS.get(setting.kind, f"secret, ou fichier dans `{setting.name}_FILE`")


def shown(setting: Setting | None) -> str:
    """Return the default of a setting as a cell."""
    if setting is None:
        return "–"
    if setting.default == "required":
        return "**obligatoire**"
    return f"`{setting.default}`" if setting.default else "vide"


def env_example() -> str:
    """Return `.env.example`: every variable production reads, the required ones to fill in."""
    lines = [
        "# Amarre: variables of a production installation. Written by `make docs`; do not edit by hand.",
        "# Amarre does not read this file by itself: copy it to .env, fill it in, then",
        "#   set -a; . ./.env; set +a",
        "# or name it in your service unit (EnvironmentFile=). Keep secrets in files (NAME_FILE).",
        "",
        "DJANGO_SETTINGS_MODULE=amarre.dui.config.settings.production",
    ]
    for name, item in sorted(declared("production").items()):
        lines += ["", f"# {item.help}" if item.help else f"# ({item.kind})"]
        if name in _CONDITIONS:
            lines += [f"# Only with {_CONDITIONS[name]}.", f"#{name}_FILE="]
        elif item.kind.startswith("secret"):
            lines.append(f"{name}_FILE=")
        elif item.default == "required":
            lines.append(f"{name}=")
        else:
            lines.append(f"#{name}={item.default}")
    return "\n".join(lines) + "\n"


# --- Commands ---------------------------------------------------------------------------------------------
def commands_page() -> str:
    """Return `commandes.md`: the tree of `amarre`, then the database commands of `amarre manage`."""
    lines = [
        "# Commandes",
        "",
        BY_HAND,
        "",
        "`amarre` se trouve dans `.venv/bin` après `make setup`. "
        "Codes de sortie : 0 fait, 1 refusé ou échoué (et expliqué), 2 mauvais usage, 130 interrompu.",
    ]
    parser = argparse.ArgumentParser(prog="amarre")
    subparsers = parser.add_subparsers()
    for _, target in sorted(entry_points().items()):
        module, _, function = target.partition(":")
        getattr(importlib.import_module(module), function)(subparsers)
    lines += tree_lines(parser, level=2)
    lines += ["", "## Commandes de `amarre manage`", "", "Avec celles de Django (`migrate`, `check`…) :"]
    for name, command in management_commands():
        own = command.create_parser("amarre manage", name)
        lines += ["", f"### `amarre manage {name}`", "", command.help or ""]
        lines += argument_lines(own, skip=_django_options())
    return "\n".join(lines) + "\n"


def entry_points() -> dict[str, str]:
    """Return the commands `pyproject.toml` declares: name → module:function."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    found: dict[str, str] = project["entry-points"]["amarre.commands"]
    return found


def tree_lines(parser: argparse.ArgumentParser, level: int) -> list[str]:
    """Return the sections of the subcommands of `parser`, deepest last."""
    lines: list[str] = []
    for action in actions_of(parser):
        for name, child in children(action).items():
            helps = {choice.dest: choice.help or "" for choice in vars(action)["_choices_actions"]}
            lines += ["", f"{'#' * min(level, 4)} `{child.prog}`", "", sentence(helps.get(name, ""))]
            lines += argument_lines(child, skip=frozenset({"help"}))
            lines += tree_lines(child, level + 1)
    return lines


def actions_of(parser: argparse.ArgumentParser) -> list[argparse.Action]:
    """Return the arguments of a parser: argparse keeps them without a public name."""
    found: list[argparse.Action] = vars(parser)["_actions"]
    return found


def children(action: argparse.Action) -> Mapping[str, argparse.ArgumentParser]:
    """Return the subcommands an argument gives, by name; nothing for an ordinary argument."""
    choices = action.choices
    return choices if isinstance(choices, Mapping) else {}


def argument_lines(parser: argparse.ArgumentParser, skip: frozenset[str]) -> list[str]:
    """Return one list line per argument, blank line first; nothing when there is none."""
    lines = []
    for action in actions_of(parser):
        if action.dest in skip or children(action):
            continue
        name = ", ".join(action.option_strings) or str(action.metavar or action.dest)
        value = "" if action.nargs == 0 or not action.option_strings else f" {argument_value(action)}"
        must = "obligatoire" if action.required and action.option_strings else ""
        text = " ; ".join(note for note in (action.help or "", must) if note)
        lines.append(f"- `{name}{value}`" + (f" : {escape(text)}" if text else ""))
    return ["", *lines] if lines else []


def argument_value(action: argparse.Action) -> str:
    """Return the placeholder of an option's value."""
    if action.choices:
        return "{" + ",".join(str(choice) for choice in action.choices) + "}"
    return str(action.metavar or action.dest.upper())


def management_commands() -> Iterator[tuple[str, Any]]:
    """Yield our own Django commands, by name."""
    from django.core.management import get_commands, load_command_class

    for name, app in sorted(get_commands().items()):
        if str(app).startswith("amarre."):
            yield name, load_command_class(str(app), name)


def _django_options() -> frozenset[str]:
    from django.core.management.base import BaseCommand

    return frozenset(action.dest for action in actions_of(BaseCommand().create_parser("amarre", "any")))


# --- Trace, value sets ------------------------------------------------------------------------------------
def verbs_page() -> str:
    """Return `verbes-journal.md`: what the trace of accesses can say."""
    from amarre.dui.audit.registry import registered

    lines = [
        "# Verbes du journal des accès",
        "",
        BY_HAND,
        "",
        "Le journal dit qui a fait quoi, quand, dans quel établissement. "
        "Un verbe non déclaré est refusé, comme un détail qui n’est pas dans la liste de son verbe.",
        "",
        "| Verbe | « Maud Keravel … » | Consultation | Détails admis |",
        "|---|---|---|---|",
    ]
    for verb in registered():
        details = ", ".join(f"`{name}`" for name in sorted(verb.details)) or "–"
        lines.append(
            f"| `{verb.name}` | {escape(verb.sentence)} | {'oui' if verb.reading else '–'} | {details} |"
        )
    return "\n".join(lines) + "\n"


def terminologies_page() -> str:
    """Return `terminologies.md`: each shipped value set, its version, its source, its use in the kit."""
    from amarre.interop.terminology import ValueSetId

    uses = {member.value: member.name for member in ValueSetId}
    lines = [
        "# Terminologies embarquées",
        "",
        BY_HAND,
        "",
        "Chaque jeu est un fichier de `src/amarre/interop/terminology/data/` avec sa version et sa source. "
        "Le mettre à jour, c’est remplacer le fichier. Rien n’est téléchargé par le logiciel.",
        "",
        "| Fichier | Nom | OID | Version | Codes | Usage (`ValueSetId`) | Source |",
        "|---|---|---|---|---|---|---|",
    ]
    for stem, head, count in terminology_files():
        use = f"`{uses[stem]}`" if stem in uses else "table interne"
        cells = [head["name"], head["oid"] or "–", head["version"] or "non publiée", str(count), use]
        lines.append(f"| `{stem}` | {' | '.join(map(escape, cells))} | {escape(head['source'])} |")
    return "\n".join(lines) + "\n"


def terminology_files() -> Iterator[tuple[str, Mapping[str, str], int]]:
    """Yield (stem, heading, number of rows) of each data file, by name."""
    folder = files("amarre.interop.terminology").joinpath("data")
    for item in sorted(folder.iterdir(), key=lambda entry: entry.name):
        if not item.name.endswith(".tsv"):
            continue
        rows = item.read_text("utf-8").splitlines()
        head = {"name": "", "oid": "", "version": "", "source": ""}
        head |= dict(row[2:].split("\t", 1) for row in rows if row.startswith("# "))
        yield item.name.removesuffix(".tsv"), head, sum(not row.startswith("# ") for row in rows) - 1


def rights_page() -> str:
    """Return `habilitations.md`, as `amarre manage habilitations` writes it."""
    from amarre.dui.access.matrix import matrix_page

    return matrix_page()


def fidelity_page() -> str:
    """Return `sandbox-fidelity.md`, as `python -m amarre.sandbox.fidelity` writes it."""
    from amarre.sandbox.fidelity import page

    return page()


def answers_page() -> str:
    """Return `reponses-anormales.md`: what the DMP may answer, and what Amarre says of it."""
    # The shapes are those the tests play: the page shows what is said when they come back.
    sys.path.insert(0, str(ROOT))
    from tests.interop.clients.bad_answers import SHAPES
    from tests.interop.clients.test_dmp_bad_answers import refusal

    lines = [
        "# Réponses anormales du DMP",
        "",
        BY_HAND,
        "",
        f"Les {len(SHAPES)} formes de réponse que les tests font revenir du DMP, et la phrase affichée. "
        "Deux causes différentes n’ont jamais la même phrase ; un test le vérifie. "
        "Les codes sont dans le [catalogue des erreurs](erreurs.md).",
        "",
        "| Ce qui revient | Cause | Ce qu’Amarre dit | À faire | Code |",
        "|---|---|---|---|---|",
    ]
    for shape in SHAPES:
        said = refusal(shape).explanation()
        cells = [shape.name, shape.cause, said.what, said.advice, said.code]
        lines.append(f"| {' | '.join(map(escape, cells))} |")
    return "\n".join(lines) + "\n"


PAGES: dict[Path, Callable[[], str]] = {
    REFERENCE / "erreurs.md": errors_page,
    REFERENCE / "reponses-anormales.md": answers_page,
    REFERENCE / "parametres.md": settings_page,
    REFERENCE / "commandes.md": commands_page,
    REFERENCE / "verbes-journal.md": verbs_page,
    REFERENCE / "terminologies.md": terminologies_page,
    REFERENCE / "habilitations.md": rights_page,
    REFERENCE / "sandbox-fidelity.md": fidelity_page,
    Path(".env.example"): env_example,
}


# --- Words ------------------------------------------------------------------------------------------------
def escape(text: str) -> str:
    """Return text that stays in its table cell or its paragraph."""
    return " ".join(text.split()).replace("|", "\\|").replace("<", "&lt;")


def sentence(text: str) -> str:
    """Return the text with a capital and a full stop."""
    text = escape(text)
    return text[:1].upper() + text[1:] + ("" if not text or text.endswith((".", "!", "?")) else ".")


def slug(title: str) -> str:
    """Return the anchor GitHub and GitLab give to a heading."""
    kept = (char for char in title.lower() if char.isalnum() or char in " -_")
    return "".join(kept).replace(" ", "-")


# --- Environment ------------------------------------------------------------------------------------------
@contextlib.contextmanager
def clean_environment(given: Mapping[str, str]) -> Iterator[None]:
    """Run with no variable of Amarre but `given`; the person's own come back after."""
    ours = {name for name in os.environ if name.startswith("AMARRE_") or name == "DATABASE_URL"}
    kept = {name: os.environ.pop(name) for name in ours}
    os.environ.update(given)
    try:
        yield
    finally:
        for name in given:
            os.environ.pop(name, None)
        os.environ.update(kept)


def import_all(package: str) -> None:
    """Import every module of a package, so that its error classes exist."""
    root = importlib.import_module(package)
    for module in pkgutil.walk_packages(root.__path__, f"{package}."):
        if not (
            module.name.endswith("__main__") or ".config." in module.name or ".migrations" in module.name
        ):
            importlib.import_module(module.name)


def start_django() -> None:
    """Load the applications of the record with the settings of the tests."""
    import django

    os.environ["DJANGO_SETTINGS_MODULE"] = "amarre.dui.config.settings.test"
    django.setup()


def main(argv: list[str] | None = None) -> int:
    """Write the pages, or return 1 with the differences when one is out of date."""
    parser = argparse.ArgumentParser(prog="generate_docs.py", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("pages", nargs="*", type=Path, help="paths of pages (all)")
    parser.add_argument(
        "--check", action="store_true", help="write nothing, exit 1 when a page is out of date"
    )
    args = parser.parse_args(argv)
    unknown = [str(page) for page in args.pages if page not in PAGES]
    if unknown:
        parser.error(f"unknown page: {', '.join(unknown)}")
    with clean_environment({}):
        start_django()
        late = [path for path in args.pages or PAGES if not settle(path, PAGES[path](), check=args.check)]
    if late:
        sys.stderr.write("Out of date, run make docs: " + ", ".join(map(str, late)) + "\n")
    return 1 if late else 0


def settle(path: Path, text: str, *, check: bool) -> bool:
    """Write a page, or compare it and print where it differs. Return False when it is out of date."""
    target = ROOT / path
    current = target.read_text("utf-8") if target.exists() else ""
    if current == text:
        return True
    if check:
        lines = difflib.unified_diff(
            current.splitlines(), text.splitlines(), str(path), "code", lineterm="", n=0
        )
        sys.stderr.write("\n".join(list(lines)[:12]) + "\n")
        return False
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(text, "utf-8")
    print(f"written {path}")
    return True


if __name__ == "__main__":
    sys.exit(main())
