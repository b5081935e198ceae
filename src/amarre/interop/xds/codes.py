"""Namespaces, UUIDs and query identifiers of XDS.b.

Source: IHE ITI TF-3 §4.2 (classification schemes), TF-2 §3.18 (stored queries), OASIS ebXML RIM/RS 3.0.
"""

from __future__ import annotations

from typing import Final

RIM: Final = "urn:oasis:names:tc:ebxml-regrep:xsd:rim:3.0"
RS: Final = "urn:oasis:names:tc:ebxml-regrep:xsd:rs:3.0"
LCM: Final = "urn:oasis:names:tc:ebxml-regrep:xsd:lcm:3.0"
QUERY: Final = "urn:oasis:names:tc:ebxml-regrep:xsd:query:3.0"
XDSB: Final = "urn:ihe:iti:xds-b:2007"
XML_NS: Final = "http://www.w3.org/XML/1998/namespace"

OBJECT_TYPE_DOCUMENT: Final = "urn:uuid:7edca82f-054d-47f2-a032-9b2a5b5186c1"
NODE_SUBMISSION_SET: Final = "urn:uuid:a54d6aa5-d40d-43f9-88c5-b4633d873bdd"

# Classifications of a SubmissionSet.
SET_AUTHOR: Final = "urn:uuid:a7058bb9-b4e4-4307-ba5b-e3f0ab85e12d"
SET_CONTENT_TYPE: Final = "urn:uuid:aa543740-bdda-424e-8c96-df4873be8500"
# External identifiers of a SubmissionSet.
SET_PATIENT_ID: Final = "urn:uuid:6b5aea1a-874d-4603-a4bc-96a0a7b38446"
SET_SOURCE_ID: Final = "urn:uuid:554ac39e-e3fe-47fe-b233-965d2a147832"
SET_UNIQUE_ID: Final = "urn:uuid:96fdda7c-d067-4183-912e-bf5ee74998a8"

# Classifications of a DocumentEntry.
DOC_AUTHOR: Final = "urn:uuid:93606bcf-9494-43ec-9b4e-a7748d1a838d"
DOC_CLASS: Final = "urn:uuid:41a5887f-8865-4c09-adf7-e362475b143a"
DOC_TYPE: Final = "urn:uuid:f0306f51-975f-434e-a61c-c59651d33983"
DOC_CONFIDENTIALITY: Final = "urn:uuid:f4f85eac-e6cb-4883-b524-f2705394840f"
DOC_FORMAT: Final = "urn:uuid:a09d5840-386c-46f2-b5ad-9c3699a4309d"
DOC_FACILITY: Final = "urn:uuid:f33fb8ac-18af-42cc-ae0e-ed0b0bdb91e1"
DOC_PRACTICE: Final = "urn:uuid:cccf5598-8b07-4b77-a05e-ae952c785ead"
DOC_EVENT: Final = "urn:uuid:2c6b8cb7-8b2a-4051-b291-b1ae6a575ef4"
# External identifiers of a DocumentEntry.
DOC_PATIENT_ID: Final = "urn:uuid:58a6f841-87b3-4a3e-92fd-a8ffeff98427"
DOC_UNIQUE_ID: Final = "urn:uuid:2e82c1f6-a085-4c72-9da3-8640a32e42ab"

# Stored queries (TF-2 §3.18.4.1.2.3.7).
FIND_DOCUMENTS: Final = "urn:uuid:14d4debf-8f97-4251-9a74-a90016b0af0d"
GET_DOCUMENTS: Final = "urn:uuid:5c4f972b-d56b-40ac-a5fc-c8ca9b40b9d4"

# SOAP actions.
ACTION_PROVIDE_AND_REGISTER: Final = "urn:ihe:iti:2007:ProvideAndRegisterDocumentSet-b"
ACTION_STORED_QUERY: Final = "urn:ihe:iti:2007:RegistryStoredQuery"
ACTION_RETRIEVE: Final = "urn:ihe:iti:2007:RetrieveDocumentSet"
ACTION_UPDATE: Final = "urn:ihe:iti:2010:UpdateDocumentSet"

# Said of an answer that is a good message, but not the one expected.
ANOTHER_ANSWER = "c'est la réponse à une autre sorte de demande"
