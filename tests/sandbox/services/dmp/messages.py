"""Requests to the DMP built by hand, the VIHF signed by signxml: no encoder of the kit."""

from __future__ import annotations

import base64
import datetime
import functools
import hashlib
import uuid
from dataclasses import dataclass, field, replace
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.x509.oid import NameOID
from lxml import etree
from signxml import XMLSigner, methods

from amarre.sandbox.cards import card_paths
from amarre.sandbox.pki import CertificatePaths

INS, OID = "238042915110160", "1.2.250.1.213.1.4.10"
STRUCTURE = "1990000002"
PROJECT = "1.2.250.1.213.1.1.4"
DSIG = "http://www.w3.org/2000/09/xmldsig#"
XADES = "http://uri.etsi.org/01903/v1.1.1#"
SHA256 = "http://www.w3.org/2001/04/xmlenc#sha256"
C14N = "http://www.w3.org/TR/2001/REC-xml-c14n-20010315#WithComments"


@dataclass(frozen=True)
class Caller:
    """Who signs, about whom, when. Every field may be made wrong by a test."""

    signer: CertificatePaths
    now: datetime.datetime
    ins: str = INS
    oid: str = OID
    structure: str = STRUCTURE
    sector: str = "SA18^1.2.250.1.71.4.2.4"
    roles: tuple[tuple[str, str], ...] = (("60", "1.2.250.1.71.1.2.7"),)
    mode: str = "INDIRECTE"
    issuer: str = ""
    age: datetime.timedelta = datetime.timedelta(0)
    tamper: bool = False
    name_id: str = "899700000021"
    purpose: str = "normal"
    declared: str = ""
    extra: dict[str, str] = field(default_factory=dict)

    def but(self, **changes: object) -> Caller:
        return replace(self, **changes)  # type: ignore[arg-type]


def card_of(sandbox_data: Path, caller: Caller, key: str = "nadege-le-goff") -> Caller:
    """Return the caller with a card of the sandbox: mode DIRECTE, signed by its holder."""
    paths = card_paths(sandbox_data, key)
    signer = CertificatePaths(paths.certificate, paths.key, paths.authority)
    (name,) = certificate_of(signer).subject.get_attributes_for_oid(NameOID.COMMON_NAME)
    return caller.but(signer=signer, mode="DIRECTE", name_id=str(name.value))


def certificate_of(paths: CertificatePaths) -> x509.Certificate:
    return x509.load_pem_x509_certificate(paths.certificate.read_bytes())


