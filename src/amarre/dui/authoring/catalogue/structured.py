"""The structured documents (N3): what a software reads in them comes from the lines their author writes."""

from __future__ import annotations

from dataclasses import replace

from amarre.dui.authoring.blocks import Block
from amarre.dui.authoring.catalogue.common import DOCTORS
from amarre.dui.authoring.catalogue.template import Family, Level, Template
from amarre.dui.authoring.structured import care, measures, medical, people, questions, stay
from amarre.interop.cda.structured import IPS_FR, LDL_EES, LDL_SES, SectionKind

_MOTIF = Block(
    key="motif",
    title="Motif",
    help="Pourquoi la personne est adressée, en une ou deux phrases.",
    required=True,
    section=SectionKind.MOTIF,
)
_PHYSICIAN = Block(
    key="medecin_traitant",
    title="Médecin traitant",
    kind=people.TreatingPhysician.name,
    help="Laissez vide si la personne n'en a pas, ou si vous ne le connaissez pas.",
)
_CONTACTS = Block(key="contacts", title="Personnes à prévenir", kind=people.Contacts.name)
_PROBLEMS = Block(
    key="problemes",
    title="Problèmes de santé en cours",
    kind=medical.Problems.name,
    section=SectionKind.PROBLEMES,
)
_HISTORY = Block(
    key="antecedents", title="Antécédents", kind=medical.History.name, section=SectionKind.ANTECEDENTS
)
_PROCEDURES = Block(
    key="actes", title="Interventions et actes", kind=medical.Procedures.name, section=SectionKind.ACTES
)
_ALLERGIES = Block(
    key="allergies",
    title="Allergies et intolérances",
    kind=medical.Allergies.name,
    required=True,
    section=SectionKind.ALLERGIES,
)
_TREATMENTS = Block(
    key="traitements",
    title="Traitements en cours",
    kind=medical.Treatments.name,
    required=True,
    section=SectionKind.TRAITEMENTS,
)
_DEVICES = Block(
    key="dispositifs",
    title="Dispositifs médicaux",
    kind=medical.Devices.name,
    section=SectionKind.DISPOSITIFS,
)
_VIGILANCE = Block(
    key="vigilance",
    title="Points de vigilance",
    help="Ce qu'il faut savoir tout de suite : fausse route, chute, bactérie résistante…",
    section=SectionKind.POINTS_VIGILANCE,
)
_AUTONOMY = Block(
    key="autonomie",
    title="Autonomie et handicaps",
    kind=questions.Autonomy.name,
    section=SectionKind.STATUT_FONCTIONNEL,
)
_MEASURES = Block(
    key="constantes", title="Constantes", kind=measures.Measures.name, section=SectionKind.CONSTANTES
)
_WAY_OF_LIFE = Block(
    key="mode_de_vie", title="Mode de vie", kind=care.WayOfLife.name, section=SectionKind.MODE_DE_VIE
)
_VACCINATIONS = Block(
    key="vaccinations",
    title="Vaccinations",
    kind=medical.Vaccinations.name,
    section=SectionKind.VACCINATIONS,
)
_FOLLOW_UP = Block(key="suites", title="Suites à donner", kind=care.FollowUp.name, section=SectionKind.SUITES)
_DIRECTIVES = Block(
    key="directives",
    title="Directives anticipées",
    kind=questions.Directives.name,
    section=SectionKind.DIRECTIVES,
)
_RESULTS = Block(
    key="resultats",
    title="Résultats d'examens",
    kind=care.ExamResults.name,
    section=SectionKind.RESULTATS_IPS,
)


def _in(block: Block, section: SectionKind, title: str = "", *, required: bool | None = None) -> Block:
    """Return a block whose words go to another section, under another title, as its document has it."""
    return replace(
        block,
        section=section,
        title=title or block.title,
        required=block.required if required is None else required,
    )


def _asked(block: Block) -> Block:
    """Return the block as a mandatory one."""
    return replace(block, required=True)


