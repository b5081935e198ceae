"""The DMP client with canned answers: what each shape of answer means for a query and for a deposit."""

from __future__ import annotations

import pytest
from lxml import etree

from amarre.interop.clients.dmp import DmpClient
from amarre.interop.common.errors import AmarreError, Effect
from amarre.interop.common.soap import WSA, Addressing, build_envelope, envelope_of
from amarre.interop.common.xml import parse_foreign, serialize
from amarre.interop.dmp import DmpOutcomeUnknown
from amarre.interop.dmp.errors import (
    DmpAnswerToAnother,
    DmpCertificateRefused,
    DmpDifferentContent,
    DmpRequestRefused,
    DmpUnavailable,
)
from amarre.interop.transport.http import DEFAULT_DEADLINES, Deadlines, HttpRequest, HttpResponse
from amarre.interop.xds import codes
from amarre.interop.xds.errors import XdsMetadataRefused
from tests.conftest import FixedClock, SequenceIds
from tests.interop.dmp import material

SOAP = "application/soap+xml; charset=utf-8"
OK = "urn:oasis:names:tc:ebxml-regrep:ResponseStatusType:Success"
BAD = "urn:oasis:names:tc:ebxml-regrep:ResponseStatusType:Failure"


class Canned:
    """Answers the given bodies in order and keeps what was sent. `{id}` becomes the MessageID received."""

    def __init__(self, *answers: tuple[int, str, bytes]) -> None:
        self.answers = list(answers)
        self.sent: list[HttpRequest] = []

    def send(self, request: HttpRequest, deadlines: Deadlines = DEFAULT_DEADLINES) -> HttpResponse:
        self.sent.append(request)
        status, content_type, body = self.answers.pop(0)
        start = request.body.index(b"<wsa:MessageID>") + len(b"<wsa:MessageID>")
        message_id = request.body[start : request.body.index(b"<", start)]
        return HttpResponse(status, {"content-type": content_type}, body.replace(b"{id}", message_id))


def soap(inside: str, relates_to: str = "{id}") -> bytes:
    addressing = Addressing(action="urn:x", message_id="urn:uuid:1", relates_to=relates_to)
    return serialize(build_envelope(parse_foreign(inside.encode()), addressing=addressing))


def fault(code: str, text: str) -> bytes:
    return soap(
        '<s:Fault xmlns:s="http://www.w3.org/2003/05/soap-envelope"><s:Code><s:Value>s:'
        f"{code}</s:Value></s:Code><s:Reason><s:Text>{text}</s:Text></s:Reason></s:Fault>"
    )


def registry(status: str, code: str = "") -> bytes:
    errors = (
        f'<e:RegistryErrorList><e:RegistryError errorCode="{code}" codeContext="typeCode" severity="Error"/>'
        "</e:RegistryErrorList>"
        if code
        else ""
    )
    return soap(f'<e:RegistryResponse xmlns:e="{codes.RS}" status="{status}">{errors}</e:RegistryResponse>')


def found(*references: str) -> bytes:
    items = "".join(f'<ObjectRef id="{item}"/>' for item in references)
    return soap(
        f'<q:AdhocQueryResponse xmlns:q="{codes.QUERY}" xmlns="{codes.RIM}" status="{OK}">'
        f"<RegistryObjectList>{items}</RegistryObjectList></q:AdhocQueryResponse>"
    )


def client(transport: Canned) -> DmpClient:
    return DmpClient(transport, material.profile(), clock=FixedClock(material.NOW), ids=SequenceIds())


def submit(*answers: tuple[int, str, bytes]) -> tuple[Canned, object]:
    transport = Canned(*answers)
    connector = client(transport)
    return transport, connector.submit(connector.prepare(material.identity(), material.document()))


def test_a_deposit_goes_to_the_repository_with_its_parts() -> None:
    transport, acknowledgement = submit((200, SOAP, registry(OK)))
    assert acknowledgement.document_unique_id == material.DOCUMENT_OID  # type: ignore[attr-defined]
    (sent,) = transport.sent
    assert sent.url == material.BASE_URL + "/repository"
    assert sent.headers["Content-Type"].startswith("multipart/related; boundary=")
    assert material.document() in sent.body