def vihf(caller: Caller) -> etree._Element:
    instant = (caller.now - caller.age).strftime("%Y-%m-%dT%H:%M:%S.000Z")
    certificate = certificate_of(caller.signer)
    issuer = caller.issuer or certificate.subject.rfc4514_string()
    attributes = {
        "Identifiant_Structure": caller.structure,
        "Secteur_Activite": caller.sector,
        "urn:oasis:names:tc:xspa:1.0:subject:subject-id": "LOIC BREMOND",
        "VIHF_Version": "3.0",
        "Authentification_mode": caller.mode,
        "urn:oasis:names:tc:xacml:2.0:resource:resource-id": f"{caller.ins}^^^&{caller.oid}&ISO^NH",
        "Ressource_URN": "urn:dmp",
        "LPS_Nom": "Amarre",
        "LPS_Version": "0.1",
        "LPS_ID_HOMOLOGATION_DMP": "TEST",
    } | caller.extra
    values = "".join(
        f'<s:Attribute Name="{name}"><s:AttributeValue xsi:type="xs:string">{value.replace("&", "&amp;")}'
        "</s:AttributeValue></s:Attribute>"
        for name, value in attributes.items()
    )
    roles = "".join(
        f'<s:AttributeValue><Role xmlns="urn:hl7-org:v3" xsi:type="CE" code="{code}" codeSystem="{system}"/>'
        "</s:AttributeValue>"
        for code, system in caller.roles
    )
    declared = f"<s:AuthnContextDecl>{caller.declared}</s:AuthnContextDecl>" if caller.declared else ""
    root = etree.fromstring(
        '<s:Assertion xmlns:s="urn:oasis:names:tc:SAML:2.0:assertion" '
        'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:xs="http://www.w3.org/2001/XMLSchema" '
        f'ID="_{uuid.uuid4()}" IssueInstant="{instant}" Version="2.0">'
        '<s:Issuer Format="urn:oasis:names:tc:SAML:1.1:nameid-format:X509SubjectName"/>'
        f'<ds:Signature xmlns:ds="{DSIG}" Id="placeholder"/>'
        f"<s:Subject><s:NameID>{caller.name_id}</s:NameID></s:Subject>"
        f'<s:AuthnStatement AuthnInstant="{instant}"><s:AuthnContext><s:AuthnContextClassRef>'
        "urn:oasis:names:tc:SAML:2.0:ac:classes:Password</s:AuthnContextClassRef>"
        f"{declared}</s:AuthnContext></s:AuthnStatement><s:AttributeStatement>{values}"
        f'<s:Attribute Name="urn:oasis:names:tc:xacml:2.0:subject:role">{roles}</s:Attribute>'
        '<s:Attribute Name="urn:oasis:names:tc:xspa:1.0:subject:purposeofuse"><s:AttributeValue>'
        f'<PurposeOfUse xmlns="urn:hl7-org:v3" xsi:type="CE" code="{caller.purpose}" '
        'codeSystem="1.2.250.1.213.1.1.4.248"/></s:AttributeValue></s:Attribute>'
        "</s:AttributeStatement></s:Assertion>"
    )
    root[0].text = issuer
    signer = XMLSigner(
        method=methods.enveloped,
        signature_algorithm="rsa-sha256",
        digest_algorithm="sha256",
        c14n_algorithm="http://www.w3.org/2001/10/xml-exc-c14n#",
    )
    leaf = certificate.public_bytes(serialization.Encoding.PEM).decode()
    signed = signer.sign(
        root, key=key_of(caller.signer), cert=leaf, reference_uri=root.get("ID"), id_attribute="ID"
    )
    if caller.tamper:
        signed.find(".//{*}NameID").text = "899700000099"
    return signed


def envelope(
    action: str, body: str, caller: Caller, *, soap: str = "http://www.w3.org/2003/05/soap-envelope"
) -> bytes:
    root = etree.fromstring(
        f'<e:Envelope xmlns:e="{soap}"><e:Header>'
        f'<MessageID xmlns="http://www.w3.org/2005/08/addressing">urn:uuid:{uuid.uuid4()}</MessageID>'
        '<To xmlns="http://www.w3.org/2005/08/addressing"/>'
        '<ReplyTo mustUnderstand="true" xmlns="http://www.w3.org/2005/08/addressing">'
        "<Address>http://www.w3.org/2005/08/addressing/anonymous</Address></ReplyTo>"
        f'<Action mustUnderstand="true" xmlns="http://www.w3.org/2005/08/addressing">{action}</Action>'
        '<w:Security xmlns:w="http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd"/>'
        f"</e:Header><e:Body>{body}</e:Body></e:Envelope>"
    )
    root.find(".//{*}Security").append(vihf(caller))
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8")


def existence(caller: Caller, ins: str = "", oid: str = "") -> bytes:
    body = (
        '<PRPA_IN201307UV02 ITSVersion="XML_1.0" xmlns="urn:hl7-org:v3">'
        '<id root="1.2.250.1.999.1" extension="m1"/><creationTime value="20260314094507"/>'
        '<interactionId root="2.16.840.1.113883.1.6" extension="PRPA_IN201307UV02"/>'
        '<processingCode code="D"/><processingModeCode code="T"/><acceptAckCode code="AL"/>'
        '<receiver typeCode="RCV"><device classCode="DEV" determinerCode="INSTANCE">'
        '<id root="1.2.250.1.213.4.1.1.1"/><softwareName>DMP</softwareName></device></receiver>'
        '<sender typeCode="SND"><device classCode="DEV" determinerCode="INSTANCE">'
        '<id root="1.2.250.1.999.1"/><softwareName>Amarre</softwareName></device></sender>'
        '<controlActProcess classCode="CACT" moodCode="EVN">'
        '<reasonCode code="TEST_EXST" codeSystem="1.2.250.1.213.1.1.4.11"/><queryByParameter>'
        '<queryId root="1.2.250.1.999.1.2" extension="q1"/><statusCode code="new"/><parameterList>'
        f'<patientIdentifier><value root="{oid or caller.oid}" extension="{ins or caller.ins}"/>'
        "<semanticsText>Patient.id</semanticsText></patientIdentifier>"
        "</parameterList></queryByParameter></controlActProcess></PRPA_IN201307UV02>"
    )
    return envelope("urn:hl7-org:v3:PRPA_IN201307UV02", body, caller)


