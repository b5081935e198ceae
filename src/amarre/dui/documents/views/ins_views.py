"""The documents that carry the INS of the person: what identitovigilance counts, and its list."""

from __future__ import annotations

from urllib.parse import urlencode

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from amarre.dui.access.actors import actor_of
from amarre.dui.access.permissions import Permission
from amarre.dui.access.policy import can, require
from amarre.dui.audit.services.record import record_reading
from amarre.dui.core.actor import Actor
from amarre.dui.core.paging import keyset_page
from amarre.dui.documents.models import DocumentVersion
from amarre.dui.usagers.presenters import usual_name
from amarre.dui.web.pages import page

PAGE_SIZE = 25


def with_ins(actor: Actor) -> QuerySet[DocumentVersion]:
    """Return the versions of the establishment whose bytes carry the INS."""
    return DocumentVersion.objects.visible_to(actor).filter(identity_qualified=True)


def count_with_ins(request: HttpRequest) -> int:
    """Return how many there are."""
    return with_ins(actor_of(request)).count()


@require_safe
def list_with_ins(request: HttpRequest) -> HttpResponse:
    """List them, the latest first: who answers for identities sees whose they are, not what they say."""
    actor = actor_of(request)
    readable = can(actor, Permission.READ_DOCUMENTS)
    if not readable:
        require(actor, Permission.QUALIFY_IDENTITE)
    rows = with_ins(actor).select_related("document__dossier__identity")
    found = keyset_page(
        rows, order=("-created_at", "-pk"), cursor=request.GET.get("apres", ""), size=PAGE_SIZE
    )
    record_reading(actor, "document.list_consulted")
    address = reverse("documents:list_with_ins")
    context = {
        "readable": readable,
        "lines": [{"version": one, "name": usual_name(one.document.dossier.identity)} for one in found.items],
        "pager": {
            "next_url": f"{address}?{urlencode({'apres': found.next_cursor})}" if found.next_cursor else "",
            "target": "documents-ins",
        },
    }
    return page(request, "documents/with_ins.html", "documents/_with_ins.html", context)
