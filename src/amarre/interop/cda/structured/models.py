"""The structured documents: what announces each, what its header must say, which sections it holds.

Sources: ANS, CI-SIS, volets LDL-SES 2022.01, LDL-EES 2022.01, DLU-EHPAD-DLU 2022.01, IPS-FR 2024.01 and VSM
2023.01. The order of the sections is the one of each volet; the copy of the document as a PDF (section
FR-Document-PDF-copie) is allowed in all of them by the Structuration minimale V1.16.8.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from amarre.interop.cda.structured.sections import LOINC
from amarre.interop.cda.structured.sections import SectionKind as K
from amarre.interop.terminology import Code, ValueSetId, value_set


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentModel:
    """A structured document. `sections` are its own, in reading order; `mandatory` those it never lacks.

    `service_code`: imposed code of the main service event, None when the volet leaves it free.
    `treating_physician`: whether a participant INF/PCP is mandatory.
    """

    name: str
    label: str
    templates: tuple[tuple[str, str], ...]
    type_codes: tuple[Code, ...]
    sections: tuple[K, ...]
    mandatory: frozenset[K]
    service_code: Code | None = None
    treating_physician: bool = False
    source: str

    @property
    def root(self) -> str:
        """The templateId that announces the model."""
        return self.templates[-1][0]


def _type(code: str) -> Code:
    return value_set(ValueSetId.TYPE_CODE).get(code)


HOSPITALISATION: Final = Code(
    "IMP", "Hospitalisation (établissement, y compris HAD)", "2.16.840.1.113883.5.4"
)
HISTORY: Final = Code("34117-2", "Historique et clinique", LOINC)

LDL_SES: Final = DocumentModel(
    name="LDL-SES",
    label="lettre de liaison de sortie",
    templates=(("1.2.250.1.213.1.1.1.29", "2022.01"),),
    type_codes=(_type("11490-0"),),
    sections=(
        K.STATUT_DOCUMENT,
        K.MOTIF,
        K.SYNTHESE_SEJOUR,
        K.TRAITEMENTS_ARRETES,
        K.TRAITEMENTS_SORTIE,
        K.RESULTATS,
        K.SUITES,
        K.DISPOSITIFS,
        K.ALLERGIES,
        K.COPIE_PDF,
    ),
    mandatory=frozenset({K.STATUT_DOCUMENT, K.MOTIF, K.SYNTHESE_SEJOUR, K.TRAITEMENTS_SORTIE}),
    source="CI-SIS, volet Lettre de liaison à la sortie (LDL-SES 2022.01)",
)
LDL_EES: Final = DocumentModel(
    name="LDL-EES",
    label="lettre de liaison d'entrée",
    templates=(("1.2.250.1.213.1.1.1.21", "2022.01"),),
    type_codes=(_type("18761-7"),),
    service_code=HOSPITALISATION,
    sections=(
        K.MOTIF,
        K.TRAITEMENTS_ADMISSION,
        K.ALLERGIES,
        K.ANTECEDENTS,
        K.ACTES,
        K.COMMENTAIRE,
        K.COPIE_PDF,
    ),
    mandatory=frozenset({K.MOTIF, K.TRAITEMENTS_ADMISSION, K.ALLERGIES, K.COMMENTAIRE}),
    source="CI-SIS, volet Lettre de liaison à l'entrée (LDL-EES 2022.01)",
)
DLU: Final = DocumentModel(
    name="DLU",
    label="dossier de liaison d'urgence",
    templates=(("1.2.250.1.213.1.1.1.22", "2022.01"),),
    type_codes=(_type("74207-2"),),
    service_code=HISTORY,
    sections=(
        K.ETABLISSEMENT_PREFERE,
        K.PROBLEMES,
        K.ANTECEDENTS,
        K.ALLERGIES,
        K.TRAITEMENTS,
        K.SUITES,
        K.DIRECTIVES,
        K.OBSERVATIONS_DLU,
        K.RESULTATS_BMR,
        K.VACCINATIONS,
        K.COMMENTAIRE,
        K.DOCUMENTS_AJOUTES,
    ),
    mandatory=frozenset(
        {
            K.ETABLISSEMENT_PREFERE,
            K.TRAITEMENTS,
            K.DIRECTIVES,
            K.OBSERVATIONS_DLU,
            K.RESULTATS_BMR,
            K.DOCUMENTS_AJOUTES,
        }
    ),
    treating_physician=True,
    source="CI-SIS, volet Dossier de liaison d'urgence EHPAD (DLU-EHPAD-DLU 2022.01)",
)
IPS_FR: Final = DocumentModel(
    name="IPS-FR",
    label="synthèse médicale",
    templates=(("2.16.840.1.113883.10.22.1.1", ""), ("1.2.250.1.213.1.1.1.51", "2024.01")),
    type_codes=(_type("60591-5"), _type("74207-2")),
    sections=(
        K.PROBLEMES,
        K.ANTECEDENTS,
        K.ACTES,
        K.ALLERGIES,
        K.TRAITEMENTS,
        K.DISPOSITIFS,
        K.POINTS_VIGILANCE,
        K.STATUT_FONCTIONNEL,
        K.CONSTANTES,
        K.MODE_DE_VIE,
        K.FACTEURS_PROFESSIONNELS,
        K.VACCINATIONS,
        K.SUITES,
        K.DIRECTIVES,
        K.RESULTATS_IPS,
        K.DOCUMENTS_AJOUTES,
        K.COPIE_PDF,
    ),
    mandatory=frozenset({K.PROBLEMES, K.ACTES, K.ALLERGIES, K.TRAITEMENTS, K.DISPOSITIFS}),
    source="CI-SIS, volet Synthèse médicale (IPS-FR 2024.01)",
)
VSM: Final = DocumentModel(
    name="VSM",
    label="volet de synthèse médicale",
    templates=(("1.2.250.1.213.1.1.1.13", "2023.01"),),
    type_codes=(_type("SYNTH"),),
    service_code=HISTORY,
    sections=(K.CONCLUSIONS_VSM, K.RESULTATS, K.LONG_COURS_VSM, K.COPIE_PDF),
    mandatory=frozenset({K.CONCLUSIONS_VSM, K.RESULTATS, K.LONG_COURS_VSM}),
    source="CI-SIS, volet de synthèse médicale (VSM 2023.01)",
)
MODELS: Final[tuple[DocumentModel, ...]] = (LDL_SES, LDL_EES, DLU, IPS_FR, VSM)


def model_of(templates: frozenset[str]) -> DocumentModel | None:
    """Return the document model that a set of templateIds announces, or None when it is not one of ours."""
    return next((model for model in MODELS if model.root in templates), None)
