"""The structured (N3) documents made for the official judges: each model full, then with nothing known."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

from amarre.interop import cda
from amarre.interop.cda import structured as n3
from amarre.interop.cda.structured import observations as obs
from amarre.interop.terminology import Code, ValueSetId, value_set

DAY = datetime.date(2026, 11, 2)
CIM10 = "2.16.840.1.113883.6.3"
K = n3.SectionKind

PROBLEMS = (
    n3.Problem(
        label="Insuffisance cardiaque", code=Code("I50.9", "Insuffisance cardiaque, sans précision", CIM10)
    ),
    n3.Problem(
        label="Trouble de la marche", period=n3.Period(DAY), comment="Aide humaine pour les transferts"
    ),
)
PAST = (n3.Problem(label="Zona", active=False, period=n3.Period(datetime.date(2019, 3, 1))),)
ALLERGIES = (n3.Allergy(agent="Paracétamol", reaction="Urticaire", period=n3.Period(DAY)),)
MEDICATIONS = (
    n3.Medication(
        name="PARACETAMOL 500 mg, comprimé",
        dosage="1 comprimé matin, midi et soir",
        atc=Code("N02BE01", "Paracétamol", "2.16.840.1.113883.6.73"),
        period=n3.Period(DAY, datetime.date(2026, 12, 2)),
        dose=n3.Quantity(Decimal(1), "{tbl}"),
        every=n3.Quantity(Decimal(8), "h"),
    ),
    n3.Medication(name="Crème hydratante", dosage="si besoin"),
)
PROCEDURES = (
    n3.Procedure(label="Prothèse totale de hanche", day=datetime.date(2015, 6, 9), comment="côté droit"),
    n3.Procedure(label="Appendicectomie"),
)
DEVICES = (n3.Device(label="Fauteuil roulant", period=n3.Period(DAY), comment="à pousser"),)


def _value(which: ValueSetId, code: str) -> Code:
    return value_set(which).get(code)


def ldl_ses() -> n3.StructuredBody:
    """The letter of a person who leaves an establishment, every observation answered."""
    stay = (
        obs.ENTRY_MODE.answer(_value(ValueSetId.ENTRY_MODE, "107724000"), DAY),
        obs.EXIT_MODE.answer(_value(ValueSetId.EXIT_MODE, "160849004"), DAY),
        obs.SUMMARY.answer("Accueil temporaire de trois semaines, retour au domicile préparé.", DAY),
        obs.ADVERSE_EVENTS.answer("Aucun", DAY),
        obs.RESISTANT_SEARCH.answer(True, DAY),
        obs.RESISTANT_FOUND.answer("Aucun", DAY),
        obs.TRANSFUSION.answer(False, DAY),
        obs.TRANSFUSION_ACCIDENTS.answer("Aucun", DAY),
        obs.BLOOD_PRODUCTS.answer(False, DAY),
        obs.BLOOD_PRODUCTS_EVENTS.answer("Aucun", DAY),
    )
    status = obs.DOCUMENT_STATUS.answer(_value(ValueSetId.DOCUMENT_STATUS, "398166005"), DAY)
    return n3.complete(
        n3.LDL_SES,
        (
            n3.Section(kind=K.STATUT_DOCUMENT, entries=(status,)),
            n3.Section(kind=K.MOTIF, notes=("Répit de l'aidant.",), title="Motif de l'accueil"),
            n3.Section(kind=K.SYNTHESE_SEJOUR, entries=stay),
            n3.Section(kind=K.TRAITEMENTS_SORTIE, entries=MEDICATIONS),
            n3.Section(kind=K.ALLERGIES, entries=ALLERGIES),
            n3.Section(kind=K.DISPOSITIFS, entries=DEVICES),
        ),
    )


def ldl_ees() -> n3.StructuredBody:
    """The letter of a person who enters an establishment."""
    return n3.complete(
        n3.LDL_EES,
        (
            n3.Section(kind=K.MOTIF, notes=("Chute à domicile.",)),
            n3.Section(kind=K.TRAITEMENTS_ADMISSION, entries=MEDICATIONS),
            n3.Section(kind=K.ALLERGIES, entries=ALLERGIES),
            n3.Section(kind=K.COMMENTAIRE, notes=("Vit seule, une fille à proximité.", "Lunettes.")),
            n3.Section(kind=K.ANTECEDENTS, entries=PAST),
            n3.Section(kind=K.ACTES, entries=PROCEDURES),
        ),
    )


def dlu(hospital: cda.Organization, file: bytes) -> n3.StructuredBody:
    """The emergency file of a resident."""
    seen = tuple(
        n3.Observation(code=code, value=index % 2 == 0)
        for which in obs.DLU_OBSERVATIONS
        for index, code in enumerate(value_set(which).codes.values())
    )
    checklist = tuple(
        n3.Attachment(kind=code, data=file if code.code == "DLU_009" else None)
        for code in value_set(ValueSetId.DLU_CHECKLIST).codes.values()
    )
    return n3.complete(
        n3.DLU,
        (
            n3.Section(
                kind=K.ETABLISSEMENT_PREFERE, entries=(n3.PreferredEstablishment(organization=hospital),)
            ),
            n3.Section(kind=K.PROBLEMES, entries=PROBLEMS),
            n3.Section(kind=K.TRAITEMENTS, entries=MEDICATIONS),
            n3.Section(
                kind=K.DIRECTIVES,
                entries=(n3.Directive(present=True, day=DAY, where="Dossier de l'établissement"),),
            ),
            n3.Section(kind=K.OBSERVATIONS_DLU, entries=seen),
            n3.Section(
                kind=K.RESULTATS_BMR,
                entries=(
                    n3.Procedure(label="Recherche de bactérie multirésistante"),
                    obs.RESISTANT_BACTERIA.answer(False),
                ),
            ),
            n3.Section(kind=K.DOCUMENTS_AJOUTES, entries=checklist),
        ),
    )


def synthesis(model: n3.DocumentModel) -> n3.StructuredBody:
    """The medical summary: IPS-FR, or VSM whose sections stand one inside the other."""
    sections = (
        n3.Section(kind=K.PROBLEMES, entries=PROBLEMS),
        n3.Section(kind=K.ACTES, entries=PROCEDURES),
        n3.Section(kind=K.ALLERGIES, entries=ALLERGIES),
        n3.Section(kind=K.TRAITEMENTS, entries=MEDICATIONS),
        n3.Section(kind=K.ANTECEDENTS, entries=PAST),
    )
    if model is n3.IPS_FR:
        sections += (n3.Section(kind=K.DISPOSITIFS, entries=DEVICES),)
    return n3.complete(model, sections)


def none_known(model: n3.DocumentModel) -> n3.StructuredBody:
    """A medical summary of somebody who has nothing, and of whom it is known."""
    codes = (
        (K.PROBLEMES, ValueSetId.ABSENT_PROBLEM, "no-known-problems"),
        (K.ACTES, ValueSetId.ABSENT_PROCEDURE, "no-known-procedures"),
        (K.ALLERGIES, ValueSetId.ABSENT_ALLERGY, "no-known-allergies"),
        (K.TRAITEMENTS, ValueSetId.ABSENT_MEDICATION, "no-known-medications"),
        (K.DISPOSITIFS, ValueSetId.ABSENT_DEVICE, "no-known-devices"),
    )
    return n3.complete(
        model, tuple(n3.Section(kind=kind, entries=(n3.Absence(_value(s, c)),)) for kind, s, c in codes)
    )


def structured_documents(
    base: cda.ClinicalDocument, physician: cda.Professional
) -> Iterator[tuple[str, cda.ClinicalDocument]]:
    """Yield (name, document) for each model, from the ordinary document `base`, whose body is a file."""
    hospital = replace(base.custodian, practice_setting=None)
    file = base.body.data if isinstance(base.body, cda.UnstructuredBody) else b""
    bodies = (
        ("ldl-sortie", ldl_ses()),
        ("ldl-entree", ldl_ees()),
        ("dlu", dlu(hospital, file)),
        ("ips", synthesis(n3.IPS_FR)),
        ("vsm", synthesis(n3.VSM)),
        ("ips-none-known", none_known(n3.IPS_FR)),
        *(
            (f"{model.name.lower()}-nothing-known", n3.complete(model, ()))
            for model in (n3.LDL_EES, n3.IPS_FR, n3.VSM)
        ),
    )
    for number, (name, body) in enumerate(bodies, start=1):
        model = body.model
        yield (
            f"n3-{name}",
            replace(
                base,
                document_id=f"{base.document_id}.{number}",
                set_id=f"{base.set_id}.{number}",
                type_code=model.type_codes[0],
                title=model.type_codes[0].display[:128],
                body=body,
                service_event=replace(base.service_event, code=model.service_code),
                participants=(cda.treating_physician(physician), cda.preferred_establishment(hospital))
                if model is n3.IPS_FR
                else (cda.treating_physician(physician),),
            ),
        )
