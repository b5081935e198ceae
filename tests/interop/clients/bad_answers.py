"""Answers a client may meet and must explain: one row per shape, the call it answers, the code expected."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from amarre.interop.common.mtom import Part, write_mtom
from amarre.interop.xds import codes
from tests.interop.clients.test_dmp import BAD, OK, SOAP, fault, found, registry, soap
from tests.interop.dmp import material

RELATED = 'multipart/related; boundary="b"; start="<r>"'
DATA = material.document()
SHA1 = hashlib.sha1(DATA, usedforsecurity=False).hexdigest()
HABILITATIONS = "urn:si-dmp-habilitations"


@dataclass(frozen=True)
class Shape:
    """`call` is exists, list, retrieve, authorise, change or submit; `code` the error's."""

    name: str
    call: str
    code: str
    body: bytes = b""
    content_type: str = SOAP
    status: int = 200


def prpa(inside: str, *, name: str = "PRPA_IN201308UV02") -> bytes:
    return soap(f'<{name} xmlns="urn:hl7-org:v3">{inside}</{name}>')


def refused(code: str, text: str = "") -> bytes:
    return prpa(
        f'<acknowledgement typeCode="AE"><acknowledgementDetail><code code="{code}"/><text>{text}</text>'
        "</acknowledgementDetail></acknowledgement>"
    )


def authorised(status: str, context: str = "") -> bytes:
    return soap(
        f'<n:setAuthorizationResponse xmlns:n="{HABILITATIONS}"><n:output><n:status>{status}</n:status>'
        f"<n:context>{context}</n:context></n:output></n:setAuthorizationResponse>"
    )


def listed(inside: str = "", status: str = OK) -> bytes:
    return soap(
        f'<q:AdhocQueryResponse xmlns:q="{codes.QUERY}" xmlns="{codes.RIM}" status="{status}">'
        f"<RegistryObjectList>{inside}</RegistryObjectList></q:AdhocQueryResponse>"
    )


def stranger(patient: str = "1111111111111^^^&amp;1.2.250.1.213.1.4.10&amp;ISO^NH") -> str:
    return (
        f'<ExtrinsicObject id="urn:uuid:1" objectType="{codes.OBJECT_TYPE_DOCUMENT}"><ExternalIdentifier '
        f'identificationScheme="{codes.DOC_PATIENT_ID}" value="{patient}"/></ExtrinsicObject>'
    )


def retrieved(
    *, inside: str = '<x:Include xmlns:x="http://www.w3.org/2004/08/xop/include" href="cid:d@a"/>',
    unique_id: str = material.DOCUMENT_OID, count: int = 1, status: str = OK, errors: str = "",
) -> bytes:  # fmt: skip
    document = (
        "<d:DocumentResponse><d:RepositoryUniqueId>1.2</d:RepositoryUniqueId><d:DocumentUniqueId>"
        f"{unique_id}</d:DocumentUniqueId><d:mimeType>text/xml</d:mimeType><d:Document>{inside}</d:Document>"
        "</d:DocumentResponse>"
    )
    return soap(
        f'<d:RetrieveDocumentSetResponse xmlns:d="{codes.XDSB}"><e:RegistryResponse xmlns:e="{codes.RS}" '
        f'status="{status}">{errors}</e:RegistryResponse>{document * count}</d:RetrieveDocumentSetResponse>'
    )


def registry_error(code: str) -> str:
    return (
        f'<e:RegistryErrorList xmlns:e="{codes.RS}"><e:RegistryError errorCode="{code}" codeContext="" '
        'severity="Error"/></e:RegistryErrorList>'
    )


def mime(root: bytes, *parts: Part) -> tuple[str, bytes]:
    return write_mtom(root, list(parts), action="urn:x", boundary="b")


def mtom(name: str, code: str, root: bytes, *parts: Part, cut: int = 0) -> Shape:
    content_type, body = mime(root, *parts)
    return Shape(name, "retrieve", code, body[: len(body) - cut] if cut else body, content_type)


def raw(name: str, code: str, body: bytes, content_type: str = RELATED) -> Shape:
    return Shape(name, "retrieve", code, body, content_type)


WHOLE = Part("d@a", "text/xml", DATA)
HEAD = b"--b\r\nContent-ID: <r>\r\n\r\n<e/>\r\n"

