"""Documents already written when the demonstration opens: some filed, some still drafts.

Each is written once, by the persona whose work it is, through the services. No health data but invented ones.
"""

from __future__ import annotations

from dataclasses import dataclass

from amarre.dui.accounts.models import User
from amarre.dui.authoring.blocks import DATE, TEXT
from amarre.dui.authoring.catalogue import template_of
from amarre.dui.authoring.selectors import seen_mark
from amarre.dui.authoring.services.start_ecrit import start_ecrit
from amarre.dui.authoring.services.validate_ecrit import validate_ecrit
from amarre.dui.authoring.services.write_ecrit import write_ecrit
from amarre.dui.core.clock import today
from amarre.dui.demo.seeding.people import actor_of
from amarre.dui.usagers.models import Dossier

DOCTOR_SOW = "Docteur Aminata SOW\nMaison de santé du Port\n99100 Port-Amarre"
DOCTOR_LEFEBVRE = "Docteur Antoine LEFEBVRE\nCabinet médical de la Rive\n99120 Rive-sur-Roselière"


@dataclass(frozen=True, slots=True)
class Writing:
    """One document: whose dossier, whose work, which template, what its blocks say; a DATE block is today."""

    usager: str
    place: str
    author: str
    template: str
    words: dict[str, str]
    filed: bool = True


WRITINGS: tuple[Writing, ...] = (
    Writing(
        "marie-therese-quere",
        "domicile",
        "loic-bremond",
        "bilan_autonomie",
        {
            "date_bilan": "",
            "contexte": "Demande de sa sœur après deux chutes sans gravité dans le jardin.",
            "observations": "Se lève et se lave seule. Marche avec une canne, hésite dans l'escalier.\n"
            "Prépare son petit déjeuner ; le repas de midi est livré.",
            "avis": "« Je veux bien qu'on m'aide pour l'escalier, pas pour le reste. »",
            "conclusion": "Poser une seconde rampe. Aide au bain deux fois par semaine.\n"
            "Nouveau bilan dans six mois.",
        },
    ),
    Writing(
        "marie-therese-quere",
        "domicile",
        "loic-bremond",
        "courrier",
        {
            "destinataire": DOCTOR_SOW,
            "objet": "point sur l'accompagnement à domicile",
            "texte": "Docteur,\nLe bilan de ce mois montre une marche moins sûre dans l'escalier.",
        },
        filed=False,
    ),
    Writing(
        "lucas-berthelot",
        "ime",
        "karim-benali",
        "bilan_educatif",
        {
            "periode": "De septembre à novembre.",
            "accompagnement": "Atelier cuisine chaque mardi, trajet en bus accompagné le jeudi.",
            "evolution": "Prend le bus avec un seul rappel. Choisit lui-même la recette.",
            "avis": "« Le bus, je sais maintenant. »",
            "conclusion": "Essayer un trajet seul, suivi à distance, au retour des vacances.",
        },
    ),
    Writing(
        "lucas-berthelot",
        "ime",
        "karim-benali",
        "synthese",
        {"date_reunion": "", "presents": "Karim Benali, la famille, l'enseignante"},
        filed=False,
    ),
    Writing(
        "germaine-ollivier",
        "ehpad",
        "nadege-le-goff",
        "lettre_adressage",
        {
            "destinataire": DOCTOR_LEFEBVRE,
            "motif": "avis sur une perte de poids",
            "texte": "Docteur,\nMadame Ollivier a perdu deux kilos en un mois, sans fièvre ni douleur. "
            "Elle mange moins le soir. Pouvez-vous la voir ?",
        },
    ),
    Writing(
        "catarina-tchitchi",
        "ehpad",
        "solene-guivarch",
        "prescription_infirmiers",
        {
            "actes": "Pansement simple de l'avant-bras gauche, un jour sur deux.",
            "duree": "15 jours.",
        },
    ),
    Writing(
        "catarina-tchitchi",
        "ehpad",
        "solene-guivarch",
        "certificat_medical",
        {"texte": "Brouillon à compléter après la visite de demain."},
        filed=False,
    ),
    Writing(
        "toussaint-adrtrois",
        "pjm",
        "marc-delaunay",
        "attestation_accompagnement",
        {},
    ),
)


def seed_writings(dossiers: dict[tuple[str, str], Dossier], staff: dict[str, User]) -> None:
    """Write what is not written yet."""
    for writing in WRITINGS:
        dossier = dossiers[writing.usager, writing.place]
        if not dossier.ecrits.filter(template_key=writing.template).exists():
            _write(writing, dossier, staff[writing.author])


def _write(writing: Writing, dossier: Dossier, author: User) -> None:
    actor = actor_of(author, dossier.essms)
    template = template_of(writing.template)
    ecrit = start_ecrit(dossier=dossier, template=template, actor=actor)
    contents = dict(ecrit.content)
    for key, words in writing.words.items():
        kind = template.block(key).kind
        if kind == DATE:
            contents[key] = {"date": today(dossier.essms.zone).isoformat()}
        elif kind == TEXT:
            contents[key] = {"text": words}
    ecrit = write_ecrit(ecrit=ecrit, contents=contents, seen=seen_mark(ecrit), actor=actor)
    if writing.filed:
        validate_ecrit(ecrit=ecrit, actor=actor, seen=seen_mark(ecrit))
