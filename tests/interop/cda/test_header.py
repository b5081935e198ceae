"""The optional elements of the header: who typed, who attests, who informs, what was asked for."""

from __future__ import annotations

import datetime
from dataclasses import replace

import pytest
from lxml import etree

from amarre.interop import cda
from amarre.interop.terminology import Code, ValueSetId, value_set
from tests.interop.cda.documents import NOW, ROOT, TRAITS, document, nurse, organization

NS = {"h": "urn:hl7-org:v3", "sdtc": "urn:hl7-org:sdtc"}


def tree(doc: cda.ClinicalDocument) -> etree._Element:
    return etree.fromstring(cda.encode(doc))


def values(root: etree._Element, path: str) -> list[str]:
    return [str(item) for item in root.xpath(path, namespaces=NS)]


def test_every_optional_element_in_its_place() -> None:
    patient = document().patient
    full = document(
        data_enterer=cda.DataEnterer(who=nurse(), time=NOW),
        informants=(nurse(), cda.PatientActor(patient=patient, name=cda.PersonName("LE GOFF", "LOUISE"))),
        authenticators=(cda.Authenticator(time=NOW, who=nurse()),),
        participants=(cda.preferred_establishment(organization()),),
        orders=(cda.Identifier(f"{ROOT}.4", "DEM-1"),),
        further_events=(
            cda.FurtherEvent(code=Code("34117-2", "Historique", "2.16.840.1.113883.6.1"), start=NOW),
        ),
        consents=(Code("59284-0", "Consentement", "2.16.840.1.113883.6.1"),),
    )
    names = [etree.QName(child).localname for child in tree(full)]
    assert names[13:] == (
        ["recordTarget", "author", "dataEnterer", "informant", "informant", "custodian", "legalAuthenticator"]
        + ["authenticator", "participant", "inFulfillmentOf", "documentationOf", "documentationOf"]
        + ["authorization", "componentOf", "component"]
    )
    assert cda.blocking(cda.check(cda.encode(full))) == ()


def test_the_person_as_author_has_the_matricule_and_no_code() -> None:
    patient = document().patient
    actor = cda.PatientActor(patient=patient, name=cda.PersonName("LE GOFF", "LOUISE"))
    root = tree(document(authors=(cda.Author(time=NOW, who=actor),)))
    assert values(root, "//h:assignedAuthor/h:id/@root") == ["1.2.250.1.213.1.4.10"]
    assert not values(root, "//h:assignedAuthor/h:code")
    assert not values(root, "//h:assignedAuthor/h:representedOrganization")


@pytest.mark.req("RNIV EXI SI 08")
def test_the_person_as_author_without_qualified_identity_has_no_matricule() -> None:
    local = cda.LocalPatient(traits=TRAITS, local_ids=(cda.Identifier(f"{ROOT}.1.1", "USG-42"),))
    actor = cda.PatientActor(patient=local, name=cda.PersonName("LE GOFF", "LOUISE"))
    root = tree(document(patient=local, authors=(cda.Author(time=NOW, who=actor),)))
    assert values(root, "//h:assignedAuthor/h:id/@root") == [f"{ROOT}.1.1"]


def test_death_and_multiple_birth() -> None:
    facts = cda.LifeFacts(
        deceased=True, deceased_on=datetime.date(2026, 3, 1), multiple_birth=True, birth_order=2
    )
    patient = document().patient
    assert isinstance(patient, cda.QualifiedPatient)
    root = tree(document(patient=replace(patient, facts=facts)))
    found = [(etree.QName(e).localname, e.get("value")) for e in root.iter(f"{{{NS['sdtc']}}}*")]
    assert found == [
        ("deceasedInd", "true"),
        ("deceasedTime", "20260301"),
        ("multipleBirthInd", "true"),
        ("multipleBirthOrderNumber", "2"),
    ]
    with pytest.raises(ValueError, match="death"):
        cda.LifeFacts(deceased_on=datetime.date(2026, 3, 1))
    with pytest.raises(ValueError, match="multiple"):
        cda.LifeFacts(birth_order=1)


def test_participants_of_the_establishments() -> None:
    root = tree(
        document(
            participants=(cda.treating_physician(nurse(), NOW), cda.preferred_establishment(organization()))
        )
    )
    assert values(root, "//h:participant/h:functionCode/@displayName") == [
        "Médecin Traitant",
        "Etablissement de santé de préférence",
    ]
    assert values(root, "//h:participant[2]//h:scopingOrganization/h:name/text()") == [
        "SSIAD DE DEMONSTRATION"
    ]
    assert not values(root, "//h:participant[2]//h:associatedPerson")


def test_the_stay_names_its_people_and_its_end() -> None:
    encounter = cda.Encounter(
        facility=value_set(ValueSetId.DMP_FACILITY_TYPE).get("SA18"),
        discharge=Code("DOMICILE", "Domicile", "1.2.250.1.213.2.14"),
        responsible=nurse(),
        participants=(cda.EncounterParticipant(type_code="ATND", who=nurse()),),
    )
    node = tree(document(encounter=encounter)).find(".//h:encompassingEncounter", NS)
    assert node is not None
    assert [etree.QName(child).localname for child in node] == [
        "effectiveTime",
        "dischargeDispositionCode",
        "responsibleParty",
        "encounterParticipant",
        "location",
    ]
