"""TD3.3: change a document that the DMP holds, without sending it again.

Sources: SEL-MP-037 (TD3.3a mask and unmask, b make visible, c delete, d archive), IHE ITI-57. Visibility is
changed by sending back the whole metadata with another confidentiality; status by an association. Nothing is
erased: a deleted document has the status Deleted.
"""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from lxml import etree

from amarre.interop.common.clock import oid_under
from amarre.interop.dmp.errors import DmpChangeImpossible
from amarre.interop.dmp.model import Actor, DmpProfile
from amarre.interop.dmp.rights import Transaction
from amarre.interop.dmp.td2_1 import SUBMISSION_ARC, content_type_of, submitter_of, visibility_code
from amarre.interop.dmp.td3_1 import DmpDocument
from amarre.interop.dmp.visibility import Visibility
from amarre.interop.xds import (
    Association,
    AssociationKind,
    EntryStatus,
    PatientId,
    RegisteredDocument,
    ResponseStatus,
    SubmissionSet,
    decode_done,
    encode_update,
    error_from,
    with_confidentiality,
)
from amarre.interop.xds.codes import ACTION_UPDATE
from amarre.interop.xds.errors import XdsUnknownRefusal

SERVICE = "registry"
ACTION = ACTION_UPDATE
_SET, _DOCUMENT = "SubmissionSet01", "Document01"


class Change(StrEnum):
    """What may be changed, by its transaction."""

    MASK = "masquer aux professionnels"
    UNMASK = "démasquer aux professionnels"
    SHOW_TO_PATIENT = "rendre visible à la personne"
    SHOW_TO_REPRESENTATIVES = "rendre visible aux représentants légaux"
    DELETE = "supprimer"
    ARCHIVE = "archiver"
    UNARCHIVE = "désarchiver"


@dataclass(frozen=True, slots=True)
class ChangeRule:
    """One row: the transaction, then either the audience added or removed, or the status before and after."""

    transaction: Transaction
    added: Visibility | None = None
    removed: Visibility | None = None
    before: tuple[EntryStatus, ...] = (EntryStatus.APPROVED, EntryStatus.DEPRECATED, EntryStatus.ARCHIVED)
    after: EntryStatus | None = None


RULES: dict[Change, ChangeRule] = {
    Change.MASK: ChangeRule(Transaction.MASQUER, added=Visibility.MASQUE_PS),
    Change.UNMASK: ChangeRule(Transaction.DEMASQUER, removed=Visibility.MASQUE_PS),
    Change.SHOW_TO_PATIENT: ChangeRule(Transaction.RENDRE_VISIBLE, removed=Visibility.INVISIBLE_PATIENT),
    Change.SHOW_TO_REPRESENTATIVES: ChangeRule(
        Transaction.RENDRE_VISIBLE, removed=Visibility.INVISIBLE_REPRESENTANTS_LEGAUX
    ),
    Change.DELETE: ChangeRule(Transaction.SUPPRIMER, after=EntryStatus.DELETED),
    Change.ARCHIVE: ChangeRule(
        Transaction.ARCHIVER, before=(EntryStatus.APPROVED,), after=EntryStatus.ARCHIVED
    ),
    Change.UNARCHIVE: ChangeRule(
        Transaction.ARCHIVER, before=(EntryStatus.ARCHIVED,), after=EntryStatus.APPROVED
    ),
}


@dataclass(frozen=True, slots=True)
class StatusTarget:
    """A document known by its registry identifier only (TD3.1b): enough to delete it in mode INDIRECTE."""

    entry_uuid: str
    title: str = ""
    status: EntryStatus = EntryStatus.APPROVED


@dataclass(frozen=True, slots=True)
class ChangeContext:
    """Who changes, when, for whom."""

    profile: DmpProfile
    actor: Actor
    patient: PatientId
    now: datetime.datetime
    new_uuid: Callable[[], uuid.UUID]


def build_request(
    context: ChangeContext, change: Change, target: DmpDocument | StatusTarget
) -> etree._Element:
    """Return the ITI-57 request of a change. Raises DmpChangeImpossible when it makes no sense."""
    rule = RULES[change]
    if rule.after is not None:
        return _status_request(context, rule, target)
    if not isinstance(target, DmpDocument):
        raise DmpChangeImpossible(cause="la fiche du document n'a pas été lue")
    return _visibility_request(context, rule, target)


def _status_request(
    context: ChangeContext, rule: ChangeRule, target: DmpDocument | StatusTarget
) -> etree._Element:
    if isinstance(target, DmpDocument):
        entry_uuid, title = target.metadata.entry_uuid, target.metadata.title
    else:
        entry_uuid, title = target.entry_uuid, target.title
    if target.status not in rule.before or not entry_uuid or rule.after is None:
        raise DmpChangeImpossible(cause="l'état du document ne le permet pas")
    link = Association(
        AssociationKind.UPDATES_STATUS,
        _SET,
        entry_uuid,
        (("OriginalStatus", target.status.value), ("NewStatus", rule.after.value)),
    )
    return encode_update(_submission_set(context, title), [link])


def _visibility_request(context: ChangeContext, rule: ChangeRule, target: DmpDocument) -> etree._Element:
    document = target.metadata
    hidden = target.hidden_from
    changed = (hidden | _one(rule.added)) - _one(rule.removed)
    if changed == hidden:
        raise DmpChangeImpossible(cause="le document est déjà dans cet état")
    if target.status not in rule.before:
        raise DmpChangeImpossible(cause="l'état du document ne le permet pas")
    names = {item.value for item in Visibility}
    own = [code for code in document.confidentiality if code.code not in names]
    codes = (*own, *(visibility_code(item) for item in Visibility if item in changed))
    element = with_confidentiality(document.raw, codes, entry_id=_DOCUMENT)
    link = Association(
        AssociationKind.HAS_MEMBER, _SET, _DOCUMENT, (("PreviousVersion", str(_version(document))),)
    )
    return encode_update(_submission_set(context, document.title), [link], [element])


def _one(item: Visibility | None) -> frozenset[Visibility]:
    return frozenset() if item is None else frozenset({item})


def _version(document: RegisteredDocument) -> int:
    """Return the version replaced; a registry that gives none means the first."""
    return document.version or 1


def _submission_set(context: ChangeContext, title: str) -> SubmissionSet:
    profile = context.profile
    return SubmissionSet(
        entry_id=_SET,
        unique_id=oid_under(f"{profile.root_oid}.{SUBMISSION_ARC}", context.new_uuid()),
        source_id=profile.software.oid,
        submission_time=context.now,
        author=submitter_of(profile, context.actor),
        content_type=content_type_of(profile),
        patient_id=context.patient,
        title=title,
    )


def read_done(payload: etree._Element) -> None:
    """Return when the change is done. Raises the explained XdsError of a refusal."""
    answer = decode_done(payload)
    errors = [item for item in answer.errors if not item.is_warning]
    if errors:
        raise error_from(errors[0])
    if answer.status is not ResponseStatus.SUCCESS:
        raise XdsUnknownRefusal(remote_code=answer.status.name, remote="sans code")
