"""TD2.1: deposit of a document, and its replacement.

Sources: SEL-MP-037 (TD2.1), IHE ITI-41, Volet Partage. A deposit is prepared once: CDA, signature document,
metadata and identifiers are frozen, and every attempt sends them again byte for byte. Only the SOAP header
(MessageID, VIHF) is new at each attempt.
"""

from __future__ import annotations

import base64
import binascii
import datetime
import hashlib
import json
import re
import uuid
from dataclasses import dataclass, replace

from lxml import etree

from amarre.interop.common.clock import Clock, IdSource, oid_under
from amarre.interop.common.mtom import Part, write_mtom
from amarre.interop.common.xml import parse_foreign, serialize
from amarre.interop.dmp import rights
from amarre.interop.dmp.errors import (
    DmpAuthorStructureMismatch,
    DmpDocumentTooLarge,
    DmpFrozenUnreadable,
    DmpIdentifierOutsideRoot,
    DmpIdentityMismatch,
    DmpTypeNotAccepted,
)
from amarre.interop.dmp.messages import build_soap
from amarre.interop.dmp.model import Access, Actor, AuthenticationContext, DmpProfile, patient_id_of
from amarre.interop.dmp.vihf import check_signer
from amarre.interop.dmp.visibility import Visibility
from amarre.interop.dmp.xades import PURPOSE_SOURCE, sign_submission
from amarre.interop.ins import QualifiedIdentity
from amarre.interop.terminology import Code, ValueSetId, value_set
from amarre.interop.xds import (
    Association,
    AssociationKind,
    Author,
    DocumentEntry,
    Institution,
    PatientId,
    Person,
    RegistryAnswer,
    RegistryError,
    ResponseStatus,
    Submission,
    SubmissionSet,
    decode_document,
    decode_done,
    document_entry_from_cda,
    encode_provide_and_register,
    encode_submission,
    error_from,
)
from amarre.interop.xds.codes import ACTION_PROVIDE_AND_REGISTER, RIM
from amarre.interop.xds.errors import XdsError, XdsUnknownRefusal

SERVICE = "repository"
ACTION = ACTION_PROVIDE_AND_REGISTER
FORMAT_VERSION = 1

_DOCUMENT, _SIGNATURE, _SET = "Document01", "Signature01", "SubmissionSet01"
_CONTENT_IDS = {_DOCUMENT: "document01@amarre.local", _SIGNATURE: "signature01@amarre.local"}
# Arcs under the establishment's root OID: documents (and signature documents), submission sets.
DOCUMENT_ARC, SUBMISSION_ARC = "7", "8"
_OID = re.compile(r"[0-2](\.(0|[1-9]\d*))+")

MASQUE_PS = Code("MASQUE_PS", "Masqué aux professionnels de santé", "1.2.250.1.213.1.1.4.13")
INVISIBLE_PATIENT = Code("INVISIBLE_PATIENT", "Non visible par le patient", "1.2.250.1.213.1.1.4.13")
_NORMAL = Code("N", "Normal", "2.16.840.1.113883.5.25")
# Metadata of the signature document, all fixed by the guide.
_SIGNATURE_CLASS = Code("urn:oid:1.3.6.1.4.1.19376.1.2.1.1.1", "Digital Signature", "URN")
_SIGNATURE_TYPE = Code("E1762", "Full Document", "ASTM")
_SIGNATURE_FORMAT = Code("http://www.w3.org/2000/09/xmldsig#", "Default Signature Style", "URN")
_SIGNATURE_EVENT = Code(PURPOSE_SOURCE, "Source", "1.2.840.10065.1.12")