def by_unique_id(caller: Caller, unique_id: str, return_type: str = "ObjectRef") -> bytes:
    return query(
        caller,
        "urn:uuid:5c4f972b-d56b-40ac-a5fc-c8ca9b40b9d4",
        {"$XDSDocumentEntryUniqueId": f"('{unique_id}')"},
        return_type,
    )


def query(caller: Caller, identifier: str, slots: dict[str, str], return_type: str = "LeafClass") -> bytes:
    inner = "".join(
        f'<Slot name="{name}"><ValueList><Value>{value.replace("&", "&amp;")}</Value></ValueList></Slot>'
        for name, value in slots.items()
    )
    body = (
        '<q:AdhocQueryRequest xmlns:q="urn:oasis:names:tc:ebxml-regrep:xsd:query:3.0" '
        'xmlns="urn:oasis:names:tc:ebxml-regrep:xsd:rim:3.0">'
        f'<q:ResponseOption returnComposedObjects="true" returnType="{return_type}"/>'
        f'<AdhocQuery id="{identifier}">{inner}</AdhocQuery></q:AdhocQueryRequest>'
    )
    return envelope("urn:ihe:iti:2007:RegistryStoredQuery", body, caller)


@dataclass(frozen=True)
class Paper:
    """One deposit. Every field may be made wrong by a test."""

    number: int
    title: str = "Projet personnalisé 2026"
    type_code: str = "80788-3"
    class_code: str = "44"
    set_number: int = 0
    patient: str = f"{INS}^^^&{OID}&ISO^NH"
    cda_patient: str = INS
    text: str = "JVBERi0xLjQK"
    drop: str = ""
    signature: bool = True
    spoil_digest: bool = False
    association: str = ""

    @property
    def unique_id(self) -> str:
        return f"1.2.250.1.999.1.7.{self.number}"

    @property
    def set_id(self) -> str:
        return f"1.2.250.1.999.1.8.{self.set_number or self.number}"


def cda(paper: Paper) -> bytes:
    return (
        '<?xml version="1.0" encoding="UTF-8"?><ClinicalDocument xmlns="urn:hl7-org:v3">'
        f'<id root="{paper.unique_id}"/><code code="{paper.type_code}" codeSystem="2.16.840.1.113883.6.1"/>'
        f"<title>{paper.title}</title>"
        '<effectiveTime value="20260314104512+0100"/>'
        f'<recordTarget><patientRole><id root="{OID}" extension="{paper.cda_patient}"/>'
        "</patientRole></recordTarget>"
        '<component><nonXMLBody><text mediaType="application/pdf" representation="B64">'
        f"{paper.text}</text></nonXMLBody></component></ClinicalDocument>"
    ).encode()


def _slot(name: str, *values: str) -> str:
    inner = "".join(f"<Value>{value.replace('&', '&amp;')}</Value>" for value in values)
    return f'<Slot name="{name}"><ValueList>{inner}</ValueList></Slot>'


def _coded(owner: str, scheme: str, code: str, system: str) -> str:
    return (
        f'<Classification id="{uuid.uuid4()}" classifiedObject="{owner}" '
        f'classificationScheme="urn:uuid:{scheme}" nodeRepresentation="{code}">'
        f'{_slot("codingScheme", system)}<Name><LocalizedString value="x"/></Name></Classification>'
    )


