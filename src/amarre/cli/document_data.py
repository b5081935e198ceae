"""The data of `amarre document render`: a JSON file, checked field by field, refused with the field's name.

DataRefused
├── DataNotJson      CLI-010
├── DataWrong        CLI-011
└── DataIncomplete   CLI-012
"""

from __future__ import annotations

import datetime
import json
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from amarre.cli.files import read_bounded
from amarre.interop.common.clock import SystemClock
from amarre.interop.common.errors import AmarreError, Contact, Fault, Phase, Retry

if TYPE_CHECKING:
    from amarre.dui.authoring.catalogue import Template
    from amarre.dui.documents.rendering import DocumentContent

MAX_BYTES = 1_000_000
# Field → whether it must be given. What is in no list is refused: a misspelt field would print nothing.
TOP = {
    "date": False,
    "reference": False,
    "version": False,
    "etablissement": True,
    "personne": True,
    "auteur": False,
    "contenu": True,
}
HOUSE = {
    "organisme": True,
    "nom": True,
    "adresse": False,
    "telephone": False,
    "identifiant": False,
    "pied": False,
}
PERSON = {
    "nom_naissance": True,
    "premier_prenom": True,
    "prenoms": True,
    "sexe": True,
    "date_naissance": True,
    "lieu_naissance": True,
    "nom_utilise": False,
    "prenom_utilise": False,
    "statut": False,
}
AUTHOR = {"nom": True, "fonction": True, "signe_le": True, "identifiant": False}


class DataRefused(AmarreError):
    """Base of what is wrong with the data of a document."""

    phase = Phase.BUILD
    fault = Fault.DATA
    retry = Retry.AFTER_FIX
    contact = Contact.SUPPORT
    data_state = "Aucun document n'est fait."


class DataNotJson(DataRefused):
    """Not JSON, or not in UTF-8."""

    code = "CLI-010"
    what = "Le fichier {name} n'est pas du JSON lisible (ligne {line})."
    advice = "Partez de « amarre document skeleton », qui écrit un fichier à remplir, et gardez-le en UTF-8."


class DataWrong(DataRefused):
    """A field is missing, unknown, or not of the right kind."""

    code = "CLI-011"
    what = "Les données ne conviennent pas : « {field} » {problem}."
    advice = "Corrigez ce champ. « amarre document skeleton » donne la forme attendue pour ce modèle."


class DataIncomplete(DataRefused):
    """Mandatory blocks of the template say nothing."""

    code = "CLI-012"
    what = "Il manque des parties obligatoires : {titles}."
    advice = "Remplissez-les, ou composez un brouillon avec --brouillon."


def read_data(path: Path, template: Template, *, draft: bool) -> DocumentContent:
    """Return what is printed. Raises DataRefused subclasses, FileEmpty, FileTooLarge."""
    from amarre.dui.authoring.printed import first_problem, missing_blocks, printed_parts
    from amarre.dui.documents.rendering import DocumentContent, Layout

    values = _fields(_json(path), TOP, "données")
    contents = _contents(_object(values["contenu"], "contenu"), template)
    missing = missing_blocks(template, contents)
    if missing and not draft:
        raise DataIncomplete(titles=", ".join(missing))
    if "auteur" not in values and not draft:
        raise DataWrong(field="données.auteur", problem="manque : seul un brouillon est sans auteur")
    problem = first_problem(template, contents)
    if problem is not None and not draft:
        raise DataWrong(field=problem[0], problem=f"ne convient pas : {problem[1].rstrip('.')}")
    parts = printed_parts(template, contents)
    date = _date(values.get("date"))
    issuer = _issuer(values["etablissement"])
    return DocumentContent(
        title=template.label,
        subtitle=parts.subject,
        date=date,
        reference=_text(values.get("reference", "sans numéro"), "reference"),
        version=_number(values.get("version", 1), "version"),
        issuer=issuer,
        traits=_traits(values["personne"]),
        sections=parts.sections,
        signature=None if draft else _signature(values.get("auteur")),
        layout=template.layout,
        recipient=parts.recipient,
        place_and_date=_long_date(date) if template.layout is Layout.LETTER else "",
        watermark="BROUILLON" if draft else "",
        notice="Brouillon, pas encore validé par son auteur." if draft else "",
    )


def skeleton_of(template: Template) -> dict[str, Any]:
    """Return the data of a template, empty: what to fill in."""
    return {
        "date": "2026-11-20",
        "reference": "",
        "etablissement": {name: [""] if name == "adresse" else "" for name in HOUSE},
        "personne": dict.fromkeys(PERSON, ""),
        "auteur": dict.fromkeys(AUTHOR, ""),
        "contenu": {block.key: _empty(block) for block in template.blocks},
    }


