"""What the pages of documents read."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Prefetch

from amarre.dui.access.scope import system_scope
from amarre.dui.documents.models import DmpDeposit, Document, DocumentVersion, MailedDocument, MssanteMessage
from amarre.dui.usagers.models import Dossier


@dataclass(frozen=True, slots=True)
class Leavings:
    """What left with a document: deposits (newest version first) and messages (newest first)."""

    deposits: list[DmpDeposit]
    messages: list[MssanteMessage]


def documents_of(dossier: Dossier) -> list[Document]:
    """Return the documents of a dossier in scope, newest first, each with its versions."""
    with system_scope("versions of the documents of a dossier in scope"):
        versions = DocumentVersion.objects.select_related("author", "dmp_deposit__exchange")
        return list(dossier.documents.prefetch_related(Prefetch("versions", versions)))


def versions_of(document: Document) -> list[DocumentVersion]:
    """Return the versions of a document in scope, newest first (never empty)."""
    return list(document.versions.select_related("author").order_by("-number"))


def leavings_of(document: Document) -> Leavings:
    """Return what left with a document in scope."""
    with system_scope("deposits and messages of a document in scope"):
        deposits = DmpDeposit.objects.filter(version__document=document).select_related("exchange", "version")
        mailed = MailedDocument.objects.filter(version__document=document).select_related("message__exchange")
        messages = {item.message_id: item.message for item in mailed}
        return Leavings(
            deposits=sorted(deposits, key=lambda one: -one.version.number),
            messages=sorted(messages.values(), key=lambda one: -one.pk),
        )
