"""Structured bodies: words and codes say the same, nothing is invented, same document same bytes."""

from __future__ import annotations

import datetime
from decimal import Decimal

import pytest
from lxml import etree

from amarre.interop import cda
from amarre.interop.cda import structured as n3
from amarre.interop.terminology import Code, ValueSetId, value_set
from tests.interop.cda.documents import document
from tests.interop.cda.structured_documents import SUMMARY, dlu, structured

NS = {"h": "urn:hl7-org:v3"}
K = n3.SectionKind
DAY = datetime.date(2026, 3, 2)


def body(model: n3.DocumentModel, *sections: n3.Section) -> n3.StructuredBody:
    return n3.complete(model, sections)


def ips(*sections: n3.Section) -> etree._Element:
    return etree.fromstring(cda.encode(structured(body(n3.IPS_FR, *sections))))


def words(root: etree._Element, path: str) -> list[str]:
    return [str(item) for item in root.xpath(path, namespaces=NS)]


def test_same_document_same_bytes_and_identifiers_of_its_own() -> None:
    first = structured(body(n3.IPS_FR, *SUMMARY))
    assert cda.encode(first) == cda.encode(first)
    ids = words(etree.fromstring(cda.encode(first)), "//h:structuredBody//h:id/@root")
    assert len(ids) == len(set(ids))
    other = cda.encode(document(body=first.body, document_id="1.2.250.1.999.1.7.1.2"))
    assert not set(ids) & set(words(etree.fromstring(other), "//h:structuredBody//h:id/@root"))


def test_the_model_announces_itself() -> None:
    root = ips()
    assert words(root, "h:templateId/@root")[2:] == ["2.16.840.1.113883.10.22.1.1", "1.2.250.1.213.1.1.1.51"]
    assert words(root, "h:templateId/@extension") == ["2024.01"]
    assert words(root, "//h:structuredBody/h:component/h:section/h:code/@code") == (
        ["11450-4", "47519-4", "48765-2", "10160-0", "46264-8"]
    )


def test_every_entry_points_at_words_that_exist() -> None:
    root = ips(*SUMMARY)
    anchors = words(root, "//h:text//@ID")
    assert len(anchors) == len(set(anchors))
    references = words(root, "//h:entry//h:reference/@value")
    assert references
    assert {item.removeprefix("#") for item in references} <= set(anchors)


@pytest.mark.parametrize(
    ("code", "sentences"),
    [
        (
            "11450-4",
            ["Insuffisance cardiaque (I50.9)", "02/03/2026", "En cours", "suivie", "Zona", "Terminé"],
        ),
        ("48765-2", ["Arachide", "Urticaire", "allergie alimentaire", "trousse d'urgence"]),
        ("10160-0", ["PARACETAMOL 500 mg", "1 comprimé et demi matin et soir", "Voie orale"]),
        ("47519-4", ["Appendicectomie", "1985"]),
        ("46264-8", ["Fauteuil roulant", "manuel"]),
    ],
)
def test_what_is_coded_is_said(code: str, sentences: list[str]) -> None:
    said = words(ips(*SUMMARY), f"//h:section[h:code/@code='{code}']/h:text//text()")
    assert set(sentences) <= set(said)


def test_a_dosage_without_words_is_read_from_its_codes() -> None:
    medication = n3.Medication(
        name="X", dose=n3.Quantity(Decimal("1.5"), "{tbl}"), every=n3.Quantity(Decimal(12), "h")
    )
    root = ips(n3.Section(kind=K.TRAITEMENTS, entries=(medication,)))
    assert "1,5 tbl, toutes les 12 h" in words(root, "//h:section[h:code/@code='10160-0']/h:text//text()")
    assert words(root, "//h:doseQuantity/h:low/@value") == ["1.5"]


def test_a_missing_section_says_that_nobody_knows_never_that_there_is_nothing() -> None:
    root = ips()
    codes = words(root, "//h:entry//@code[starts-with(., 'no-')]")
    assert codes == (
        ["no-problem-info", "no-procedure-info", "no-allergy-info", "no-medication-info", "no-device-info"]
    )
    said = words(root, "//h:section/h:text//h:td//text()")
    assert "Pas d'information sur les problèmes" in said


def test_none_known_is_a_negation_only_where_the_template_says_so() -> None:
    absence = n3.Absence(value_set(ValueSetId.ABSENT_PROBLEM).get("no-known-problems"))
    root = ips(n3.Section(kind=K.PROBLEMES, entries=(absence,)))
    assert words(root, "//h:section[h:code/@code='11450-4']//h:observation/@negationInd") == ["true"]


def test_nothing_known_is_not_said_beside_something_known() -> None:
    allergy_absence = n3.Absence(value_set(ValueSetId.ABSENT_ALLERGY).get("no-known-allergies"))
    with pytest.raises(ValueError, match="at once"):
        n3.Section(kind=K.ALLERGIES, entries=(allergy_absence, n3.Allergy(agent="Arachide")))
    with pytest.raises(ValueError, match="something else"):
        n3.Section(kind=K.PROBLEMES, entries=(allergy_absence,))
    with pytest.raises(ValueError, match="absent or unknown"):
        n3.Absence(Code("x", "x", "1.2"))


def test_sections_that_must_be_filled_are_named() -> None:
    with pytest.raises(cda.SectionsMissing) as refusal:
        n3.complete(n3.LDL_SES, ())
    assert "« Synthèse médicale du séjour »" in refusal.value.explanation().what
    with pytest.raises(cda.SectionsMissing):
        n3.nothing_known(K.DIRECTIVES)
    with pytest.raises(ValueError, match="has no section"):
        n3.complete(n3.LDL_EES, (n3.Section(kind=K.DISPOSITIFS),))


def test_sections_inside_sections() -> None:
    root = etree.fromstring(cda.encode(structured(body(n3.VSM, SUMMARY[0]))))
    inside = "//h:section[h:code/@code='46612-8']//h:section[h:code/@code='11450-4']"
    assert words(root, f"{inside}/h:title/text()") == ["Pathologies en cours"]
    assert words(root, f"{inside}//h:value/@code") == ["I50.9"]
    assert not words(root, "//h:section[h:code/@code='46612-8']/h:text")


def test_dlu() -> None:
    checklist = value_set(ValueSetId.DLU_CHECKLIST)
    root = etree.fromstring(cda.encode(structured(dlu())))
    shown = words(root, "//h:renderMultiMedia/@referencedObject")
    assert shown == words(root, "//h:observationMedia/@ID")
    assert len(shown) == 1
    table = words(root, "//h:section[h:code/@code='55107-7']/h:text//h:td//text()")
    assert table == [checklist.get("DLU_009").display, "oui", checklist.get("DLU_010").display, "non"]
    assert words(root, "//h:section[h:code/@code='42348-3']//h:value/@value") == ["true", "false"]
    assert (
        words(root, "//h:act[@moodCode='INT']//h:playingEntity/h:name/text()")
        == ["SSIAD DE DEMONSTRATION"] * 3
    )
