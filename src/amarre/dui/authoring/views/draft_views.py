"""Write a draft, look at it, validate it, throw it away."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from amarre.dui.access.actors import actor_of
from amarre.dui.access.permissions import Permission
from amarre.dui.access.policy import get_visible, require
from amarre.dui.accounts.models import User
from amarre.dui.audit.services.record import record_reading
from amarre.dui.authoring.catalogue import find_template
from amarre.dui.authoring.document import template_of_ecrit
from amarre.dui.authoring.errors import AuthoringError, EcritChanged, EcritNotDraft
from amarre.dui.authoring.facts import facts_of
from amarre.dui.authoring.forms.ecrit_form import EcritForm
from amarre.dui.authoring.models import Ecrit
from amarre.dui.authoring.preview import Preview, preview_of
from amarre.dui.authoring.printed import set_aside
from amarre.dui.authoring.readiness import is_ready, points_of
from amarre.dui.authoring.selectors import drafts_of, seen_mark, texts_for
from amarre.dui.authoring.services.discard_ecrit import discard_ecrit
from amarre.dui.authoring.services.validate_ecrit import validate_ecrit
from amarre.dui.authoring.services.write_ecrit import write_ecrit
from amarre.dui.authoring.substitution import fill
from amarre.dui.core.clock import now
from amarre.dui.documents.rendering import screen_page
from amarre.dui.usagers.dossier_page import dossier_context, get_dossier
from amarre.dui.usagers.presenters import usual_name
from amarre.dui.web.dates import hour
from amarre.interop.common.clock import SystemIds

# Nobody keeps more drafts than this; the rest would be the newest ones.
MOST_DRAFTS = 100


@require_safe
def list_drafts(request: HttpRequest) -> HttpResponse:
    """List my drafts: what I began and have not validated, the oldest first."""
    actor = actor_of(request)
    require(actor, Permission.WRITE_DOCUMENTS)
    record_reading(actor, "ecrit.drafts_consulted")
    drafts = [
        (draft, find_template(draft.template_key), usual_name(draft.dossier.identity))
        for draft in drafts_of(actor)[:MOST_DRAFTS]
    ]
    return render(request, "authoring/drafts.html", {"drafts": drafts})


@require_http_methods(["GET", "HEAD", "POST"])
def write(request: HttpRequest, dossier_id: int, ecrit_id: int) -> HttpResponse:
    """Write a draft. Whatever happens, what was typed stays on the page."""
    ecrit = _draft(request, dossier_id, ecrit_id)
    template = template_of_ecrit(ecrit)
    texts = texts_for(ecrit.dossier.essms, template.key)
    if request.method != "POST":
        _trace_reading(request, ecrit)
        form = EcritForm(template, ecrit.content, texts)
        return _page(request, ecrit, form, seen_mark(ecrit), str(SystemIds().uuid()))
    form = EcritForm(template, ecrit.content, texts, request.POST)
    seen, page = request.POST.get("vu", ""), request.POST.get("page", "")[:36]
    if form.in_error:
        return _page(request, ecrit, form, seen, page, status=422)
    contents = form.contents() | dict(set_aside(template, ecrit.content))
    inserted = request.POST.get("inserer", "")
    if inserted and (text := form.chosen_text(inserted)) is not None:
        author = User.objects.get(pk=actor_of(request).person_id)
        already = contents.get(inserted, {}).get("text", "")
        contents[inserted] = {
            "text": "\n".join(filter(None, (already, fill(text.body, facts_of(ecrit.dossier, author)))))
        }
    try:
        saved = write_ecrit(ecrit=ecrit, contents=contents, seen=seen, actor=actor_of(request), page=page)
    except AuthoringError as error:
        # Pressing again, after having looked, replaces what a colleague wrote.
        mark = seen_mark(_draft(request, dossier_id, ecrit_id)) if isinstance(error, EcritChanged) else seen
        return _page(request, ecrit, form, mark, page, status=409, error=error)
    return _after_saving(request, saved)


@require_POST
def autosave(request: HttpRequest, dossier_id: int, ecrit_id: int) -> HttpResponse:
    """Keep what is being typed, and say so where the person writes."""
    ecrit = _draft(request, dossier_id, ecrit_id)
    template = template_of_ecrit(ecrit)
    form = EcritForm(template, ecrit.content, [], request.POST)
    kept, words = False, "Pas enregistré : un point est à corriger."
    if not form.in_error:
        try:
            write_ecrit(
                ecrit=ecrit,
                contents=form.contents() | dict(set_aside(template, ecrit.content)),
                seen=request.POST.get("vu", ""),
                actor=actor_of(request),
                page=request.POST.get("page", "")[:36],
            )
            kept, words = True, f"Enregistré à {hour(now())}."
        except AuthoringError as error:
            words = f"Pas enregistré. {error.explanation().what}"
    return render(request, "authoring/_saved.html", {"kept": kept, "words": words})


@require_safe
def review(request: HttpRequest, dossier_id: int, ecrit_id: int) -> HttpResponse:
    """Show the draft as it will be printed, and what still holds its validation."""
    ecrit = _draft(request, dossier_id, ecrit_id)
    _trace_reading(request, ecrit)
    preview = preview_of(ecrit, now())
    points = points_of(ecrit, actor_of(request), preview.refusal)
    context = dossier_context(request, ecrit.dossier, "documents") | {
        "ecrit": ecrit,
        "template": template_of_ecrit(ecrit),
        "preview": preview,
        "points": points,
        "ready": is_ready(points),
        "blocking": next((point for point in points if point.state == "bloquant"), None),
        "seen": seen_mark(ecrit),
    }
    return render(request, "authoring/review.html", context)


@require_safe
def preview_pdf(request: HttpRequest, dossier_id: int, ecrit_id: int) -> HttpResponse:
    """Give the PDF of the draft, marked as such on every page: it is never filed."""
    ecrit = _draft(request, dossier_id, ecrit_id)
    _trace_reading(request, ecrit)
    response = HttpResponse(_preview(ecrit).pdf, content_type="application/pdf")
    response["Content-Disposition"] = 'inline; filename="brouillon.pdf"'
    response["Cache-Control"] = "private, no-store"
    return response


@require_safe
def preview_page(request: HttpRequest, dossier_id: int, ecrit_id: int, number: int) -> HttpResponse:
    """Give one page of the draft as a picture. The page that shows it is the reading that is traced."""
    ecrit = _draft(request, dossier_id, ecrit_id)
    picture = screen_page(_preview(ecrit).pdf, number)
    if picture is None:
        return HttpResponse(status=404)
    response = HttpResponse(picture, content_type="image/png")
    response["Cache-Control"] = "private, no-store"
    return response


@require_POST
def validate(request: HttpRequest, dossier_id: int, ecrit_id: int) -> HttpResponse:
    """Validate the draft: its document is made at once."""
    ecrit = _draft(request, dossier_id, ecrit_id)
    version = validate_ecrit(ecrit=ecrit, actor=actor_of(request), seen=request.POST.get("vu", ""))
    messages.success(request, "Le document est validé et classé dans le dossier.")
    return redirect("documents:show_document", dossier_id=dossier_id, document_id=version.document_id)


@require_http_methods(["GET", "HEAD", "POST"])
def discard(request: HttpRequest, dossier_id: int, ecrit_id: int) -> HttpResponse:
    """Throw the draft away, once the person has read what it means."""
    ecrit = _draft(request, dossier_id, ecrit_id)
    label = template_of_ecrit(ecrit).label
    if request.method == "POST":
        discard_ecrit(ecrit=ecrit, actor=actor_of(request))
        messages.success(request, "Le brouillon est jeté.")
        return redirect("authoring:choose", dossier_id=dossier_id)
    context = {
        "title": f"Jeter ce brouillon : {label} ?",
        "consequences": [
            f"Le texte écrit pour {usual_name(ecrit.dossier.identity)} sera perdu.",
            "Les documents déjà classés ne changent pas.",
        ],
        "submit": "Jeter le brouillon",
        "cancel_url": reverse("authoring:write", kwargs={"dossier_id": dossier_id, "ecrit_id": ecrit_id}),
    }
    return render(request, "web/confirmer.html", context)


def _draft(request: HttpRequest, dossier_id: int, ecrit_id: int) -> Ecrit:
    """Return a draft in scope, its dossier at hand. Raises the access errors, EcritNotDraft."""
    dossier = get_dossier(request, dossier_id, Permission.WRITE_DOCUMENTS)
    ecrit = get_visible(actor_of(request), Ecrit, pk=ecrit_id, dossier=dossier)
    if ecrit.state != Ecrit.State.BROUILLON:
        raise EcritNotDraft
    ecrit.dossier = dossier
    return ecrit


def _trace_reading(request: HttpRequest, ecrit: Ecrit) -> None:
    record_reading(
        actor_of(request),
        "ecrit.consulted",
        subject=ecrit,
        dossier_id=ecrit.dossier_id,
        usager_id=ecrit.dossier.identity_id,
    )


def _preview(ecrit: Ecrit) -> Preview:
    preview = preview_of(ecrit, now())
    if preview.refusal is not None:
        raise preview.refusal
    return preview


def _after_saving(request: HttpRequest, ecrit: Ecrit) -> HttpResponse:
    """Go where the button said: the review, or back to a block of the page."""
    if "relire" in request.POST:
        return redirect("authoring:review", dossier_id=ecrit.dossier_id, ecrit_id=ecrit.pk)
    block = request.POST.get("inserer") or request.POST.get("suite")
    known = {one.key for one in template_of_ecrit(ecrit).blocks}
    if not block:
        messages.success(request, "Le brouillon est enregistré.")
    anchor = f"#bloc-{block}" if block in known else ""
    page = reverse("authoring:write", kwargs={"dossier_id": ecrit.dossier_id, "ecrit_id": ecrit.pk})
    return redirect(page + anchor)


def _page(
    request: HttpRequest,
    ecrit: Ecrit,
    form: EcritForm,
    seen: str,
    page: str,
    *,
    status: int = 200,
    error: AuthoringError | None = None,
) -> HttpResponse:
    template = template_of_ecrit(ecrit)
    aside = set_aside(template, ecrit.content)
    context = dossier_context(request, ecrit.dossier, "documents") | {
        "ecrit": ecrit,
        "template": template,
        "form": form,
        "seen": seen,
        "page": page,
        "changed": isinstance(error, EcritChanged),
        "error": error.explanation() if error else None,
        "aside": [text for kept in aside.values() if (text := str(kept.get("text", "")))],
        "is_author": ecrit.author_id == actor_of(request).user_id,
    }
    return render(request, "authoring/write.html", context, status=status)
