"""One call to the DMP: a new assertion, an envelope, one answer. No retry, no decision."""

from __future__ import annotations

from dataclasses import dataclass

from lxml import etree

from amarre.interop.common.clock import Clock, IdSource
from amarre.interop.common.mtom import MtomMessage
from amarre.interop.common.soap import content_type as soap_content_type
from amarre.interop.dmp import rights
from amarre.interop.dmp.messages import build_soap, read_answer
from amarre.interop.dmp.model import NORMAL_ACCESS, Access, Actor, DmpProfile
from amarre.interop.dmp.vihf import build_assertion
from amarre.interop.transport.http import DEFAULT_DEADLINES, Deadlines, HttpRequest, HttpTransport
from amarre.interop.xds import PatientId

SERVICE_NAME = "Le DMP"
# A file travels: the whole exchange may last longer, not the wait for the first byte.
FILE_DEADLINES = Deadlines(connect=3.0, first_byte=10.0, whole=60.0)


@dataclass(frozen=True, slots=True)
class Call:
    """One call: which transaction, by which service and action, about whom, by whom."""

    transaction: rights.Transaction
    service: str
    action: str
    patient: PatientId
    actor: Actor
    access: Access = NORMAL_ACCESS
    deadlines: Deadlines = DEFAULT_DEADLINES


class DmpChannel:
    """What every call of a connector shares."""

    def __init__(self, transport: HttpTransport, profile: DmpProfile, *, clock: Clock, ids: IdSource) -> None:
        self._transport = transport
        self._profile = profile
        self._clock = clock
        self._ids = ids

    def _actor(self, actor: Actor | None) -> Actor:
        return actor or self._profile.responsible

    def _call(self, call: Call, payload: etree._Element) -> tuple[etree._Element, MtomMessage]:
        """Refuse what the mode does not allow, send, and return the body of the answer with its parts."""
        rights.require_call(call.transaction, self._profile, call.actor)
        message_id = self._ids.uuid()
        assertion = self._assertion(call.patient, call.actor, call.access)
        body = build_soap(payload, assertion, action=call.action, message_id=message_id)
        label = "dmp-" + call.transaction.value.partition(" ")[0].lower()
        request = self._request(call.service, soap_content_type(call.action), body, label)
        response = self._transport.send(request, call.deadlines)
        headers = response.headers.get("content-type", "")
        envelope, message = read_answer(response.status, headers, response.body, message_id=message_id)
        return envelope.payload, message

    def _assertion(self, patient: PatientId, actor: Actor, access: Access = NORMAL_ACCESS) -> etree._Element:
        """Return a new VIHF: one assertion per call."""
        return build_assertion(
            self._profile,
            actor,
            patient,
            now=self._clock.now(),
            assertion_id=self._ids.uuid(),
            access=access,
        )

    def _request(self, service: str, content_type: str, body: bytes, label: str) -> HttpRequest:
        return HttpRequest(
            method="POST",
            url=self._profile.service_url(service),
            headers={"Content-Type": content_type, "Accept": "application/soap+xml, multipart/related"},
            body=body,
            service=SERVICE_NAME,
            label=label,
        )
