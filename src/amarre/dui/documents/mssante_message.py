"""Documents of a dossier → the bytes of one message: IHE_XDM.zip, readable copies, headers. Frozen once.

Source: Référentiel socle MSSanté #2, v1.0.1, chapter 2; CI-SIS, Volet Échange de documents de santé.
"""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

from amarre.dui.accounts.models import User
from amarre.dui.core.clock import now
from amarre.dui.core.version import SOFTWARE_VERSION
from amarre.dui.documents import store
from amarre.dui.documents.authors import author_card
from amarre.dui.documents.errors import AuthorIncomplete
from amarre.dui.documents.models import DocumentVersion
from amarre.dui.documents.mssante_connector import mssante_client
from amarre.dui.documents.mssante_errors import (
    DocumentOfFormerTraits,
    MssanteNotConfigured,
    VersionsDisagree,
)
from amarre.dui.documents.mssante_recipients import Audience, Recipient
from amarre.dui.organisations.models import ConnectorProfile, Essms
from amarre.dui.usagers.models import Identity
from amarre.interop.common.clock import SystemIds, oid_under
from amarre.interop.ins import QualifiedIdentity
from amarre.interop.ins.traits import fold
from amarre.interop.mssante import DocumentSet, OutgoingMessage, SentDocument, UsagerTraits, Visibility
from amarre.interop.terminology import Code, ValueSetId, value_set
from amarre.interop.xdm import XdmSender, XdmSubmission, build_archive
from amarre.interop.xds import Author, DocumentEntry, Institution, Person, document_entry_from_cda

# Local arc under the establishment's root OID: submission sets sent by mail.
ARC_MAIL_SETS = "9"
VENDOR = "Amarre"


@dataclass(frozen=True, slots=True, repr=False)
class FrozenMessage:
    """What every attempt sends again, byte for byte. `ins`: the identifier that documents carry, or ""."""

    message_id: str
    data: bytes
    recipient: str
    ins: str


def describe_version(version: DocumentVersion) -> DocumentEntry:
    """Return the metadata of a version, read from its CDA. Raises DocumentMissing, DocumentCorrupted."""
    return document_entry_from_cda(store.get(version.cda_sha256))


def visibility_of(entry: DocumentEntry) -> Visibility:
    """Return who may see a document, from its confidentiality codes (JDV_J58)."""
    codes = {code.code for code in entry.confidentiality}
    return Visibility(
        masque_ps="MASQUE_PS" in codes,
        invisible_patient="INVISIBLE_PATIENT" in codes,
        invisible_rep_legaux="INVISIBLE_REPRESENTANTS_LEGAUX" in codes,
    )


def require_current_identity(
    entry: DocumentEntry, identity: Identity, leaving: QualifiedIdentity | None
) -> None:
    """Raise DocumentOfFormerTraits when a document names another INS, name, birth date or sex than today's.

    `leaving` is the identity that may leave when the document carries the INS, None otherwise.
    """
    if leaving is not None and entry.patient_id.value != leaving.matricule.value:
        raise DocumentOfFormerTraits
    said = entry.source_patient_info
    same = said is not None and (
        fold(said.family) == fold(identity.nom_naissance)
        and said.birth_date[:8] == identity.date_naissance.replace("-", "")[: len(said.birth_date[:8])]
        and said.sex in ("", "U", identity.sexe)
    )
    if not same:
        raise DocumentOfFormerTraits


def freeze_message(
    *,
    versions: Sequence[DocumentVersion],
    recipient: Recipient,
    text: str,
    sender: User,
    profile: ConnectorProfile,
    leaving: QualifiedIdentity | None,
) -> FrozenMessage:
    """Return the message, its Message-ID drawn here, once.

    `versions` are of one dossier; `leaving` is given when all of them carry the INS. Raises VersionsDisagree,
    DocumentOfFormerTraits, MssanteNotConfigured, the document store's errors and what the kit refuses.
    """
    if len({version.identity_qualified for version in versions}) > 1:
        raise VersionsDisagree
    dossier = versions[0].document.dossier
    entries = [describe_version(version) for version in versions]
    for entry in entries:
        require_current_identity(entry, dossier.identity, leaving)
    client = mssante_client(profile)
    at = now()
    shown = recipient.name if recipient.audience is Audience.USAGER else recipient.address
    archive = build_archive(
        [store.get(version.cda_sha256) for version in versions],
        _submission(profile, sender, entries[0], at),
        XdmSender(profile.essms.name, profile.mss_mailbox, "Amarre", SOFTWARE_VERSION, VENDOR),
        [shown],
    )
    message_id = client.new_message_id()
    message = OutgoingMessage(
        sender=client.sender,
        recipients=(recipient.address,),
        message_id=message_id,
        sent_at=at,
        body=text,
        documents=DocumentSet(
            usager=_usager(dossier.identity),
            archive=archive,
            documents=tuple(_sent(entry, version) for entry, version in zip(entries, versions, strict=True)),
            identity=leaving,
        ),
    )
    data = client.build(message)
    return FrozenMessage(message_id, data, recipient.address, leaving.hl7_cx if leaving else "")


def _sent(entry: DocumentEntry, version: DocumentVersion) -> SentDocument:
    return SentDocument(
        code=entry.type_code.code,
        label=entry.type_code.display,
        act_date=entry.service_start.astimezone(version.document.dossier.essms.zone).date(),
        pdf=store.get(version.pdf_sha256),
        visibility=visibility_of(entry),
    )


def _usager(identity: Identity) -> UsagerTraits:
    return UsagerTraits(
        identity.nom_naissance, identity.premier_prenom, identity.traits.date_naissance.calendar
    )


def _submission(
    profile: ConnectorProfile, sender: User, first: DocumentEntry, at: datetime.datetime
) -> XdmSubmission:
    activity = value_set(ValueSetId.DMP_CONTENT_TYPE).find(profile.content_type_code)
    if activity is None:
        raise MssanteNotConfigured(missing="une nature d'activité connue")
    return XdmSubmission(
        unique_id=oid_under(f"{profile.root_oid}.{ARC_MAIL_SETS}", SystemIds().uuid()),
        source_id=profile.software_oid or profile.root_oid,
        time=at,
        author=_author(profile.essms, sender) or first.authors[0],
        content_type=Code(activity.code, activity.display, activity.system),
    )


def _author(essms: Essms, sender: User) -> Author | None:
    """Return who sends, None when no profession is recorded (a secretary): the document's author stands."""
    try:
        card = author_card(sender, essms)
    except AuthorIncomplete:
        return None
    return Author(
        person=Person(card.identifier.extension, card.name.family, card.name.given),
        specialty=card.code,
        institution=Institution(essms.name, essms.struct_idnat),
    )
