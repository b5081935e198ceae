"""Each rule: a document with one fault, which it alone reports."""

from __future__ import annotations

import datetime
from dataclasses import replace

import pytest
from lxml import etree

from amarre.interop import cda
from amarre.interop.cda import CheckContext, Target
from amarre.interop.terminology import ValueSetId
from tests.interop.cda.documents import NOW, PDF, ROOT, TRAITS, document, identity
from tests.interop.cda.mutations import (
    V3,
    Mutation,
    body,
    code,
    insert,
    nothing,
    one,
    place,
    put,
    remove,
    text,
)
from tests.interop.cda.test_rules_structured import CASES as STRUCTURED_CASES

CONTEXT = CheckContext(
    target=Target.DMP,
    now=NOW,
    root_oid=ROOT,
    structure_id="1290099993",
    identity=identity(),
    page_texts=("Nom de naissance : KERMORVAN\nLOUISE née le 12/10/1984",),
)
ROLE = "h:recordTarget/h:patientRole"
INS_ID = f"{ROLE}/h:id[1]"
FACILITY = ".//h:healthCareFacility/h:code"
PRACTICE = ".//h:standardIndustryClassCode"
AUTHOR_CODE = "h:author/h:assignedAuthor/h:code"


def stranger(root: etree._Element) -> None:
    """An informant whose role is in no list."""
    informant = etree.Element(f"{{{V3}}}informant")
    etree.SubElement(informant, f"{{{V3}}}relatedEntity", {"classCode": "VOISIN"})
    place(root, informant)


def participant(root: etree._Element) -> None:
    """A participant whose part is in no list."""
    node = etree.Element(f"{{{V3}}}participant", {"typeCode": "ZZZ"})
    etree.SubElement(node, f"{{{V3}}}time", {"nullFlavor": "NA"})
    etree.SubElement(node, f"{{{V3}}}associatedEntity", {"classCode": "PROV"})
    place(root, node)


def second_custodian(root: etree._Element) -> None:
    """The same custodian again."""
    custodian = one(root, "h:custodian")
    custodian.addnext(etree.fromstring(etree.tostring(custodian, with_tail=False)))


def timeless(root: etree._Element) -> None:
    """A participant without a date."""
    node = etree.Element(f"{{{V3}}}participant", {"typeCode": "INF"})
    etree.SubElement(node, f"{{{V3}}}associatedEntity", {"classCode": "PROV"})
    place(root, node)


