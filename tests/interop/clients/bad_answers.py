"""Answers a client may meet and must explain: one row per shape, the call it answers, the code expected."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from amarre.interop.common.mtom import Part, write_mtom
from amarre.interop.transport.errors import (
    AnswerLate,
    AnswerLost,
    AnswerTooLarge,
    ClientCertificateRefused,
    ServerNotTrusted,
    ServiceUnreachable,
    TransportError,
)
from amarre.interop.xds import codes
from tests.interop.clients.test_dmp import BAD, OK, SOAP, fault, found, registry, soap
from tests.interop.dmp import material

DMP = "Le DMP"
RELATED = 'multipart/related; boundary="b"; start="<r>"'
DATA = material.document()
SHA1 = hashlib.sha1(DATA, usedforsecurity=False).hexdigest()
HABILITATIONS = "urn:si-dmp-habilitations"


@dataclass(frozen=True)
class Shape:
    """`name` and `cause` are French: they are printed in the reference. Shapes of one cause share a sentence.

    `call` is exists, list, retrieve, authorise, change or submit; `code` is the error expected.
    """

    name: str
    cause: str
    call: str
    code: str
    body: bytes = b""
    content_type: str = SOAP
    status: int = 200
    # What the transport raises instead of giving an answer.
    failure: TransportError | None = None


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


def mtom(name: str, cause: str, code: str, root: bytes, *parts: Part, cut: int = 0) -> Shape:
    content_type, body = mime(root, *parts)
    return Shape(name, cause, "retrieve", code, body[: len(body) - cut] if cut else body, content_type)


def raw(name: str, cause: str, code: str, body: bytes, content_type: str = RELATED) -> Shape:
    return Shape(name, cause, "retrieve", code, body, content_type)


WHOLE = Part("d@a", "text/xml", DATA)
HEAD = b"--b\r\nContent-ID: <r>\r\n\r\n<e/>\r\n"


def lost(name: str, cause: str, call: str, failure: TransportError) -> Shape:
    return Shape(name, cause, call, failure.code, failure=failure)


SHAPES: tuple[Shape, ...] = (
    # No answer at all.
    lost("aucune liaison", "service injoignable", "exists", ServiceUnreachable(service=DMP)),
    lost("certificat du service inconnu", "service non reconnu", "exists", ServerNotTrusted(service=DMP)),
    lost("notre certificat refusé", "certificat refusé", "exists", ClientCertificateRefused(service=DMP)),
    lost("réponse hors délai", "réponse hors délai", "submit", AnswerLate(service=DMP, seconds=10)),
    lost("liaison coupée", "liaison coupée", "submit", AnswerLost(service=DMP)),
    lost("réponse sans fin", "réponse sans fin", "list", AnswerTooLarge(service=DMP, limit=60)),
    # What network equipment answers in the place of the service.
    Shape(
        "page web d'un équipement du réseau",
        "une page web remplace la réponse",
        "exists",
        "MTM-001",
        b"<html>proxy</html>",
        "text/html",
    ),
    Shape(
        "page web annoncée comme une réponse",
        "une page web remplace la réponse",
        "exists",
        "MTM-001",
        b"<!DOCTYPE html><html></html>",
    ),
    Shape(
        "page web derrière un en-tête XML",
        "une page web remplace la réponse",
        "exists",
        "SOAP-001",
        b"<?xml version='1.0'?><!-- x --><html/>",
    ),
    Shape("JSON", "autre format : JSON", "exists", "MTM-002", b"{}", "application/json"),
    Shape("texte simple", "autre format : texte", "exists", "MTM-002", b"ok", "text/plain"),
    Shape("format non annoncé", "format non annoncé", "exists", "MTM-002", b"x", ""),
    Shape(
        "erreur 502 d'une passerelle",
        "service indisponible",
        "exists",
        "DMP-021",
        b"<html>",
        "text/html",
        502,
    ),
    Shape("erreur 503", "service indisponible", "exists", "DMP-021", b"", "", 503),
    Shape("erreur 504", "service indisponible", "exists", "DMP-021", b"late", "text/plain", 504),
    # What is not an envelope.
    Shape("aucun octet", "réponse vide", "exists", "SOAP-003"),
    Shape("des espaces", "réponse vide", "exists", "SOAP-003", b"  \n"),
    Shape("XML coupé", "XML coupé", "exists", "XML-002", prpa("")[:-30]),
    Shape("octets quelconques", "pas du XML", "exists", "XML-002", b"\x00\x01\x02"),
    Shape("autre document XML", "pas une enveloppe SOAP", "exists", "SOAP-002", b"<other/>"),
    Shape(
        "enveloppe d'un autre vocabulaire",
        "pas une enveloppe SOAP",
        "exists",
        "SOAP-002",
        b'<Envelope xmlns="urn:x"><Body/></Envelope>',
    ),
    Shape("enveloppe sans contenu", "réponse vide", "exists", "SOAP-003", soap("<x/>").replace(b"<x/>", b"")),
    Shape("DTD et entité", "DTD interdite", "exists", "XML-003", b"<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>"),
    Shape("150 niveaux", "trop de niveaux", "exists", "XML-003", b"<a>" * 150 + b"</a>" * 150),
    Shape(
        "encodage UTF-7",
        "encodage interdit",
        "exists",
        "XML-003",
        b'<?xml version="1.0" encoding="utf-7"?><a/>',
    ),
    Shape(
        "réponse à une autre demande",
        "réponse mélangée",
        "exists",
        "DMP-023",
        prpa("").replace(b"{id}", b"urn:uuid:another"),
    ),
    # Faults: by code, then by sentence.
    Shape(
        "anomalie SOAP Sender sans motif connu",
        "demande refusée sans motif connu",
        "exists",
        "DMP-020",
        fault("Sender", "A required header"),
        status=500,
    ),
    Shape(
        "anomalie SOAP Receiver",
        "service indisponible",
        "exists",
        "DMP-021",
        fault("Receiver", "panne"),
        status=500,
    ),
    Shape(
        "anomalie SOAP Receiver avec HTTP 200",
        "service indisponible",
        "exists",
        "DMP-021",
        fault("Receiver", "panne"),
    ),
    Shape(
        "mauvais certificat de signature",
        "certificat de signature refusé",
        "exists",
        "DMP-010",
        fault("Sender", "Not a valid signature certificate"),
    ),
    Shape(
        "spécialité absente du VIHF",
        "profession incomplète",
        "exists",
        "DMP-013",
        fault("Sender", "Aucune spécialité dans le vihf."),
    ),
    Shape(
        "structure inconnue",
        "établissement inconnu",
        "exists",
        "DMP-012",
        fault("Sender", "Structure introuvable ou Inactive"),
    ),
    Shape("VIHF expiré", "identification refusée", "exists", "DMP-014", fault("Sender", "VIHF expiré")),
    # TD0.2.
    Shape(
        "existence : autre message",
        "DMP, autre message",
        "exists",
        "DMP-022",
        prpa("", name="PRPA_IN201306UV02"),
    ),
    Shape("existence : sans accusé de réception", "DMP, accusé absent", "exists", "DMP-022", prpa("")),
    Shape("code DMP inconnu", "code DMPInconnu", "exists", "DMP-099", refused("DMPInconnu", "?")),
    Shape("code inconnu", "code INTERNAL", "exists", "DMP-099", refused("INTERNAL", "?")),
    Shape(
        "matrice d'habilitation",
        "profession sans le droit",
        "exists",
        "DMP-011",
        refused("DMPAccessDeniedByRightsService"),
    ),
    Shape(
        "existence : acceptée sans résultat",
        "DMP, résultat absent",
        "exists",
        "DMP-022",
        prpa('<acknowledgement typeCode="AA"/>'),
    ),
    # TD0.3.
    Shape("autorisation : autre message", "DMP, autre message", "authorise", "DMP-022", soap("<x/>")),
    Shape("autorisation : sans statut", "DMP, statut absent", "authorise", "DMP-022", authorised("")),
    Shape("autorisation : DMP fermé", "DMP fermé", "authorise", "DMP-002", authorised("DMPClosed")),
    Shape(
        "autorisation : accès interdit",
        "accès interdit par la personne",
        "authorise",
        "DMP-165",
        authorised("DMPAutre", "La personne a interdit l'accès"),
    ),
    Shape("autorisation : code inconnu", "code DMPAutre", "authorise", "DMP-099", authorised("DMPAutre")),
    # TD3.1.
    Shape("liste : autre message", "partage, autre message", "list", "XDS-001", soap("<x/>")),
    Shape("liste : réponse d'un dépôt", "partage, autre message", "list", "XDS-001", registry(OK)),
    Shape("liste : état inconnu", "ni réussite ni échec", "list", "XDS-001", listed(status="urn:x")),
    Shape("liste : échec sans motif", "échec sans motif", "list", "XDS-001", listed(status=BAD)),
    Shape("liste : document d'un autre", "liste d'une autre personne", "list", "DMP-162", listed(stranger())),
    Shape(
        "liste : document sans personne",
        "liste d'une autre personne",
        "list",
        "DMP-162",
        listed(stranger("x")),
    ),
    Shape(
        "liste : trop de résultats",
        "trop de résultats",
        "list",
        "XDS-041",
        registry(BAD, "XDSTooManyResults"),
    ),
    Shape(
        "liste : critère refusé",
        "critère refusé",
        "list",
        "XDS-040",
        registry(BAD, "XDSStoredQueryParamNumber"),
    ),
    Shape(
        "liste : service surchargé", "service surchargé", "list", "XDS-050", registry(BAD, "XDSRegistryBusy")
    ),
    Shape(
        "liste : INS inconnue",
        "INS inconnue du service",
        "list",
        "XDS-020",
        registry(BAD, "XDSUnknownPatientId"),
    ),
    Shape("liste : code inconnu", "code XDSNew", "list", "XDS-099", registry(BAD, "XDSNew")),
    # TD3.2.
    mtom(
        "lecture : document inconnu",
        "document supprimé ou remplacé",
        "XDS-030",
        retrieved(status=BAD, errors=registry_error("XDSDocumentUniqueIdError")),
    ),
    mtom(
        "lecture : entrepôt inconnu",
        "entrepôt inconnu",
        "XDS-032",
        retrieved(status=BAD, errors=registry_error("XDSUnknownRepositoryId")),
    ),
    mtom("lecture : autre document", "autre document rendu", "XDS-033", retrieved(unique_id="1.2.3"), WHOLE),
    mtom("lecture : deux documents", "plusieurs documents rendus", "XDS-001", retrieved(count=2), WHOLE),
    mtom("lecture : aucun document", "aucun document rendu", "XDS-001", retrieved(count=0)),
    mtom(
        "lecture : partie absente",
        "partie absente",
        "MTM-006",
        retrieved(),
        Part("other@a", "text/xml", DATA),
    ),
    mtom(
        "lecture : adresse extérieure",
        "document hors du message",
        "MTM-006",
        retrieved(inside='<x:Include xmlns:x="http://www.w3.org/2004/08/xop/include" href="http://a/"/>'),
        WHOLE,
    ),
    mtom("lecture : document vide", "document vide", "MTM-006", retrieved(inside="")),
    mtom("lecture : codage illisible", "codage illisible", "XDS-001", retrieved(inside="@@@")),
    mtom(
        "lecture : octet changé",
        "document changé en route",
        "DMP-160",
        retrieved(),
        Part("d@a", "text/xml", DATA[:-1] + b" "),
    ),
    mtom(
        "lecture : document raccourci",
        "document changé en route",
        "DMP-160",
        retrieved(),
        Part("d@a", "text/xml", DATA[:-9]),
    ),
    mtom("lecture : fin coupée", "réponse coupée", "MTM-003", retrieved(), WHOLE, cut=4),
    mtom("lecture : document coupé", "réponse coupée", "MTM-003", retrieved(), WHOLE, cut=400),
    raw("message : séparateur non annoncé", "séparateur non annoncé", "MTM-005", HEAD, "multipart/related"),
    raw("message : séparateur introuvable", "séparateur introuvable", "MTM-005", b"nothing of the kind"),
    raw("message : vide", "réponse coupée", "MTM-003", b""),
    raw("message : deux parties du même nom", "deux parties du même nom", "MTM-005", HEAD + HEAD + b"--b--"),
    raw("message : partie sans en-tête", "partie sans en-tête", "MTM-005", b"--b\r\nx\r\n--b--"),
    raw(
        "message : partie principale absente",
        "partie principale absente",
        "MTM-005",
        HEAD.replace(b"<r>", b"<s>") + b"--b--",
    ),
    raw(
        "message : partie codée",
        "partie codée",
        "MTM-005",
        b"--b\r\nContent-Transfer-Encoding: base64\r\n\r\nAA\r\n--b--",
    ),
    raw(
        "message : cent une parties",
        "trop de parties",
        "MTM-004",
        b"".join(HEAD.replace(b"<r>", b"<%d>" % i) for i in range(102)) + b"--b--",
    ),
    raw(
        "message : en-tête démesuré",
        "en-tête démesuré",
        "MTM-004",
        b"--b\r\nX: " + b"a" * 9000 + b"\r\n\r\nx\r\n--b--",
    ),
    # TD3.3 and TD2.1: what leaves a doubt says so.
    Shape(
        "changement : fiche déjà changée",
        "fiche déjà changée",
        "change",
        "XDS-060",
        registry(BAD, "XDSMetadataVersionError"),
    ),
    Shape(
        "changement : réponse coupée",
        "changement en doute, XML coupé",
        "change",
        "DMP-163",
        registry(OK)[:-20],
    ),
    Shape(
        "changement : erreur 503",
        "changement en doute, service indisponible",
        "change",
        "DMP-163",
        b"",
        "",
        503,
    ),
    Shape(
        "changement : réponse d'une question",
        "changement en doute, autre message",
        "change",
        "DMP-163",
        listed(),
    ),
    Shape(
        "changement : service surchargé",
        "service surchargé",
        "change",
        "XDS-050",
        registry(BAD, "XDSRegistryBusy"),
    ),
    Shape("dépôt : page web", "dépôt en doute, page web", "submit", "DMP-030", b"<html>", "text/html"),
    Shape(
        "dépôt : information refusée",
        "information refusée",
        "submit",
        "XDS-010",
        registry(BAD, "XDSRegistryMetadataError"),
    ),
    Shape(
        "dépôt : autre personne",
        "autre personne dans l'envoi",
        "submit",
        "XDS-021",
        registry(BAD, "XDSPatientIdDoesNotMatch"),
    ),
    Shape(
        "dépôt : autre contenu",
        "autre contenu sous ce numéro",
        "submit",
        "XDS-014",
        registry(BAD, "XDSNonIdenticalHash"),
    ),
    Shape(
        "dépôt : version à remplacer périmée",
        "version à remplacer périmée",
        "submit",
        "XDS-031",
        registry(BAD, "XDSReplaceFailed"),
    ),
    Shape("dépôt : réponse d'une question", "dépôt en doute, autre message", "submit", "DMP-030", found()),
)
