"""SOAP envelopes and faults."""

from __future__ import annotations

import pytest
from lxml import etree

from amarre.interop.common.errors import Effect
from amarre.interop.common.soap import (
    SOAP11,
    SOAP12,
    WSA,
    WSA_ANONYMOUS,
    Addressing,
    EmptyAnswer,
    HtmlInsteadOfSoap,
    NotAnEnvelope,
    build_envelope,
    content_type,
    fault_of,
    read_envelope,
)
from amarre.interop.common.xml import XmlNotWellFormed, serialize


def test_what_is_built_has_the_layout_of_the_soap_recommendation() -> None:
    block = etree.Element("{urn:x}Context")
    envelope = build_envelope(
        etree.Element("{urn:x}Ask"),
        addressing=Addressing("urn:do", "urn:uuid:1", to="", reply_to=WSA_ANONYMOUS),
        headers=[block],
        must_understand=True,
    )
    root = etree.fromstring(serialize(envelope))
    ns = {"s": SOAP12, "a": WSA, "x": "urn:x"}
    assert root.tag == f"{{{SOAP12}}}Envelope"
    assert [etree.QName(child).localname for child in root] == ["Header", "Body"]
    assert root.xpath("s:Header/x:Context", namespaces=ns)
    assert root.xpath("string(s:Header/a:Action[@s:mustUnderstand='true'])", namespaces=ns) == "urn:do"
    assert root.xpath("string(s:Header/a:ReplyTo/a:Address)", namespaces=ns) == WSA_ANONYMOUS
    assert root.xpath("count(s:Header/a:To[not(text())])", namespaces=ns) == 1
    assert root.xpath("count(s:Body/x:Ask)", namespaces=ns) == 1


def test_a_body_under_another_prefix_is_read() -> None:
    data = (
        f'<soap:Envelope xmlns:soap="{SOAP12}"><soap:Header xmlns:w="{WSA}"><w:RelatesTo>uuid:7</w:RelatesTo>'
        f'</soap:Header><env:Body xmlns:env="{SOAP12}"><R xmlns="urn:r"/></env:Body></soap:Envelope>'
    ).encode()
    envelope = read_envelope(data)
    assert envelope.payload.tag == "{urn:r}R"
    assert envelope.addressing.relates_to == "uuid:7"
    assert fault_of(envelope) is None


def test_a_soap_12_fault_keeps_its_subcodes_and_prefers_french() -> None:
    data = (
        f'<e:Envelope xmlns:e="{SOAP12}"><e:Body><e:Fault><e:Code><e:Value>e:Sender</e:Value><e:Subcode>'
        "<e:Value>e:one</e:Value><e:Subcode><e:Value>two</e:Value></e:Subcode></e:Subcode></e:Code><e:Reason>"
        '<e:Text xml:lang="en">No</e:Text><e:Text xml:lang="fr">Non</e:Text></e:Reason>'
        "<e:Detail><d/></e:Detail></e:Fault></e:Body></e:Envelope>"
    ).encode()
    fault = fault_of(read_envelope(data))
    assert fault is not None
    assert (fault.code, fault.subcodes, fault.reason) == ("Sender", ("one", "two"), "Non")
    assert fault.detail is not None
    assert len(fault.detail) == 1


def test_a_soap_11_fault_is_read_with_the_same_words() -> None:
    data = (
        f'<e:Envelope xmlns:e="{SOAP11}"><e:Body><e:Fault><faultcode>e:Server.siram_40</faultcode>'
        "<faultstring>Indisponible</faultstring></e:Fault></e:Body></e:Envelope>"
    ).encode()
    fault = fault_of(read_envelope(data))
    assert fault is not None
    assert (fault.code, fault.subcode, fault.reason) == ("Receiver", "siram_40", "Indisponible")


@pytest.mark.parametrize(
    ("data", "error"),
    [
        (b"", EmptyAnswer),
        (b"  \n", EmptyAnswer),
        (b"<!DOCTYPE html><html><body>Proxy</body></html>", HtmlInsteadOfSoap),
        (b"\xef\xbb\xbf<HTML><p>Portail", HtmlInsteadOfSoap),
        (b"<a/>", NotAnEnvelope),
        (f'<e:Envelope xmlns:e="{SOAP12}"/>'.encode(), NotAnEnvelope),
        (f'<e:Envelope xmlns:e="{SOAP12}"><e:Body/></e:Envelope>'.encode(), EmptyAnswer),
        (f'<e:Envelope xmlns:e="{SOAP12}"><e:Bo'.encode(), XmlNotWellFormed),
    ],
)
def test_an_answer_that_is_not_an_envelope_is_refused(data: bytes, error: type[Exception]) -> None:
    with pytest.raises(error):
        read_envelope(data)


def test_an_unreadable_answer_leaves_the_effect_unknown() -> None:
    assert HtmlInsteadOfSoap().effect is Effect.UNKNOWN


def test_content_type_carries_the_action() -> None:
    assert content_type("urn:a") == 'application/soap+xml; charset=utf-8; action="urn:a"'
