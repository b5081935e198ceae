"""A link of the chain of a dossier: the document of its projet, and what became of it.

The chain follows one document, whatever else is written beside it: the context that makes it says so by
`follow(kind of source)` in its ``apps.ready()``.
"""

from __future__ import annotations

from django.http import HttpRequest
from django.urls import reverse

from amarre.dui.access.scope import system_scope
from amarre.dui.documents.models import DocumentVersion
from amarre.dui.usagers.chain import LinkProgress, LinkState
from amarre.dui.usagers.models import Dossier
from amarre.dui.web.dates import day
from amarre.dui.web.request_memo import once
from amarre.interop.ins.status import Status

_followed: set[str] = set()
# What the chain says of a version, on the page opened most often: a quarter of its columns.
_SAID = (
    "number", "created_at", "identity_qualified", "document__title", "document__dossier",
    "dmp_deposit__accepted_at", "dmp_deposit__exchange__state", "dmp_deposit__exchange__explanation",
    "dmp_deposit__exchange__closed_at",
)  # fmt: skip


def follow(source_kind: str) -> None:
    """Let the chain follow the documents made from this kind of source."""
    _followed.add(source_kind)


def document_progress(request: HttpRequest, dossier: Dossier) -> LinkProgress:
    """Return whether the dossier has a document, and whether it carries the INS."""
    version = newest_version(request, dossier)
    if version is None:
        return LinkProgress(LinkState.TO_DO, "Il se fait quand l'auteur valide le projet.")
    url = page_of(version, "documents:show_document")
    filed = f"{version.document.title}, version {version.number}, du {day(version.created_at)}"
    if not version.identity_qualified and dossier.identity.status is Status.QUALIFIEE:
        sentence = f"{filed} : sans INS. Une nouvelle version la portera."
        return LinkProgress(LinkState.GOING, sentence, url, "Voir le document")
    return LinkProgress(LinkState.DONE, f"{filed}.", url)


def newest_version(request: HttpRequest, dossier: Dossier) -> DocumentVersion | None:
    """Return the newest version of the document the chain of a dossier in scope follows, read once a page."""

    def read() -> DocumentVersion | None:
        with system_scope("newest version of the document followed, of a dossier in scope"):
            return (
                DocumentVersion.objects.filter(document__dossier=dossier, document__source_kind__in=_followed)
                .select_related("document", "dmp_deposit__exchange")
                .only(*_SAID)
                .order_by("-created_at", "-pk")
                .first()
            )

    return once(request, ("newest_version", dossier.pk), read)


def page_of(version: DocumentVersion, name: str) -> str:
    """Return the address `name` of the document of `version`."""
    document = version.document
    return reverse(name, kwargs={"dossier_id": document.dossier_id, "document_id": document.pk})
