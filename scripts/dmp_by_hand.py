#!/usr/bin/env python3
"""Deposit a document in the simulated DMP without a line of Amarre: standard library, `openssl` and `curl`.

usage: python3 scripts/dmp_by_hand.py DATA/depart [--document FILE]

DATA is the folder of a running `amarre sandbox`. Written from the specifications (CI-SIS Volet Partage de
documents de santé, SEL-MP-037 as quoted in public, SAML 2.0, XML Signature, XOP), to show what another
software does and to drive the sandbox from outside. Prints one line of JSON per call.
"""

from __future__ import annotations

import argparse
import base64
import datetime
import hashlib
import io
import json
import subprocess
import sys
import tempfile
import tomllib
import uuid
import xml.etree.ElementTree as ET
from pathlib import Path
from xml.sax.saxutils import escape, quoteattr

SOAP = "http://www.w3.org/2003/05/soap-envelope"
WSA = "http://www.w3.org/2005/08/addressing"
WSSE = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd"
SAML = "urn:oasis:names:tc:SAML:2.0:assertion"
DSIG = "http://www.w3.org/2000/09/xmldsig#"
EXC = "http://www.w3.org/2001/10/xml-exc-c14n#"
C14N = "http://www.w3.org/TR/2001/REC-xml-c14n-20010315#WithComments"
SHA256 = "http://www.w3.org/2001/04/xmlenc#sha256"
RSA = "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256"
CDA = {"h": "urn:hl7-org:v3"}


# --- Signing: canonical strings, hashed here, signed by openssl. -------------------------------------------
def canonical(xml: str) -> str:
    """Return the canonical form (C14N 2.0, the same bytes as 1.0 and exclusive for what is written here)."""
    return ET.canonicalize(xml, with_comments=True)


def digest(text: str) -> str:
    """Return the SHA-256 of a text, in base64."""
    return base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def sign(text: str, key: str) -> str:
    """Return the RSA-SHA256 signature of a text, in base64."""
    done = subprocess.run(
        ["openssl", "dgst", "-sha256", "-sign", key], input=text.encode(), capture_output=True, check=True
    )
    return base64.b64encode(done.stdout).decode()


def certificate(profile: dict) -> tuple[str, str]:
    """Return the signature certificate (DER in base64) and its subject, from CN to C (RFC 2253)."""
    path = profile["signature"]["cert"]
    der = subprocess.run(
        ["openssl", "x509", "-in", path, "-outform", "DER"], capture_output=True, check=True
    ).stdout
    subject = subprocess.run(
        ["openssl", "x509", "-in", path, "-noout", "-subject", "-nameopt", "RFC2253,utf8,-esc_msb"],
        capture_output=True, text=True, check=True,
    ).stdout  # fmt: skip
    return base64.b64encode(der).decode(), subject.partition("subject=")[2].strip()


