"""Answers and faults of INSi."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from amarre.interop.common.soap import EmptyAnswer, HtmlInsteadOfSoap, NotAnEnvelope
from amarre.interop.common.xml import XmlForbidden, XmlNotWellFormed, XmlTooLarge
from amarre.interop.ins import MatriculeKind
from amarre.interop.ins.insi import (
    AccessRefused,
    AnswerInvalid,
    BirthNameMissing,
    CertificateNotAllowed,
    DataRefused,
    GatewayUnavailable,
    InsiError,
    ResultCode,
    SearchTechnicalError,
    ServiceUnavailable,
    SexRefused,
    SoftwareNotAuthorised,
    TeleserviceUnavailable,
    UnexplainedFault,
    parse_answer,
)
from tests.interop.ins.insi import material

HISTO = (
    "<INSHISTO><DateDeb>2019-03-01</DateDeb><DateFin>2019-02-28</DateFin><IdIndividu><NumIdentifiant>"
    "2841263220998</NumIdentifiant><Cle>63</Cle></IdIndividu><OID>1.2.250.1.213.1.4.9</OID></INSHISTO>"
)


def test_an_identity_is_read_whole() -> None:
    answer = parse_answer(material.found())
    assert answer.code is ResultCode.FOUND
    person = answer.individual
    assert person is not None
    assert person.ins.matricule.value == "284126322099962"
    assert person.traits.prenoms == "ANNE-SOPHIE LOUISE"
    assert person.traits.premier_prenom == ""
    assert person.traits.date_naissance.text == "1984-12-01"
    assert person.warnings == ()


@pytest.mark.req("GI-INS EXI REC 08")
def test_one_former_ins_is_a_list_even_in_the_wrong_order() -> None:
    person = parse_answer(material.found(history=HISTO)).individual
    assert person is not None
    assert [(item.ins.oid.kind, item.start, item.end) for item in person.former] == [
        (MatriculeKind.NIA, "2019-03-01", "2019-02-28")
    ]


def test_prefixed_elements_and_codes_without_identity() -> None:
    assert parse_answer(material.empty("01")).code is ResultCode.NOT_FOUND
    several = parse_answer(material.empty("02", "Plusieurs identites trouvees"))
    assert (several.code, several.individual) == (ResultCode.SEVERAL, None)


def test_a_wrong_or_absent_key_does_not_refuse_the_answer() -> None:
    wrong = "<NumIdentifiant>1810363220456</NumIdentifiant><Cle>60</Cle>"
    person = parse_answer(material.found(ins=wrong)).individual
    assert person is not None
    assert [warning.code for warning in person.warnings] == ["cle_incorrecte"]
    absent = parse_answer(material.found(ins="<NumIdentifiant>2841263220999</NumIdentifiant>")).individual
    assert absent is not None
    assert absent.ins.matricule.key == "62"


@pytest.mark.parametrize(
    ("data", "error"),
    [
        (material.gateway_fault("desir_550", "siram_100"), SoftwareNotAuthorised),
        (material.gateway_fault("desir_560", "siram_100"), CertificateNotAllowed),
        (material.gateway_fault("desir_999", "siram_100"), AccessRefused),
        (material.gateway_fault("desir_1020", "siram_40"), GatewayUnavailable),
        (material.application_fault("insi_102", "siram_40"), SearchTechnicalError),
        (material.application_fault("insi_111", "siram_40"), TeleserviceUnavailable),
        (material.application_fault("insi_199", "siram_40"), ServiceUnavailable),
        (material.application_fault("insi_19", "siram_10", "Sender"), BirthNameMissing),
        (material.application_fault("insi_24", "siram_10", "Sender"), SexRefused),
        (material.application_fault("insi_27", "siram_10", "Sender"), DataRefused),
        (material.application_fault("other", "siram_77"), UnexplainedFault),
    ],
)
def test_both_fault_dialects_give_typed_errors(data: bytes, error: type[InsiError]) -> None:
    # The gateway's prefix is declared by the root element of the material.
    with pytest.raises(error) as caught:
        parse_answer(data)
    assert type(caught.value) is error
    assert caught.value.remote_text == "Texte."


def test_the_layout_with_child_elements_is_read_too() -> None:
    data = material.application_fault("x", "siram_10").replace(
        b'severite="fatal" code="x">D\xc3\xa9tail.',
        b"><ns2:Code>insi_19</ns2:Code><ns2:Severite>erreur</ns2:Severite><ns2:Descriptif>Nom</ns2:Descriptif>",
    )
    with pytest.raises(BirthNameMissing):
        parse_answer(data)


@pytest.mark.parametrize(
    "data",
    [
        material.empty("00"),
        material.empty("77"),
        material.empty(""),
        material.envelope("<autre xmlns='urn:x'/>"),
        material.found(nom=""),
        material.found(prenoms=""),
        material.found(sexe="X"),
        material.found(date="01/12/1984"),
        material.found(oid="1.2.250.1.213.1.4.13"),
        material.found(ins="<NumIdentifiant>28412</NumIdentifiant>"),
        material.found().replace(b"<CodeCR>00", b"<CodeCR>01"),
    ],
)
def test_an_incomplete_answer_is_refused(data: bytes) -> None:
    with pytest.raises(AnswerInvalid):
        parse_answer(data)


@pytest.mark.req("issue 3: hostile XML is refused within limits")
@pytest.mark.parametrize(
    ("data", "error"),
    [
        (b"", EmptyAnswer),
        (b"<!DOCTYPE html><html></html>", HtmlInsteadOfSoap),
        (b"<RESULTAT/>", NotAnEnvelope),
        (material.found()[:300], XmlNotWellFormed),
        (b'<!DOCTYPE a [<!ENTITY b "c">]>' + material.found()[38:], XmlForbidden),
        (material.found().replace(b"</TIQ>", b"<a>" * 200 + b"</a>" * 200 + b"</TIQ>"), XmlForbidden),
        (
            material.found().replace(
                b"<TIQ>", b"<TIQ " + b" ".join(b'a%d="1"' % n for n in range(5000)) + b">"
            ),
            XmlForbidden,
        ),
        (material.found() + b" " * 1_000_000, XmlTooLarge),
    ],
)
def test_what_is_not_an_answer_is_refused(data: bytes, error: type[Exception]) -> None:
    with pytest.raises(error):
        parse_answer(data)


@pytest.mark.needs("official")
def test_the_injection_files_of_the_cnda_are_read() -> None:
    """Every answer file given by hand is read, whatever it breaks of its own schema."""
    found = sorted(Path(os.environ["AMARRE_OFFICIAL"]).rglob("*.xml"))
    answers = [path for path in found if b"INSiResultat" in path.read_bytes()]
    if not answers:
        pytest.skip("no answer file in the official folder")
    for path in answers:
        parse_answer(path.read_bytes())