SHAPES: tuple[Shape, ...] = (
    # What network equipment answers in the place of the service.
    Shape("page of a proxy", "exists", "MTM-001", b"<html>proxy</html>", "text/html"),
    Shape("page announced as SOAP", "exists", "MTM-001", b"<!DOCTYPE html><html></html>"),
    Shape("page deep in an answer", "exists", "SOAP-001", b"<?xml version='1.0'?><!-- x --><html/>"),
    Shape("JSON", "exists", "MTM-002", b"{}", "application/json"),
    Shape("plain text", "exists", "MTM-002", b"ok", "text/plain"),
    Shape("no media type", "exists", "MTM-002", b"x", ""),
    Shape("gateway error", "exists", "DMP-021", b"<html>", "text/html", 502),
    Shape("unavailable", "exists", "DMP-021", b"", "", 503),
    Shape("gateway time-out", "exists", "DMP-021", b"late", "text/plain", 504),
    # What is not an envelope.
    Shape("nothing", "exists", "SOAP-003"),
    Shape("spaces", "exists", "SOAP-003", b"  \n"),
    Shape("cut XML", "exists", "XML-002", prpa("")[:-30]),
    Shape("binary", "exists", "XML-002", b"\x00\x01\x02"),
    Shape("other XML", "exists", "SOAP-002", b"<other/>"),
    Shape("SOAP of another namespace", "exists", "SOAP-002", b'<Envelope xmlns="urn:x"><Body/></Envelope>'),
    Shape("envelope without content", "exists", "SOAP-003", soap("<x/>").replace(b"<x/>", b"")),
    Shape("DTD", "exists", "XML-003", b"<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>"),
    Shape("deep", "exists", "XML-003", b"<a>" * 150 + b"</a>" * 150),
    Shape("other encoding", "exists", "XML-003", b'<?xml version="1.0" encoding="utf-7"?><a/>'),
    Shape("answer to another", "exists", "DMP-023", prpa("").replace(b"{id}", b"urn:uuid:another")),
    # Faults: by code, then by sentence.
    Shape("fault of ours", "exists", "DMP-020", fault("Sender", "A required header"), status=500),
    Shape("fault of theirs", "exists", "DMP-021", fault("Receiver", "panne"), status=500),
    Shape("fault on 200", "exists", "DMP-021", fault("Receiver", "panne")),
    Shape(
        "bad signature certificate", "exists", "DMP-010", fault("Sender", "Not a valid signature certificate")
    ),
    Shape("no speciality", "exists", "DMP-013", fault("Sender", "Aucune spécialité dans le vihf.")),
    Shape("unknown structure", "exists", "DMP-012", fault("Sender", "Structure introuvable ou Inactive")),
    Shape("clock", "exists", "DMP-014", fault("Sender", "VIHF expiré")),
    # TD0.2.
    Shape("another message", "exists", "DMP-022", prpa("", name="PRPA_IN201306UV02")),
    Shape("no acknowledgement", "exists", "DMP-022", prpa("")),
    Shape("unknown DMP code", "exists", "DMP-099", refused("DMPInconnu", "?")),
    Shape("code without DMP", "exists", "DMP-099", refused("INTERNAL", "?")),
    Shape("rights", "exists", "DMP-011", refused("DMPAccessDeniedByRightsService")),
    Shape("accepted without result", "exists", "DMP-022", prpa('<acknowledgement typeCode="AA"/>')),
    # TD0.3.
    Shape("authorisation: another message", "authorise", "DMP-022", soap("<x/>")),
    Shape("authorisation: no status", "authorise", "DMP-022", authorised("")),
    Shape("authorisation: closed", "authorise", "DMP-002", authorised("DMPClosed")),
    Shape(
        "authorisation: forbidden",
        "authorise",
        "DMP-165",
        authorised("DMPAutre", "La personne a interdit l'accès"),
    ),
    Shape("authorisation: other", "authorise", "DMP-099", authorised("DMPAutre")),
    # TD3.1.
    Shape("list: another message", "list", "XDS-001", soap("<x/>")),
    Shape("list: a deposit's answer", "list", "XDS-001", registry(OK)),
    Shape("list: unknown status", "list", "XDS-001", listed(status="urn:x")),
    Shape("list: failure without cause", "list", "XDS-001", listed(status=BAD)),
    Shape("list: somebody else's", "list", "DMP-162", listed(stranger())),
    Shape("list: nobody's", "list", "DMP-162", listed(stranger("x"))),
    Shape("list: too many", "list", "XDS-041", registry(BAD, "XDSTooManyResults")),
    Shape("list: refused parameter", "list", "XDS-040", registry(BAD, "XDSStoredQueryParamNumber")),
    Shape("list: busy", "list", "XDS-050", registry(BAD, "XDSRegistryBusy")),
    Shape("list: unknown patient", "list", "XDS-020", registry(BAD, "XDSUnknownPatientId")),
    Shape("list: unknown code", "list", "XDS-099", registry(BAD, "XDSNew")),
    # TD3.2.
    mtom(
        "no such document",
        "XDS-030",
        retrieved(status=BAD, errors=registry_error("XDSDocumentUniqueIdError")),
    ),
    mtom(
        "no such repository",
        "XDS-032",
        retrieved(status=BAD, errors=registry_error("XDSUnknownRepositoryId")),
    ),
    mtom("other document", "XDS-033", retrieved(unique_id="1.2.3"), WHOLE),
    mtom("two documents", "XDS-001", retrieved(count=2), WHOLE),
    mtom("no document", "XDS-001", retrieved(count=0)),
    mtom("wrong cid", "MTM-006", retrieved(), Part("other@a", "text/xml", DATA)),
    mtom(
        "not a cid",
        "MTM-006",
        retrieved(inside='<x:Include xmlns:x="http://www.w3.org/2004/08/xop/include" href="http://a/"/>'),
        WHOLE,
    ),
    mtom("empty document", "MTM-006", retrieved(inside="")),
    mtom("not base64", "XDS-001", retrieved(inside="@@@")),
    mtom("altered", "DMP-160", retrieved(), Part("d@a", "text/xml", DATA[:-1] + b" ")),
    mtom("shortened", "DMP-160", retrieved(), Part("d@a", "text/xml", DATA[:-9])),
    mtom("end cut", "MTM-003", retrieved(), WHOLE, cut=4),
    mtom("document cut", "MTM-003", retrieved(), WHOLE, cut=400),
    raw("no boundary parameter", "MTM-005", HEAD, "multipart/related"),
    raw("boundary absent", "MTM-005", b"nothing of the kind"),
    raw("empty multipart", "MTM-003", b""),
    raw("two parts of one name", "MTM-005", HEAD + HEAD + b"--b--"),
    raw("part without header", "MTM-005", b"--b\r\nx\r\n--b--"),
    raw("root absent", "MTM-005", HEAD.replace(b"<r>", b"<s>") + b"--b--"),
    raw("encoded part", "MTM-005", b"--b\r\nContent-Transfer-Encoding: base64\r\n\r\nAA\r\n--b--"),
    raw(
        "hundred and one parts",
        "MTM-004",
        b"".join(HEAD.replace(b"<r>", b"<%d>" % i) for i in range(102)) + b"--b--",
    ),
    raw("long header", "MTM-004", b"--b\r\nX: " + b"a" * 9000 + b"\r\n\r\nx\r\n--b--"),
    # TD3.3 and TD2.1: what leaves a doubt says so.
    Shape("change: version", "change", "XDS-060", registry(BAD, "XDSMetadataVersionError")),
    Shape("change: unreadable", "change", "DMP-163", registry(OK)[:-20]),
    Shape("change: unavailable", "change", "DMP-163", b"", "", 503),
    Shape("change: a question's answer", "change", "DMP-163", listed()),
    Shape("change: busy", "change", "XDS-050", registry(BAD, "XDSRegistryBusy")),
    Shape("deposit: page", "submit", "DMP-030", b"<html>", "text/html"),
    Shape("deposit: metadata", "submit", "XDS-010", registry(BAD, "XDSRegistryMetadataError")),
    Shape("deposit: other person", "submit", "XDS-021", registry(BAD, "XDSPatientIdDoesNotMatch")),
    Shape("deposit: other content", "submit", "XDS-014", registry(BAD, "XDSNonIdenticalHash")),
    Shape("deposit: not found again", "submit", "XDS-031", registry(BAD, "XDSReplaceFailed")),
    Shape("deposit: question answered", "submit", "DMP-030", found()),
)