# --- VIHF: a SAML 2.0 assertion about who calls, signed with the establishment's signature certificate. ----
def vihf(profile: dict, patient: str) -> str:
    """Return the assertion, canonical, signature included."""
    structure, software, actor = profile["structure"], profile["software"], profile["actor"]
    now = datetime.datetime.now(datetime.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    der, subject = certificate(profile)
    identifier = f"_{uuid.uuid4()}"
    values = {
        "VIHF_Version": "3.0",
        "Identifiant_Structure": structure["identifier"],
        "Secteur_Activite": f"{structure['sector']}^1.2.250.1.71.4.2.4",
        "urn:oasis:names:tc:xspa:1.0:subject:subject-id": f"{actor['given_name']} {actor['family_name']}",
        "Authentification_mode": "INDIRECTE",
        "urn:oasis:names:tc:xacml:2.0:resource:resource-id": patient,
        "Ressource_URN": "urn:dmp",
        "LPS_Nom": software["name"],
        "LPS_Version": software["version"],
        "LPS_ID_HOMOLOGATION_DMP": software["homologation"],
    }
    attributes = "".join(
        f"<s:Attribute Name={quoteattr(name)}><s:AttributeValue>{escape(value)}</s:AttributeValue>"
        "</s:Attribute>"
        for name, value in values.items()
    )
    attributes += coded("urn:oasis:names:tc:xacml:2.0:subject:role", "Role", "60", "1.2.250.1.71.1.2.7")
    attributes += coded(
        "urn:oasis:names:tc:xspa:1.0:subject:purposeofuse",
        "PurposeOfUse",
        "normal",
        "1.2.250.1.213.1.1.4.248",
    )
    before = (
        f'<s:Assertion xmlns:s="{SAML}" ID="{identifier}" IssueInstant="{now}" Version="2.0">'
        '<s:Issuer Format="urn:oasis:names:tc:SAML:1.1:nameid-format:X509SubjectName">'
        f"{escape(subject)}</s:Issuer>"
    )
    after = (
        f"<s:Subject><s:NameID>{actor['identifier']}</s:NameID></s:Subject>"
        f'<s:AuthnStatement AuthnInstant="{now}"><s:AuthnContext><s:AuthnContextClassRef>'
        "urn:oasis:names:tc:SAML:2.0:ac:classes:unspecified</s:AuthnContextClassRef></s:AuthnContext>"
        f"</s:AuthnStatement><s:AttributeStatement>{attributes}</s:AttributeStatement></s:Assertion>"
    )
    information = (
        f'<ds:SignedInfo xmlns:ds="{DSIG}"><ds:CanonicalizationMethod Algorithm="{EXC}"/>'
        f'<ds:SignatureMethod Algorithm="{RSA}"/><ds:Reference URI="#{identifier}"><ds:Transforms>'
        f'<ds:Transform Algorithm="{DSIG}enveloped-signature"/><ds:Transform Algorithm="{EXC}"/>'
        f'</ds:Transforms><ds:DigestMethod Algorithm="{SHA256}"/>'
        f"<ds:DigestValue>{digest(canonical(before + after))}</ds:DigestValue></ds:Reference></ds:SignedInfo>"
    )
    value = sign(canonical(information), profile["signature"]["key"])
    signature = (
        f'<ds:Signature xmlns:ds="{DSIG}">{information}<ds:SignatureValue>{value}</ds:SignatureValue>'
        f"<ds:KeyInfo><ds:X509Data><ds:X509Certificate>{der}</ds:X509Certificate></ds:X509Data></ds:KeyInfo>"
        "</ds:Signature>"
    )
    return before + signature + after


def coded(name: str, element: str, code: str, system: str) -> str:
    """Return an attribute whose value is an HL7 code."""
    return (
        f'<s:Attribute Name="{name}"><s:AttributeValue><{element} xmlns="urn:hl7-org:v3" '
        f'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:type="CE" code="{code}" '
        f'codeSystem="{system}"/></s:AttributeValue></s:Attribute>'
    )


# --- SOAP 1.2 with WS-Addressing, MTOM when there are parts, mutual TLS by curl. ---------------------------
def envelope(action: str, assertion: str, body: str) -> bytes:
    """Return a request: the four addressing headers, the VIHF, the body."""
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><soap:Envelope xmlns:soap="{SOAP}" xmlns:wsa="{WSA}">'
        f'<soap:Header><wsse:Security xmlns:wsse="{WSSE}">{assertion}</wsse:Security>'
        f'<wsa:Action soap:mustUnderstand="true">{action}</wsa:Action>'
        f"<wsa:MessageID>urn:uuid:{uuid.uuid4()}</wsa:MessageID><wsa:To></wsa:To>"
        f'<wsa:ReplyTo soap:mustUnderstand="true"><wsa:Address>{WSA}/anonymous</wsa:Address></wsa:ReplyTo>'
        f"</soap:Header><soap:Body>{body}</soap:Body></soap:Envelope>"
    ).encode()


def mtom(soap: bytes, parts: dict[str, bytes]) -> tuple[str, bytes]:
    """Return the media type and the bytes of a multipart/related message."""
    boundary = f"uuid:{uuid.uuid4()}"
    kind = 'application/xop+xml; charset=UTF-8; type="application/soap+xml"'
    out = io.BytesIO()
    for name, media, data in (
        ("racine@exemple", kind, soap),
        *((n, "text/xml", d) for n, d in parts.items()),
    ):
        head = f"--{boundary}\r\nContent-Type: {media}\r\nContent-Transfer-Encoding: binary\r\n"
        out.write(f"{head}Content-ID: <{name}>\r\n\r\n".encode() + data + b"\r\n")
    out.write(f"--{boundary}--\r\n".encode())
    return (
        f'multipart/related; boundary="{boundary}"; type="application/xop+xml"; start="<racine@exemple>"; '
        'start-info="application/soap+xml"',
        out.getvalue(),
    )


