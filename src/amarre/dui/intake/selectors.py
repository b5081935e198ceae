"""What the pages of documents received or written elsewhere read."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass

from django.db.models import QuerySet

from amarre.dui.access.scope import system_scope
from amarre.dui.core.actor import Actor
from amarre.dui.documents.identity import gate_if_qualified, printed_traits
from amarre.dui.documents.models import Document
from amarre.dui.documents.rendering import PrintedTraits
from amarre.dui.intake.cover import identity_mark
from amarre.dui.intake.models import ImportedDocument, ReceivedDocument
from amarre.dui.organisations.selectors import profile_of
from amarre.dui.usagers.models import Dossier

SOURCE_KIND = "intake"
_MARKED = (
    "title", "type_code", "author_id", "responsible_id", "outside_family", "outside_given", "outside_code",
    "outside_system", "outside_rpps", "outside_organisation", "outside_finess", "body_sha256",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """What came from elsewhere in a dossier and is no version of ours: waiting, refused, received."""

    waiting: list[ImportedDocument]
    refused: list[ImportedDocument]
    received: list[ReceivedDocument]

    def __bool__(self) -> bool:
        return bool(self.waiting or self.refused or self.received)


def to_validate(actor: Actor, *, mine: bool = True) -> QuerySet[ImportedDocument]:
    """Return the documents that wait in the actor's establishment, oldest first; `mine`: for the actor."""
    rows = ImportedDocument.objects.visible_to(actor).filter(state=ImportedDocument.State.A_VALIDER)
    if mine:
        rows = rows.filter(responsible_id=actor.user_id)
    return rows.select_related("dossier__identity", "author", "responsible", "imported_by").order_by(
        "created_at", "pk"
    )


def from_elsewhere(dossier: Dossier) -> Elsewhere:
    """Return what came from elsewhere in a dossier in scope, newest first. Two queries."""
    with system_scope("documents from elsewhere of a dossier in scope"):
        imported = list(
            ImportedDocument.objects.filter(dossier=dossier)
            .exclude(state=ImportedDocument.State.VALIDE)
            .select_related("author", "responsible", "imported_by", "decided_by")
        )
        received = list(ReceivedDocument.objects.filter(dossier=dossier))
    refused = ImportedDocument.State.REFUSE
    return Elsewhere(
        waiting=[one for one in imported if one.state != refused],
        refused=[one for one in imported if one.state == refused],
        received=received,
    )


def document_of(imported: ImportedDocument) -> Document | None:
    """Return the document its versions are filed in, None before the first validation."""
    with system_scope("document made from an import in scope"):
        return Document.objects.filter(source_kind=SOURCE_KIND, source_id=imported.pk).first()


def next_number(imported: ImportedDocument) -> int:
    """Return the number of the version its next validation makes."""
    document = document_of(imported)
    return document.versions.count() + 1 if document else 1


def current_traits(imported: ImportedDocument) -> PrintedTraits:
    """Return the identity as it would be printed now: with the INS when it is qualifiée, and only then."""
    leaving = gate_if_qualified(imported.dossier.identity, profile_of(imported.dossier.essms))
    return printed_traits(imported.dossier.identity, leaving)


def current_mark(imported: ImportedDocument) -> str:
    """Return the mark of the identity as it would be printed now."""
    return identity_mark(current_traits(imported))


def read_mark(imported: ImportedDocument) -> str:
    """Return the mark of what its reader reads: the pages, the description, the identity."""
    values = [str(getattr(imported, name)) for name in _MARKED]
    told = json.dumps([imported.pk, imported.act_on.isoformat(), *values, current_mark(imported)])
    return hashlib.sha256(told.encode()).hexdigest()


def cover_is_outdated(imported: ImportedDocument) -> bool:
    """Say whether the identity printed on the version filed last is no longer the one of today."""
    return bool(imported.filed_traits) and imported.filed_traits != current_mark(imported)
