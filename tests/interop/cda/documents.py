"""A complete document, qualified or not, for the tests of the CDA package."""

from __future__ import annotations

import datetime
from typing import Any

from amarre.interop import cda, ins
from amarre.interop.terminology import ValueSetId, value_set

ROOT = "1.2.250.1.999.1"
NOW = datetime.datetime(2026, 3, 14, 9, 45, 12, tzinfo=datetime.UTC)
PDF = (
    b"%PDF-1.4\n1 0 obj\n<< /Type /Metadata /Subtype /XML >>\nstream\n"
    b"<pdfaid:part>1</pdfaid:part><pdfaid:conformance>B</pdfaid:conformance>\nendstream\nendobj\n"
    b"trailer\n<< /Size 2 >>\n%%EOF\n"
)
TRAITS = ins.Traits(
    "KERMORVAN",
    "LOUISE ANNE MARIE",
    ins.Sexe.F,
    ins.BirthDate("1984-10-12"),
    "29151",
    "LOUISE",
    "LE GOFF",
    "LOUISE",
)


def identity(base: str = "2841029151042", traits: ins.Traits = TRAITS) -> ins.QualifiedIdentity:
    """A qualified identity of the sandbox."""
    matricule, _ = ins.matricule_received(base)
    return ins.qualified_identity(
        state=ins.IdentityState(insi=True, coherence=True),
        ins=ins.Ins(matricule, ins.ins_oid("1.2.250.1.213.1.4.10")),
        traits=traits,
        environment=ins.Environment.SANDBOX,
    )


def organization() -> cda.Organization:
    return cda.Organization(
        identifier=cda.struct_finess("290099993"),
        name="SSIAD DE DEMONSTRATION",
        practice_setting=value_set(ValueSetId.DMP_PRACTICE_SETTING).get("SAD"),
    )


def nurse() -> cda.Professional:
    return cda.Professional(
        identifier=cda.ps_rpps("99700000013"),
        name=cda.PersonName("EXEMPLE", "CLAIRE", "MME"),
        code=value_set(ValueSetId.AUTHOR_SPECIALTY).get("G15_60"),
        organization=organization(),
    )


def document(**changes: Any) -> cda.ClinicalDocument:
    """A projet personnalisé by a nurse for a qualified identity; `changes` replace fields."""
    fields: dict[str, Any] = {
        "document_id": f"{ROOT}.7.1.1",
        "set_id": f"{ROOT}.9.1.1",
        "version": 1,
        "type_code": value_set(ValueSetId.TYPE_CODE).get("80788-3"),
        "title": "Projet personnalisé d'accompagnement 2026",
        "effective_time": NOW,
        "patient": cda.QualifiedPatient(
            identity=identity(),
            local_ids=(cda.Identifier(f"{ROOT}.1.1", "USG-42"),),
            birthplace_name="MORLAIX",
        ),
        "authors": (cda.Author(time=NOW, who=nurse()),),
        "custodian": organization(),
        "legal_authenticator": cda.LegalAuthenticator(time=NOW, who=nurse()),
        "service_event": cda.ServiceEvent(start=NOW - datetime.timedelta(minutes=15), performer=nurse()),
        "encounter": cda.Encounter(
            facility=value_set(ValueSetId.DMP_FACILITY_TYPE).get("SA18"), start=datetime.date(2025, 9, 1)
        ),
        "body": cda.UnstructuredBody(PDF),
    }
    return cda.ClinicalDocument(**{**fields, **changes})