def call(profile: dict, service: str, media: str, body: bytes) -> ET.Element:
    """Send one request with the establishment's authentication certificate; return the answer's envelope."""
    tls = profile["tls"]
    with tempfile.NamedTemporaryFile() as file:
        file.write(body)
        file.flush()
        done = subprocess.run(
            [
                "curl", "--silent", "--show-error", "--tlsv1.2", "--cacert", tls["ca"], "--cert", tls["cert"],
                "--key", tls["key"], "--header", f"Content-Type: {media}", "--header", "Expect:",
                "--data-binary", f"@{file.name}", f"{profile['base_url']}/{service}",
            ],
            capture_output=True, check=True,
        )  # fmt: skip
    return ET.fromstring(done.stdout)


# --- The three calls. --------------------------------------------------------------------------------------
def existence(profile: dict, ins: str, oid: str) -> dict[str, str]:
    """TD0.2: is there a DMP?"""
    now = datetime.datetime.now(datetime.UTC).strftime("%Y%m%d%H%M%S")
    own = profile["software"]["oid"]
    body = (
        '<PRPA_IN201307UV02 xmlns="urn:hl7-org:v3" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" '
        f'ITSVersion="XML_1.0"><id root="{own}" extension="{uuid.uuid4()}"/><creationTime value="{now}"/>'
        '<interactionId root="2.16.840.1.113883.1.6" extension="PRPA_IN201307UV02"/>'
        '<processingCode code="D"/><processingModeCode code="T"/><acceptAckCode code="AL"/>'
        '<receiver typeCode="RCV"><device classCode="DEV" determinerCode="INSTANCE">'
        '<id root="1.2.250.1.213.4.1.1.1"/><softwareName>DMP</softwareName></device></receiver>'
        f'<sender typeCode="SND"><device classCode="DEV" determinerCode="INSTANCE"><id root="{own}"/>'
        '</device></sender><controlActProcess classCode="CACT" moodCode="EVN">'
        '<reasonCode code="TEST_EXST" codeSystem="1.2.250.1.213.1.1.4.11"/><queryByParameter>'
        f'<queryId root="{own}" extension="{uuid.uuid4()}"/><statusCode code="new"/><parameterList>'
        f'<dataSource xsi:nil="true"/><patientIdentifier><value root="{oid}" extension="{ins}"/>'
        "<semanticsText>Patient.id</semanticsText></patientIdentifier></parameterList></queryByParameter>"
        "</controlActProcess></PRPA_IN201307UV02>"
    )
    soap = envelope("urn:hl7-org:v3:PRPA_IN201307UV02", vihf(profile, cx(ins, oid)), body)
    answer = call(profile, "patients", "application/soap+xml; charset=UTF-8", soap)
    found = answer.find(".//{urn:hl7-org:v3}queryResponseCode")
    state = answer.find(".//{urn:hl7-org:v3}patient/{urn:hl7-org:v3}statusCode")
    return {
        "appel": "TD0.2",
        "reponse": "" if found is None else found.get("code", ""),
        "etat": "" if state is None else state.get("code", ""),
    } | fault(answer)


def cx(ins: str, oid: str) -> str:
    """Return a patient identifier as XDS writes it."""
    return f"{ins}^^^&{oid}&ISO^NH"


