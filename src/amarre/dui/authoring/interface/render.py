"""Any template to PDF, from data alone: no database, no Django, no person of the record.

    pdf = render_document("courrier", {
        "etablissement": {"organisme": "…", "nom": "…", "adresse": ["…"], "ville": "…", "telephone": "…",
                          "finess": "…", "pied": "…"},
        "personne": {"nom_naissance": "…", "premier_prenom": "…", "prenoms": "…", "sexe": "F",
                     "date_naissance": "20/11/1936", "lieu_naissance": "29151", "nom_utilise": "…",
                     "prenom_utilise": "…"},
        "auteur": {"nom": "…", "fonction": "…", "rpps": "…"},
        "date": "2026-11-20", "version": 1, "reference": "…", "brouillon": False,
        "contenu": {"destinataire": "…", "objet": "…", "texte": "…"},
    })

The matricule and the Datamatrix are never printed this way: only the record knows a qualified identity.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any

from amarre.dui.authoring.blocks import TEXT
from amarre.dui.authoring.catalogue import TEMPLATES, Template, find_template
from amarre.dui.authoring.errors import BlockRefused, BlocksMissing, RenderDataWrong, TemplateUnknown
from amarre.dui.authoring.printed import first_problem, missing_blocks, printed_parts
from amarre.dui.documents.rendering import DocumentContent, Issuer, PrintedTraits, Signature, render_pdf
from amarre.dui.web.dates import day, long_day

_PARTS = {"etablissement", "personne", "auteur", "date", "version", "reference", "brouillon", "contenu"}
_ISSUER = {"organisme", "nom", "adresse", "telephone", "finess", "pied", "ville"}
_PERSON = {
    "nom_naissance", "prenoms", "premier_prenom", "sexe", "date_naissance", "lieu_naissance", "nom_utilise",
    "prenom_utilise",
}  # fmt: skip
_AUTHOR = {"nom", "fonction", "rpps"}
WATERMARK = "BROUILLON"
NOTICE = "Brouillon, pas encore validé par son auteur."


def render_document(template_key: str, data: Mapping[str, Any]) -> bytes:
    """Return the PDF/A-1a of a template filled with `data` (shape above).

    A draft (`brouillon`) may be incomplete. Raises TemplateUnknown, RenderDataWrong, BlocksMissing,
    BlockRefused, UnprintableCharacter, TemplateBroken.
    """
    template = find_template(template_key)
    if template is None:
        raise TemplateUnknown(key=template_key[:40], keys=", ".join(one.key for one in TEMPLATES))
    _known(data, _PARTS, "le fichier")
    contents = _contents(template, _object(data, "contenu"))
    draft = _flag(data, "brouillon")
    if not draft:
        _require_complete(template, contents)
    parts = printed_parts(template, contents)
    on = _date(data.get("date"))
    issuer = _issuer(_object(data, "etablissement"))
    city = _text(_object(data, "etablissement"), "ville")
    written = f"le {long_day(on).split(' ', 1)[1]}"
    return render_pdf(
        DocumentContent(
            title=template.label,
            subtitle=parts.subject,
            date=on,
            reference=_text(data, "reference") or "sans référence",
            version=_number(data, "version"),
            issuer=issuer,
            traits=_traits(_object(data, "personne")),
            sections=parts.sections,
            signature=None if draft else _signature(_object(data, "auteur"), on),
            layout=template.layout,
            recipient=parts.recipient,
            place_and_date=f"{city}, {written}" if city else written.capitalize(),
            watermark=WATERMARK if draft else "",
            notice=NOTICE if draft else "",
        )
    )


def _require_complete(template: Template, contents: Mapping[str, Mapping[str, Any]]) -> None:
    if missing := missing_blocks(template, contents):
        raise BlocksMissing(names=", ".join(f"« {title} »" for title in missing))
    if problem := first_problem(template, contents):
        raise BlockRefused(title=problem[0], problem=problem[1])


def _contents(template: Template, given: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """Return the contents of the blocks; a text block may be given as a mere text."""
    blocks = {block.key: block for block in template.blocks}
    _known(given, set(blocks), "« contenu »")
    contents: dict[str, dict[str, Any]] = {}
    for key, value in given.items():
        if isinstance(value, str) and blocks[key].kind == TEXT:
            contents[key] = {"text": value}
        elif isinstance(value, dict):
            contents[key] = value
        else:
            raise RenderDataWrong(problem=f"« contenu.{key} » doit être un objet")
    return contents


def _issuer(given: Mapping[str, Any]) -> Issuer:
    _known(given, _ISSUER, "« etablissement »")
    lines = given.get("adresse", [])
    if not isinstance(lines, list) or not all(isinstance(line, str) for line in lines):
        raise RenderDataWrong(problem="« etablissement.adresse » doit être une liste de lignes")
    finess = _text(given, "finess")
    return Issuer(
        organisme=_text(given, "organisme"),
        name=_text(given, "nom", required=True),
        address_lines=tuple(lines),
        telephone=_text(given, "telephone"),
        identifier=f"FINESS {finess}" if finess else "",
        footer=_text(given, "pied"),
    )


def _traits(given: Mapping[str, Any]) -> PrintedTraits:
    _known(given, _PERSON, "« personne »")
    prenoms = _text(given, "prenoms", required=True)
    return PrintedTraits(
        nom_naissance=_text(given, "nom_naissance", required=True),
        premier_prenom=_text(given, "premier_prenom") or prenoms.split(" ")[0],
        prenoms=prenoms,
        sexe=_text(given, "sexe", required=True),
        date_naissance=_text(given, "date_naissance", required=True),
        lieu_naissance=_text(given, "lieu_naissance", required=True),
        nom_utilise=_text(given, "nom_utilise"),
        prenom_utilise=_text(given, "prenom_utilise"),
        status_label="Identité non vérifiée",
    )


def _signature(given: Mapping[str, Any], on: datetime.date) -> Signature:
    _known(given, _AUTHOR, "« auteur »")
    rpps = _text(given, "rpps")
    return Signature(
        name=_text(given, "nom", required=True),
        title=_text(given, "fonction", required=True),
        signed_at=f"Le {day(on)}",
        mention="",
        identifier=f"RPPS {rpps}" if rpps else "",
    )


def _object(data: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    value = data.get(name)
    if not isinstance(value, dict):
        raise RenderDataWrong(problem=f"« {name} » manque, ou n'est pas un objet")
    return value


def _text(data: Mapping[str, Any], name: str, *, required: bool = False) -> str:
    value = data.get(name, "")
    if not isinstance(value, str):
        raise RenderDataWrong(problem=f"« {name} » doit être un texte")
    if required and not value.strip():
        raise RenderDataWrong(problem=f"« {name} » manque")
    return value


def _flag(data: Mapping[str, Any], name: str) -> bool:
    value = data.get(name, False)
    if not isinstance(value, bool):
        raise RenderDataWrong(problem=f"« {name} » doit être vrai ou faux")
    return value


def _number(data: Mapping[str, Any], name: str) -> int:
    value = data.get(name, 1)
    if not isinstance(value, int) or isinstance(value, bool) or not 1 <= value <= 9999:
        raise RenderDataWrong(problem=f"« {name} » doit être un nombre de 1 à 9999")
    return value


def _date(value: object) -> datetime.date:
    try:
        return datetime.date.fromisoformat(str(value))
    except ValueError:
        raise RenderDataWrong(problem="« date » doit être écrite ainsi : 2026-11-20") from None


def _known(given: Mapping[str, Any], names: set[str], where: str) -> None:
    unknown = sorted(str(name)[:40] for name in given if name not in names)
    if unknown:
        raise RenderDataWrong(problem=f"{where} contient « {unknown[0]} », qui n'est pas attendu")
