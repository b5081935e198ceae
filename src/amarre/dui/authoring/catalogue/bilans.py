"""Assessments and summaries."""

from __future__ import annotations

from amarre.dui.authoring.blocks import CHOICE, DATE, Block
from amarre.dui.authoring.catalogue.common import CONSENT
from amarre.dui.authoring.catalogue.template import Family, Template

_CONCLUSION = Block(key="conclusion", title="Conclusion et propositions", required=True)

BILANS: tuple[Template, ...] = (
    Template(
        key="bilan_autonomie",
        label="Bilan de la perte d'autonomie",
        what="Ce que la personne fait seule, ce qui devient difficile, l'aide proposée.",
        who="Infirmier coordinateur, ergothérapeute, équipe médico-sociale",
        family=Family.BILANS,
        type_code="BIL_AUTO",
        blocks=(
            Block(key="date_bilan", title="Date du bilan", kind=DATE, act_date=True, required=True),
            Block(key="contexte", title="Demande et contexte", required=True),
            Block(
                key="observations",
                title="Ce qui a été observé",
                help="Actes de la vie quotidienne, déplacements, mémoire, logement, entourage.",
                required=True,
            ),
            CONSENT,
            _CONCLUSION,
        ),
    ),
    Template(
        key="bilan_professionnel",
        label="Bilan d'un professionnel de santé",
        what="Kinésithérapie, ergothérapie, orthophonie, psychomotricité, soins infirmiers.",
        who="Le professionnel de santé qui a fait le bilan",
        family=Family.BILANS,
        type_code="34120-6",
        blocks=(
            Block(key="date_bilan", title="Date du bilan", kind=DATE, act_date=True, required=True),
            Block(key="motif", title="Motif du bilan", required=True),
            Block(
                key="tests",
                title="Tests et observations",
                help="Outils utilisés, résultats, ce que vous avez vu.",
                required=True,
            ),
            _CONCLUSION,
        ),
    ),
    Template(
        key="bilan_psychologique",
        label="Bilan psychologique",
        what="Entretiens, tests et ce que l'on en comprend pour l'accompagnement.",
        who="Psychologue",
        family=Family.BILANS,
        type_code="83901-9",
        blocks=(
            Block(key="motif", title="Demande", required=True),
            Block(key="deroulement", title="Déroulement et outils", required=True),
            Block(key="resultats", title="Ce qui ressort", required=True),
            _CONCLUSION,
        ),
        # Psychologue, psychothérapeute; a doctor (psychiatre).
        signers=("93", "305", "72", "306", "G15_10"),
    ),
    Template(
        key="bilan_educatif",
        label="Bilan éducatif ou social",
        what="Le point sur l'accompagnement : ce qui a été fait, ce qui a changé.",
        who="Éducateur, accompagnant, assistant de service social",
        family=Family.BILANS,
        type_code="28653-4",
        blocks=(
            Block(key="periode", title="Période", help="Par exemple : de janvier à juin.", required=True),
            Block(key="accompagnement", title="Ce qui a été fait avec la personne", required=True),
            Block(key="evolution", title="Ce qui a changé", required=True),
            CONSENT,
            _CONCLUSION,
        ),
    ),
    Template(
        key="grille_evaluation",
        label="Grille d'évaluation",
        what="Le résultat d'une grille (AGGIR, SERAFIN-PH, échelle…) et son explication.",
        who="Le professionnel qui a évalué",
        family=Family.BILANS,
        type_code="34842-5",
        blocks=(
            Block(
                key="grille",
                title="Grille utilisée",
                kind=CHOICE,
                choices=(
                    ("aggir", "AGGIR"),
                    ("serafin", "SERAFIN-PH"),
                    ("geva", "GEVA"),
                    ("douleur", "Échelle de douleur"),
                    ("escarre", "Échelle de risque d'escarre"),
                    ("autre", "Autre grille, précisée dans le résultat"),
                ),
                required=True,
            ),
            Block(
                key="date_evaluation", title="Date de l'évaluation", kind=DATE, act_date=True, required=True
            ),
            Block(
                key="resultat",
                title="Résultat",
                help="Le score ou le groupe, puis le détail par thème.",
                required=True,
            ),
            Block(key="commentaire", title="Explication", help="Ce que ce résultat change au quotidien."),
        ),
    ),
    Template(
        key="synthese",
        label="Synthèse de réunion",
        what="Ce que l'équipe a partagé et décidé, et qui fait quoi.",
        who="Le professionnel qui a animé la réunion",
        family=Family.BILANS,
        type_code="28653-4",
        blocks=(
            Block(key="date_reunion", title="Date de la réunion", kind=DATE, act_date=True, required=True),
            Block(key="presents", title="Présents", required=True),
            Block(key="situation", title="Situation", required=True),
            Block(key="decisions", title="Décisions", help="Qui fait quoi, pour quand.", required=True),
            CONSENT,
        ),
    ),
)