CASES: list[tuple[str, Mutation, CheckContext]] = [
    ("CDA-R01", remove("h:setId"), CONTEXT),
    ("CDA-R01", remove("h:versionNumber"), CONTEXT),
    ("CDA-R01", remove("h:legalAuthenticator"), CONTEXT),
    ("CDA-R01", remove("h:componentOf"), CONTEXT),
    ("CDA-R01", remove(PRACTICE), CONTEXT),
    ("CDA-R02", second_custodian, CONTEXT),
    ("CDA-R03", remove("h:templateId[2]"), CONTEXT),
    ("CDA-R04", put("h:realmCode", "code", "US"), CONTEXT),
    ("CDA-R05", put(".", "{http://www.w3.org/2001/XMLSchema-instance}schemaLocation", "a b"), CONTEXT),
    ("CDA-R06", put("h:languageCode", "code", "en-US"), CONTEXT),
    ("CDA-R07", text("h:title", "x" * 200), CONTEXT),
    ("CDA-R08", put("h:id", "extension", "7"), CONTEXT),
    ("CDA-R09", put("h:id", "root", f"{ROOT}.7.094512"), CONTEXT),
    ("CDA-R10", put("h:id", "root", "1.2.250.1.888.7"), CONTEXT),
    ("CDA-R11", put("h:effectiveTime", "value", "20260314104512"), CONTEXT),
    ("CDA-R12", nothing, replace(CONTEXT, now=NOW - datetime.timedelta(hours=1))),
    ("CDA-R13", put(".//h:serviceEvent/h:effectiveTime/h:low", "value", "202603141200+0100"), CONTEXT),
    ("CDA-R14", put("h:versionNumber", "value", "2"), CONTEXT),
    ("CDA-R14", put("h:versionNumber", "value", "v1"), CONTEXT),
    ("CDA-R15", put("h:title", "nullFlavor", "UNK"), CONTEXT),
    ("CDA-R15", put("h:author/h:assignedAuthor/h:addr", "nullFlavor", "OTH"), CONTEXT),
    ("CDA-R16", insert(f"{ROLE}/h:patient", '<raceCode code="x"/>'), CONTEXT),
    ("CDA-R17", remove("h:author/h:assignedAuthor/h:addr"), CONTEXT),
    ("CDA-R18", remove(AUTHOR_CODE), CONTEXT),
    ("CDA-R21", insert(".", '<remarque code="x"/>'), CONTEXT),
    ("CDA-R22", text("h:author//h:family", ""), CONTEXT),
    ("CDA-R30", put("h:code", "code", "00000-0"), CONTEXT),
    ("CDA-R31", code("h:code", ValueSetId.TYPE_CODE, "51851-4"), CONTEXT),
    ("CDA-R32", put("h:code", "displayName", "Projet"), CONTEXT),
    ("CDA-R33", put("h:confidentialityCode", "code", "L"), CONTEXT),
    ("CDA-R34", put(AUTHOR_CODE, "code", "G99"), CONTEXT),
    ("CDA-R35", put(AUTHOR_CODE, "code", "G15_35"), CONTEXT),
    ("CDA-R36", put(FACILITY, "code", "SA99"), CONTEXT),
    ("CDA-R37", code(FACILITY, ValueSetId.FACILITY_TYPE, "SA66"), CONTEXT),
    ("CDA-R38", put(PRACTICE, "code", "NULLE_PART"), CONTEXT),
    ("CDA-R39", code(PRACTICE, ValueSetId.PRACTICE_SETTING, "ESSMS"), CONTEXT),
    (
        "CDA-R40",
        put(f"{ROLE}/h:patient/h:administrativeGenderCode", "code", "X"),
        replace(CONTEXT, identity=None),
    ),
    ("CDA-R19", timeless, CONTEXT),
    ("CDA-R41", participant, CONTEXT),
    ("CDA-R42", stranger, CONTEXT),
    ("CDA-R43", insert(".//h:encompassingEncounter", '<code code="Z"/>'), CONTEXT),
    ("CDA-R50", remove(INS_ID), replace(CONTEXT, identity=None)),
    ("CDA-R51", nothing, replace(CONTEXT, accepted_ins_oids=frozenset({"1.2.250.1.213.1.4.8"}))),
    ("CDA-R51", insert(ROLE, '<id root="1.2.250.1.213.1.4.13" extension="1"/>'), CONTEXT),
    ("CDA-R52", put(INS_ID, "extension", "28410291510"), replace(CONTEXT, identity=None)),
    ("CDA-R53", put(INS_ID, "extension", "284102915104200"), replace(CONTEXT, identity=None)),
    ("CDA-R54", remove(f"{ROLE}/h:patient/h:birthplace"), replace(CONTEXT, identity=None)),
    ("CDA-R55", put(f"{ROLE}/h:patient/h:name/h:family[2]", "qualifier", "SP"), CONTEXT),
    ("CDA-R56", text(".//h:birthplace//h:county", "Morlaix"), replace(CONTEXT, identity=None)),
    ("CDA-R57", nothing, replace(CONTEXT, identity=identity(traits=replace(TRAITS, prenoms="LOUISE ANNE")))),
    ("CDA-R57", nothing, replace(CONTEXT, identity=identity(base="2841029151043"))),
    ("CDA-R58", put("h:author/h:assignedAuthor/h:id", "extension", "99700000013"), CONTEXT),
    ("CDA-R59", put("h:author//h:representedOrganization/h:id", "extension", "29009"), CONTEXT),
    ("CDA-R60", put("h:author/h:assignedAuthor/h:id", "extension", "899700000014"), CONTEXT),
    ("CDA-R61", put("h:author//h:representedOrganization/h:id", "extension", "1290099994"), CONTEXT),
    ("CDA-R62", nothing, replace(CONTEXT, structure_id="1290000017")),
    ("CDA-R70", text("h:component/h:nonXMLBody/h:text", "pas du base64 !"), CONTEXT),
    ("CDA-R71", put("h:component/h:nonXMLBody/h:text", "mediaType", "text/html"), CONTEXT),
    ("CDA-R72", body(b"<html></html>"), CONTEXT),
    ("CDA-R73", body(PDF.replace(b"part>1<", b"part>3<")), CONTEXT),
    ("CDA-R74", body(PDF.replace(b"/Size 2", b"/Size 2 /Encrypt 5 0 R")), CONTEXT),
    ("CDA-R75", nothing, replace(CONTEXT, max_body_bytes=100)),
    ("CDA-R76", nothing, replace(CONTEXT, page_texts=(*(CONTEXT.page_texts or ()), "Page sans identité"))),
]


