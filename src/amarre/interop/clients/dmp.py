"""Calls to the DMP over a transport: build, send, read. No retry: the outbox decides."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from amarre.interop.clients.dmp_channel import FILE_DEADLINES, Call
from amarre.interop.clients.dmp_consultation import DmpConsultation
from amarre.interop.common.errors import AmarreError, Effect, Fault
from amarre.interop.dmp import rights, td0_2, td2_1, td3_1
from amarre.interop.dmp.errors import DmpDifferentContent, DmpOutcomeUnknown, DmpUnavailable
from amarre.interop.dmp.messages import read_answer
from amarre.interop.dmp.model import NORMAL_ACCESS, Access, Actor, patient_id_of
from amarre.interop.dmp.rights import Transaction
from amarre.interop.dmp.td0_2 import DmpStatus
from amarre.interop.dmp.td2_1 import Acknowledgement, FrozenSubmission
from amarre.interop.dmp.td3_1 import FoundDocument
from amarre.interop.dmp.visibility import Visibility
from amarre.interop.ins import QualifiedIdentity
from amarre.interop.xds import PatientId, ReturnType
from amarre.interop.xds.errors import XdsBusy, XdsDuplicateUniqueId, XdsInternalFailure

_Result = TypeVar("_Result")

# A deposit carries a file.
DEPOSIT_DEADLINES = FILE_DEADLINES


class DmpClient(DmpConsultation):
    """The connector to the DMP of one establishment, or of one professional (modes AIR and DIRECTE).

    What its mode does not allow is refused before anything leaves (`amarre.interop.dmp.rights`).
    """

    def exists(self, identity: QualifiedIdentity, *, actor: Actor | None = None) -> DmpStatus:
        """TD0.2. Raises a TransportError, a DmpError, or a read error of the answer.

        A query changes nothing at the DMP: whatever the `effect` of what it raises, it may be asked again.
        """
        patient = patient_id_of(identity)
        payload = td0_2.build_query(
            self._profile,
            patient,
            now=self._clock.now(),
            message_id=self._ids.uuid(),
            query_id=self._ids.uuid(),
        )
        call = Call(Transaction.TEST_EXISTENCE, td0_2.SERVICE, td0_2.ACTION, patient, self._actor(actor))
        return td0_2.read_status(self._call(call, payload)[0], patient)

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
        rights.require_call(Transaction.DEPOSER, self._profile, frozen.actor)
        assertion = self._assertion(frozen.patient, frozen.actor, frozen.access)
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
        access: Access = NORMAL_ACCESS,
    ) -> FoundDocument | None:
        """TD3.1b. `metadata` asks for the whole entry, which mode INDIRECTE may not read.

        Raises DmpListOfAnother when the entry is somebody else's.
        """
        return self._find(patient_id_of(identity), unique_id, actor, metadata, access)

    def find_frozen(self, frozen: FrozenSubmission) -> FoundDocument | None:
        """TD3.1b on a frozen submission whose outcome is unknown. None: not there, it may be sent again."""
        return self._find(
            frozen.patient, frozen.document_unique_id, frozen.actor, metadata=False, access=frozen.access
        )

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
        self,
        patient: PatientId,
        unique_id: str,
        actor: Actor | None,
        metadata: bool,
        access: Access = NORMAL_ACCESS,
    ) -> FoundDocument | None:
        # Metadata are a search, even by number: mode INDIRECTE only gets the reference.
        transaction = Transaction.RECHERCHER if metadata else Transaction.RECHERCHER_PAR_NUMERO
        returning = ReturnType.METADATA if metadata else ReturnType.REFERENCES
        payload = td3_1.build_query(unique_id, returning)
        call = Call(transaction, td3_1.SERVICE, td3_1.ACTION, patient, self._actor(actor), access)
        return td3_1.read_found(self._call(call, payload)[0], unique_id, patient)


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
                remote_code=error.remote_code or error.code,
                remote_text=error.remote_text,
                cause=error.explanation().what,
            ) from error
        raise
