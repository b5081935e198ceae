"""« Documents à valider »: the list, one document as it will be filed, and what is decided."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from amarre.dui.access.actors import actor_of
from amarre.dui.access.permissions import Permission
from amarre.dui.access.policy import can, require
from amarre.dui.audit.services.record import record_reading
from amarre.dui.core.clock import now
from amarre.dui.core.paging import keyset_page
from amarre.dui.documents import store
from amarre.dui.documents.rendering import screen_page
from amarre.dui.intake import served
from amarre.dui.intake.apart.verdicts import TextState
from amarre.dui.intake.authorship import card_of
from amarre.dui.intake.cover import cover_pdf
from amarre.dui.intake.errors import ChangedSinceRead
from amarre.dui.intake.forms.refusal_form import RefusalForm
from amarre.dui.intake.imported_page import get_imported, open_imported
from amarre.dui.intake.models import ImportedDocument
from amarre.dui.intake.notes import TEXT_SENTENCES, sentences
from amarre.dui.intake.reader import draw_page
from amarre.dui.intake.readiness import too_heavy_for_dmp, what_holds
from amarre.dui.intake.selectors import (
    cover_is_outdated,
    current_traits,
    document_of,
    next_number,
    read_mark,
    to_validate,
)
from amarre.dui.intake.services.refuse_imported import refuse_imported
from amarre.dui.intake.services.reopen_imported import reopen_imported
from amarre.dui.intake.services.take_over import take_over
from amarre.dui.intake.services.validate_imported import validate_imported
from amarre.dui.usagers.dossier_page import dossier_context, get_dossier
from amarre.dui.usagers.presenters import usual_name
from amarre.interop.common.errors import AmarreError
from amarre.interop.terminology import document_type

PAGE_SIZE = 30


@require_safe
def list_to_validate(request: HttpRequest) -> HttpResponse:
    """List what waits: for the actor, or in the whole establishment; the oldest first."""
    actor = actor_of(request)
    require(actor, Permission.WRITE_DOCUMENTS)
    every = request.GET.get("pour") == "tous"
    rows = to_validate(actor, mine=not every)
    page = keyset_page(rows, order=("created_at", "pk"), cursor=request.GET.get("apres", ""), size=PAGE_SIZE)
    record_reading(actor, "import.list_consulted")
    address = reverse("intake:list_to_validate")
    asked = "pour=tous&" if every else ""
    context = {
        "rows": [(one, usual_name(one.dossier.identity)) for one in page.items],
        "every": every,
        "mine": to_validate(actor).count(),
        "all": to_validate(actor, mine=False).count(),
        "pager": {"next_url": f"{address}?{asked}apres={page.next_cursor}" if page.next_cursor else ""},
    }
    return render(request, "intake/to_validate.html", context)


@require_safe
def review(request: HttpRequest, dossier_id: int, imported_id: int) -> HttpResponse:
    """Show the document as it will be filed, what was changed in it, and what the actor may decide."""
    dossier = get_dossier(request, dossier_id, Permission.READ_DOCUMENTS)
    imported = open_imported(request, dossier, imported_id)
    actor = actor_of(request)
    waits = imported.state == ImportedDocument.State.A_VALIDER
    may_write = can(actor, Permission.WRITE_DOCUMENTS, dossier)
    is_mine = imported.responsible_id == actor.user_id
    kind = document_type(imported.type_code)
    held_by = what_holds(imported, imported.responsible) if waits else None
    context = dossier_context(request, dossier, "documents") | {
        "imported": imported,
        "type": kind.code.display if kind else imported.type_code,
        "profession": _profession(imported),
        "originals": list(imported.originals.all()),
        "notes": sentences(imported.notes),
        "text": TEXT_SENTENCES[TextState(imported.text)],
        "waits": waits,
        "may_write": may_write,
        "held": held_by.explanation() if held_by else None,
        "may_validate": waits and may_write and is_mine,
        "may_answer": waits and may_write and not is_mine and imported.author_id is None,
        "may_refuse": waits
        and may_write
        and actor.user_id in (imported.responsible_id, imported.imported_by_id),
        "outdated": not waits and may_write and cover_is_outdated(imported),
        "document": document_of(imported),
        "seen": read_mark(imported) if waits and held_by is None else "",
        "page_numbers": range(1, imported.pages + 1),
        # What the gate refuses is said by `held`; the page is shown all the same.
        "too_heavy": waits and held_by is None and too_heavy_for_dmp(imported),
        "with_ins": held_by is None and bool(current_traits(imported).matricule),
    }
    return render(request, "intake/review.html", context)


@require_POST
def validate(request: HttpRequest, dossier_id: int, imported_id: int) -> HttpResponse:
    """File the document: what was read, and nothing else."""
    dossier = get_dossier(request, dossier_id, Permission.WRITE_DOCUMENTS)
    imported = get_imported(request, dossier, imported_id)
    try:
        version = validate_imported(
            imported=imported, seen=request.POST.get("vu", ""), actor=actor_of(request)
        )
    except ChangedSinceRead as error:
        said = error.explanation()
        messages.warning(request, f"{said.what} {said.advice}")
        return redirect("intake:review", dossier_id=dossier.pk, imported_id=imported.pk)
    messages.success(request, "Le document est validé et classé. Il peut partir comme un autre.")
    return redirect("documents:show_document", dossier_id=dossier.pk, document_id=version.document_id)


@require_POST
def answer_for(request: HttpRequest, dossier_id: int, imported_id: int) -> HttpResponse:
    """Answer for it instead of a colleague."""
    dossier = get_dossier(request, dossier_id, Permission.WRITE_DOCUMENTS)
    imported = get_imported(request, dossier, imported_id)
    take_over(imported=imported, actor=actor_of(request))
    messages.success(request, "C’est à vous de le relire et de le valider.")
    return redirect("intake:review", dossier_id=dossier.pk, imported_id=imported.pk)


@require_http_methods(["GET", "HEAD", "POST"])
def refuse(request: HttpRequest, dossier_id: int, imported_id: int) -> HttpResponse:
    """Ask why, then refuse it."""
    dossier = get_dossier(request, dossier_id, Permission.WRITE_DOCUMENTS)
    imported = get_imported(request, dossier, imported_id)
    form = RefusalForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        refuse_imported(imported=imported, reason=form.cleaned_data["reason"], actor=actor_of(request))
        messages.success(request, "Le document est refusé : il n’est pas classé.")
        return redirect("documents:list_documents", dossier_id=dossier.pk)
    context = dossier_context(request, dossier, "documents") | {"imported": imported, "form": form}
    return render(request, "intake/refuse.html", context, status=422 if form.errors else 200)


@require_POST
def reopen(request: HttpRequest, dossier_id: int, imported_id: int) -> HttpResponse:
    """Put it back among those to validate, for its cover to be made again."""
    dossier = get_dossier(request, dossier_id, Permission.WRITE_DOCUMENTS)
    held = reopen_imported(imported=get_imported(request, dossier, imported_id), actor=actor_of(request))
    messages.success(request, f"Le document attend d’être relu par {held.responsible}.")
    return redirect("intake:review", dossier_id=dossier.pk, imported_id=imported_id)


@require_safe
def cover_page(request: HttpRequest, dossier_id: int, imported_id: int) -> HttpResponse:
    """Give the cover as a picture. The page that shows it is the reading that is traced."""
    dossier = get_dossier(request, dossier_id, Permission.READ_DOCUMENTS)
    picture = screen_page(_cover(get_imported(request, dossier, imported_id)), 1)
    return HttpResponse(status=404) if picture is None else served.page_picture(picture)


@require_safe
def body_page(request: HttpRequest, dossier_id: int, imported_id: int, number: int) -> HttpResponse:
    """Give one page of the document as a picture."""
    dossier = get_dossier(request, dossier_id, Permission.READ_DOCUMENTS)
    imported = get_imported(request, dossier, imported_id)
    if not 1 <= number <= imported.pages:
        return HttpResponse(status=404)
    return served.page_picture(draw_page(store.get(imported.body_sha256), number - 1, served.PAGE_WIDTH))


@require_safe
def download_copy(request: HttpRequest, dossier_id: int, imported_id: int) -> HttpResponse:
    """Give the copy that was made, without cover: a screen reader finds its words there. It bears no INS."""
    dossier = get_dossier(request, dossier_id, Permission.READ_DOCUMENTS)
    imported = open_imported(request, dossier, imported_id)
    return served.file(store.get(imported.body_sha256), f"copie-{imported.pk}", "pdf")


@require_safe
def download_original(request: HttpRequest, dossier_id: int, imported_id: int, rank: int) -> HttpResponse:
    """Give a file as it was sent, to be saved: it may hold what the copy no longer does."""
    dossier = get_dossier(request, dossier_id, Permission.READ_DOCUMENTS)
    imported = open_imported(request, dossier, imported_id)
    original = imported.originals.filter(rank=rank).first()
    if original is None:
        return HttpResponse(status=404)
    return served.file(store.get(original.sha256), f"original-{imported.pk}-{rank}", original.suffix)


def _cover(imported: ImportedDocument) -> bytes:
    return cover_pdf(
        imported,
        current_traits(imported),
        card_of(imported),
        version=next_number(imported),
        at=now(),
    )


def _profession(imported: ImportedDocument) -> str:
    try:
        return card_of(imported).function
    except AmarreError:
        return ""
