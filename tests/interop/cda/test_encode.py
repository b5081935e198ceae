"""The encoder: order, determinism, and what may not be said."""

from __future__ import annotations

import base64
import datetime

import pytest
from lxml import etree

from amarre.interop import cda
from amarre.interop.terminology import Code, ValueSetId, value_set
from tests.interop.cda.documents import NOW, PDF, ROOT, TRAITS, document, nurse, organization

NS = {"h": "urn:hl7-org:v3"}


def tree(doc: cda.ClinicalDocument) -> etree._Element:
    return etree.fromstring(cda.encode(doc))


def values(root: etree._Element, path: str) -> list[str]:
    return [str(item) for item in root.xpath(path, namespaces=NS)]


def test_same_document_same_bytes() -> None:
    assert cda.encode(document()) == cda.encode(document())
    assert cda.encode(document()).startswith(b"<?xml version='1.0' encoding='UTF-8'?>")


def test_header_in_the_order_of_the_specification() -> None:
    names = [etree.QName(child).localname for child in tree(document())]
    assert names == (
        ["realmCode", "typeId", "templateId", "templateId", "templateId", "id", "code", "title"]
        + ["effectiveTime", "confidentialityCode", "languageCode", "setId", "versionNumber", "recordTarget"]
        + ["author", "custodian", "legalAuthenticator", "documentationOf", "componentOf", "component"]
    )


@pytest.mark.req("RNIV EXI SI 08")
def test_matricule_only_from_a_qualified_identity() -> None:
    local = cda.LocalPatient(traits=TRAITS, local_ids=(cda.Identifier(f"{ROOT}.1.1", "USG-42"),))
    roots = values(tree(document(patient=local)), "//h:patientRole/h:id/@root")
    assert roots == [f"{ROOT}.1.1"]
    roots = values(tree(document()), "//h:patientRole/h:id/@root")
    assert roots == ["1.2.250.1.213.1.4.10", f"{ROOT}.1.1"]


def test_a_person_without_qualified_identity_has_a_local_identifier() -> None:
    with pytest.raises(ValueError, match="local identifier"):
        cda.LocalPatient(traits=TRAITS, local_ids=())


def test_names_carry_their_qualifier() -> None:
    root = tree(document())
    name = root.find(".//h:patient/h:name", NS)
    assert name is not None
    assert [(etree.QName(item).localname, item.get("qualifier"), item.text) for item in name] == [
        ("family", "BR", "KERMORVAN"),
        ("given", None, "LOUISE ANNE MARIE"),
        ("given", "BR", "LOUISE"),
        ("family", "CL", "LE GOFF"),
        ("given", "CL", "LOUISE"),
    ]


def test_times_are_local_with_their_offset() -> None:
    summer = datetime.datetime(2026, 7, 1, 8, 0, 0, tzinfo=datetime.UTC)
    assert values(tree(document()), "h:effectiveTime/@value") == ["20260314104512+0100"]
    assert values(tree(document(effective_time=summer)), "h:effectiveTime/@value") == ["20260701100000+0200"]
    away = document(time_zone="Indian/Reunion")
    assert values(tree(away), "h:effectiveTime/@value") == ["20260314134512+0400"]
    assert values(tree(document()), "//h:serviceEvent/h:effectiveTime/h:low/@value") == ["202603141030+0100"]


def test_body_is_the_file_byte_for_byte() -> None:
    text = tree(document()).findtext("h:component/h:nonXMLBody/h:text", namespaces=NS)
    assert text is not None
    assert base64.b64decode(text, validate=True) == PDF


def test_a_new_version_replaces_the_previous_one() -> None:
    root = tree(document(document_id=f"{ROOT}.7.1.2", version=2, replaces=f"{ROOT}.7.1.1"))
    assert values(root, "h:relatedDocument/@typeCode") == ["RPLC"]
    assert values(root, "h:relatedDocument/h:parentDocument/h:id/@root") == [f"{ROOT}.7.1.1"]


@pytest.mark.parametrize(
    "changes",
    [
        {"version": 2},
        {"replaces": "1.2.3"},
        {"version": 0},
        {"authors": ()},
        {"effective_time": NOW.replace(tzinfo=None)},
    ],
)
def test_incoherent_documents_cannot_be_made(changes: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="."):
        document(**changes)


def test_system_author() -> None:
    system = cda.AuthoringSystem(
        identifier=cda.ps_in_finess("290099993", "7"),
        code=value_set(ValueSetId.AUTHOR_SPECIALTY).get("LOGICIEL_DUI"),
        model_name="Amarre",
        software_name="Amarre",
        organization=organization(),
    )
    root = tree(document(authors=(cda.Author(time=NOW, who=system),)))
    assert values(root, "//h:assignedAuthor/h:id/@extension") == ["3290099993/7"]
    assert values(root, "//h:assignedAuthoringDevice/h:softwareName/text()") == ["Amarre"]
    assert not values(root, "//h:assignedAuthor/h:assignedPerson")


def test_circle_of_the_person() -> None:
    mother = cda.PersonName("LE GOFF", "ANNE")
    doctor = nurse()
    root = tree(
        document(
            informants=(
                cda.RelatedPerson(
                    role="ECON", name=mother, relation=value_set(ValueSetId.RELATION).get("MTH")
                ),
            ),
            participants=(cda.Participant(type_code="INF", who=doctor),),
            recipients=(cda.Recipient(who=doctor),),
        )
    )
    assert values(root, "h:informant/h:relatedEntity/@classCode") == ["ECON"]
    assert values(root, "h:participant/h:time/@nullFlavor") == ["NA"]
    assert values(root, "h:informationRecipient/h:intendedRecipient/h:id/@extension") == ["899700000013"]
    with pytest.raises(ValueError, match="relation"):
        cda.RelatedPerson(role="CON", name=mother, relation_text="voisine")


def test_facility_category_is_a_translation() -> None:
    facility = value_set(ValueSetId.DMP_FACILITY_TYPE).get("SA16")
    encounter = cda.Encounter(
        facility=facility, facility_category=Code("183", "IME", "1.2.250.1.213.1.6.1.8")
    )
    root = tree(document(encounter=encounter))
    assert values(root, "//h:healthCareFacility/h:code/h:translation/@code") == ["183"]
    assert values(root, "//h:encompassingEncounter/h:effectiveTime/@nullFlavor") == ["UNK"]
