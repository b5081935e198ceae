"""ITI-43: ask a repository for a document, read what comes.

Source: IHE ITI TF-2 §3.43. The bytes come as MIME parts (MTOM), or in base64 inside the message.
"""

from __future__ import annotations

import base64
import binascii

from lxml import etree

from amarre.interop.common.mtom import XOP_INCLUDE, MtomMessage, MtomMissingPart
from amarre.interop.xds import codes
from amarre.interop.xds.decode import decode_done
from amarre.interop.xds.errors import XdsOtherDocument, XdsUnreadableAnswer, error_from
from amarre.interop.xds.model import RetrievedDocument

_X = f"{{{codes.XDSB}}}"


def encode_retrieve(repository_unique_id: str, unique_id: str) -> etree._Element:
    """Return the request of one document. `unique_id` is the document's OID, never its entryUUID."""
    root = etree.Element(_X + "RetrieveDocumentSetRequest", nsmap={"xdsb": codes.XDSB})
    wanted = etree.SubElement(root, _X + "DocumentRequest")
    etree.SubElement(wanted, _X + "RepositoryUniqueId").text = repository_unique_id
    etree.SubElement(wanted, _X + "DocumentUniqueId").text = unique_id
    return root


def decode_retrieve(payload: etree._Element, message: MtomMessage, unique_id: str) -> RetrievedDocument:
    """Return the document asked for. Raises the explained XdsError of a refusal.

    XdsUnreadableAnswer for another message or no document, XdsOtherDocument when the identifier is not the
    one asked for, MtomMissingPart when its bytes did not travel.
    """
    if payload.tag != f"{_X}RetrieveDocumentSetResponse":
        raise XdsUnreadableAnswer(defect=codes.ANOTHER_ANSWER)
    response = payload.find(f"{{{codes.RS}}}RegistryResponse")
    if response is None:
        raise XdsUnreadableAnswer(defect="elle ne dit pas si la lecture a réussi")
    answer = decode_done(response)
    refusals = [item for item in answer.errors if not item.is_warning]
    if refusals:
        raise error_from(refusals[0])
    found = payload.findall(f"{_X}DocumentResponse")
    if not found:
        raise XdsUnreadableAnswer(defect="elle annonce une réussite et ne contient pas de document")
    if len(found) > 1:
        raise XdsUnreadableAnswer(defect="elle contient plusieurs documents, un seul est demandé")
    given = _text(found[0], "DocumentUniqueId")
    if given != unique_id:
        raise XdsOtherDocument()
    return RetrievedDocument(
        repository_unique_id=_text(found[0], "RepositoryUniqueId"),
        unique_id=given,
        mime_type=_text(found[0], "mimeType"),
        data=_bytes(found[0], message),
    )


def _text(item: etree._Element, name: str) -> str:
    return (item.findtext(_X + name) or "").strip()


def _bytes(item: etree._Element, message: MtomMessage) -> bytes:
    """Return the bytes of a DocumentResponse: the part its Include points to, else its base64."""
    document = item.find(_X + "Document")
    if document is None:
        raise MtomMissingPart(defect="son contenu est absent")
    include = document.find(XOP_INCLUDE)
    if include is not None:
        return message.part_for(include.get("href", "")).data
    try:
        data = base64.b64decode("".join((document.text or "").split()), validate=True)
    except binascii.Error as error:
        raise XdsUnreadableAnswer(defect="le document y est dans un codage illisible") from error
    if not data:
        raise MtomMissingPart(defect="son contenu est vide")
    return data
