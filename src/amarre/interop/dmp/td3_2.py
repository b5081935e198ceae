"""TD3.2: read one document, and believe it only when it is the one announced.

Sources: SEL-MP-037 (TD3.2), IHE ITI-43, TF-3 (attributes hash and size). The bytes are compared with the hash
and size of the registry, and the person of a CDA with the person of the record.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection

from lxml import etree

from amarre.interop.common.mtom import MtomMessage
from amarre.interop.common.xml import parse_foreign
from amarre.interop.dmp.errors import DmpChangeImpossible, DmpDocumentAltered, DmpDocumentOfAnother
from amarre.interop.dmp.td2_1 import SERVICE as SERVICE
from amarre.interop.xds import (
    PatientId,
    RegisteredDocument,
    RetrievedDocument,
    decode_retrieve,
    encode_retrieve,
)
from amarre.interop.xds.codes import ACTION_RETRIEVE

ACTION = ACTION_RETRIEVE
_CDA = "urn:hl7-org:v3"


def build_request(document: RegisteredDocument) -> etree._Element:
    """Return the request of a document of a list: its repository is the one the registry names.

    Raises DmpChangeImpossible when the list did not say where the document is.
    """
    if not document.repository_unique_id or not document.unique_id:
        raise DmpChangeImpossible(cause="la liste ne dit pas où est le document")
    return encode_retrieve(document.repository_unique_id, document.unique_id)


def read_document(
    payload: etree._Element,
    message: MtomMessage,
    document: RegisteredDocument,
    patient: PatientId,
    former: Collection[PatientId] = (),
) -> RetrievedDocument:
    """Return the document. `former` are identifiers the person had before: an old document bears one.

    Raises what `decode_retrieve` raises, DmpDocumentAltered, DmpDocumentOfAnother, XmlError.
    """
    found = decode_retrieve(payload, message, document.unique_id)
    # SHA-1 is the XDS definition of the attribute hash (IHE ITI TF-3), not a choice of ours.
    digest = hashlib.sha1(found.data, usedforsecurity=False).hexdigest()
    if document.hash_sha1 and digest != document.hash_sha1:
        raise DmpDocumentAltered()
    if document.size and len(found.data) != document.size:
        raise DmpDocumentAltered()
    if not concerns(found.data, (patient, *former)):
        raise DmpDocumentOfAnother()
    return found


def concerns(data: bytes, known: Collection[PatientId]) -> bool:
    """Tell whether a CDA names the person, under one of the `known` identifiers.

    What is not XML (a PDF) says nothing and is let through, like XML that is no CDA. Raises XmlError for XML
    that cannot be read safely: a DTD must not hide whom a document is about.
    """
    if not data.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"<"):
        return True
    root = parse_foreign(data)
    documents = list(root.iter(f"{{{_CDA}}}ClinicalDocument"))
    if not documents:
        return True
    path = f"{{{_CDA}}}recordTarget/{{{_CDA}}}patientRole/{{{_CDA}}}id"
    given = {(item.get("extension"), item.get("root")) for item in documents[0].iterfind(path)}
    return any((one.value, one.authority) in given for one in known)