def deposit(profile: dict, document: bytes) -> dict[str, str]:
    """TD2.1: provide and register the document, with the signature of the set."""
    fields = read(document)
    root = profile["root_oid"]
    stamp = datetime.datetime.now(datetime.UTC).strftime("%Y%m%d%H%M%S%f").lstrip("0")
    lot, seal = f"{root}.8.{stamp}", f"{root}.7.{stamp}"
    signature = xades(profile, lot, fields["id"], document)
    entries = entry("Document01", fields, profile) + entry(
        "Signature01", signature_fields(fields, seal), profile
    )
    body = (
        '<x:ProvideAndRegisterDocumentSetRequest xmlns:x="urn:ihe:iti:xds-b:2007" '
        'xmlns:l="urn:oasis:names:tc:ebxml-regrep:xsd:lcm:3.0" '
        'xmlns="urn:oasis:names:tc:ebxml-regrep:xsd:rim:3.0"><l:SubmitObjectsRequest><RegistryObjectList>'
        f"{submission_set(lot, fields, profile)}{entries}{associations()}"
        "</RegistryObjectList></l:SubmitObjectsRequest>"
        + "".join(
            f'<x:Document id="{name}"><i:Include xmlns:i="http://www.w3.org/2004/08/xop/include" '
            f'href="cid:{name}@exemple"/></x:Document>'
            for name in ("Document01", "Signature01")
        )
        + "</x:ProvideAndRegisterDocumentSetRequest>"
    )
    action = "urn:ihe:iti:2007:ProvideAndRegisterDocumentSet-b"
    soap = envelope(action, vihf(profile, fields["patient"]), body)
    parts = {"Document01@exemple": document, "Signature01@exemple": signature}
    answer = call(profile, "repository", *mtom(soap, parts))
    response = answer.find(".//{urn:oasis:names:tc:ebxml-regrep:xsd:rs:3.0}RegistryResponse")
    errors = [item.get("errorCode", "") for item in answer.iter() if item.tag.endswith("}RegistryError")]
    return {
        "appel": "TD2.1",
        "numero": fields["id"],
        "reponse": "" if response is None else response.get("status", "").rpartition(":")[2],
        "erreurs": " ".join(errors),
    } | fault(answer)


def find(profile: dict, fields: dict[str, str]) -> dict[str, str]:
    """TD3.1b: does the DMP hold this number?"""
    body = (
        '<q:AdhocQueryRequest xmlns:q="urn:oasis:names:tc:ebxml-regrep:xsd:query:3.0" '
        'xmlns="urn:oasis:names:tc:ebxml-regrep:xsd:rim:3.0">'
        '<q:ResponseOption returnType="ObjectRef" returnComposedObjects="true"/>'
        '<AdhocQuery id="urn:uuid:5c4f972b-d56b-40ac-a5fc-c8ca9b40b9d4">'
        f"<Slot name=\"$XDSDocumentEntryUniqueId\"><ValueList><Value>('{fields['id']}')</Value></ValueList>"
        "</Slot></AdhocQuery></q:AdhocQueryRequest>"
    )
    soap = envelope("urn:ihe:iti:2007:RegistryStoredQuery", vihf(profile, fields["patient"]), body)
    answer = call(profile, "registry", "application/soap+xml; charset=UTF-8", soap)
    found = [item.get("id", "") for item in answer.iter() if item.tag.endswith("}ObjectRef")]
    return {"appel": "TD3.1b", "numero": fields["id"], "fiche": " ".join(found)} | fault(answer)


def fault(answer: ET.Element) -> dict[str, str]:
    """Return the sentence of a SOAP fault, nothing when there is none."""
    text = answer.find(f".//{{{SOAP}}}Fault/{{{SOAP}}}Reason/{{{SOAP}}}Text")
    return {} if text is None else {"anomalie": text.text or ""}


