"""What other houses had already put in the DMP of some usagers of the cast, before Amarre came.

Every word is invented. Types are codes of JDV_J66, professions of JDV_J01 (TRE_A02), places of JDV_J61 and
JDV_J62.
"""

from __future__ import annotations

from dataclasses import dataclass

from amarre.cast.professionals import PROFESSIONS, ExternalProfessional, professional


@dataclass(frozen=True, slots=True)
class PastAuthor:
    """Who wrote a document: a professional in a structure, as the registry of the DMP says it."""

    identifier: str
    family_name: str
    given_name: str
    specialty: tuple[str, str, str]
    structure: str
    structure_name: str
    facility: tuple[str, str]
    setting: tuple[str, str]


@dataclass(frozen=True, slots=True)
class PastTable:
    """A table of a section: its head, then its rows."""

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class PastSection:
    """A section of a document: LOINC code, title, paragraphs, and a table when there is one."""

    code: str
    title: str
    paragraphs: tuple[str, ...] = ()
    table: PastTable | None = None


@dataclass(frozen=True, slots=True)
class PastDocument:
    """One document. `as_file`: a PDF around the same words. `hidden`: codes of JDV_J58."""

    usager: str
    kind: tuple[str, str]
    group: tuple[str, str]
    title: str
    days_ago: int
    author: PastAuthor
    sections: tuple[PastSection, ...]
    as_file: bool = False
    hidden: tuple[str, ...] = ()
    archived: bool = False
    by_patient: bool = False


_PHYSICIAN_HOSPITAL = ("G15_10/SM18", "Médecin - Gériatrie (SM)", PROFESSIONS)
_HOSPITAL = PastAuthor(
    "899700000187", "ABIVEN", "Yann", _PHYSICIAN_HOSPITAL, "1990000044", "Centre hospitalier de Port-Amarre",
    ("SA01", "Etablissement public de santé"), ("ETABLISSEMENT", "Etablissement de santé"),
)  # fmt: skip
_LABORATORY = PastAuthor(
    "899700000195", "TANGUY", "Armelle", ("G15_10/SM03", "Médecin - Biologie médicale (SM)", PROFESSIONS),
    "1990000051", "Laboratoire de la Rade", ("SA25", "Laboratoire de biologie médicale"),
    ("AMBULATOIRE", "Ambulatoire"),
)  # fmt: skip
_REPORT, _SUMMARY, _IMAGING = ("10", "Compte rendu"), ("11", "Synthèse"), ("31", "Imagerie médicale")
_PRESCRIPTION = ("42", "Prescription")
_PATIENT = ("90", "Autres documents déposés par le patient")


def _town(who: ExternalProfessional) -> PastAuthor:
    return PastAuthor(
        f"8{who.rpps}", who.family_name, who.given_name, who.specialty, f"4{who.rpps}00", who.structure,
        ("SA07", "Cabinet individuel"), ("AMBULATOIRE", "Ambulatoire"),
    )  # fmt: skip


_SOW, _PHARMACY = _town(professional("99700000146")), _town(professional("99700000161"))

