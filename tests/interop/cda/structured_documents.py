"""Structured documents for the tests: each model with something in every mandatory section."""

from __future__ import annotations

import datetime
from decimal import Decimal

from amarre.interop import cda
from amarre.interop.cda import structured as n3
from amarre.interop.cda.structured import observations as obs
from amarre.interop.terminology import Code, ValueSetId, value_set
from tests.interop.cda.documents import document, nurse, organization

K = n3.SectionKind
DAY = datetime.date(2026, 3, 2)
FILE = b"%PDF-1.4 annexe"


def structured(content: n3.StructuredBody) -> cda.ClinicalDocument:
    """The ordinary document of the tests, with this body and the header its model asks for."""
    model = content.model
    event = document().service_event
    return document(
        body=content,
        type_code=model.type_codes[0],
        title=model.type_codes[0].display,
        service_event=cda.ServiceEvent(start=event.start, performer=event.performer, code=model.service_code),
        participants=(cda.treating_physician(nurse()),),
    )


SUMMARY = (
    n3.Section(
        kind=K.PROBLEMES,
        entries=(
            n3.Problem(
                label="Insuffisance cardiaque",
                code=Code("I50.9", "Insuffisance cardiaque", "2.16.840.1.113883.6.3"),
                period=n3.Period(DAY),
                comment="suivie",
            ),
            n3.Problem(label="Zona", active=False),
        ),
    ),
    n3.Section(kind=K.ALLERGIES, entries=(n3.Allergy(agent="Arachide", reaction="Urticaire"),)),
    n3.Section(
        kind=K.TRAITEMENTS,
        entries=(
            n3.Medication(
                name="PARACETAMOL 500 mg",
                dosage="1 matin et soir",
                dose=n3.Quantity(Decimal("1.5"), "{tbl}"),
                every=n3.Quantity(Decimal(12), "h"),
            ),
        ),
    ),
    n3.Section(kind=K.ACTES, entries=(n3.Procedure(label="Appendicectomie", day=DAY, comment="1985"),)),
    n3.Section(kind=K.DISPOSITIFS, entries=(n3.Device(label="Fauteuil roulant", comment="manuel"),)),
)

MEDICATIONS = SUMMARY[2].entries


def dlu() -> n3.StructuredBody:
    """An emergency file: one attached document, one that is not."""
    checklist = value_set(ValueSetId.DLU_CHECKLIST)
    falls = value_set(ValueSetId.DLU_MOBILITY).get("161898004")
    return n3.complete(
        n3.DLU,
        (
            n3.Section(
                kind=K.ETABLISSEMENT_PREFERE,
                entries=(n3.PreferredEstablishment(organization=organization()),),
            ),
            n3.Section(kind=K.TRAITEMENTS, entries=(*MEDICATIONS, *MEDICATIONS)),
            n3.Section(kind=K.DIRECTIVES, entries=(n3.Directive(present=None),)),
            n3.Section(
                kind=K.OBSERVATIONS_DLU,
                entries=(n3.Observation(code=falls, value=True),),
            ),
            n3.Section(
                kind=K.RESULTATS_BMR,
                entries=(n3.Procedure(label="Dépistage"), obs.RESISTANT_BACTERIA.answer(False)),
            ),
            n3.Section(
                kind=K.DOCUMENTS_AJOUTES,
                entries=(
                    n3.Attachment(kind=checklist.get("DLU_009"), data=FILE),
                    n3.Attachment(kind=checklist.get("DLU_010")),
                ),
            ),
            n3.Section(kind=K.COMMENTAIRE, notes=("Porte des lunettes.",)),
        ),
    )


def ldl_ses() -> n3.StructuredBody:
    """A letter of discharge."""
    status = value_set(ValueSetId.DOCUMENT_STATUS).get("398166005")
    entered = value_set(ValueSetId.ENTRY_MODE).get("8715000")
    return n3.complete(
        n3.LDL_SES,
        (
            n3.Section(kind=K.STATUT_DOCUMENT, entries=(obs.DOCUMENT_STATUS.answer(status, DAY),)),
            n3.Section(kind=K.MOTIF, notes=("Répit.",)),
            n3.Section(
                kind=K.SYNTHESE_SEJOUR,
                entries=(obs.ENTRY_MODE.answer(entered, DAY), obs.SUMMARY.answer("Séjour calme.", DAY)),
            ),
        ),
    )


FULL: dict[str, n3.StructuredBody] = {
    "LDL-SES": ldl_ses(),
    "LDL-EES": n3.complete(n3.LDL_EES, (n3.Section(kind=K.MOTIF, notes=("Chute.",)),)),
    "DLU": dlu(),
    "IPS-FR": n3.complete(n3.IPS_FR, SUMMARY),
    "VSM": n3.complete(n3.VSM, SUMMARY[:4]),
}