@dataclass(frozen=True, slots=True, repr=False)
class FrozenSubmission:
    """Everything that every attempt sends again, byte for byte. Kept by the outbox as `to_bytes`."""

    document_unique_id: str
    signature_unique_id: str
    submission_set_unique_id: str
    patient: PatientId
    actor: Actor
    document: bytes
    signature: bytes
    metadata: bytes
    prepared_at: datetime.datetime
    replaces: str = ""

    def __repr__(self) -> str:
        return f"FrozenSubmission(document_unique_id={self.document_unique_id!r})"

    @property
    def hidden_from(self) -> tuple[Visibility, ...]:
        """Audiences the document is deposited hidden from, in the order of `Visibility`."""
        entries = parse_foreign(self.metadata).iter(f"{{{RIM}}}ExtrinsicObject")
        document = next(entry for entry in entries if entry.get("id") == _DOCUMENT)
        codes = {code.code for code in decode_document(document).confidentiality}
        return tuple(item for item in Visibility if item.value in codes)

    @property
    def access(self) -> Access:
        """How the deposit enters the DMP: secretly when it hides the document from legal representatives."""
        return Access(secret=Visibility.INVISIBLE_REPRESENTANTS_LEGAUX in self.hidden_from)

    def to_bytes(self) -> bytes:
        """Return one line with the SHA-256 of the rest, then JSON with bytes in base64.

        The same submission always gives the same bytes.
        """
        actor = self.actor
        values = {
            "version": FORMAT_VERSION,
            "document_unique_id": self.document_unique_id,
            "signature_unique_id": self.signature_unique_id,
            "submission_set_unique_id": self.submission_set_unique_id,
            "patient": [self.patient.value, self.patient.authority, self.patient.kind],
            "actor": {
                "identifier": actor.identifier,
                "family_name": actor.family_name,
                "given_name": actor.given_name,
                "roles": [_code_values(role) for role in actor.roles],
                "specialty": _code_values(actor.specialty) if actor.specialty else None,
                "authenticated_at": actor.authenticated_at.isoformat() if actor.authenticated_at else None,
                "context": actor.context.value,
            },
            "document": base64.b64encode(self.document).decode("ascii"),
            "signature": base64.b64encode(self.signature).decode("ascii"),
            "metadata": base64.b64encode(self.metadata).decode("ascii"),
            "prepared_at": self.prepared_at.isoformat(),
            "replaces": self.replaces,
        }
        body = json.dumps(values, ensure_ascii=False, sort_keys=True).encode()
        return hashlib.sha256(body).hexdigest().encode("ascii") + b"\n" + body

    @classmethod
    def from_bytes(cls, data: bytes) -> FrozenSubmission:
        """Read back `to_bytes`. Raises DmpFrozenUnreadable, also when a single bit has changed."""
        seal, _, body = data.partition(b"\n")
        if hashlib.sha256(body).hexdigest().encode("ascii") != seal:
            raise DmpFrozenUnreadable()
        try:
            values = json.loads(body)
            if values["version"] != FORMAT_VERSION:
                raise DmpFrozenUnreadable()
            actor = values["actor"]
            login = actor["authenticated_at"]
            return cls(
                document_unique_id=values["document_unique_id"],
                signature_unique_id=values["signature_unique_id"],
                submission_set_unique_id=values["submission_set_unique_id"],
                patient=PatientId(*values["patient"]),
                actor=Actor(
                    identifier=actor["identifier"],
                    family_name=actor["family_name"],
                    given_name=actor["given_name"],
                    roles=tuple(Code(*role) for role in actor["roles"]),
                    specialty=Code(*actor["specialty"]) if actor["specialty"] else None,
                    authenticated_at=datetime.datetime.fromisoformat(login) if login else None,
                    context=AuthenticationContext(actor["context"]),
                ),
                document=base64.b64decode(values["document"], validate=True),
                signature=base64.b64decode(values["signature"], validate=True),
                metadata=base64.b64decode(values["metadata"], validate=True),
                prepared_at=datetime.datetime.fromisoformat(values["prepared_at"]),
                replaces=values["replaces"],
            )
        except (ValueError, KeyError, TypeError, binascii.Error) as error:
            raise DmpFrozenUnreadable() from error


def _code_values(code: Code) -> list[str]:
    return [code.code, code.display, code.system]


@dataclass(frozen=True, slots=True)
class Acknowledgement:
    """The DMP has the document. `already_there` when it said so instead of storing it again.

    `warnings` are the codes the DMP joined to its success.
    """

    document_unique_id: str
    submission_set_unique_id: str
    received_at: datetime.datetime
    already_there: bool = False
    warnings: tuple[str, ...] = ()


