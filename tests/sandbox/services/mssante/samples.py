"""Messages written by hand, with the standard library alone, as any client could."""

from __future__ import annotations

import base64
import hashlib
import io
import zipfile
from email.message import EmailMessage

MAILBOX = "amarre.domicile@deux-quais.mssante.fr"
ORG = "domicile@deux-quais.mssante.fr"
NURSE = "claire.roussel@infirmier.mssante.fr"
STRUCTURE = "1990000002"

PDF = b"%PDF-1.7\n% a readable copy\n%%EOF\n"
PATIENT = "255069999912337"
OID = "1.2.250.1.213.1.4.10"

CDA = """<?xml version="1.0" encoding="UTF-8"?>
<ClinicalDocument xmlns="urn:hl7-org:v3">
<code code="{code}" codeSystem="2.16.840.1.113883.6.1" displayName="Projet personnalisé"/>
<recordTarget><patientRole><id root="{oid}" extension="{patient}"/><patient>
<name><family qualifier="BR">{family}</family><given qualifier="BR">Figatellix</given></name>
<birthTime value="19550601"/></patient></patientRole></recordTarget>
<component><nonXMLBody>
<text mediaType="application/pdf" representation="B64">{pdf}</text></nonXMLBody></component>
</ClinicalDocument>"""

ENTRY = """<ExtrinsicObject id="doc{n}" mimeType="text/xml"
 objectType="urn:uuid:7edca82f-054d-47f2-a032-9b2a5b5186c1">
<Slot name="URI"><ValueList><Value>DOC000{n}.XML</Value></ValueList></Slot>
<Slot name="hash"><ValueList><Value>{hash}</Value></ValueList></Slot>
<Slot name="size"><ValueList><Value>{size}</Value></ValueList></Slot>
<Classification id="c{n}" classifiedObject="doc{n}" nodeRepresentation="{visibility}"
 classificationScheme="urn:uuid:f4f85eac-e6cb-4883-b524-f2705394840f"/>
<ExternalIdentifier id="p{n}" registryObject="doc{n}" value="{patient}^^^&amp;{oid}&amp;ISO^NH"
 identificationScheme="urn:uuid:58a6f841-87b3-4a3e-92fd-a8ffeff98427"/></ExtrinsicObject>"""

METADATA = """<?xml version="1.0" encoding="UTF-8"?>
<SubmitObjectsRequest xmlns="urn:oasis:names:tc:ebxml-regrep:xsd:lcm:3.0">
<RegistryObjectList xmlns="urn:oasis:names:tc:ebxml-regrep:xsd:rim:3.0">{entries}
<RegistryPackage id="set"><ExternalIdentifier id="s" registryObject="set"
 identificationScheme="urn:uuid:6b5aea1a-874d-4603-a4bc-96a0a7b38446"
 value="{patient}^^^&amp;{oid}&amp;ISO^NH"/></RegistryPackage>
<Classification id="k" classifiedObject="set"
 classificationNode="urn:uuid:a54d6aa5-d40d-43f9-88c5-b4633d873bdd"/>
</RegistryObjectList></SubmitObjectsRequest>"""


def cda(code: str = "51969-4", family: str = "CORSE", oid: str = OID, patient: str = PATIENT) -> bytes:
    text = base64.b64encode(PDF).decode()
    return CDA.format(code=code, family=family, oid=oid, patient=patient, pdf=text).encode()


def archive(
    documents: tuple[bytes, ...] = (cda(),),
    *,
    visibility: str = "N",
    patients: tuple[str, ...] = (PATIENT,),
    wrong_hash: bool = False,
    leave_out: tuple[str, ...] = (),
    extra: dict[str, bytes] | None = None,
) -> bytes:
    entries = ""
    for number, document in enumerate(documents, 1):
        digest = hashlib.sha1(document).hexdigest()
        entries += ENTRY.format(
            n=number,
            hash="0" * 40 if wrong_hash else digest,
            size=len(document),
            visibility=visibility,
            patient=patients[(number - 1) % len(patients)],
            oid=OID,
        )
    files = {
        "README.TXT": b"Archive",
        "INDEX.HTM": b"<html></html>",
        "IHE_XDM/SUBSET01/METADATA.XML": METADATA.format(
            entries=entries, patient=patients[0], oid=OID
        ).encode(),
    }
    for number, document in enumerate(documents, 1):
        files[f"IHE_XDM/SUBSET01/DOC000{number}.XML"] = document
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as target:
        for name, data in (files | (extra or {})).items():
            if name not in leave_out:
                target.writestr(name, data)
    return buffer.getvalue()


def message(
    *,
    message_id: str = "<5f0c7b3a-1@deux-quais.mssante.fr>",
    to: str = NURSE,
    headers: dict[str, str | None] | None = None,
    zipped: bytes | None = None,
    zip_name: str = "IHE_XDM.zip",
    pdfs: dict[str, bytes] | None = None,
) -> EmailMessage:
    values: dict[str, str | None] = {
        "From": f"Service domicile <{MAILBOX}>",
        "Reply-To": ORG,
        "To": to,
        "Date": "Fri, 20 Nov 2026 10:15:00 +0100",
        "Message-ID": message_id,
        "Subject": "XDM/1.0/DDM+Projet personnalise CORSE Figatellix 01/06/1955",
        "Disposition-Notification-To": MAILBOX,
        "X-MSS-NIL": "DEV000000",
        "X-MSS-INS": "O",
        "X-MSS-CODECDA": "51969-4",
    }
    mail = EmailMessage()
    for name, value in (values | (headers or {})).items():
        if value is not None:
            mail[name] = value
    mail.set_content("Bonjour, voici le projet.\n", charset="utf-8")
    mail.add_attachment(zipped or archive(), "application", "zip", filename=zip_name)
    names = {"20261120_Projet_personnalise_CORSE_Figatellix.pdf": PDF} if pdfs is None else pdfs
    for name, data in names.items():
        mail.add_attachment(data, "application", "pdf", filename=name)
    return mail
