"""What every way of filing a version shares: its identifiers, its row, its trace, its announcement.

with transaction.atomic():
    document, identifiers = next_version(dossier, source, profile)
    …                                                  # the bytes are made with these identifiers
    version = file_version(document, identifiers, files, …)
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass, field

from amarre.dui.access.scope import system_scope
from amarre.dui.accounts.models import User
from amarre.dui.audit.services.record import record
from amarre.dui.core.actor import Actor
from amarre.dui.documents import filed, store
from amarre.dui.documents.clinical_document import ARC_DOCUMENTS, ARC_SETS, VersionIdentifiers
from amarre.dui.documents.errors import DocumentNotConform
from amarre.dui.documents.models import Document, DocumentVersion
from amarre.dui.organisations.models import ConnectorProfile
from amarre.dui.usagers.models import Dossier
from amarre.interop.common.clock import SystemIds, oid_under
from amarre.interop.terminology import Code
from amarre.interop.terminology import document_type as find_document_type


@dataclass(frozen=True, slots=True)
class Source:
    """What a document was made from: one document per (kind, id), whose first call creates it."""

    kind: str
    id: int
    type_code: str
    title: str


@dataclass(frozen=True, slots=True)
class Files:
    """The two files of a version, byte for byte."""

    pdf: bytes = field(repr=False)
    cda: bytes = field(repr=False)


def next_version(
    dossier: Dossier, source: Source, profile: ConnectorProfile
) -> tuple[Document, VersionIdentifiers]:
    """Return the document of `source` and the identifiers of its next version, which replaces the last."""
    ids = SystemIds()
    unique_id = oid_under(f"{profile.root_oid}.{ARC_DOCUMENTS}", ids.uuid())
    with system_scope("document of a source whose dossier is in scope"):
        document = Document.objects.filter(source_kind=source.kind, source_id=source.id).first()
        last = document and document.versions.order_by("-number").first()
    if document is None:
        document = Document.objects.create(
            dossier=dossier,
            type_code=source.type_code,
            title=source.title,
            source_kind=source.kind,
            source_id=source.id,
            set_id=oid_under(f"{profile.root_oid}.{ARC_SETS}", ids.uuid()),
        )
    number = last.number + 1 if last else 1
    replaces = last.unique_id if last else ""
    return document, VersionIdentifiers(unique_id, document.set_id, number, replaces)


def type_of(type_code: str) -> Code:
    """Return the code of a document type. Raises DocumentNotConform when it is not one of ours."""
    kind = find_document_type(type_code)
    if kind is None:
        raise DocumentNotConform(
            finding="type de document inconnu.", advice="Choisissez un type de la liste."
        )
    return kind.code


def file_version(
    *,
    document: Document,
    identifiers: VersionIdentifiers,
    files: Files,
    at: datetime.datetime,
    author: User,
    identity_qualified: bool,
    actor: Actor,
    outside_author: str = "",
) -> DocumentVersion:
    """Store the files, write the version and its trace, announce it; in the transaction of the caller.

    `author` answers for it in the house; `outside_author` is the name of who wrote it elsewhere, if so.
    """
    dossier = document.dossier
    version = DocumentVersion(
        document=document,
        number=identifiers.number,
        unique_id=identifiers.unique_id,
        created_at=at,
        author=author,
        outside_author=outside_author,
        identity_qualified=identity_qualified,
        pdf_sha256=store.put(files.pdf),
        cda_sha256=store.put(files.cda),
    )
    version.save()
    record(
        actor,
        "document.filed",
        subject=document,
        dossier_id=dossier.pk,
        usager_id=dossier.identity_id,
        details={"type": document.type_code, "version": identifiers.number},
    )
    filed.announce(version, actor)
    return version
