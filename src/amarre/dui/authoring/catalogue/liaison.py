"""What goes with a person who moves, or is ready to."""

from __future__ import annotations

from amarre.dui.authoring.blocks import DATE, Block
from amarre.dui.authoring.catalogue.common import ADDRESSEE, CONSENT
from amarre.dui.authoring.catalogue.structured import (
    EMERGENCY_FILE,
    HOSPITAL_LETTER,
    MEDICAL_SUMMARY,
    STAY_LETTER,
)
from amarre.dui.authoring.catalogue.template import Family, Template
from amarre.dui.documents.rendering.content import Layout

_AUTONOMY = Block(
    key="autonomie",
    title="Autonomie et aides",
    help="Toilette, repas, déplacements, communication : ce que la personne fait seule, ce qui l'aide.",
)
_HABITS = Block(
    key="habitudes",
    title="Habitudes de vie et points d'attention",
    help="Ce qu'il faut savoir pour bien accueillir la personne.",
)
_CONTACTS = Block(
    key="contacts",
    title="Personnes à prévenir",
    help="Nom, lien, téléphone. Précisez la personne de confiance et le représentant légal.",
)

LIAISON: tuple[Template, ...] = (
    HOSPITAL_LETTER,
    Template(
        key="liaison_entree_structure",
        label="Lettre de liaison pour une autre structure",
        what="Part avec la personne qui entre dans un établissement ou service social ou médico-social.",
        who="Infirmier, éducateur, assistant de service social",
        family=Family.LIAISON,
        type_code="88348-8",
        layout=Layout.LETTER,
        blocks=(
            ADDRESSEE,
            Block(
                key="motif",
                title="Motif",
                help="Pourquoi la personne est adressée, en une ou deux phrases.",
                required=True,
            ),
            _AUTONOMY,
            _HABITS,
            _CONTACTS,
            CONSENT,
        ),
    ),
    Template(
        key="liaison_sortie",
        label="Lettre de liaison de sortie",
        what="Part avec la personne qui quitte l'établissement ou le service.",
        who="Infirmier, éducateur, cadre",
        family=Family.LIAISON,
        type_code="83981-1",
        blocks=(
            Block(key="date_sortie", title="Date de sortie", kind=DATE, required=True),
            Block(key="sejour", title="L'accompagnement en quelques mots", required=True),
            _AUTONOMY,
            Block(
                key="suites", title="Suites à donner", help="Rendez-vous, relais, matériel.", required=True
            ),
            _CONTACTS,
        ),
    ),
    STAY_LETTER,
    EMERGENCY_FILE,
    MEDICAL_SUMMARY,
)