def prepare_submission(
    profile: DmpProfile,
    identity: QualifiedIdentity,
    document: bytes,
    *,
    clock: Clock,
    ids: IdSource,
    actor: Actor | None = None,
    visibility: tuple[Visibility, ...] = (),
    title: str = "",
    replaces: str = "",
) -> FrozenSubmission:
    """Freeze the deposit of a CDA document for a qualified identity.

    `document` is sent as it is. `actor` submits (the profile's responsible person when None). `replaces` is
    the entryUUID (``urn:uuid:…``, from TD3.1b) of the version replaced. Raises a DmpSubmissionError for what
    the DMP would refuse, CdaNotDescribable when the header is incomplete, an XmlError when it is not XML.
    """
    submitter, now, patient = actor or profile.responsible, clock.now(), patient_id_of(identity)
    rights.require_call(rights.Transaction.DEPOSER, profile, submitter)
    check_signer(profile, submitter)
    entry = _checked_entry(profile, document, patient, visibility)
    set_id = oid_under(f"{profile.root_oid}.{SUBMISSION_ARC}", ids.uuid())
    signature_id = oid_under(f"{profile.root_oid}.{DOCUMENT_ARC}", ids.uuid())
    signature = sign_submission(
        submission_set_id=set_id,
        documents={entry.unique_id: document},
        credentials=profile.credentials,
        now=now,
        signature_id=ids.uuid(),
        algorithm=profile.xades_algorithm,
    )
    submission_set = SubmissionSet(
        entry_id=_SET,
        unique_id=set_id,
        source_id=profile.software.oid,
        submission_time=now,
        author=submitter_of(profile, submitter),
        content_type=content_type_of(profile),
        patient_id=patient,
        title=title or entry.title,
    )
    documents = (entry, _signature_entry(entry, signature_id, patient, now))
    submission = Submission(submission_set, documents, _links(replaces))
    return FrozenSubmission(
        document_unique_id=entry.unique_id,
        signature_unique_id=signature_id,
        submission_set_unique_id=set_id,
        patient=patient,
        actor=submitter,
        document=document,
        signature=signature,
        metadata=serialize(encode_submission(submission)),
        prepared_at=now,
        replaces=replaces,
    )