def _empty(block: Any) -> dict[str, Any]:
    """Return the empty content of a block, with the fields of a line when it is made of lines."""
    from amarre.dui.authoring.blocks import CHOICE, DATE, TEXT, kind_of

    kind = kind_of(block)
    if kind.name in (TEXT, CHOICE, DATE):
        return {{TEXT: "text", CHOICE: "value", DATE: "date"}[kind.name]: ""}
    fields = getattr(kind, "fields", ())
    return {"lines": [dict.fromkeys((field.name for field in fields), "")]} if fields else {}


def _json(path: Path) -> dict[str, Any]:
    data = read_bounded(path, MAX_BYTES)
    try:
        return _object(json.loads(data.decode("utf-8")), "données")
    except json.JSONDecodeError as error:
        raise DataNotJson(name=path.name, line=error.lineno) from error
    except (UnicodeDecodeError, RecursionError) as error:
        raise DataNotJson(name=path.name, line=1) from error


def _object(value: object, field: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise DataWrong(field=field, problem="doit être un objet, entre accolades")
    return value


def _fields(value: object, known: Mapping[str, bool], where: str) -> dict[str, Any]:
    """Return an object whose fields are those expected, no more and no less."""
    found = _object(value, where)
    for name in found:
        if name not in known:
            raise DataWrong(field=f"{where}.{name}"[:80], problem=f"n'est pas attendu ({', '.join(known)})")
    for name, must in known.items():
        if must and name not in found:
            raise DataWrong(field=f"{where}.{name}", problem="manque")
    return found


def _text(value: object, field: str) -> str:
    if not isinstance(value, str):
        raise DataWrong(field=field, problem="doit être un texte, entre guillemets")
    return value


def _texts(value: object, known: Mapping[str, bool], where: str) -> dict[str, str]:
    found = _fields(value, known, where)
    texts = {name: _text(found.get(name, ""), f"{where}.{name}") for name in known}
    empty = next((name for name, must in known.items() if must and not texts[name].strip()), None)
    if empty is not None:
        raise DataWrong(field=f"{where}.{empty}", problem="est vide")
    return texts


def _number(value: object, field: str) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not 1 <= value <= 9_999:
        raise DataWrong(field=field, problem="doit être un nombre, à partir de 1")
    return value


def _date(value: object) -> datetime.date:
    """Return the date of the document, today's when it is not given."""
    if value is None:
        return SystemClock().now().date()
    try:
        return datetime.date.fromisoformat(_text(value, "date"))
    except ValueError as error:
        raise DataWrong(field="date", problem="doit s'écrire AAAA-MM-JJ") from error


def _long_date(date: datetime.date) -> str:
    from amarre.dui.web.dates import long_day

    return f"Le {long_day(date).split(' ', 1)[1]}"


def _issuer(value: object) -> Any:
    from amarre.dui.documents.rendering import Issuer

    found = _fields(value, HOUSE, "etablissement")
    lines = found.get("adresse", [])
    if not isinstance(lines, list) or not all(isinstance(line, str) for line in lines):
        raise DataWrong(field="etablissement.adresse", problem="doit être une liste de textes")
    texts = _texts({**found, "adresse": ""}, HOUSE, "etablissement")
    return Issuer(
        organisme=texts["organisme"],
        name=texts["nom"],
        address_lines=tuple(line for line in lines if line.strip()),
        telephone=texts["telephone"],
        identifier=texts["identifiant"],
        footer=texts["pied"],
    )


def _traits(value: object) -> Any:
    from amarre.dui.documents.rendering import PrintedTraits

    texts = _texts(value, PERSON, "personne")
    return PrintedTraits(status_label=texts.pop("statut") or "Identité non vérifiée", **texts)


def _signature(value: object) -> Any:
    from amarre.dui.documents.rendering import Signature

    if value is None:
        return None
    texts = _texts(value, AUTHOR, "auteur")
    return Signature(texts["nom"], texts["fonction"], texts["signe_le"], identifier=texts["identifiant"])


def _contents(values: dict[str, Any], template: Template) -> dict[str, dict[str, Any]]:
    """Return the content of each block; a text may be given without its braces."""
    known = {block.key: block for block in template.blocks}
    contents = {}
    for key, value in values.items():
        if key not in known:
            raise DataWrong(field=f"contenu.{key}"[:80], problem=f"n'est pas une partie ({', '.join(known)})")
        if isinstance(value, str):
            (name,) = _empty(known[key]) or {"text": ""}
            value = {name: value}
        contents[key] = _object(value, f"contenu.{key}")
    return contents