def _identifier(owner: str, scheme: str, value: str) -> str:
    escaped = value.replace("&", "&amp;")
    return (
        f'<ExternalIdentifier id="{uuid.uuid4()}" registryObject="{owner}" '
        f'identificationScheme="urn:uuid:{scheme}" value="{escaped}"><Name/></ExternalIdentifier>'
    )


def _author(owner: str, scheme: str) -> str:
    return (
        f'<Classification id="{uuid.uuid4()}" classifiedObject="{owner}" '
        f'classificationScheme="urn:uuid:{scheme}">'
        + _slot("authorPerson", "899700000021^BREMOND^LOIC^^^^^^&1.2.250.1.71.4.2.1&ISO^D^^^IDNPS")
        + _slot("authorInstitution", f"SAD^^^^^&1.2.250.1.71.4.2.2&ISO^IDNST^^^{STRUCTURE}")
        + "</Classification>"
    )


def _entry(
    owner: str, paper: Paper, codes: dict[str, tuple[str, str]], title: str, language: str, unique: str
) -> str:
    slots = {
        "creationTime": "20260314094512",
        "languageCode": language,
        "legalAuthenticator": "899700000021^BREMOND^LOIC^^^^^^&1.2.250.1.71.4.2.1&ISO^D^^^IDNPS",
        "serviceStartTime": "202603140830",
        "sourcePatientId": "USG-1^^^&1.2.250.1.999.1.1&ISO^PI",
    }
    if owner == "Document01":
        slots.pop(paper.drop, None)
    return (
        f'<ExtrinsicObject id="{owner}" mimeType="text/xml" '
        'objectType="urn:uuid:7edca82f-054d-47f2-a032-9b2a5b5186c1">'
        + "".join(_slot(name, value) for name, value in slots.items())
        + f'<Name><LocalizedString charset="UTF8" xml:lang="FR" value="{title}"/></Name>'
        + _author(owner, "93606bcf-9494-43ec-9b4e-a7748d1a838d")
        + "".join(_coded(owner, key.rstrip("+"), *value) for key, value in codes.items())
        + _identifier(owner, "58a6f841-87b3-4a3e-92fd-a8ffeff98427", paper.patient)
        + _identifier(owner, "2e82c1f6-a085-4c72-9da3-8640a32e42ab", unique)
        + "</ExtrinsicObject>"
    )


SECRECY = "f4f85eac-e6cb-4883-b524-f2705394840f"
COMMON_CODES = {
    "f33fb8ac-18af-42cc-ae0e-ed0b0bdb91e1": ("SA18", "1.2.250.1.71.4.2.4"),
    "cccf5598-8b07-4b77-a05e-ae952c785ead": ("SAD", f"{PROJECT}.9"),
    SECRECY: ("N", "2.16.840.1.113883.5.25"),
}


