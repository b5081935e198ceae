"""Metadata read from the bytes of the document: equal to its header by construction."""

from __future__ import annotations

import datetime

import pytest

from amarre.interop.common.xml import XmlError
from amarre.interop.xds import CdaNotDescribable, document_entry_from_cda
from tests.interop.dmp import material


def test_metadata_follow_the_header() -> None:
    entry = document_entry_from_cda(material.document())
    assert entry.unique_id == material.DOCUMENT_OID
    assert entry.title == "Projet personnalisé d'accompagnement 2026"
    assert entry.creation_time == material.NOW - datetime.timedelta(minutes=5)
    assert entry.service_start == material.NOW - datetime.timedelta(minutes=65)
    assert entry.class_code.code == "44"
    assert entry.format_code.code == "urn:ihe:iti:xds-sd:pdf:2008"
    assert entry.facility_type.code == material.HOUSE.facility_type
    assert entry.practice_setting.code == material.HOUSE.practice_setting
    assert entry.patient_id.value == material.identity().matricule.value
    assert (entry.source_patient_id.value, entry.source_patient_id.kind) == ("USG-000042", "PI")
    assert entry.legal_authenticator.identifier == "899700000013"
    (author,) = entry.authors
    assert author.institution is not None
    assert author.institution.identifier == material.HOUSE.struct_idnat
    assert author.specialty is not None
    assert author.specialty.code == "G15_60"
    info = entry.source_patient_info
    assert info is not None
    assert (info.family, info.given) == (material.PERSON.nom_naissance, material.PERSON.premier_prenom)
    assert info.birth_date == material.PERSON.date_naissance.replace("-", "")


def test_no_trait_in_a_repr() -> None:
    text = repr(document_entry_from_cda(material.document()))
    assert material.PERSON.nom_naissance not in text
    assert material.PERSON.matricule not in text
    assert "Projet personnalisé d'accompagnement 2026" not in text


@pytest.mark.parametrize(
    ("old", "new", "part"),
    [
        (b"<title>", b"<subtitle>", ""),
        (b"legalAuthenticator", b"authenticator", "responsable"),
        (b"healthCareFacility>", b"otherFacility>", "secteur"),
        (b"standardIndustryClassCode", b"otherCode", "cadre"),
        (b"recordTarget", b"otherTarget", "personne"),
        (b'mediaType="application/pdf"', b'mediaType="text/html"', "format"),
        (b"<given>Claire</given>", b"<given/>", "auteur"),
        (b'code="80788-3"', b'code="11111-1"', "classe"),
    ],
)
def test_an_incomplete_header_is_explained(old: bytes, new: bytes, part: str) -> None:
    changed = material.document().replace(old, new)
    assert changed != material.document()
    with pytest.raises((CdaNotDescribable, XmlError)) as caught:
        document_entry_from_cda(changed)
    assert part in str(caught.value.params.get("part", ""))


def test_a_time_without_offset_is_refused() -> None:
    data = material.document()
    start = data.index(b"<effectiveTime value=") + len(b'<effectiveTime value="')
    with pytest.raises(CdaNotDescribable):
        document_entry_from_cda(data[: start + 14] + data[start + 19 :])


def test_something_else_than_a_cda_is_refused() -> None:
    with pytest.raises(CdaNotDescribable):
        document_entry_from_cda(b"<html/>")