# --- Metadata, from the very bytes of the document. --------------------------------------------------------
def read(document: bytes) -> dict[str, str]:
    """Return what the metadata need of the CDA, codes as "code|system|label"."""
    root = ET.fromstring(document)
    ins = next(
        item for item in root.findall("h:recordTarget/h:patientRole/h:id", CDA)
        if item.get("root", "").startswith("1.2.250.1.213.1.4.")
    )  # fmt: skip
    event = root.find("h:documentationOf/h:serviceEvent", CDA)
    author = root.find("h:author/h:assignedAuthor", CDA)
    return {
        "id": value(root, "h:id", "root"),
        "titre": (root.findtext("h:title", "", CDA)).strip(),
        "patient": cx(ins.get("extension", ""), ins.get("root", "")),
        "type": code(root, "h:code"),
        "secteur": code(root, "h:componentOf/h:encompassingEncounter/h:location/h:healthCareFacility/h:code"),
        "cadre": code(event, ".//h:standardIndustryClassCode"),
        "creation": utc(value(root, "h:effectiveTime", "value")),
        "debut": utc(value(event, "h:effectiveTime/h:low", "value")),
        "langue": value(root, "h:languageCode", "code"),
        "auteur": person(author, "h:assignedPerson"),
        "profession": code(author, "h:code").replace("|", "^"),
        "responsable": person(root.find("h:legalAuthenticator/h:assignedEntity", CDA), "h:assignedPerson"),
        "classe": "44|1.2.250.1.213.1.1.4.1|Plan de soins, protocole de soins",
        "format": "urn:ihe:iti:xds-sd:pdf:2008|1.3.6.1.4.1.19376.1.2.3|PDF/A-1",
        "visibilite": "N|2.16.840.1.113883.5.25|Normal",
        "evenement": "",
    }


def signature_fields(fields: dict[str, str], seal: str) -> dict[str, str]:
    """Return the fixed values of the entry of the signature, the rest as for the document."""
    system = "1.2.250.1.213.1.1.4.13"
    hidden = f"MASQUE_PS|{system}|Masqué;INVISIBLE_PATIENT|{system}|Non visible"
    return fields | {
        "id": seal,
        "titre": "Source",
        "langue": "art",
        "type": "E1762|ASTM|Full Document",
        "classe": "urn:oid:1.3.6.1.4.1.19376.1.2.1.1.1|URN|Digital Signature",
        "format": f"{DSIG}|URN|Default Signature Style",
        "evenement": "1.2.840.10065.1.12.1.14|1.2.840.10065.1.12|Source",
        "visibilite": f"{fields['visibilite']};{hidden}",
    }


def value(node: ET.Element | None, path: str, name: str) -> str:
    """Return an attribute at a path, "" when there is none."""
    found = None if node is None else node.find(path, CDA)
    return "" if found is None else found.get(name, "")


def code(node: ET.Element | None, path: str) -> str:
    """Return a code as "code|system|label"."""
    return "|".join(value(node, path, name) for name in ("code", "codeSystem", "displayName"))


def person(node: ET.Element | None, path: str) -> str:
    """Return a professional as XDS writes it (XCN)."""
    family = "" if node is None else node.findtext(f"{path}/h:name/h:family", "", CDA)
    given = "" if node is None else node.findtext(f"{path}/h:name/h:given", "", CDA)
    return f"{value(node, 'h:id', 'extension')}^{family}^{given}^^^^^^&1.2.250.1.71.4.2.1&ISO^D^^^IDNPS"


def utc(time: str) -> str:
    """Return an HL7 time with an offset as UTC without one."""
    form = "%Y%m%d%H%M%S%z" if len(time) > 17 else "%Y%m%d%H%M%z"
    return datetime.datetime.strptime(time, form).astimezone(datetime.UTC).strftime("%Y%m%d%H%M%S")


def slot(name: str, *values: str) -> str:
    """Return an ebRIM slot."""
    inner = "".join(f"<Value>{escape(item)}</Value>" for item in values)
    return f"<Slot name={quoteattr(name)}><ValueList>{inner}</ValueList></Slot>"


def classified(owner: str, scheme: str, packed: str) -> str:
    """Return a classification that carries a code."""
    found, system, label = packed.split("|")
    return (
        f'<Classification id="c{uuid.uuid4().hex}" classifiedObject="{owner}" '
        f'classificationScheme="urn:uuid:{scheme}" nodeRepresentation={quoteattr(found)}>'
        f"{slot('codingScheme', system)}<Name><LocalizedString value={quoteattr(label)}/></Name>"
        "</Classification>"
    )


def authored(owner: str, scheme: str, fields: dict[str, str], profile: dict) -> str:
    """Return the author of a set or of a document."""
    structure = profile["structure"]
    xon = f"{structure['name']}^^^^^&1.2.250.1.71.4.2.2&ISO^IDNST^^^{structure['identifier']}"
    return (
        f'<Classification id="c{uuid.uuid4().hex}" classifiedObject="{owner}" '
        f'classificationScheme="urn:uuid:{scheme}" nodeRepresentation="">'
        f"{slot('authorInstitution', xon)}{slot('authorPerson', fields['auteur'])}</Classification>"
    )


