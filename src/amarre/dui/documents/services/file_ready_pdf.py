"""File a PDF that exists already as a version: the CDA around it is the same N1 as for those we make."""

from __future__ import annotations

import datetime
from dataclasses import dataclass, field

from django.db import transaction

from amarre.dui.access.permissions import Permission
from amarre.dui.access.policy import require
from amarre.dui.accounts.models import User
from amarre.dui.core.actor import Actor
from amarre.dui.core.clock import now
from amarre.dui.documents.authors import AuthorCard, author_card
from amarre.dui.documents.clinical_document import build_cda, require_complete
from amarre.dui.documents.errors import IdentityChanged
from amarre.dui.documents.filing import Files, Source, file_version, next_version, type_of
from amarre.dui.documents.identity import gate_if_qualified
from amarre.dui.documents.models import DocumentVersion
from amarre.dui.organisations.selectors import profile_of
from amarre.dui.usagers.models import Dossier


@dataclass(frozen=True, slots=True)
class ReadyPdf:
    """A PDF/A-1 ready to be filed, and the act it tells of.

    `carries_ins`: the matricule and the Datamatrix are printed on it. The caller made it so from a qualified
    identity; it is refused when the identity is no longer what it was.
    """

    source_kind: str
    source_id: int
    type_code: str
    title: str
    act_started_at: datetime.datetime
    carries_ins: bool
    pdf: bytes = field(repr=False)


def file_ready_pdf(
    *, dossier: Dossier, ready: ReadyPdf, author: AuthorCard, responsible: User, actor: Actor
) -> DocumentVersion:
    """File `ready` as the next version of its source's document.

    `author` wrote it, in the house or elsewhere; `responsible` answers for it (legal authenticator). Called
    in the transaction of the validation. Raises the access errors, ConnectorIncomplete, AuthorIncomplete,
    IdentityChanged, DocumentNotConform, CdaNotAcceptable.
    """
    require(actor, Permission.WRITE_DOCUMENTS, dossier)
    profile = profile_of(dossier.essms)
    require_complete(profile)
    answers = author_card(responsible, dossier.essms)
    at = now()
    with transaction.atomic():
        leaving = gate_if_qualified(dossier.identity, profile)
        if (leaving is not None) != ready.carries_ins:
            raise IdentityChanged
        source = Source(ready.source_kind, ready.source_id, ready.type_code, ready.title)
        document, identifiers = next_version(dossier, source, profile)
        cda = build_cda(
            dossier=dossier,
            profile=profile,
            leaving=leaving,
            author=author,
            answers=answers,
            identifiers=identifiers,
            document_type=type_of(ready.type_code),
            title=ready.title,
            validated_at=at,
            act_started_at=ready.act_started_at,
            pdf=ready.pdf,
        )
        return file_version(
            document=document,
            identifiers=identifiers,
            files=Files(ready.pdf, cda),
            at=at,
            author=responsible,
            outside_author=author.full_name if author.outside else "",
            identity_qualified=leaving is not None,
            actor=actor,
        )