_DISCHARGE = (
    PastSection("46241-6", "Motif d’hospitalisation", ("Chute à domicile, sans perte de connaissance.",)),
    PastSection(
        "8648-8",
        "Synthèse du séjour",
        (
            "Radiographies du bassin et du poignet sans fracture. Hypotension au lever retrouvée, traitement "
            "allégé. Marche reprise avec une canne, dix minutes sans aide.",
            "Moral fragile depuis l’été : la personne dit s’ennuyer quand sa sœur ne vient pas.",
        ),
    ),
    PastSection(
        "10183-2",
        "Traitement à la sortie",
        (),
        PastTable(
            ("Médicament", "Dose", "Quand"),
            (
                ("Ramipril", "2,5 mg", "le matin"),
                ("Paracétamol", "1 g", "si douleur, trois fois par jour au plus"),
                ("Vitamine D3", "100 000 UI", "tous les trois mois"),
            ),
        ),
    ),
    PastSection(
        "18776-5",
        "À faire",
        (
            "Contrôler la tension couchée et debout pendant deux semaines.",
            "Kinésithérapie de l’équilibre, vingt séances. Revoir le médecin traitant sous dix jours.",
        ),
    ),
)
_BLOOD = (
    PastSection(
        "26436-6",
        "Résultats",
        ("Prélèvement à domicile, à jeun.",),
        PastTable(
            ("Examen", "Résultat", "Valeurs usuelles"),
            (
                ("Hémoglobine", "12,1 g/dL", "11,5 à 15,5"),
                ("Créatinine", "84 µmol/L", "45 à 84"),
                ("Potassium", "4,2 mmol/L", "3,5 à 5,0"),
                ("25-OH vitamine D", "38 nmol/L", "75 à 200"),
            ),
        ),
    ),
    PastSection("55752-0", "Conclusion", ("Carence modérée en vitamine D. Fonction rénale à surveiller.",)),
)
_MEDICATION_REVIEW = (
    PastSection(
        "10160-0",
        "Traitement relu avec la personne",
        ("Pilulier préparé chaque semaine. Deux oublis du soir en un mois.",),
        PastTable(
            ("Médicament", "Prise réelle"),
            (("Ramipril 2,5 mg", "chaque matin"), ("Zopiclone 3,75 mg", "arrêté depuis un mois")),
        ),
    ),
    PastSection("51848-0", "Proposition", ("Ne pas reprendre le somnifère : risque de chute.",)),
)
_LETTER = (
    PastSection("42349-1", "Demande", ("Merci de poursuivre les soins infirmiers à domicile.",)),
    PastSection("18776-5", "Soins", ("Aide à la toilette, surveillance de la tension, pilulier.",)),
)
_WISHES = (
    PastSection(
        "75773-2",
        "Mes volontés",
        ("Je veux rester chez moi le plus longtemps possible, près de mes fleurs.",),
    ),
)
_XRAY = (
    PastSection("18748-4", "Radiographie du poignet droit", ("Pas de lésion osseuse. Ostéoporose diffuse.",)),
)
_URGENCY = (
    PastSection("48765-2", "Allergies", ("Pénicilline : éruption en 1998.",)),
    PastSection("11450-4", "Maladies", ("Hypertension artérielle. Arthrose des deux genoux.",)),
    PastSection("10160-0", "Traitement", ("Ramipril 2,5 mg le matin.",)),
)
_PSYCHIATRY = (PastSection("68599-0", "Synthèse", ("Suivi à la demande de la personne.",)),)

_QUERE, _ABGRALL, _TCHITCHI = "marie-therese-quere", "pierre-abgrall", "catarina-tchitchi"
_LOCAL = ("11490-0", "Lettre de liaison à la sortie d'un établissement de soins")
_BIOLOGY = ("11502-2", "CR d'examens biologiques")

_LETTER_TITLE = "Lettre de liaison, service de gériatrie"
_REVIEW = ("56445-0", "Bilan médicamenteux (Officine)")
_NURSING = ("PRESC-INF", "Prescription d'actes infirmiers")
_RIGHTS = ("EXPPAT_1", "Volontés et droits du patient")
_XRAY_KIND, _FOLLOW_UP = ("18748-4", "CR d'imagerie médicale"), ("68599-0", "Synthèse psychiatrique")
_URGENT = ("74207-2", "Document de liaison d'urgence")

HISTORY: tuple[PastDocument, ...] = (
    PastDocument(_QUERE, _LOCAL, _REPORT, _LETTER_TITLE, 24, _HOSPITAL, _DISCHARGE),
    PastDocument(_QUERE, _BIOLOGY, _REPORT, "Bilan sanguin", 31, _LABORATORY, _BLOOD),
    PastDocument(_QUERE, _REVIEW, _SUMMARY, "Bilan partagé de médication", 58, _PHARMACY, _MEDICATION_REVIEW),
    PastDocument(
        _QUERE, _NURSING, _PRESCRIPTION, "Soins infirmiers à domicile", 66, _SOW, _LETTER, as_file=True
    ),
    PastDocument(_QUERE, _RIGHTS, _PATIENT, "Mes volontés", 140, _SOW, _WISHES, by_patient=True),
    PastDocument(
        _QUERE, _XRAY_KIND, _IMAGING, "Radiographie du poignet", 430, _HOSPITAL, _XRAY, archived=True
    ),
    PastDocument(
        _QUERE, _FOLLOW_UP, _SUMMARY, "Synthèse du suivi", 90, _HOSPITAL, _PSYCHIATRY, hidden=("MASQUE_PS",)
    ),
    PastDocument(_ABGRALL, _URGENT, _SUMMARY, "Document de liaison d’urgence", 210, _SOW, _URGENCY),
    PastDocument(_TCHITCHI, _LOCAL, _REPORT, _LETTER_TITLE, 12, _HOSPITAL, _DISCHARGE),
    PastDocument(_TCHITCHI, _BIOLOGY, _REPORT, "Bilan sanguin", 12, _LABORATORY, _BLOOD, as_file=True),
)