def identified(owner: str, scheme: str, name: str, text: str) -> str:
    """Return an external identifier."""
    return (
        f'<ExternalIdentifier id="e{uuid.uuid4().hex}" registryObject="{owner}" '
        f'identificationScheme="urn:uuid:{scheme}" value={quoteattr(text)}>'
        f"<Name><LocalizedString value={quoteattr(name)}/></Name></ExternalIdentifier>"
    )


def submission_set(lot: str, fields: dict[str, str], profile: dict) -> str:
    """Return the submission set."""
    now = datetime.datetime.now(datetime.UTC).strftime("%Y%m%d%H%M%S")
    owner = "Lot01"
    activity = f"{profile['content_type']}|1.2.250.1.213.2.2|Activité"
    return (
        f'<RegistryPackage id="{owner}">{slot("submissionTime", now)}'
        f"<Name><LocalizedString value={quoteattr(fields['titre'])}/></Name>"
        f"{authored(owner, 'a7058bb9-b4e4-4307-ba5b-e3f0ab85e12d', fields, profile)}"
        f"{classified(owner, 'aa543740-bdda-424e-8c96-df4873be8500', activity)}"
        f'<Classification id="n01" classifiedObject="{owner}" '
        'classificationNode="urn:uuid:a54d6aa5-d40d-43f9-88c5-b4633d873bdd"/>'
        + identified(
            owner, "6b5aea1a-874d-4603-a4bc-96a0a7b38446", "XDSSubmissionSet.patientId", fields["patient"]
        )
        + identified(
            owner,
            "554ac39e-e3fe-47fe-b233-965d2a147832",
            "XDSSubmissionSet.sourceId",
            profile["software"]["oid"],
        )
        + identified(owner, "96fdda7c-d067-4183-912e-bf5ee74998a8", "XDSSubmissionSet.uniqueId", lot)
        + "</RegistryPackage>"
    )


def entry(owner: str, fields: dict[str, str], profile: dict) -> str:
    """Return one document entry."""
    schemes = {
        "classe": "41a5887f-8865-4c09-adf7-e362475b143a",
        "type": "f0306f51-975f-434e-a61c-c59651d33983",
        "format": "a09d5840-386c-46f2-b5ad-9c3699a4309d",
        "secteur": "f33fb8ac-18af-42cc-ae0e-ed0b0bdb91e1",
        "cadre": "cccf5598-8b07-4b77-a05e-ae952c785ead",
        "evenement": "2c6b8cb7-8b2a-4051-b291-b1ae6a575ef4",
    }
    codes = "".join(
        classified(owner, scheme, fields[name]) for name, scheme in schemes.items() if fields[name]
    )
    codes += "".join(
        classified(owner, "f4f85eac-e6cb-4883-b524-f2705394840f", item)
        for item in fields["visibilite"].split(";")
    )
    return (
        f'<ExtrinsicObject id="{owner}" mimeType="text/xml" '
        'objectType="urn:uuid:7edca82f-054d-47f2-a032-9b2a5b5186c1">'
        + slot("creationTime", fields["creation"])
        + slot("languageCode", fields["langue"])
        + slot("legalAuthenticator", fields["responsable"])
        + slot("serviceStartTime", fields["debut"])
        + slot("sourcePatientId", fields["patient"])
        + f"<Name><LocalizedString value={quoteattr(fields['titre'])}/></Name>"
        + authored(owner, "93606bcf-9494-43ec-9b4e-a7748d1a838d", fields, profile)
        + codes
        + identified(
            owner, "58a6f841-87b3-4a3e-92fd-a8ffeff98427", "XDSDocumentEntry.patientId", fields["patient"]
        )
        + identified(owner, "2e82c1f6-a085-4c72-9da3-8640a32e42ab", "XDSDocumentEntry.uniqueId", fields["id"])
        + "</ExtrinsicObject>"
    )