def _checked_entry(
    profile: DmpProfile, document: bytes, patient: PatientId, visibility: tuple[Visibility, ...]
) -> DocumentEntry:
    """Return the metadata of a document the DMP would take. Raises what `prepare_submission` says."""
    limit = profile.max_document_bytes
    if len(document) > limit:
        raise DmpDocumentTooLarge(size=len(document) // 1024 + 1, limit=limit // 1024)
    hidden = tuple(visibility_code(item) for item in visibility)
    entry = _accepted(document_entry_from_cda(document, entry_id=_DOCUMENT, visibility=hidden))
    _check_entry(profile, entry, patient)
    return entry


def _links(replaces: str) -> tuple[Association, ...]:
    """Return the links of a deposit other than HasMember."""
    links = [Association(AssociationKind.SIGNS, _SIGNATURE, _SET)]
    if replaces:
        links.append(Association(AssociationKind.REPLACES, _DOCUMENT, replaces))
    return tuple(links)


def visibility_code(item: Visibility) -> Code:
    """Return the code of an audience, with the label of JDV_J58."""
    return value_set(ValueSetId.DMP_CONFIDENTIALITY).get(item.value)


def submitter_of(profile: DmpProfile, actor: Actor) -> Author:
    """Return the author of a submission set: who submits, for the establishment."""
    return Author(
        person=Person(actor.identifier, actor.family_name, actor.given_name),
        specialty=actor.specialty,
        institution=Institution(profile.structure.name, profile.structure.identifier),
    )


def content_type_of(profile: DmpProfile) -> Code:
    """Return the activity of the establishment, with the label of JDV_J59. Raises DmpTypeNotAccepted."""
    return _in_list(profile.content_type, "activité", ValueSetId.DMP_CONTENT_TYPE)


def _in_list(code: Code, attribute: str, which: ValueSetId) -> Code:
    """Return the concept of the DMP's list (its label is the one to send). Raises DmpTypeNotAccepted."""
    found = value_set(which).find(code.code, code.system)
    if found is None:
        # A code of a value set, not personal data; cut because it comes from a document.
        raise DmpTypeNotAccepted(attribute=attribute, value=code.code[:60] or "absent")
    return found


def _accepted(entry: DocumentEntry) -> DocumentEntry:
    """Return the entry with the labels of the DMP's own value sets. Raises DmpTypeNotAccepted."""
    return replace(
        entry,
        type_code=_in_list(entry.type_code, "type du document", ValueSetId.DMP_TYPE_CODE),
        class_code=_in_list(entry.class_code, "classe du document", ValueSetId.DMP_CLASS_CODE),
        format_code=_in_list(entry.format_code, "format du document", ValueSetId.DMP_FORMAT_CODE),
        facility_type=_in_list(entry.facility_type, "secteur d'activité", ValueSetId.DMP_FACILITY_TYPE),
        practice_setting=_in_list(
            entry.practice_setting, "cadre d'exercice", ValueSetId.DMP_PRACTICE_SETTING
        ),
        confidentiality=tuple(
            _in_list(code, "confidentialité", ValueSetId.DMP_CONFIDENTIALITY)
            for code in entry.confidentiality
        ),
    )


def _check_entry(profile: DmpProfile, entry: DocumentEntry, patient: PatientId) -> None:
    """Refuse what contradicts the identity or the establishment."""
    if (entry.patient_id.value, entry.patient_id.authority) != (patient.value, patient.authority):
        raise DmpIdentityMismatch()
    unique_id = entry.unique_id
    if (
        not _OID.fullmatch(unique_id)
        or len(unique_id) > 64
        or not unique_id.startswith(f"{profile.root_oid}.")
    ):
        raise DmpIdentifierOutsideRoot()
    structures = {author.institution.identifier for author in entry.authors if author.institution is not None}
    if profile.structure.identifier not in structures:
        raise DmpAuthorStructureMismatch()


def _signature_entry(
    entry: DocumentEntry, unique_id: str, patient: PatientId, now: datetime.datetime
) -> DocumentEntry:
    """Return the metadata of the signature document: its own codes, the document's authors and places."""
    return DocumentEntry(
        entry_id=_SIGNATURE,
        unique_id=unique_id,
        title="Source",
        class_code=_SIGNATURE_CLASS,
        type_code=_SIGNATURE_TYPE,
        format_code=_SIGNATURE_FORMAT,
        facility_type=entry.facility_type,
        practice_setting=entry.practice_setting,
        confidentiality=(_NORMAL, MASQUE_PS, INVISIBLE_PATIENT),
        creation_time=now,
        service_start=now,
        service_stop=now,
        authors=entry.authors,
        legal_authenticator=entry.legal_authenticator,
        patient_id=patient,
        source_patient_id=patient,
        event_codes=(_SIGNATURE_EVENT,),
        language="art",
    )


def build_request(
    frozen: FrozenSubmission, assertion: etree._Element, *, message_id: uuid.UUID, boundary: uuid.UUID
) -> tuple[str, bytes]:
    """Return (Content-Type, body) of one attempt: a new SOAP header around the frozen bytes."""
    # Our own bytes, read through the same parser as any other so that no second one exists.
    metadata = parse_foreign(frozen.metadata)
    payload = encode_provide_and_register(metadata, _CONTENT_IDS)
    envelope = build_soap(payload, assertion, action=ACTION, message_id=message_id)
    parts = [
        Part(_CONTENT_IDS[_DOCUMENT], "text/xml", frozen.document),
        Part(_CONTENT_IDS[_SIGNATURE], "text/xml", frozen.signature),
    ]
    return write_mtom(envelope, parts, action=ACTION, boundary=f"uuid:{boundary}")


def read_acknowledgement(
    payload: etree._Element, frozen: FrozenSubmission, *, now: datetime.datetime
) -> Acknowledgement:
    """Return the acknowledgement of a deposit. Raises the explained XdsError of a refusal.

    XdsDuplicateUniqueId says the DMP already knows an identifier: the caller then queries by uniqueId.
    """
    answer = decode_done(payload)
    errors = tuple(item for item in answer.errors if not item.is_warning)
    if answer.status is ResponseStatus.SUCCESS and not errors:
        return Acknowledgement(
            frozen.document_unique_id,
            frozen.submission_set_unique_id,
            now,
            warnings=tuple(item.code for item in answer.errors),
        )
    raise _refusal(answer, errors)


def _refusal(answer: RegistryAnswer, errors: tuple[RegistryError, ...]) -> XdsError:
    if errors:
        return error_from(errors[0])
    return XdsUnknownRefusal(remote_code=answer.status.name, remote="sans code")