def test_every_addressing_header_is_there() -> None:
    transport, _ = submit((200, SOAP, registry(OK)))
    body = transport.sent[0].body
    root = parse_foreign(body[body.index(b"<?xml") : body.index(b"\r\n--", 10)])
    blocks = [etree.QName(item).localname for item in envelope_of(root).headers]
    assert set(blocks) == {"Security", "Action", "MessageID", "To", "ReplyTo"}
    assert root.find(f".//{{{WSA}}}ReplyTo/{{{WSA}}}Address") is not None


@pytest.mark.parametrize(
    ("status", "content_type", "body"),
    [
        (200, "text/html", b"<html>proxy</html>"),
        (200, "application/json", b"{}"),
        (200, SOAP, b""),
        (200, SOAP, registry(OK)[:-40]),
        (200, 'multipart/related; boundary="b"', b"--b\r\nContent-ID: <r>\r\n\r\n<e/>"),
        (200, SOAP, soap("<other/>")),
        (200, SOAP, registry("urn:unknown")),
        (200, SOAP, registry(OK).replace(b"{id}", b"urn:uuid:another")),
        (200, SOAP, fault("Receiver", "panne")),
        (500, SOAP, fault("Receiver", "panne")),
        (502, "text/html", b"<html>"),
        (503, "", b""),
        (200, SOAP, registry(BAD, "XDSRepositoryError")),
    ],
)
def test_what_leaves_a_deposit_in_doubt_says_so(status: int, content_type: str, body: bytes) -> None:
    with pytest.raises(DmpOutcomeUnknown) as caught:
        submit((status, content_type, body))
    assert caught.value.effect is Effect.UNKNOWN


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (registry(BAD, "XDSRegistryMetadataError"), XdsMetadataRefused),
        (fault("Sender", "Not a valid signature certificate"), DmpCertificateRefused),
        (fault("Sender", "A required header"), DmpRequestRefused),
    ],
)
@pytest.mark.parametrize("status", [200, 400, 500])
def test_a_refusal_is_certain_whatever_the_http_status(
    status: int, body: bytes, expected: type[AmarreError]
) -> None:
    with pytest.raises(expected) as caught:
        submit((status, SOAP, body))
    assert caught.value.effect is Effect.NONE


def test_a_duplicate_that_the_registry_holds_is_a_success() -> None:
    duplicate = registry(BAD, "XDSDuplicateUniqueIdInRegistry")
    transport, acknowledgement = submit((200, SOAP, duplicate), (200, SOAP, found("urn:uuid:7")))
    assert acknowledgement.already_there  # type: ignore[attr-defined]
    assert transport.sent[1].url.endswith("/registry")


def test_a_duplicate_that_is_not_found_claims_nothing() -> None:
    duplicate = registry(BAD, "XDSDuplicateUniqueIdInRegistry")
    with pytest.raises(DmpDifferentContent):
        submit((200, SOAP, duplicate), (200, SOAP, found()))


def test_each_call_has_its_own_assertion_and_message_id() -> None:
    transport = Canned((200, SOAP, found()), (200, SOAP, found()))
    connector = client(transport)
    for _ in range(2):
        assert connector.find_by_unique_id(material.identity(), "1.2.3") is None
    ids = [
        parse_foreign(request.body).find(".//{urn:oasis:names:tc:SAML:2.0:assertion}Assertion").get("ID")  # type: ignore[union-attr]
        for request in transport.sent
    ]
    assert len(set(ids)) == 2


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        ((503, "", b""), DmpUnavailable),
        ((200, SOAP, found().replace(b"{id}", b"urn:uuid:another")), DmpAnswerToAnother),
        ((200, SOAP, fault("Receiver", "")), DmpUnavailable),
    ],
)
def test_a_query_has_no_effect_to_fear(answer: tuple[int, str, bytes], expected: type[AmarreError]) -> None:
    with pytest.raises(expected) as caught:
        client(Canned(answer)).find_by_unique_id(material.identity(), "1.2.3")
    assert caught.value.effect is Effect.NONE