HOSPITAL_LETTER = Template(
    key="liaison_entree_hopital",
    label="Lettre de liaison pour l'hôpital",
    what="Part avec la personne quand elle entre à l'hôpital.",
    who="Infirmier, médecin",
    family=Family.LIAISON,
    type_code="18761-7",
    level=Level.N3,
    model=LDL_EES,
    blocks=(
        _MOTIF,
        _in(_TREATMENTS, SectionKind.TRAITEMENTS_ADMISSION, "Traitements à l'admission"),
        _ALLERGIES,
        _HISTORY,
        _PROCEDURES,
        Block(
            key="commentaire",
            title="Autres informations",
            help="Autonomie, habitudes, matériel qui part avec la personne.",
            required=True,
            section=SectionKind.COMMENTAIRE,
        ),
        _in(_CONTACTS, SectionKind.COMMENTAIRE),
        _in(_PHYSICIAN, SectionKind.COMMENTAIRE),
    ),
)
STAY_LETTER = Template(
    key="liaison_sortie_soins",
    label="Lettre de liaison après un séjour de soins",
    what="Pour la sortie d'un lit de soins (lit halte soins santé, lit d'accueil médicalisé).",
    who="Médecin",
    family=Family.LIAISON,
    type_code="11490-0",
    level=Level.N3,
    model=LDL_SES,
    blocks=(
        replace(_MOTIF, title="Motif du séjour"),
        Block(
            key="sejour",
            title="Synthèse du séjour",
            kind=stay.Stay.name,
            required=True,
            section=SectionKind.SYNTHESE_SEJOUR,
        ),
        _in(_TREATMENTS, SectionKind.TRAITEMENTS_SORTIE, "Traitements à la sortie"),
        replace(
            _in(_TREATMENTS, SectionKind.TRAITEMENTS_ARRETES, "Traitements arrêtés", required=False),
            key="traitements_arretes",
        ),
        _ALLERGIES,
        _DEVICES,
        Block(
            key="resultats_attendus",
            title="Résultats attendus",
            help="Ce qui a été demandé et n'est pas encore revenu.",
            section=SectionKind.RESULTATS,
        ),
        _FOLLOW_UP,
    ),
    signers=DOCTORS,
)
EMERGENCY_FILE = Template(
    key="dlu",
    label="Document de liaison d'urgence",
    what="Toujours prêt : ce que les urgences doivent savoir si la personne y arrive.",
    who="Médecin coordonnateur, infirmier",
    family=Family.LIAISON,
    type_code="74207-2",
    level=Level.N3,
    model=IPS_FR,
    blocks=(
        _in(_PHYSICIAN, SectionKind.POINTS_VIGILANCE),
        Block(
            key="hopital",
            title="Hôpital souhaité",
            kind=people.PreferredHospital.name,
            section=SectionKind.POINTS_VIGILANCE,
        ),
        _in(_CONTACTS, SectionKind.POINTS_VIGILANCE),
        _VIGILANCE,
        _PROBLEMS,
        _HISTORY,
        _PROCEDURES,
        _ALLERGIES,
        _TREATMENTS,
        _DEVICES,
        _asked(_AUTONOMY),
        _MEASURES,
        _VACCINATIONS,
        _asked(_DIRECTIVES),
        _RESULTS,
        _FOLLOW_UP,
    ),
)
MEDICAL_SUMMARY = Template(
    key="synthese_medicale",
    label="Volet de synthèse médicale",
    what="L'essentiel de la santé de la personne, tenu à jour par un médecin.",
    who="Médecin traitant ou coordonnateur",
    family=Family.LIAISON,
    type_code="60591-5",
    level=Level.N3,
    model=IPS_FR,
    blocks=(
        _in(_PHYSICIAN, SectionKind.POINTS_VIGILANCE),
        _asked(_PROBLEMS),
        _HISTORY,
        _asked(_PROCEDURES),
        _ALLERGIES,
        _TREATMENTS,
        _asked(_DEVICES),
        _VIGILANCE,
        _AUTONOMY,
        _MEASURES,
        _WAY_OF_LIFE,
        _VACCINATIONS,
        _FOLLOW_UP,
        _DIRECTIVES,
        _RESULTS,
    ),
    signers=DOCTORS,
)
