"""What the pages of documents read."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Prefetch

from amarre.dui.access.scope import system_scope
from amarre.dui.core.paging import Page, keyset_page
from amarre.dui.documents.models import (
    DmpDeposit,
    Document,
    DocumentVersion,
    MailedDocument,
    MailReceipt,
    MssanteMessage,
)
from amarre.dui.exchanges.models import Exchange
from amarre.dui.usagers.models import Dossier

PAGE_SIZE = 50


@dataclass(frozen=True, slots=True)
class Leavings:
    """What left with a document: deposits (newest version first) and messages (newest first)."""

    deposits: list[DmpDeposit]
    messages: list[MssanteMessage]


def documents_of(dossier: Dossier, cursor: str = "") -> Page[Document]:
    """Return one page of the documents of a dossier in scope, newest first, each with its versions."""
    with system_scope("versions of the documents of a dossier in scope"):
        versions = DocumentVersion.objects.select_related("author", "dmp_deposit__exchange")
        rows = dossier.documents.prefetch_related(Prefetch("versions", versions))
        return keyset_page(rows, order=("-created_at", "-pk"), cursor=cursor, size=PAGE_SIZE)


def versions_of(document: Document) -> list[DocumentVersion]:
    """Return the versions of a document in scope, newest first (never empty)."""
    return list(document.versions.select_related("author").order_by("-number"))


def deposit_of(version: DocumentVersion) -> DmpDeposit | None:
    """Return the deposit of a version in scope, None when it was never asked."""
    with system_scope("deposit of a version in scope"):
        return DmpDeposit.objects.filter(version=version).select_related("exchange").first()


def exchanges_of_versions(document: Document) -> list[tuple[int, list[Exchange]]]:
    """Return, for each version that left (newest first), its exchanges with their attempts: the deposit, then
    the messages."""
    with system_scope("what left with the versions of a document in scope"):
        leavings = leavings_of(document)
        mailed = MailedDocument.objects.filter(version__document=document).values_list(
            "version__number", "message__exchange_id"
        )
        numbers = [(one.version.number, one.exchange_id) for one in leavings.deposits]
        numbers += sorted(mailed, key=lambda pair: -pair[1])
        wanted = {pk for _, pk in numbers}
        if not wanted:
            return []
        found = Exchange.objects.filter(pk__in=wanted).prefetch_related("attempts").in_bulk()
    versions = sorted({number for number, _ in numbers}, reverse=True)
    return [(version, [found[pk] for number, pk in numbers if number == version]) for version in versions]


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


def messages_of(dossier: Dossier, cursor: str = "") -> Page[MssanteMessage]:
    """Return one page of the messages about a dossier in scope, newest first, with attempts and receipts."""
    with system_scope("messages of a dossier in scope"):
        attached = MailedDocument.objects.select_related("version__document")
        rows = (
            MssanteMessage.objects.filter(dossier=dossier)
            .select_related("exchange__created_by")
            .prefetch_related(Prefetch("attachments", attached), "exchange__attempts")
            .prefetch_related(Prefetch("receipts", MailReceipt.objects.all()))
        )
        return keyset_page(rows, order=("-requested_at", "-pk"), cursor=cursor, size=PAGE_SIZE)
