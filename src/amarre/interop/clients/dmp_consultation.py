"""What a professional does in a DMP: authorisation, administrative data, list, reading, changes."""

from __future__ import annotations

from collections.abc import Collection

from amarre.interop.clients.dmp_channel import FILE_DEADLINES, Call, DmpChannel
from amarre.interop.common.errors import AmarreError, Effect, Fault
from amarre.interop.dmp import rights, td0_3, td1_3a, td3_1, td3_2, td3_3
from amarre.interop.dmp.errors import DmpChangeUnknown, DmpUnavailable
from amarre.interop.dmp.model import NORMAL_ACCESS, Access, Actor, patient_id_of
from amarre.interop.dmp.rights import Transaction
from amarre.interop.dmp.td0_3 import AuthorisationAction, AuthorisationChange
from amarre.interop.dmp.td1_3a import AdministrativeData
from amarre.interop.dmp.td3_1 import DmpDocument
from amarre.interop.dmp.td3_3 import Change, StatusTarget
from amarre.interop.ins import QualifiedIdentity
from amarre.interop.xds import DocumentFilter, PatientId, RetrievedDocument
from amarre.interop.xds.errors import XdsBusy, XdsInternalFailure

_AUTHORISATION = {
    AuthorisationAction.AJOUT: Transaction.DECLARER_AUTORISATION,
    AuthorisationAction.SUPPRESSION: Transaction.SUPPRIMER_AUTORISATION,
}


class DmpConsultation(DmpChannel):
    """The transactions around reading. Every method raises a TransportError, an explained DmpError or
    XdsError, or a read error of the answer; what the mode does not allow is refused before anything leaves.
    """

    def set_authorisation(
        self,
        identity: QualifiedIdentity,
        action: AuthorisationAction,
        *,
        actor: Actor | None = None,
        treating_physician: bool = False,
    ) -> AuthorisationChange:
        """TD0.3, for the caller only. The person's agreement is collected and kept by the caller first.

        Asking again is harmless: the DMP answers that it is done already.
        """
        call = Call(
            _AUTHORISATION[action], td0_3.SERVICE, td0_3.ACTION, patient_id_of(identity), self._actor(actor)
        )
        payload = td0_3.build_request(action, treating_physician=treating_physician)
        return td0_3.read_change(self._call(call, payload)[0], action)

    def administrative_data(
        self, identity: QualifiedIdentity, *, actor: Actor | None = None
    ) -> AdministrativeData:
        """TD1.3a. Raises DmpAbsent or DmpClosed when there is nothing to consult."""
        patient = patient_id_of(identity)
        call = Call(
            Transaction.DONNEES_ADMINISTRATIVES, td1_3a.SERVICE, td1_3a.ACTION, patient, self._actor(actor)
        )
        payload = td1_3a.build_query(
            self._profile,
            patient,
            now=self._clock.now(),
            message_id=self._ids.uuid(),
            query_id=self._ids.uuid(),
        )
        return td1_3a.read_data(self._call(call, payload)[0], patient)

    def list_documents(
        self,
        identity: QualifiedIdentity,
        filters: DocumentFilter | None = None,
        *,
        actor: Actor | None = None,
        access: Access = NORMAL_ACCESS,
    ) -> tuple[DmpDocument, ...]:
        """TD3.1a. Without `filters`: current documents of the last two years."""
        patient = patient_id_of(identity)
        call = Call(Transaction.RECHERCHER, td3_1.SERVICE, td3_1.ACTION, patient, self._actor(actor), access)
        chosen = filters or td3_1.first_search(self._clock.now())
        payload = td3_1.build_list_query(patient, chosen)
        return td3_1.read_list(self._call(call, payload)[0], patient)

    def retrieve(
        self,
        identity: QualifiedIdentity,
        document: DmpDocument,
        *,
        actor: Actor | None = None,
        access: Access = NORMAL_ACCESS,
        former: Collection[PatientId] = (),
    ) -> RetrievedDocument:
        """TD3.2, for a document of `list_documents`. `former`: identifiers the person had before.

        Raises DmpDocumentAltered when hash or size differ from the list's, DmpDocumentOfAnother when the CDA
        names somebody else.
        """
        patient = patient_id_of(identity)
        call = Call(
            Transaction.CONSULTER,
            td3_2.SERVICE,
            td3_2.ACTION,
            patient,
            self._actor(actor),
            access,
            FILE_DEADLINES,
        )
        payload, message = self._call(call, td3_2.build_request(document.metadata))
        return td3_2.read_document(payload, message, document.metadata, patient, former)

    def change(
        self,
        identity: QualifiedIdentity,
        change: Change,
        target: DmpDocument | StatusTarget,
        *,
        actor: Actor | None = None,
        access: Access = NORMAL_ACCESS,
    ) -> None:
        """TD3.3 a to d. In mode INDIRECTE only DELETE is open, with the `StatusTarget` of TD3.1b.

        Raises DmpNotOwnDocument before anything leaves when the right is limited to one's own documents,
        DmpChangeImpossible, DmpChangeUnknown when the outcome is not known: then read the list again.
        """
        who, patient = self._actor(actor), patient_id_of(identity)
        transaction = td3_3.RULES[change].transaction
        rights.require_call(transaction, self._profile, who)
        if isinstance(target, DmpDocument):
            rights.require_own(transaction, self._profile, who, target.metadata)
        context = td3_3.ChangeContext(self._profile, who, patient, self._clock.now(), self._ids.uuid)
        payload = td3_3.build_request(context, change, target)
        call = Call(transaction, td3_3.SERVICE, td3_3.ACTION, patient, who, access)
        try:
            td3_3.read_done(self._call(call, payload)[0])
        except AmarreError as error:
            if _in_doubt(error):
                raise DmpChangeUnknown(
                    remote_code=error.remote_code or error.code,
                    remote_text=error.remote_text,
                    cause=error.explanation().what,
                ) from error
            raise


def _in_doubt(error: AmarreError) -> bool:
    """Tell whether a change may have been made all the same."""
    if isinstance(error, XdsBusy):
        return False
    doubtful = isinstance(error, DmpUnavailable | XdsInternalFailure)
    unread = error.effect is Effect.UNKNOWN or error.phase == "read"
    return doubtful or (unread and error.fault is Fault.THEIRS)