def associations() -> str:
    """Return the links: the set has two members, the signature signs the set."""
    member = "urn:oasis:names:tc:ebxml-regrep:AssociationType:HasMember"
    links = [
        (member, "Lot01", "Document01"),
        (member, "Lot01", "Signature01"),
        ("urn:ihe:iti:2007:AssociationType:signs", "Signature01", "Lot01"),
    ]
    return "".join(
        f'<Association id="a{number}" associationType="{kind}" sourceObject="{source}" '
        f'targetObject="{target}">{slot("SubmissionSetStatus", "Original")}</Association>'
        for number, (kind, source, target) in enumerate(links)
    )


def xades(profile: dict, lot: str, unique_id: str, document: bytes) -> bytes:
    """Return the signature of the submission set: a manifest of the set and of its document."""
    der, _ = certificate(profile)
    own = base64.b64encode(hashlib.sha256(base64.b64decode(der)).digest()).decode()
    method = f'<DigestMethod Algorithm="{SHA256}"/>'
    manifest = (
        f'<Manifest xmlns="{DSIG}" Id="IHEManifest"><Reference URI="urn:oid:{lot}">{method}'
        f'<DigestValue>AA==</DigestValue></Reference><Reference URI="urn:oid:{unique_id}"><Transforms>'
        f'<Transform Algorithm="{C14N}"/></Transforms>{method}'
        f"<DigestValue>{digest(canonical(document.decode()))}</DigestValue></Reference></Manifest>"
    )
    now = datetime.datetime.now(datetime.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    properties = (
        '<SignedProperties xmlns="http://uri.etsi.org/01903/v1.1.1#" Id="S0-SignedProperties">'
        f"<SignedSignatureProperties><SigningTime>{now}</SigningTime><SigningCertificate><Cert><CertDigest>"
        f"{method}<DigestValue>{own}</DigestValue></CertDigest></Cert></SigningCertificate>"
        "</SignedSignatureProperties></SignedProperties>"
    )
    information = (
        f'<SignedInfo xmlns="{DSIG}"><CanonicalizationMethod Algorithm="{C14N}"/>'
        f'<SignatureMethod Algorithm="{RSA}"/><Reference Type="{DSIG}Manifest" URI="#IHEManifest">{method}'
        f"<DigestValue>{digest(canonical(manifest))}</DigestValue></Reference>"
        '<Reference Type="http://uri.etsi.org/01903/v1.1.1#SignedProperties" URI="#S0-SignedProperties">'
        f"{method}<DigestValue>{digest(canonical(properties))}</DigestValue></Reference></SignedInfo>"
    )
    signed = sign(canonical(information), profile["signature"]["key"])
    return (
        f'<Signature xmlns="{DSIG}" Id="signature">{information}<SignatureValue>{signed}</SignatureValue>'
        f"<KeyInfo><X509Data><X509Certificate>{der}</X509Certificate></X509Data></KeyInfo>"
        f'<Object>{manifest}</Object><Object><QualifyingProperties xmlns="http://uri.etsi.org/01903/v1.1.1#" '
        f'Target="#signature">{properties}</QualifyingProperties></Object></Signature>'
    ).encode()


def main() -> int:
    """Ask for the DMP, deposit, ask for the number; return 0 when all three are right."""
    parser = argparse.ArgumentParser(description="Deposit in the simulated DMP without Amarre.")
    parser.add_argument("starter", type=Path, help="the folder « depart » of the sandbox")
    parser.add_argument("--document", type=Path, help="another CDA than the example")
    args = parser.parse_args()
    profile = tomllib.loads((args.starter / "dmp-etablissement.toml").read_text("utf-8"))
    document = (args.document or args.starter / "projet.xml").read_bytes()
    fields = read(document)
    ins, _, rest = fields["patient"].partition("^^^&")
    results = [
        existence(profile, ins, rest.partition("&")[0]),
        deposit(profile, document),
        find(profile, fields),
    ]
    for result in results:
        print(json.dumps(result, ensure_ascii=False))
    right = results[0].get("etat") == "active" and results[1]["reponse"] == "Success" and results[2]["fiche"]
    return 0 if right else 1


if __name__ == "__main__":
    sys.exit(main())