def deposit(caller: Caller, paper: Paper, *, xop: bool = True) -> tuple[str, bytes]:
    """Return the content type and the body of a TD2.1 request."""
    document = cda(paper)
    codes = COMMON_CODES | {
        "41a5887f-8865-4c09-adf7-e362475b143a": (paper.class_code, f"{PROJECT}.1"),
        "f0306f51-975f-434e-a61c-c59651d33983": (paper.type_code, "2.16.840.1.113883.6.1"),
        "a09d5840-386c-46f2-b5ad-9c3699a4309d": ("urn:ihe:iti:xds-sd:pdf:2008", "1.3.6.1.4.1.19376.1.2.3"),
    }
    hidden = COMMON_CODES | {
        "41a5887f-8865-4c09-adf7-e362475b143a": ("urn:oid:1.3.6.1.4.1.19376.1.2.1.1.1", "URN"),
        "f0306f51-975f-434e-a61c-c59651d33983": ("E1762", "ASTM"),
        "a09d5840-386c-46f2-b5ad-9c3699a4309d": (DSIG, "URN"),
        "2c6b8cb7-8b2a-4051-b291-b1ae6a575ef4": ("1.2.840.10065.1.12.1.14", "1.2.840.10065.1.12"),
        f"{SECRECY}+": ("MASQUE_PS", f"{PROJECT}.13"),
        f"{SECRECY}++": ("INVISIBLE_PATIENT", f"{PROJECT}.13"),
    }
    original = _slot("SubmissionSetStatus", "Original")
    member = "urn:oasis:names:tc:ebxml-regrep:AssociationType:HasMember"
    objects = (
        '<RegistryPackage id="SubmissionSet01">'
        + _slot("submissionTime", "20260314094515")
        + _author("SubmissionSet01", "a7058bb9-b4e4-4307-ba5b-e3f0ab85e12d")
        + _coded("SubmissionSet01", "aa543740-bdda-424e-8c96-df4873be8500", "16", "1.2.250.1.213.2.2")
        + '<Classification id="n" classifiedObject="SubmissionSet01" '
        'classificationNode="urn:uuid:a54d6aa5-d40d-43f9-88c5-b4633d873bdd"/>'
        + _identifier("SubmissionSet01", "6b5aea1a-874d-4603-a4bc-96a0a7b38446", f"{INS}^^^&{OID}&ISO^NH")
        + _identifier("SubmissionSet01", "554ac39e-e3fe-47fe-b233-965d2a147832", "1.2.250.1.999.1")
        + _identifier("SubmissionSet01", "96fdda7c-d067-4183-912e-bf5ee74998a8", paper.set_id)
        + "</RegistryPackage>"
        + _entry("Document01", paper, codes, paper.title, "fr-FR", paper.unique_id)
        + f'<Association id="a1" associationType="{member}" sourceObject="SubmissionSet01" '
        f'targetObject="Document01">{original}</Association>' + paper.association
    )
    parts = {"doc1@test.example": document}
    documents = '<x:Document id="Document01">{0}</x:Document>'
    if paper.signature:
        objects += (
            _entry("Signature01", paper, hidden, "Source", "art", f"{paper.unique_id}.1")
            + f'<Association id="a2" associationType="{member}" sourceObject="SubmissionSet01" '
            f'targetObject="Signature01">{original}</Association>'
            '<Association id="a3" associationType="urn:ihe:iti:2007:AssociationType:signs" '
            f'sourceObject="Signature01" targetObject="SubmissionSet01">{original}</Association>'
        )
        parts["sig1@test.example"] = xades(caller.signer, paper, document)
        documents += '<x:Document id="Signature01">{1}</x:Document>'
    if xop:
        holders = [
            f'<i:Include xmlns:i="http://www.w3.org/2004/08/xop/include" href="cid:{name}"/>'
            for name in parts
        ]
    else:
        holders = [base64.b64encode(data).decode() for data in parts.values()]
    body = (
        '<x:ProvideAndRegisterDocumentSetRequest xmlns:x="urn:ihe:iti:xds-b:2007" '
        'xmlns:l="urn:oasis:names:tc:ebxml-regrep:xsd:lcm:3.0" '
        'xmlns="urn:oasis:names:tc:ebxml-regrep:xsd:rim:3.0">'
        f"<l:SubmitObjectsRequest><RegistryObjectList>{objects}</RegistryObjectList></l:SubmitObjectsRequest>"
        f"{documents.format(*holders)}</x:ProvideAndRegisterDocumentSetRequest>"
    )
    action = "urn:ihe:iti:2007:ProvideAndRegisterDocumentSet-b"
    soap = envelope(action, body, caller)
    return multipart(soap, parts) if xop else ("application/soap+xml; charset=UTF-8", soap)


def multipart(soap: bytes, parts: dict[str, bytes]) -> tuple[str, bytes]:
    boundary, out = "frontiere-de-test", b""
    kind = 'application/xop+xml; charset=UTF-8; type="application/soap+xml"'
    for name, media, data in [
        ("root@test.example", kind, soap),
        *((k, "text/xml", v) for k, v in parts.items()),
    ]:
        out += (
            f"--{boundary}\r\nContent-Type: {media}\r\nContent-ID: <{name}>\r\n\r\n".encode() + data + b"\r\n"
        )
    header = (
        f'multipart/related; type="application/xop+xml"; start="<root@test.example>"; boundary="{boundary}"; '
        'start-info="application/soap+xml"'
    )
    return header, out + f"--{boundary}--\r\n".encode()