def rules_broken(mutation: Mutation, context: CheckContext) -> set[str]:
    root = etree.fromstring(cda.encode(document()))
    mutation(root)
    return {finding.rule for finding in cda.check(etree.tostring(root), context)}


def test_a_good_document_breaks_nothing() -> None:
    assert rules_broken(nothing, CONTEXT) == set()


@pytest.mark.parametrize(
    ("rule", "mutation", "context"), CASES, ids=[f"{c[0]}-{i}" for i, c in enumerate(CASES)]
)
def test_one_fault_one_rule(rule: str, mutation: Mutation, context: CheckContext) -> None:
    assert rules_broken(mutation, context) == {rule}


def test_every_rule_is_tried_and_speaks() -> None:
    tried = {case[0] for case in CASES} | {case[0] for case in STRUCTURED_CASES}
    assert {rule.id for rule in cda.RULES} == tried
    assert len({rule.id for rule in cda.RULES}) == len(cda.RULES)
    assert all(rule.source and rule.sentence.endswith((".", ")")) and rule.advice for rule in cda.RULES)


def test_findings_never_quote_the_person() -> None:
    context = replace(CONTEXT, identity=identity(traits=replace(TRAITS, nom_naissance="AUTRE")))
    for finding in cda.check(cda.encode(document()), context):
        assert not {"KERMORVAN", "LOUISE", "2841029151042"} & set(finding.message.replace(".", " ").split())


def test_essms_is_fine_when_the_target_is_not_the_dmp() -> None:
    context = replace(CONTEXT, target=Target.CISIS)
    assert rules_broken(code(PRACTICE, ValueSetId.PRACTICE_SETTING, "ESSMS"), context) == set()


def test_a_second_version_with_its_parent_is_fine() -> None:
    second = document(document_id=f"{ROOT}.7.1.2", version=2, replaces=f"{ROOT}.7.1.1")
    assert cda.check(cda.encode(second), CONTEXT) == ()


def test_one_door_to_leave() -> None:
    assert cda.require_acceptable(cda.encode(document()), CONTEXT) == ()
    wrong = cda.encode(document()).replace(b"fr-FR", b"en-US").replace(b'code="N"', b'code="L"')
    with pytest.raises(cda.CdaNotAcceptable) as refusal:
        cda.require_acceptable(wrong, CONTEXT)
    assert len(refusal.value.sentences) == 2
    assert "« fr-FR » (trouvé : « en-US »)" in refusal.value.sentences[0]
    assert refusal.value.explanation().what.startswith("Le document ne passe pas 2 contrôle(s).")


def test_warnings_do_not_block() -> None:
    root = etree.fromstring(cda.encode(document()))
    put("h:author/h:assignedAuthor/h:id", "extension", "899700000014")(root)
    findings = cda.check(etree.tostring(root), CONTEXT)
    assert [finding.rule for finding in findings] == ["CDA-R60"]
    assert cda.blocking(findings) == ()
