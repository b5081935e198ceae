"""The SOAP envelope of every DMP call, and the reading of every answer.

Sources: SEL-MP-037 (transport), W3C WS-Addressing 1.0, OASIS WS-Security 1.0. All addressing headers are
required; the body is not signed.
"""

from __future__ import annotations

import uuid

from lxml import etree

from amarre.interop.common.mtom import MtomMessage, read_message
from amarre.interop.common.soap import (
    WSA_ANONYMOUS,
    WSSE,
    Addressing,
    SoapEnvelope,
    build_envelope,
    fault_of,
    read_envelope,
)
from amarre.interop.common.xml import serialize
from amarre.interop.dmp.errors import DmpAnswerToAnother, DmpUnavailable, error_for


def build_soap(
    payload: etree._Element, assertion: etree._Element, *, action: str, message_id: uuid.UUID
) -> bytes:
    """Return the bytes of an envelope: WS-Addressing, the VIHF in wsse:Security, `payload` (moved) as
    body.
    """
    security = etree.Element(f"{{{WSSE}}}Security", nsmap={"wsse": WSSE})
    security.append(assertion)
    addressing = Addressing(action=action, message_id=f"urn:uuid:{message_id}", to="", reply_to=WSA_ANONYMOUS)
    envelope = build_envelope(payload, addressing=addressing, headers=[security], must_understand=True)
    return serialize(envelope)


def read_answer(
    status: int, content_type: str, body: bytes, *, message_id: uuid.UUID
) -> tuple[SoapEnvelope, MtomMessage]:
    """Return the envelope of an answer and its attachments.

    The body is read before the HTTP status: a fault may travel with any status. Raises the explained error
    of a SOAP fault, DmpUnavailable for an HTTP 5xx without envelope, DmpAnswerToAnother, or an MtomError,
    SoapError or XmlError for bytes that are not an answer.
    """
    if status in (502, 503, 504) and "soap" not in content_type and "multipart" not in content_type:
        raise DmpUnavailable(remote_code=f"HTTP{status}")
    message = read_message(content_type, body)
    envelope = read_envelope(message.root.data)
    fault = fault_of(envelope)
    if fault is not None:
        raise error_for(fault.subcode or fault.code, fault.reason, sender=fault.code != "Receiver")
    relates_to = envelope.addressing.relates_to
    # An answer without RelatesTo is tolerated (some servers omit it); one that names another request is not.
    if relates_to and relates_to != f"urn:uuid:{message_id}":
        raise DmpAnswerToAnother()
    return envelope, message
