"""Calls to the DMP over a transport: build, send, read. No retry: the outbox decides."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import TypeVar

from lxml import etree

from amarre.interop.common.clock import Clock, IdSource
from amarre.interop.common.errors import AmarreError, Effect, Fault
from amarre.interop.common.soap import content_type as soap_content_type
from amarre.interop.dmp import rights, td0_2, td2_1, td3_1
from amarre.interop.dmp.errors import DmpDifferentContent, DmpOutcomeUnknown, DmpUnavailable
from amarre.interop.dmp.messages import build_soap, read_answer
from amarre.interop.dmp.model import Actor, DmpProfile, patient_id_of
from amarre.interop.dmp.td0_2 import DmpStatus
from amarre.interop.dmp.td2_1 import Acknowledgement, FrozenSubmission, Visibility
from amarre.interop.dmp.td3_1 import FoundDocument
from amarre.interop.dmp.vihf import build_assertion
from amarre.interop.ins import QualifiedIdentity
from amarre.interop.transport.http import DEFAULT_DEADLINES, Deadlines, HttpRequest, HttpTransport
from amarre.interop.xds import PatientId, ReturnType
from amarre.interop.xds.errors import XdsBusy, XdsDuplicateUniqueId, XdsInternalFailure

_Result = TypeVar("_Result")

SERVICE_NAME = "Le DMP"
# A deposit carries a file: the whole exchange may last longer, not the wait for the first byte.
DEPOSIT_DEADLINES = Deadlines(connect=3.0, first_byte=10.0, whole=60.0)


class DmpClient:
    """The connector of one establishment to the DMP."""

    def __init__(self, transport: HttpTransport, profile: DmpProfile, *, clock: Clock, ids: IdSource) -> None:
        self._transport = transport
        self._profile = profile
        self._clock = clock
        self._ids = ids

    def exists(self, identity: QualifiedIdentity, *, actor: Actor | None = None) -> DmpStatus:
        """TD0.2. Raises a TransportError, a DmpError, or a read error of the answer.

        A query changes nothing at the DMP: whatever the `effect` of what it raises, it may be asked again.
        """
        rights.require(rights.Transaction.TEST_EXISTENCE, self._profile.mode)
        patient, message_id = patient_id_of(identity), self._ids.uuid()
        payload = td0_2.build_query(
            self._profile, patient, now=self._clock.now(), message_id=message_id, query_id=self._ids.uuid()
        )
        answer = self._query(td0_2.SERVICE, td0_2.ACTION, payload, patient, actor, message_id)
        return td0_2.read_status(answer, patient)

    def prepare(
        self,
        identity: QualifiedIdentity,
        document: bytes,
        *,
        actor: Actor | None = None,
        visibility: tuple[Visibility, ...] = (),
        replaces: str = "",
    ) -> FrozenSubmission:
        """Freeze a deposit (see `td2_1.prepare_submission`); nothing is sent."""
        return td2_1.prepare_submission(
            self._profile,
            identity,
            document,
            clock=self._clock,
            ids=self._ids,
            actor=actor,
            visibility=visibility,
            replaces=replaces,
        )

    def submit(self, frozen: FrozenSubmission) -> Acknowledgement:
        """TD2.1, one attempt. A duplicate that TD3.1b finds again is an acknowledgement.

        Raises the explained refusal, or an error whose effect is UNKNOWN (DmpOutcomeUnknown, AnswerLate,
        AnswerLost): then call `find_frozen` before any other `submit`.
        """
        rights.require(rights.Transaction.DEPOSER, self._profile.mode)
        assertion = self._assertion(frozen.patient, frozen.actor)
        message_id = self._ids.uuid()
        content_type, body = td2_1.build_request(
            frozen, assertion, message_id=message_id, boundary=self._ids.uuid()
        )
        response = self._transport.send(
            self._request(td2_1.SERVICE, content_type, body, "dmp-td2.1"), DEPOSIT_DEADLINES
        )

        def read() -> Acknowledgement:
            headers = response.headers.get("content-type", "")
            envelope, _ = read_answer(response.status, headers, response.body, message_id=message_id)
            return td2_1.read_acknowledgement(envelope.payload, frozen, now=self._clock.now())

        try:
            return _outcome(read)
        except XdsDuplicateUniqueId:
            return self._confirm_duplicate(frozen)

    def find_by_unique_id(
        self,
        identity: QualifiedIdentity,
        unique_id: str,
        *,
        actor: Actor | None = None,
        metadata: bool = False,
    ) -> FoundDocument | None:
        """TD3.1b. `metadata` asks for the whole entry, which mode INDIRECTE may not read."""
        return self._find(patient_id_of(identity), unique_id, actor, metadata)

    def find_frozen(self, frozen: FrozenSubmission) -> FoundDocument | None:
        """TD3.1b on a frozen submission whose outcome is unknown. None: not there, it may be sent again."""
        return self._find(frozen.patient, frozen.document_unique_id, frozen.actor, metadata=False)

    def _confirm_duplicate(self, frozen: FrozenSubmission) -> Acknowledgement:
        """The DMP says it knows an identifier: success when it holds our document, with our bytes."""
        found = self.find_frozen(frozen)
        if found is None:
            # The set's identifier is known but not the document's: nothing of ours can be claimed.
            raise DmpDifferentContent()
        if found.has_same_bytes(frozen.document) is False:
            raise DmpDifferentContent()
        return Acknowledgement(
            frozen.document_unique_id, frozen.submission_set_unique_id, self._clock.now(), already_there=True
        )

    def _find(
        self, patient: PatientId, unique_id: str, actor: Actor | None, metadata: bool
    ) -> FoundDocument | None:
        rights.require(rights.Transaction.RECHERCHER_PAR_NUMERO, self._profile.mode)
        returning = ReturnType.METADATA if metadata else ReturnType.REFERENCES
        payload = td3_1.build_query(unique_id, returning)
        answer = self._query(td3_1.SERVICE, td3_1.ACTION, payload, patient, actor, self._ids.uuid())
        return td3_1.read_found(answer, unique_id)

    def _query(
        self,
        service: str,
        action: str,
        payload: etree._Element,
        patient: PatientId,
        actor: Actor | None,
        message_id: uuid.UUID,
    ) -> etree._Element:
        """Send a call that changes nothing and return the body of its answer."""
        assertion = self._assertion(patient, actor)
        body = build_soap(payload, assertion, action=action, message_id=message_id)
        label = "dmp-" + ("td0.2" if service == td0_2.SERVICE else "td3.1")
        request = self._request(service, soap_content_type(action), body, label)
        response = self._transport.send(request, DEFAULT_DEADLINES)
        headers = response.headers.get("content-type", "")
        envelope, _ = read_answer(response.status, headers, response.body, message_id=message_id)
        return envelope.payload

    def _assertion(self, patient: PatientId, actor: Actor | None) -> etree._Element:
        """Return a new VIHF: one assertion per call."""
        return build_assertion(
            self._profile,
            actor or self._profile.responsible,
            patient,
            now=self._clock.now(),
            assertion_id=self._ids.uuid(),
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


def _outcome(read: Callable[[], _Result]) -> _Result:
    """Run the reading of a deposit's answer; what leaves its outcome in doubt becomes DmpOutcomeUnknown.

    An explained refusal stays itself. An answer that cannot be read, an unavailable service, a registry that
    failed inside: the deposit may have been stored.
    """
    try:
        return read()
    except (XdsDuplicateUniqueId, XdsBusy):
        raise
    except AmarreError as error:
        doubtful = isinstance(error, DmpUnavailable | XdsInternalFailure)
        if (
            doubtful
            or (error.effect is Effect.UNKNOWN or error.phase == "read")
            and error.fault is Fault.THEIRS
        ):
            raise DmpOutcomeUnknown(
                remote_code=error.remote_code or error.code, remote_text=error.remote_text
            ) from error
        raise
