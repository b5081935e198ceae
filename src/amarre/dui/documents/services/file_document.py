"""File a document made by the record: PDF/A with strict traits, CDA around it, one new version."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from django.db import transaction

from amarre.dui.access.permissions import Permission
from amarre.dui.access.policy import require
from amarre.dui.access.scope import system_scope
from amarre.dui.accounts.models import User
from amarre.dui.audit.services.record import record
from amarre.dui.core.actor import Actor
from amarre.dui.core.clock import now
from amarre.dui.documents import store
from amarre.dui.documents.authors import AuthorCard, author_card
from amarre.dui.documents.clinical_document import (
    ARC_DOCUMENTS,
    ARC_SETS,
    VersionIdentifiers,
    build_cda,
    require_complete,
)
from amarre.dui.documents.errors import DocumentNotConform
from amarre.dui.documents.identity import gate_if_qualified, printed_traits
from amarre.dui.documents.models import Document, DocumentVersion
from amarre.dui.documents.rendering import DocumentContent, Issuer, Section, Signature, render_pdf
from amarre.dui.organisations.models import ConnectorProfile
from amarre.dui.organisations.selectors import profile_of
from amarre.dui.usagers.models import Dossier
from amarre.dui.web.dates import day, hour
from amarre.interop.common.clock import SystemIds, oid_under
from amarre.interop.ins import QualifiedIdentity
from amarre.interop.terminology import document_type as find_document_type


@dataclass(frozen=True, slots=True)
class Draft:
    """What a context gives to have a document made: what it is, its text, and the act it tells of."""

    source_kind: str
    source_id: int
    type_code: str
    title: str
    subtitle: str
    summary: tuple[tuple[str, str], ...]
    sections: tuple[Section, ...]
    act_started_at: datetime.datetime


def file_document(*, dossier: Dossier, draft: Draft, author: User, actor: Actor) -> DocumentVersion:
    """Make and file one version of the document of `draft`'s source.

    Called in the transaction of the validation. The first call for a source creates the document; a later one
    adds a version that replaces the last. Raises the access errors, ConnectorIncomplete, AuthorIncomplete,
    UnprintableCharacter, DocumentNotConform.
    """
    require(actor, Permission.WRITE_DOCUMENTS, dossier)
    profile = profile_of(dossier.essms)
    require_complete(profile)
    card = author_card(author, dossier.essms)
    at = now()
    with transaction.atomic():
        document, identifiers = _next_version(dossier, draft, profile)
        leaving = gate_if_qualified(dossier.identity, profile)
        pdf = render_pdf(_content(dossier, draft, card, identifiers, leaving, at))
        kind = find_document_type(draft.type_code)
        if kind is None:
            raise DocumentNotConform(
                finding="type de document inconnu.", advice="Choisissez un type de la liste."
            )
        cda = build_cda(
            dossier=dossier,
            profile=profile,
            leaving=leaving,
            author=card,
            identifiers=identifiers,
            document_type=kind.code,
            title=draft.title,
            validated_at=at,
            act_started_at=draft.act_started_at,
            pdf=pdf,
        )
        version = DocumentVersion(
            document=document,
            number=identifiers.number,
            unique_id=identifiers.unique_id,
            created_at=at,
            author=author,
            identity_qualified=leaving is not None,
            pdf_sha256=store.put(pdf),
            cda_sha256=store.put(cda),
        )
        version.save()
        record(
            actor,
            "document.filed",
            subject=document,
            dossier_id=dossier.pk,
            usager_id=dossier.identity_id,
            details={"type": draft.type_code, "version": identifiers.number},
        )
    return version


def _next_version(
    dossier: Dossier, draft: Draft, profile: ConnectorProfile
) -> tuple[Document, VersionIdentifiers]:
    ids = SystemIds()
    unique_id = oid_under(f"{profile.root_oid}.{ARC_DOCUMENTS}", ids.uuid())
    with system_scope("document of a source whose dossier is in scope"):
        document = Document.objects.filter(source_kind=draft.source_kind, source_id=draft.source_id).first()
        last = document and document.versions.order_by("-number").first()
    if document is None:
        document = Document.objects.create(
            dossier=dossier,
            type_code=draft.type_code,
            title=draft.title,
            source_kind=draft.source_kind,
            source_id=draft.source_id,
            set_id=oid_under(f"{profile.root_oid}.{ARC_SETS}", ids.uuid()),
        )
    number = last.number + 1 if last else 1
    replaces = last.unique_id if last else ""
    return document, VersionIdentifiers(unique_id, document.set_id, number, replaces)


def _content(
    dossier: Dossier,
    draft: Draft,
    card: AuthorCard,
    identifiers: VersionIdentifiers,
    leaving: QualifiedIdentity | None,
    at: datetime.datetime,
) -> DocumentContent:
    essms = dossier.essms
    local = at.astimezone(essms.zone)
    number = essms.finess_eg or essms.finess_ej
    return DocumentContent(
        title=draft.title,
        subtitle=draft.subtitle,
        date=local.date(),
        reference=identifiers.unique_id,
        version=identifiers.number,
        issuer=Issuer(
            organisme=essms.organisme.name,
            name=essms.name,
            address_lines=(essms.address, f"{essms.postal_code} {essms.city}"),
            telephone=essms.phone,
            identifier=f"FINESS {number}" if number else f"SIRET {essms.siret}",
        ),
        traits=printed_traits(dossier.identity, leaving),
        summary=draft.summary,
        sections=draft.sections,
        signature=Signature(
            name=f"{card.name.given} {card.name.family}",
            title=card.function.lower(),
            signed_at=f"Le {day(local)} à {hour(local)}",
        ),
    )
