"""The observations that some volets fix: their code, their template, the list of their answers.

Sources: CI-SIS, volets LDL-SES 2022.01 (statut, synthèse du séjour), DLU-EHPAD-DLU 2022.01 (observations) and
IPS-FR 2024.01 (groups of the statut fonctionnel).
"""

from __future__ import annotations

from dataclasses import dataclass

from amarre.interop.cda.structured.entries import Observation, Survey, SurveyAnswer
from amarre.interop.cda.structured.sections import LOINC, TERMINOLOGIE_CISIS
from amarre.interop.cda.structured.writing import Day, Value
from amarre.interop.terminology import Code, ValueSetId, value_set

SNOMED = "2.16.840.1.113883.6.96"


@dataclass(frozen=True, slots=True)
class Question:
    """One observation a volet fixes; `answers`: the value set of its coded answer, None when it is free."""

    code: Code
    templates: tuple[str, ...]
    answers: ValueSetId | None = None

    def answer(self, value: Value | None, day: Day | None = None) -> Observation:
        """Return the observation that answers the question."""
        return Observation(code=self.code, value=value, day=day, templates=self.templates)


def _stay(code: str, display: str, suffix: str, answers: ValueSetId | None = None) -> Question:
    template = f"1.2.250.1.213.1.1.3.48.{suffix}"
    return Question(Code(code, display, TERMINOLOGIE_CISIS), (template,), answers)


DOCUMENT_STATUS = Question(
    Code("GEN-065", "Statut du document", TERMINOLOGIE_CISIS),
    ("1.2.250.1.213.1.1.3.48.16", "1.2.250.1.213.1.1.3.48.16.1"),
    ValueSetId.DOCUMENT_STATUS,
)
ENTRY_MODE = _stay("ORG-070", "Modalité d'entrée", "6", ValueSetId.ENTRY_MODE)
EXIT_MODE = _stay("ORG-074", "Modalité de sortie", "7", ValueSetId.EXIT_MODE)
SUMMARY = _stay("MED-142", "Synthèse médicale", "9")
ADVERSE_EVENTS = _stay("MED-143", "Evènements indésirables survenus pendant l'hospitalisation", "3")
RESISTANT_SEARCH = _stay(
    "MED-309", "Recherche de microorganismes multi-résistants ou émergents effectuée", "8"
)
RESISTANT_FOUND = _stay("MED-144", "Identification de micro-organismes multirésistants", "5")
TRANSFUSION = _stay("MED-145", "Transfusion de produits sanguins", "10")
TRANSFUSION_ACCIDENTS = _stay("MED-146", "Accidents transfusionnels", "1")
BLOOD_PRODUCTS = _stay("MED-147", "Administration de dérivés du sang", "2")
BLOOD_PRODUCTS_EVENTS = _stay(
    "MED-148", "Evènements indésirables suite à l'administration de dérivés du sang", "4"
)
RESISTANT_BACTERIA = Question(Code("U83.71", "Bactérie multirésistante [BMR]", "2.16.840.1.113883.6.3"), ())

# Questions whose answer is taken from a list, by code: what the rules look at.
CODED_ANSWERS: tuple[Question, ...] = (DOCUMENT_STATUS, ENTRY_MODE, EXIT_MODE)

# The lists the observations of a DLU are taken from; each answer is yes or no.
DLU_OBSERVATIONS: tuple[ValueSetId, ...] = (
    ValueSetId.DLU_MENTAL_STATE,
    ValueSetId.DLU_DISABILITY,
    ValueSetId.DLU_MOBILITY,
    ValueSetId.DLU_OTHER_RISK,
)


# What the questions are called for a reader, where the label of the terminology is not what people say
# (official example of the volet IPS-FR 2024.01, document de liaison d'urgence).
PLAIN_WORDS = {
    "288575003": "peut communiquer",
    "247663003": "orienté",
    "62476001": "désorienté",
    "24199005": "agité",
    "248043008": "opposant",
    "425104003": "risque suicidaire",
    "50239007": "déambulation",
    "386423001": "contention",
    "285304000": "risque d'escarre",
    "249492002": "risque de fausse route",
}


@dataclass(frozen=True, slots=True)
class SurveyKind:
    """A group of questions of the statut fonctionnel: its code, its name, the list of its questions."""

    code: Code
    label: str
    listed: ValueSetId

    @property
    def questions(self) -> tuple[Code, ...]:
        """The questions, in the order of the list."""
        return tuple(value_set(self.listed).codes.values())

    def ask(self, answers: tuple[tuple[Code, Value | None, str], ...], day: Day | None = None) -> Survey:
        """Return the group of (question, answer, comment). Raises ValueError without an answer."""
        return Survey(
            label=self.label,
            code=self.code,
            day=day,
            answers=tuple(
                SurveyAnswer(label=plain_words(code), code=code, value=value, comment=comment)
                for code, value, comment in answers
            ),
        )


def plain_words(code: Code) -> str:
    """Return what a question is called for a reader."""
    return PLAIN_WORDS.get(code.code, code.display)


SURVEYS: tuple[SurveyKind, ...] = (
    SurveyKind(Code("54511-1", "Comportement", LOINC), "État psychique", ValueSetId.DLU_MENTAL_STATE),
    SurveyKind(
        Code("52621-0", "Déficience auditive, visuelle ou de communication", LOINC),
        "Handicaps et déficits",
        ValueSetId.DISABILITY,
    ),
    SurveyKind(
        Code("32452-5", "Observations sur la fonction motrice", LOINC),
        "Déplacements et transferts",
        ValueSetId.DLU_MOBILITY,
    ),
    SurveyKind(
        Code("GEN-092.04.24", "Autre type d'évaluation", TERMINOLOGIE_CISIS),
        "Autres risques",
        ValueSetId.DLU_OTHER_RISK,
    ),
)
