"""The projet as a document: type 80788-3, title by kind of establishment, its text in sections."""

from __future__ import annotations

import datetime

from amarre.dui.documents.rendering import Block, Section
from amarre.dui.documents.services.file_document import Draft
from amarre.dui.projet_personnalise.models import ProjetPersonnalise
from amarre.dui.web.dates import day

# LOINC « Projet personnalisé d'accompagnement », the type the DMP accepts for every name of the projet.
TYPE_CODE = "80788-3"
SOURCE_KIND = "projet_personnalise"

# The same object has a different name by sector (décret by decree, and use).
TITLES = {
    "SSIAD": "Projet d'accompagnement personnalisé",
    "SAAD": "Projet d'accompagnement personnalisé",
    "SAD": "Projet d'accompagnement personnalisé",
    "IME": "Projet personnalisé d'accompagnement",
    "SESSAD": "Projet personnalisé d'accompagnement",
    "PJM": "Document individuel de protection : projet personnalisé",
}
DEFAULT_TITLE = "Projet personnalisé"


def title_of(projet: ProjetPersonnalise) -> str:
    """Return the name the projet bears in its establishment."""
    return TITLES.get(projet.dossier.essms.kind, DEFAULT_TITLE)


def first_version_of(projet: ProjetPersonnalise) -> ProjetPersonnalise:
    """Return the projet that began the chain of versions: one document for all of them."""
    while projet.replaces is not None:
        projet = projet.replaces
    return projet


def projet_draft(projet: ProjetPersonnalise, *, started_at: datetime.datetime) -> Draft:
    """Return what the document factory needs."""
    period = f"du {day(projet.starts_on)} au {day(projet.review_on)}"
    sections = [Section("Attentes de la personne", _paragraphs(projet.expectations))]
    if projet.context:
        sections.append(Section("Situation et habitudes de vie", _paragraphs(projet.context)))
    blocks = tuple(
        Block(
            f"{objective.rank}. {objective.title}",
            rows=tuple(
                (label, value)
                for label, value in (
                    ("Actions", objective.actions),
                    ("Qui", objective.who),
                    ("Échéance", day(objective.due_on) if objective.due_on else ""),
                )
                if value
            ),
        )
        for objective in projet.objectives.all()
    )
    sections.append(Section("Objectifs et actions", blocks=blocks))
    agreement = projet.get_agreement_display()
    if projet.agreed_on:
        agreement = f"{agreement}, recueilli le {day(projet.agreed_on)}"
    return Draft(
        source_kind=SOURCE_KIND,
        source_id=first_version_of(projet).pk,
        type_code=TYPE_CODE,
        title=title_of(projet),
        subtitle=f"{projet.dossier.essms.name}, {period}",
        summary=(("Période", period), ("Accord", agreement)),
        sections=tuple(sections),
        act_started_at=started_at,
    )


def _paragraphs(text: str) -> tuple[str, ...]:
    return tuple(line.strip() for line in text.splitlines() if line.strip())
