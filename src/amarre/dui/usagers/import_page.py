"""How an import is shown: before, and after."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.urls import reverse

from amarre.dui.core.actor import Actor
from amarre.dui.usagers.importing.columns import Table
from amarre.dui.usagers.importing.fields import ASIDE_LABELS, Aside
from amarre.dui.usagers.importing.plan import Fate, ImportPlan, PlannedRow
from amarre.dui.usagers.models import Dossier
from amarre.dui.usagers.presenters import usual_name
from amarre.dui.web.steps import stepper
from amarre.dui.web.typography import french

STEPS = ("Fichier", "Colonnes", "Aperçu", "Import")
SHOWN_ROWS = 20
SHOWN_REFUSED = 50


def preview_context(table: Table, plan: ImportPlan) -> dict[str, Any]:
    """Return what the preview shows of a plan."""
    opening, refused = plan.to_open, plan.refused
    gaps = [row for row in plan.known if row.gaps]
    return {
        "steps": stepper(STEPS, STEPS[2]),
        "tiles": _tiles(plan),
        "to_open": len(opening),
        "people": _people_table(opening[:SHOWN_ROWS]) if opening else None,
        "people_more": max(0, len(opening) - SHOWN_ROWS),
        "refused": _refused_table(plan) if refused else None,
        "refused_more": max(0, len(refused) - SHOWN_REFUSED),
        "gaps": _gaps_table(gaps[:SHOWN_REFUSED]) if gaps else None,
        "month_first": plan.month_first,
        "asides": aside_lines(plan),
        "notes": table.notes,
    }


def aside_lines(plan: ImportPlan) -> list[str]:
    """Return one French line per reason why columns are not taken."""
    by_reason: dict[Aside, list[str]] = {}
    for column in plan.choice.columns:
        if column.aside is not None:
            by_reason.setdefault(column.aside, []).append(f"« {column.heading} »")
    return [f"{', '.join(headings)} : {ASIDE_LABELS[reason]}." for reason, headings in by_reason.items()]


def result_context(actor: Actor, values: Mapping[str, Any], *, has_refused: bool) -> dict[str, Any]:
    """Return what the last page shows: counts, the first dossiers, whether rows are to be corrected."""
    ids = list(values["dossiers"])[:SHOWN_ROWS]
    dossiers = Dossier.objects.visible_to(actor).filter(pk__in=ids).select_related("identity").order_by("pk")
    return {
        "steps": stepper(STEPS, STEPS[3]),
        "counts": values,
        "opened": f"{values['created']} dossier{'s' if values['created'] > 1 else ''} "
        f"ouvert{'s' if values['created'] > 1 else ''}",
        "has_refused": has_refused,
        "dossiers": [
            {"name": usual_name(one.identity), "number": one.number, "pk": one.pk} for one in dossiers
        ],
        "more": max(0, values["created"] - len(ids)),
    }


def _tiles(plan: ImportPlan) -> list[dict[str, Any]]:
    known_elsewhere = len(plan.of(Fate.ATTACH))
    return [
        {
            "title": "Dossiers à ouvrir",
            "count": len(plan.to_open),
            "trend_text": f"dont {known_elsewhere} pour une personne déjà connue de l'organisme."
            if known_elsewhere
            else "",
        },
        {
            "title": "Déjà dans l’établissement",
            "count": len(plan.known),
            "trend_text": "Rien n'y sera changé.",
        },
        {"title": "À regarder", "count": len(plan.flagged), "trend_text": "Elles seront créées."},
        {"title": "Lignes refusées", "count": len(plan.refused), "trend_text": "Elles vous sont rendues."},
    ]


def _table(caption: str, labels: tuple[str, ...], rows: list[list[str]]) -> dict[str, Any]:
    return {
        "caption": caption,
        "columns": [{"label": label} for label in labels],
        "rows": [{"cells": [{"text": text} for text in row]} for row in rows],
    }


def _people_table(rows: list[PlannedRow]) -> dict[str, Any]:
    labels = (
        "Ligne", "Nom de naissance", "Prénoms", "Sexe", "Naissance", "Lieu", "Nom utilisé", "Entrée",
        "À regarder",
    )  # fmt: skip
    return _table("Premières personnes, telles qu'elles seront écrites", labels, [_person(r) for r in rows])


def _person(row: PlannedRow) -> list[str]:
    person, traits = row.person, row.person.traits
    place = f"{person.place_label} ({traits.lieu_naissance})" if person.place_label else traits.lieu_naissance
    remarks = [*person.flags]
    if row.fate is Fate.ATTACH:
        remarks.insert(0, "personne déjà connue de l'organisme : son identité est reprise")
    if row.gaps:
        remarks.append(f"écart avec l'identité connue : {', '.join(row.gaps)}")
    return [
        str(person.line),
        traits.nom_naissance,
        traits.prenoms,
        traits.sexe.value,
        traits.date_naissance.french,
        place,
        " ".join(filter(None, (traits.prenom_utilise, traits.nom_utilise))),
        f"{person.entered_on:%d/%m/%Y}",
        french(" ; ".join(remarks)),
    ]


def _refused_table(plan: ImportPlan) -> dict[str, Any]:
    rows = [
        [str(problem.line), problem.column, french(problem.reason), french(problem.advice)]
        for row in plan.refused[:SHOWN_REFUSED]
        for problem in row.problems
    ]
    return _table("Raisons des refus, ligne par ligne", ("Ligne", "Colonne", "Pourquoi", "À faire"), rows)


def _gaps_table(rows: list[PlannedRow]) -> dict[str, Any]:
    table = _table(
        "Personnes déjà connues, écrites autrement dans la liste",
        ("Ligne", "Dossier", "Ce qui diffère"),
        [[str(r.person.line), r.known.dossier_number if r.known else "", ", ".join(r.gaps)] for r in rows],
    )
    for shown, row in zip(table["rows"], rows, strict=True):
        if row.known is not None and row.known.dossier_id is not None:
            shown["cells"][1]["url"] = reverse(
                "usagers:show_identity", kwargs={"dossier_id": row.known.dossier_id}
            )
    return table
