"""The structured documents and their sections, as tables.

Source of every row: ANS, CI-SIS, Modèles de contenus CDA (sections) and the volet named by the document:
LDL-SES 2022.01, LDL-EES 2022.01, DLU-EHPAD-DLU 2022.01, IPS-FR 2024.01, VSM 2023.01. The order of the
sections is the one of each volet.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from amarre.interop.terminology import Code, ValueSetId, value_set

LOINC = "2.16.840.1.113883.6.1"
TERMINOLOGIE_CISIS = "1.2.250.1.213.1.1.4.322"


class SectionKind(StrEnum):
    """The sections a DUI writes."""

    STATUT_DOCUMENT = "statut_document"
    MOTIF = "motif"
    SYNTHESE_SEJOUR = "synthese_sejour"
    TRAITEMENTS_SORTIE = "traitements_sortie"
    TRAITEMENTS_ARRETES = "traitements_arretes"
    TRAITEMENTS_ADMISSION = "traitements_admission"
    TRAITEMENTS = "traitements"
    ALLERGIES = "allergies"
    COMMENTAIRE = "commentaire"
    PROBLEMES = "problemes"
    ANTECEDENTS = "antecedents"
    ACTES = "actes"
    DISPOSITIFS = "dispositifs"
    ETABLISSEMENT_PREFERE = "etablissement_prefere"
    DIRECTIVES = "directives"
    OBSERVATIONS_DLU = "observations_dlu"
    RESULTATS_BMR = "resultats_bmr"
    RESULTATS = "resultats"
    DOCUMENTS_AJOUTES = "documents_ajoutes"
    SUITES = "suites"
    CONCLUSIONS_VSM = "conclusions_vsm"
    HISTORIQUE_VSM = "historique_vsm"
    FACTEURS_RISQUE_VSM = "facteurs_risque_vsm"
    FACTEURS_PROFESSIONNELS = "facteurs_professionnels"
    LONG_COURS_VSM = "long_cours_vsm"


@dataclass(frozen=True, slots=True)
class SectionTemplate:
    """One section: LOINC code, templateIds, the one a volet asks for (`mark`), usual title.

    `absence`: value set that says nothing is known of it. `parts`: the sub-sections it must hold, and then
    no words of its own.
    """

    kind: SectionKind
    code: Code
    title: str
    templates: tuple[str, ...]
    mark: str
    absence: ValueSetId | None = None
    parts: tuple[SectionKind, ...] = ()

    @property
    def needs_entry(self) -> bool:
        """Whether an entry is mandatory and nothing can stand for it."""
        return self.kind in _WITH_ENTRY


def _row(
    kind: SectionKind,
    code: str,
    display: str,
    title: str,
    templates: str,
    mark: str,
    absence: ValueSetId | None = None,
    parts: tuple[SectionKind, ...] = (),
) -> SectionTemplate:
    roots = tuple(_expand(item) for item in templates.split())
    return SectionTemplate(kind, Code(code, display, LOINC), title, roots, _expand(mark), absence, parts)


def _expand(short: str) -> str:
    """Return a templateId from its short form: ``pcc:`` IHE PCC sections, ``fr:`` CI-SIS, ``ccd:`` CCD."""
    prefix, _, rest = short.rpartition(":")
    bases = {
        "pcc": "1.3.6.1.4.1.19376.1.5.3.1.3.",
        "fr": "1.2.250.1.213.1.1.2.",
        "ccd": "2.16.840.1.113883.10.20.1.",
        "": "",
    }
    return bases[prefix] + rest


K = SectionKind
# Sections whose schematron asks for an entry (simple observation, directive, disposition, attached document).
_WITH_ENTRY = frozenset(
    {
        K.STATUT_DOCUMENT,
        K.SYNTHESE_SEJOUR,
        K.ETABLISSEMENT_PREFERE,
        K.DIRECTIVES,
        K.OBSERVATIONS_DLU,
        K.RESULTATS_BMR,
        K.DOCUMENTS_AJOUTES,
    }
)
_MED = ValueSetId.ABSENT_MEDICATION

SECTIONS: dict[SectionKind, SectionTemplate] = {
    row.kind: row
    for row in (
        _row(
            K.STATUT_DOCUMENT,
            "33557-0",
            "Etat d'achèvement",
            "Statut du document",
            "fr:35 fr:35.1",
            "fr:35.1",
        ),
        _row(K.MOTIF, "42349-1", "Raison de la recommandation", "Motif", "pcc:1 fr:127", "pcc:1"),
        _row(
            K.SYNTHESE_SEJOUR,
            "42545-4",
            "Evènements observés",
            "Synthèse médicale du séjour",
            "1.3.6.1.4.1.19376.1.5.3.1.1.21.2.9 1.3.6.1.4.1.19376.1.7.3.1.1.13.7 fr:163 fr:163.1",
            "1.3.6.1.4.1.19376.1.7.3.1.1.13.7",
        ),
        _row(
            K.TRAITEMENTS_SORTIE,
            "10183-2",
            "Traitements à la sortie",
            "Traitements à la sortie",
            "pcc:22 fr:146",
            "pcc:22",
            _MED,
        ),
        _row(
            K.TRAITEMENTS_ARRETES,
            "18610-6",
            "Traitements administrés",
            "Traitements arrêtés",
            "pcc:21 fr:145",
            "pcc:21",
            _MED,
        ),
        _row(
            K.TRAITEMENTS_ADMISSION,
            "42346-7",
            "Traitements à l'admission",
            "Traitements à l'admission",
            "pcc:20 fr:144",
            "pcc:20",
            _MED,
        ),
        _row(
            K.TRAITEMENTS,
            "10160-0",
            "Historique de la prise médicamenteuse",
            "Traitements",
            "ccd:8 pcc:19 fr:143",
            "pcc:19",
            _MED,
        ),
        _row(
            K.ALLERGIES,
            "48765-2",
            "Allergies et hypersensibilités",
            "Allergies et hypersensibilités",
            "ccd:2 pcc:13 fr:137",
            "pcc:13",
            ValueSetId.ABSENT_ALLERGY,
        ),
        _row(
            K.COMMENTAIRE,
            "55112-7",
            "Commentaire",
            "Autres informations",
            "2.16.840.1.113883.10.12.201 1.3.6.1.4.1.19376.1.4.1.2.16 fr:73",
            "1.3.6.1.4.1.19376.1.4.1.2.16",
        ),
        _row(
            K.PROBLEMES,
            "11450-4",
            "Liste des problèmes actifs",
            "Pathologies en cours",
            "ccd:11 pcc:6 fr:132",
            "pcc:6",
            ValueSetId.ABSENT_PROBLEM,
        ),
        _row(
            K.ANTECEDENTS,
            "11348-0",
            "Antécédents médicaux",
            "Antécédents médicaux",
            "pcc:8 fr:134",
            "pcc:8",
            ValueSetId.ABSENT_PROBLEM,
        ),
        _row(
            K.ACTES,
            "47519-4",
            "Historique des actes",
            "Antécédents chirurgicaux et actes",
            "ccd:12 pcc:11 pcc:12 fr:136",
            "pcc:11",
            ValueSetId.ABSENT_PROCEDURE,
        ),
        _row(
            K.DISPOSITIFS,
            "46264-8",
            "Dispositifs médicaux",
            "Dispositifs médicaux",
            "2.16.840.1.11383.10.20.1.7 1.3.6.1.4.1.19376.1.5.3.1.1.5.3.5 fr:1",
            "1.3.6.1.4.1.19376.1.5.3.1.1.5.3.5",
            ValueSetId.ABSENT_DEVICE,
        ),
        _row(
            K.ETABLISSEMENT_PREFERE,
            "11302-7",
            "Etablissement de santé de préférence",
            "Établissement de santé de préférence",
            "1.3.6.1.4.1.19376.1.5.3.1.1.13.2.10 fr:172",
            "1.3.6.1.4.1.19376.1.5.3.1.1.13.2.10",
        ),
        _row(
            K.DIRECTIVES,
            "42348-3",
            "Directives anticipées",
            "Directives anticipées",
            "ccd:1 pcc:34 pcc:35 fr:157",
            "pcc:35",
        ),
        _row(
            K.OBSERVATIONS_DLU,
            "42545-4",
            "Evènements observés",
            "Observations",
            "1.3.6.1.4.1.19376.1.5.3.1.1.21.2.9 1.3.6.1.4.1.19376.1.7.3.1.1.13.7 fr:163",
            "1.3.6.1.4.1.19376.1.7.3.1.1.13.7",
        ),
        _row(
            K.RESULTATS_BMR,
            "30954-2",
            "Résultats d'examens",
            "Bactérie multirésistante",
            "pcc:27 pcc:28 fr:151",
            "pcc:28",
        ),
        _row(K.RESULTATS, "30954-2", "Résultats d'examens", "Points de vigilance", "pcc:27 fr:150", "pcc:27"),
        _row(K.DOCUMENTS_AJOUTES, "55107-7", "Documents ajoutés", "Documents ajoutés", "fr:37", "fr:37"),
        _row(K.SUITES, "18776-5", "Plan de soins", "Suites à donner", "ccd:10 pcc:36 fr:158", "pcc:36"),
        _row(
            K.CONCLUSIONS_VSM,
            "46612-8",
            "Conclusions de synthèse",
            "Pathologies, antécédents, allergies et facteurs de risque",
            "fr:29",
            "fr:29",
            parts=(K.HISTORIQUE_VSM, K.FACTEURS_RISQUE_VSM),
        ),
        _row(
            K.HISTORIQUE_VSM,
            "34117-2",
            "Historique et physique",
            "Pathologies en cours, antécédents et allergies",
            "fr:30",
            "fr:30",
            parts=(K.PROBLEMES, K.ANTECEDENTS, K.ACTES, K.ALLERGIES),
        ),
        _row(
            K.FACTEURS_RISQUE_VSM,
            "57207-3",
            "Facteurs de risque présents ou passés affectant l'état de santé et/ou une circonstance",
            "Facteurs de risque",
            "fr:31",
            "fr:31",
            parts=(K.FACTEURS_PROFESSIONNELS,),
        ),
        _row(
            K.FACTEURS_PROFESSIONNELS,
            "10161-8",
            "Facteurs de risques professionnels",
            "Facteurs de risque professionnels",
            "1.3.6.1.4.1.19376.1.5.3.1.1.5.3.1 fr:74",
            "fr:74",
        ),
        _row(
            K.LONG_COURS_VSM,
            "18776-5",
            "Plan de traitement",
            "Traitement au long cours",
            "fr:32",
            "fr:32",
            parts=(K.TRAITEMENTS,),
        ),
    )
}


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentModel:
    """A structured document: what announces it, what its header must say, which sections it must hold.

    `service_code`: imposed code of the main service event, None when the volet leaves it free.
    `treating_physician`: whether a participant INF/PCP is mandatory.
    """

    name: str
    label: str
    templates: tuple[tuple[str, str], ...]
    type_codes: tuple[Code, ...]
    mandatory: tuple[SectionKind, ...]
    optional: tuple[SectionKind, ...] = ()
    service_code: Code | None = None
    treating_physician: bool = False
    source: str

    @property
    def root(self) -> str:
        """The templateId that announces the model."""
        return self.templates[-1][0]


def _type(code: str) -> Code:
    return value_set(ValueSetId.TYPE_CODE).get(code)


HOSPITALISATION = Code("IMP", "Hospitalisation (établissement, y compris HAD)", "2.16.840.1.113883.5.4")
HISTORY = Code("34117-2", "Historique et clinique", LOINC)

LDL_SES = DocumentModel(
    name="LDL-SES",
    label="lettre de liaison de sortie",
    templates=(("1.2.250.1.213.1.1.1.29", "2022.01"),),
    type_codes=(_type("11490-0"),),
    service_code=None,
    mandatory=(K.STATUT_DOCUMENT, K.MOTIF, K.SYNTHESE_SEJOUR, K.TRAITEMENTS_SORTIE),
    optional=(K.TRAITEMENTS_ARRETES, K.RESULTATS, K.SUITES, K.DISPOSITIFS, K.ALLERGIES),
    source="CI-SIS, volet Lettre de liaison à la sortie (LDL-SES 2022.01)",
)
LDL_EES = DocumentModel(
    name="LDL-EES",
    label="lettre de liaison d'entrée",
    templates=(("1.2.250.1.213.1.1.1.21", "2022.01"),),
    type_codes=(_type("18761-7"),),
    service_code=HOSPITALISATION,
    mandatory=(K.MOTIF, K.TRAITEMENTS_ADMISSION, K.ALLERGIES, K.COMMENTAIRE),
    optional=(K.ANTECEDENTS, K.ACTES),
    source="CI-SIS, volet Lettre de liaison à l'entrée (LDL-EES 2022.01)",
)
DLU = DocumentModel(
    name="DLU",
    label="dossier de liaison d'urgence",
    templates=(("1.2.250.1.213.1.1.1.22", "2022.01"),),
    type_codes=(_type("74207-2"),),
    service_code=HISTORY,
    mandatory=(
        K.ETABLISSEMENT_PREFERE,
        K.TRAITEMENTS,
        K.DIRECTIVES,
        K.OBSERVATIONS_DLU,
        K.RESULTATS_BMR,
        K.DOCUMENTS_AJOUTES,
    ),
    optional=(K.PROBLEMES, K.ANTECEDENTS, K.ALLERGIES, K.COMMENTAIRE),
    treating_physician=True,
    source="CI-SIS, volet Dossier de liaison d'urgence EHPAD (DLU-EHPAD-DLU 2022.01)",
)
IPS_FR = DocumentModel(
    name="IPS-FR",
    label="synthèse médicale",
    templates=(("2.16.840.1.113883.10.22.1.1", ""), ("1.2.250.1.213.1.1.1.51", "2024.01")),
    type_codes=(_type("60591-5"), _type("74207-2")),
    mandatory=(K.PROBLEMES, K.ACTES, K.ALLERGIES, K.TRAITEMENTS, K.DISPOSITIFS),
    optional=(K.ANTECEDENTS, K.DOCUMENTS_AJOUTES),
    source="CI-SIS, volet Synthèse médicale (IPS-FR 2024.01)",
)
VSM = DocumentModel(
    name="VSM",
    label="volet de synthèse médicale",
    templates=(("1.2.250.1.213.1.1.1.13", "2023.01"),),
    type_codes=(_type("SYNTH"),),
    service_code=HISTORY,
    mandatory=(K.CONCLUSIONS_VSM, K.RESULTATS, K.LONG_COURS_VSM),
    source="CI-SIS, volet de synthèse médicale (VSM 2023.01)",
)
MODELS: tuple[DocumentModel, ...] = (LDL_SES, LDL_EES, DLU, IPS_FR, VSM)


def model_of(templates: frozenset[str]) -> DocumentModel | None:
    """Return the document model that a set of templateIds announces, or None when it is not one of ours."""
    return next((model for model in MODELS if model.root in templates), None)
