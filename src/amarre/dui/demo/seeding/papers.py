"""Papers that came from elsewhere and wait to be validated when the demonstration opens.

They go through the reader and the services like what a person brings. No health data but invented ones.
"""

from __future__ import annotations

import datetime
import json
from dataclasses import dataclass

import typst

from amarre.dui.accounts.models import User
from amarre.dui.core.clock import today
from amarre.dui.demo.seeding.people import actor_of
from amarre.dui.intake.description import Description, OutsideAuthor
from amarre.dui.intake.preparation import prepare
from amarre.dui.intake.services.import_document import import_document
from amarre.dui.usagers.models import Dossier

# A letter as another program would print it: its own layout, no identity of the record.
_LETTER = """
#let d = json(bytes(sys.inputs.d))
#set document(title: d.title, date: datetime(year: 2026, month: 1, day: 1))
#set text(lang: "fr", region: "FR", font: "New Computer Modern", size: 11pt)
#set heading(bookmarked: false)
#text(weight: "bold")[#d.organisation] #h(1fr) #d.date
#v(1.2cm)
= #d.title
#for p in d.paragraphs { par[#p] }
#v(1cm)
#align(right)[#d.author]
"""


@dataclass(frozen=True, slots=True)
class Paper:
    """One paper: in whose dossier, who brought it, who answers for it, who wrote it and what it says."""

    usager: str
    place: str
    brought_by: str
    responsible: str
    type_code: str
    title: str
    days_ago: int
    author: OutsideAuthor
    paragraphs: tuple[str, ...]


PAPERS: tuple[Paper, ...] = (
    Paper(
        "marie-therese-quere",
        "domicile",
        "sylvie-morvan",
        "loic-bremond",
        "34112-3",
        "Compte rendu d'hospitalisation",
        9,
        OutsideAuthor(
            family="Kerdraon",
            given="Yann",
            code="G15_10/SM04",
            system="1.2.250.1.213.1.1.4.5",
            organisation="Centre hospitalier du Large",
        ),
        (
            "Chère consœur, cher confrère, Madame Quéré a été hospitalisée cinq jours pour un essoufflement "
            "à l'effort, d'évolution favorable.",
            "Poids de sortie : 61 kg. Une pesée par jour est demandée, au même moment de la journée.",
            "Appeler le service si elle prend plus de deux kilos en trois jours. Contrôle dans un mois.",
        ),
    ),
    Paper(
        "germaine-ollivier",
        "ehpad",
        "nadege-le-goff",
        "solene-guivarch",
        "11488-4",
        "Compte rendu de consultation",
        3,
        OutsideAuthor(
            family="Lefebvre",
            given="Antoine",
            code="G15_10/SM54",
            system="1.2.250.1.213.1.1.4.5",
            organisation="Cabinet médical de la Rive",
        ),
        (
            "Madame Ollivier est vue pour une perte de poids récente. L'examen est rassurant.",
            "Enrichir le repas du soir, peser une fois par semaine, me rappeler sous 60 kg.",
        ),
    ),
)


def seed_papers(dossiers: dict[tuple[str, str], Dossier], staff: dict[str, User]) -> None:
    """Bring what was not brought yet."""
    for paper in PAPERS:
        dossier = dossiers[paper.usager, paper.place]
        if not dossier.imported.filter(title=paper.title).exists():
            _bring(paper, dossier, staff)


def _bring(paper: Paper, dossier: Dossier, staff: dict[str, User]) -> None:
    act_on = today(dossier.essms.zone) - datetime.timedelta(days=paper.days_ago)
    import_document(
        dossier=dossier,
        prepared=prepare([_printed(paper, act_on)]),
        said=Description(paper.title, paper.type_code, act_on, paper.author, staff[paper.responsible]),
        actor=actor_of(staff[paper.brought_by], dossier.essms),
    )


def _printed(paper: Paper, act_on: datetime.date) -> bytes:
    told = {
        "title": paper.title,
        "organisation": paper.author.organisation,
        "date": act_on.strftime("%d/%m/%Y"),
        "paragraphs": paper.paragraphs,
        "author": f"Docteur {paper.author.given} {paper.author.family.upper()}",
    }
    made = typst.compile(
        _LETTER.encode(),
        format="pdf",
        sys_inputs={"d": json.dumps(told, ensure_ascii=False)},
        pdf_standards=["a-1b"],
        ignore_system_fonts=True,
    )
    return bytes(made)
