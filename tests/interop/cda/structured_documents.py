"""Structured documents for the tests and the official judges: each model full, bare, and hard to write."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

from amarre.interop import cda
from amarre.interop.cda import structured as n3
from amarre.interop.cda.structured import observations as obs
from amarre.interop.terminology import Code, ValueSetId, value_set
from tests.interop.cda.documents import document, nurse, organization

K = n3.SectionKind
DAY = datetime.date(2026, 3, 2)
LATER = datetime.date(2026, 4, 2)
FILE = b"%PDF-1.4 annexe"
CIM10 = "2.16.840.1.113883.6.3"
# Markup, end of CDATA, quotes, spaces that do not break, ligatures, other scripts, one beyond the BMP, right
# to left, a combining accent, a soft hyphen, a zero width joiner.
NASTY = (
    '<b>&amp; ]]> "« œuvre » l\u2019Haÿ\u00a0: \u202f50\u00a0% 漢字 \U0001f642 \u05e9\u05dc '
    "e\u0301 a\u00adb \u200d"
)


def structured(content: n3.StructuredBody, *, type_code: Code | None = None) -> cda.ClinicalDocument:
    """The ordinary document of the tests, with this body and the header its model asks for."""
    model = content.model
    event = document().service_event
    kind = type_code or model.type_codes[0]
    return document(
        body=content,
        type_code=kind,
        title=kind.display,
        service_event=cda.ServiceEvent(start=event.start, performer=event.performer, code=model.service_code),
        participants=(cda.treating_physician(nurse()),),
    )


def _value(which: ValueSetId, code: str) -> Code:
    return value_set(which).get(code)


MEDICATIONS = (
    n3.Medication(
        name="PARACETAMOL 500 mg",
        dosage="1 comprimé et demi matin et soir",
        atc=Code("N02BE01", "Paracétamol", "2.16.840.1.113883.6.73"),
        dose=n3.Quantity(Decimal("1.5"), "{tbl}"),
        every=n3.Quantity(Decimal(12), "h"),
        period=n3.Period(DAY, LATER),
        route=_value(ValueSetId.ROUTE, "20053000"),
        comment="à distance des repas",
    ),
    n3.Medication(name="Crème hydratante", dosage="si besoin"),
)
PROBLEMS = (
    n3.Problem(
        label="Insuffisance cardiaque",
        code=Code("I50.9", "Insuffisance cardiaque", CIM10),
        period=n3.Period(DAY),
        comment="suivie",
    ),
    n3.Problem(label="Zona", active=False),
)
ALLERGIES = (
    n3.Allergy(
        agent="Arachide",
        kind=_value(ValueSetId.ALLERGY_KIND, "414285001"),
        reaction="Urticaire",
        period=n3.Period(DAY),
        comment="trousse d'urgence",
    ),
    n3.Allergy(agent="Pénicilline", active=False),
)
ACTS = (
    n3.Procedure(label="Appendicectomie", day=DAY, comment="1985"),
    n3.Procedure(label="Prothèse de hanche"),
)
DEVICES = (n3.Device(label="Fauteuil roulant", comment="manuel", period=n3.Period(DAY)),)
VACCINATIONS = (
    n3.Vaccination(
        name="Grippe saisonnière",
        day=DAY,
        kind=_value(ValueSetId.IMMUNIZATION_KIND, "BOOSTER"),
        atc=Code("J07BB02", "Grippe, antigène purifié", "2.16.840.1.113883.6.73"),
        lot="A12",
        rank=2,
        route=_value(ValueSetId.IMMUNIZATION_ROUTE, "20035000"),
        site=_value(ValueSetId.IMMUNIZATION_SITE, "16217701000119102"),
        comment="bien supporté",
    ),
    n3.Vaccination(name="Tétanos"),
)
SIGNS = (
    n3.VitalSigns(
        signs=tuple(
            n3.VitalSign(kind=kind, value=kind.most - 1, day=DAY, comment="au repos" if index == 0 else "")
            for index, kind in enumerate(n3.MEASURES.values())
        )
    ),
)
LIFE_STYLE = (
    n3.LifeStyle(
        code=_value(ValueSetId.SOCIAL_HISTORY, "72166-2"),
        value=_value(ValueSetId.SMOKING, "8517006"),
        day=DAY,
        comment="depuis 2010",
    ),
    n3.LifeStyle(code=_value(ValueSetId.SOCIAL_HISTORY, "73985-4"), value="Marche chaque jour"),
)
SURVEYS = (
    *(
        survey.ask(tuple((code, index % 2 == 0, "") for index, code in enumerate(survey.questions)), day=DAY)
        for survey in obs.SURVEYS
    ),
    n3.Survey(
        label="Niveau de dépendance",
        day=DAY,
        answers=(
            n3.SurveyAnswer(
                label="Groupe iso-ressources", value=_value(ValueSetId.GIR, "MED-341"), comment="AGGIR"
            ),
        ),
    ),
)
PLANNED = (
    n3.Appointment(label="Médecin traitant", comment="contrôle de la tension"),
    n3.Appointment(label="Cardiologue", day=LATER),
    n3.Request(label="Prise de sang", day=LATER, comment="à jeun"),
    n3.PlannedAct(label="Soins palliatifs", code=Code("103735009", "Soins palliatifs", obs.SNOMED)),
)
RESULTS = (
    n3.Results(
        kind=n3.Examination.BIOLOGY,
        results=(n3.Result(label="CRP", value="< 1 mg/L", day=DAY, comment="normale"),),
    ),
    n3.Results(
        kind=n3.Examination.IMAGING, results=(n3.Result(label="Radiographie", value="Pas de fracture"),)
    ),
)
DIRECTIVES = (
    n3.Directive(present=True, day=DAY, where="Dossier de l'établissement"),
    n3.Directive(present=False, code=_value(ValueSetId.DIRECTIVE_KIND, "75779-9")),
)
STAY = (
    obs.ENTRY_MODE.answer(_value(ValueSetId.ENTRY_MODE, "8715000"), DAY),
    obs.EXIT_MODE.answer(_value(ValueSetId.EXIT_MODE, "160849004"), DAY),
    obs.SUMMARY.answer("Séjour calme.", DAY),
    obs.ADVERSE_EVENTS.answer("Aucun", DAY),
    obs.RESISTANT_SEARCH.answer(True, DAY),
    obs.RESISTANT_FOUND.answer("Aucun", DAY),
    obs.TRANSFUSION.answer(False, DAY),
    obs.TRANSFUSION_ACCIDENTS.answer("Aucun", DAY),
    obs.BLOOD_PRODUCTS.answer(False, DAY),
    obs.BLOOD_PRODUCTS_EVENTS.answer("Aucun", DAY),
)
STATUS = obs.DOCUMENT_STATUS.answer(_value(ValueSetId.DOCUMENT_STATUS, "398166005"), DAY)
FALLS = _value(ValueSetId.DLU_MOBILITY, "161898004")
CHECKLIST = value_set(ValueSetId.DLU_CHECKLIST)

# Every section with everything it can say.
WHOLE: dict[n3.SectionKind, n3.Section] = {
    section.kind: section
    for section in (
        n3.Section(kind=K.STATUT_DOCUMENT, entries=(STATUS,)),
        n3.Section(kind=K.MOTIF, notes=("Répit de l'aidant.",), title="Motif de l'accueil"),
        n3.Section(kind=K.SYNTHESE_SEJOUR, entries=STAY),
        n3.Section(kind=K.TRAITEMENTS, entries=MEDICATIONS, notes=("Pilulier préparé chaque lundi.",)),
        n3.Section(kind=K.TRAITEMENTS_ADMISSION, entries=MEDICATIONS),
        n3.Section(kind=K.TRAITEMENTS_ARRETES, entries=MEDICATIONS[1:]),
        n3.Section(kind=K.TRAITEMENTS_SORTIE, entries=MEDICATIONS),
        n3.Section(kind=K.ALLERGIES, entries=ALLERGIES),
        n3.Section(kind=K.COMMENTAIRE, notes=("Vit seule.", "Porte des lunettes.")),
        n3.Section(kind=K.PROBLEMES, entries=PROBLEMS),
        n3.Section(kind=K.ANTECEDENTS, entries=PROBLEMS[1:]),
        n3.Section(kind=K.ACTES, entries=ACTS),
        n3.Section(kind=K.DISPOSITIFS, entries=DEVICES),
        n3.Section(kind=K.POINTS_VIGILANCE, notes=("Risque de fausse route.",)),
        n3.Section(kind=K.STATUT_FONCTIONNEL, entries=SURVEYS),
        n3.Section(kind=K.CONSTANTES, entries=SIGNS),
        n3.Section(kind=K.MODE_DE_VIE, entries=LIFE_STYLE),
        n3.Section(kind=K.FACTEURS_PROFESSIONNELS, notes=("Amiante.",)),
        n3.Section(kind=K.VACCINATIONS, entries=VACCINATIONS),
        n3.Section(
            kind=K.ETABLISSEMENT_PREFERE, entries=(n3.PreferredEstablishment(organization=organization()),)
        ),
        n3.Section(kind=K.DIRECTIVES, entries=DIRECTIVES),
        n3.Section(
            kind=K.OBSERVATIONS_DLU,
            entries=tuple(
                n3.Observation(code=code, value=index % 2 == 0, comment="la nuit" if index == 0 else "")
                for which in obs.DLU_OBSERVATIONS
                for index, code in enumerate(value_set(which).codes.values())
            ),
        ),
        n3.Section(
            kind=K.RESULTATS_BMR,
            entries=(n3.Procedure(label="Dépistage", day=DAY), obs.RESISTANT_BACTERIA.answer(False)),
        ),
        n3.Section(kind=K.RESULTATS, notes=("INR à contrôler.",)),
        n3.Section(kind=K.RESULTATS_IPS, entries=RESULTS),
        n3.Section(kind=K.SUITES, entries=PLANNED, notes=("Relais par l'équipe du domicile.",)),
        n3.Section(
            kind=K.DOCUMENTS_AJOUTES,
            entries=(
                n3.Attachment(kind=CHECKLIST.get("DLU_009"), data=FILE),
                n3.Attachment(kind=CHECKLIST.get("DLU_010")),
            ),
        ),
        n3.Section(kind=K.COPIE_PDF, entries=(n3.Attachment(kind=n3.COPY, data=FILE),)),
    )
}
# The least that can be said where something must be.
LEAST: dict[n3.SectionKind, n3.Section] = {
    section.kind: section
    for section in (
        n3.Section(kind=K.STATUT_DOCUMENT, entries=(obs.DOCUMENT_STATUS.answer(STATUS.value),)),
        n3.Section(kind=K.SYNTHESE_SEJOUR, entries=(obs.SUMMARY.answer("Séjour calme."),)),
        WHOLE[K.ETABLISSEMENT_PREFERE],
        n3.Section(kind=K.DIRECTIVES, entries=(n3.Directive(present=None),)),
        n3.Section(kind=K.OBSERVATIONS_DLU, entries=(n3.Observation(code=FALLS, value=None),)),
        n3.Section(
            kind=K.RESULTATS_BMR,
            entries=(n3.Procedure(label="Dépistage"), obs.RESISTANT_BACTERIA.answer(None)),
        ),
        n3.Section(
            kind=K.DOCUMENTS_AJOUTES, entries=(n3.Attachment(kind=CHECKLIST.get("DLU_009"), data=FILE),)
        ),
    )
}


def _kinds(model: n3.DocumentModel) -> tuple[n3.SectionKind, ...]:
    """Every section of a model that says something itself, those inside others included."""
    found: list[n3.SectionKind] = []
    for kind in model.sections:
        template = n3.SECTIONS[kind]
        outer = [kind] if not template.parts else []
        for part in (*template.parts, *template.further_parts):
            inner = n3.SECTIONS[part]
            outer += [part] if not inner.parts else [*inner.parts, *inner.further_parts]
        found += outer
    return tuple(found)


def full(model: n3.DocumentModel) -> n3.StructuredBody:
    """Every section of the model, everything said."""
    return n3.complete(model, tuple(WHOLE[kind] for kind in _kinds(model)))


def least(model: n3.DocumentModel) -> n3.StructuredBody:
    """The mandatory sections only, nothing known wherever that can be said."""
    needed = [LEAST[kind] for kind in _kinds(model) if kind in LEAST and kind in model.mandatory]
    return n3.complete(model, tuple(needed))


def absent(model: n3.DocumentModel, prefix: str) -> n3.StructuredBody:
    """Every section that has a list for it says that nothing is known (``no-known``), or nobody knows."""
    said = {
        kind: n3.Section(kind=kind, entries=(n3.Absence(_absence(which, prefix)),))
        for kind in _kinds(model)
        if (which := n3.SECTIONS[kind].absence)
    }
    needed = {kind: LEAST[kind] for kind in _kinds(model) if kind in LEAST and kind in model.mandatory}
    return n3.complete(model, tuple({**needed, **said}.values()))


def _absence(which: ValueSetId, prefix: str) -> Code:
    codes = value_set(which).codes.values()
    known = prefix == "no-known"
    return next(code for code in codes if code.code.startswith("no-known") == known)


def nasty(model: n3.DocumentModel) -> n3.StructuredBody:
    """Every word of every section replaced by characters that are hard to write."""
    sections = []
    for kind in _kinds(model):
        section = WHOLE[kind]
        notes = tuple(NASTY for _ in section.notes)
        sections.append(
            replace(section, title=NASTY, notes=notes, entries=tuple(map(_worsen, section.entries)))
            if kind is not K.COPIE_PDF
            else section
        )
    return n3.complete(model, tuple(sections))


_WORDS = ("name", "dosage", "label", "comment", "agent", "reaction", "where", "lot")


def _worsen(entry: n3.Entry | n3.Panel) -> n3.Entry | n3.Panel:
    changes: dict[str, object] = {name: NASTY for name in _WORDS if getattr(entry, name, "")}
    for name in ("answers", "results", "signs"):
        if hasattr(entry, name):
            changes[name] = tuple(_worsen(item) for item in getattr(entry, name))
    for name in ("value",):
        if isinstance(getattr(entry, name, None), str):
            changes[name] = NASTY
    return replace(entry, **changes)  # type: ignore[type-var]


VARIANTS: dict[str, Callable[[n3.DocumentModel], n3.StructuredBody]] = {
    "plein": full,
    "minimal": least,
    "rien-connu": lambda model: absent(model, "no-known"),
    "sans-information": lambda model: absent(model, "no-info"),
    "caracteres-difficiles": nasty,
}
FULL: dict[str, n3.StructuredBody] = {model.name: full(model) for model in n3.MODELS}

SUMMARY = tuple(WHOLE[kind] for kind in (K.PROBLEMES, K.ALLERGIES, K.TRAITEMENTS, K.ACTES, K.DISPOSITIFS))


def dlu() -> n3.StructuredBody:
    """An emergency file: one attached document, one that is not."""
    return FULL["DLU"]
