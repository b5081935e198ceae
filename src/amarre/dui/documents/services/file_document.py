"""File a document made by the record: PDF/A with strict traits, CDA around it, one new version."""

from __future__ import annotations

from django.db import transaction

from amarre.dui.access.permissions import Permission
from amarre.dui.access.policy import require
from amarre.dui.accounts.models import User
from amarre.dui.core.actor import Actor
from amarre.dui.core.clock import now
from amarre.dui.documents.authors import author_card
from amarre.dui.documents.clinical_document import build_cda, require_complete
from amarre.dui.documents.filing import Files, Source, file_version, next_version, type_of
from amarre.dui.documents.identity import gate_if_qualified
from amarre.dui.documents.models import DocumentVersion
from amarre.dui.documents.printing import Draft, filed_content
from amarre.dui.documents.rendering import render_pdf
from amarre.dui.organisations.selectors import profile_of
from amarre.dui.usagers.models import Dossier

__all__ = ["Draft", "file_document"]


def file_document(*, dossier: Dossier, draft: Draft, author: User, actor: Actor) -> DocumentVersion:
    """Make and file one version of the document of `draft`'s source.

    Called in the transaction of the validation. The first call for a source creates the document; a later one
    adds a version that replaces the last. Raises the access errors, ConnectorIncomplete, AuthorIncomplete,
    UnprintableCharacter, SectionsMissing, DocumentNotConform, CdaNotAcceptable.
    """
    require(actor, Permission.WRITE_DOCUMENTS, dossier)
    profile = profile_of(dossier.essms)
    require_complete(profile)
    card = author_card(author, dossier.essms)
    at = now()
    with transaction.atomic():
        source = Source(draft.source_kind, draft.source_id, draft.type_code, draft.full_title)
        document, identifiers = next_version(dossier, source, profile)
        leaving = gate_if_qualified(dossier.identity, profile)
        pdf = render_pdf(filed_content(dossier, draft, card, identifiers, leaving, at))
        cda = build_cda(
            dossier=dossier,
            profile=profile,
            leaving=leaving,
            author=card,
            identifiers=identifiers,
            document_type=type_of(draft.type_code),
            title=draft.full_title,
            validated_at=at,
            act_started_at=draft.act_started_at,
            pdf=pdf,
            structured=draft.structured,
        )
        return file_version(
            document=document,
            identifiers=identifiers,
            files=Files(pdf, cda),
            at=at,
            author=author,
            identity_qualified=leaving is not None,
            actor=actor,
        )