def key_of(signer: CertificatePaths) -> rsa.RSAPrivateKey:
    """Return the key of a signer: read once, since reading it checks it, which is long."""
    return _key(signer.key.read_bytes())


@functools.cache
def _key(pem: bytes) -> rsa.RSAPrivateKey:
    key = serialization.load_pem_private_key(pem, None)
    assert isinstance(key, rsa.RSAPrivateKey)
    return key


def xades(signer: CertificatePaths, paper: Paper, document: bytes) -> bytes:
    """Sign a submission set, step by step as XML Signature 1.1 §3.1 says."""
    canonical = etree.tostring(etree.fromstring(document), method="c14n", with_comments=True)
    digest = base64.b64encode(hashlib.sha256(b"x" if paper.spoil_digest else canonical).digest()).decode()
    certificate = certificate_of(signer).public_bytes(serialization.Encoding.DER)
    own = base64.b64encode(hashlib.sha256(certificate).digest()).decode()
    root = etree.fromstring(
        f'<Signature xmlns="{DSIG}" Id="sig"><SignedInfo><CanonicalizationMethod Algorithm="{C14N}"/>'
        '<SignatureMethod Algorithm="http://www.w3.org/2001/04/xmldsig-more#rsa-sha256"/>'
        f'<Reference URI="#IHEManifest" Type="{DSIG}Manifest">'
        f'<DigestMethod Algorithm="{SHA256}"/><DigestValue/>'
        '</Reference><Reference URI="#S0-SignedProperties" '
        'Type="http://uri.etsi.org/01903/v1.1.1#SignedProperties">'
        f'<DigestMethod Algorithm="{SHA256}"/><DigestValue/></Reference></SignedInfo><SignatureValue/>'
        "<KeyInfo><X509Data><X509Certificate/></X509Data></KeyInfo>"
        f'<Object><Manifest Id="IHEManifest"><Reference URI="urn:oid:{paper.set_id}"><DigestMethod '
        f'Algorithm="{SHA256}"/><DigestValue>AA==</DigestValue></Reference>'
        f'<Reference URI="urn:oid:{paper.unique_id}"><Transforms><Transform Algorithm="{C14N}"/></Transforms>'
        f'<DigestMethod Algorithm="{SHA256}"/><DigestValue>{digest}</DigestValue></Reference>'
        f'</Manifest></Object><Object><QualifyingProperties xmlns="{XADES}" Target="#sig">'
        '<SignedProperties Id="S0-SignedProperties">'
        "<SignedSignatureProperties><SigningTime>2026-03-14T09:45:15Z</SigningTime><SigningCertificate><Cert>"
        f'<CertDigest><DigestMethod Algorithm="{SHA256}"/><DigestValue>{own}</DigestValue></CertDigest>'
        "</Cert></SigningCertificate></SignedSignatureProperties></SignedProperties></QualifyingProperties></Object>"
        "</Signature>"
    )
    for reference in root.find("{*}SignedInfo").findall("{*}Reference"):
        target = root.xpath("//*[@Id=$name]", name=reference.get("URI")[1:])[0]
        reference.find("{*}DigestValue").text = _sha256(_canonical(target, comments=False))
    root.find(".//{*}X509Certificate").text = base64.b64encode(certificate).decode()
    key = key_of(signer)
    info = _canonical(root.find("{*}SignedInfo"), comments=True)
    value = key.sign(info, padding.PKCS1v15(), hashes.SHA256())
    root.find("{*}SignatureValue").text = base64.b64encode(value).decode()
    return etree.tostring(root)


def _canonical(element: etree._Element, *, comments: bool) -> bytes:
    """Canonical form of an element taken out of its tree (lxml is wrong inside one)."""
    alone = etree.fromstring(etree.tostring(element, with_tail=False))
    return etree.tostring(alone, method="c14n", with_comments=comments)


def _sha256(data: bytes) -> str:
    return base64.b64encode(hashlib.sha256(data).digest()).decode()
