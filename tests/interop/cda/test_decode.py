"""The decoder: headers of foreign documents, tolerant, and what it refuses."""

from __future__ import annotations

import base64

import pytest

from amarre.interop import cda
from amarre.interop.common.xml import XmlForbidden, XmlNotWellFormed
from tests.interop.cda.documents import NOW, PDF, ROOT, document

FOREIGN = b"""<?xml version="1.0" encoding="UTF-8"?>
<xsl:stylesheet xmlns:xsl="http://www.w3.org/1999/XSL/Transform" version="1.0"
  xmlns:data="urn:asip-sante:ci-sis" xmlns:c="urn:hl7-org:v3">
<data:Contenu><c:ClinicalDocument>
  <c:id root="1.2.3.4" extension="X"/>
  <c:code code="11490-0" displayName="Lettre" codeSystem="2.16.840.1.113883.6.1"/>
  <c:title>Lettre  de
     liaison</c:title><c:effectiveTime value="20250102"/><c:versionNumber value="un"/>
  <c:recordTarget><c:patientRole><c:id root="1.2.3" extension="IPP"/>
    <c:patient><c:name><c:family>DUPONT</c:family><c:given>JEAN</c:given></c:name></c:patient>
  </c:patientRole></c:recordTarget>
  <c:component><c:structuredBody/></c:component>
</c:ClinicalDocument></data:Contenu></xsl:stylesheet>
"""


def test_reads_what_we_write() -> None:
    read = cda.decode(cda.encode(document()))
    assert read.document_id == cda.Identifier(f"{ROOT}.7.1.1")
    assert (read.version, read.type_code.code, read.language) == (1, "80788-3", "fr-FR")
    assert read.effective_time == NOW
    assert read.patient.ins is not None
    assert read.patient.ins.root == "1.2.250.1.213.1.4.10"
    assert (read.patient.birth_name, read.patient.used_name) == ("KERMORVAN", "LE GOFF")
    assert (read.patient.given_names, read.patient.first_given_name) == ("LOUISE ANNE MARIE", "LOUISE")
    assert (read.patient.birth_date, read.patient.birthplace_code) == ("19841012", "29151")
    assert read.authors[0].code.code == "G15_60"
    assert (read.practice_setting.code, read.facility.code) == ("SAD", "SA18")
    assert (read.structured, read.media_type) == (False, "application/pdf")
    assert cda.extract_body(cda.encode(document())) == PDF


def test_self_presentable_and_incomplete_documents_are_read() -> None:
    read = cda.decode(FOREIGN)
    assert read.document_id == cda.Identifier("1.2.3.4", "X")
    assert read.title == "Lettre de liaison"
    assert (read.effective_time, read.version) == (None, None)
    assert (read.patient.birth_name, read.patient.ins) == ("DUPONT", None)
    assert read.structured
    assert read.authors == ()


def test_traits_are_not_in_representations() -> None:
    assert "KERMORVAN" not in repr(cda.decode(cda.encode(document())))
    assert "KERMORVAN" not in repr(document())


def test_refusals() -> None:
    with pytest.raises(cda.NotClinicalDocument):
        cda.decode(b"<html><body>Proxy</body></html>")
    with pytest.raises(XmlNotWellFormed):
        cda.decode(b"Service indisponible")
    with pytest.raises(XmlForbidden):
        cda.decode(b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>')


def test_a_body_that_is_not_base64_is_refused() -> None:
    broken = cda.encode(document()).replace(base64.b64encode(PDF), b"***")
    with pytest.raises(cda.CdaWithoutBody):
        cda.extract_body(broken)
    with pytest.raises(cda.CdaWithoutBody):
        cda.extract_body(FOREIGN)
