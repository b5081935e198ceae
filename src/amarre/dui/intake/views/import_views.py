"""« Apporter un document »: the files, then what they are. Each page is whole without script.

Between the two pages the document waits sealed, outside the dossier (`waiting_files`).
"""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from amarre.dui.access.actors import actor_of
from amarre.dui.access.permissions import Permission
from amarre.dui.accounts.models import User
from amarre.dui.audit.services.record import record_refusal
from amarre.dui.intake import served, waiting_files
from amarre.dui.intake.apart.limits import MAX_UPLOAD_BYTES, MIB
from amarre.dui.intake.errors import FilesGone, IntakeError, UploadTooLarge
from amarre.dui.intake.forms.description_form import DescriptionForm, initial_of
from amarre.dui.intake.forms.files_form import FilesForm
from amarre.dui.intake.imported_page import get_imported
from amarre.dui.intake.notes import TEXT_SENTENCES, sentences
from amarre.dui.intake.office_conversion import program
from amarre.dui.intake.preparation import prepare
from amarre.dui.intake.reader import draw_page
from amarre.dui.intake.services.describe_imported import describe_imported
from amarre.dui.intake.services.import_document import import_document
from amarre.dui.intake.upload import BoundedUpload
from amarre.dui.usagers.dossier_page import dossier_context, get_dossier
from amarre.dui.usagers.models import Dossier
from amarre.dui.web import shell
from amarre.dui.web.steps import stepper

STEPS = ("Fichier", "Description", "Validation")


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def choose_files(request: HttpRequest, dossier_id: int) -> HttpResponse:
    """Choose the files; they are read at once, so that what they are not is said here.

    The handler that bounds them must be set before the form is read: the token is checked inside.
    """
    upload = BoundedUpload(request)
    request.upload_handlers = [upload]
    return _choose_files(request, dossier_id, upload)


@csrf_protect
def _choose_files(request: HttpRequest, dossier_id: int, upload: BoundedUpload) -> HttpResponse:
    dossier = get_dossier(request, dossier_id, Permission.WRITE_DOCUMENTS)
    if request.method != "POST":
        return _files_page(request, dossier, FilesForm())
    form = FilesForm(request.POST, request.FILES)
    if upload.exceeded:
        return _refused(request, dossier, form, UploadTooLarge(limit=MAX_UPLOAD_BYTES // MIB))
    if not form.is_valid():
        return _files_page(request, dossier, form, 422)
    try:
        prepared = prepare([file.read() for file in form.chosen])
    except IntakeError as error:
        return _refused(request, dossier, form, error)
    waiting_files.keep(request, dossier, prepared)
    return redirect("intake:describe", dossier_id=dossier.pk)


@require_http_methods(["GET", "HEAD", "POST"])
def describe(request: HttpRequest, dossier_id: int) -> HttpResponse:
    """Show what was made of the files, and ask what it is; POST puts it among those to validate."""
    dossier = get_dossier(request, dossier_id, Permission.WRITE_DOCUMENTS)
    try:
        prepared = waiting_files.waiting(request, dossier)
    except FilesGone as error:
        if request.method == "POST":
            raise
        messages.warning(request, f"{error.explanation().what} {error.explanation().advice}")
        return redirect("intake:choose_files", dossier_id=dossier.pk)
    form = DescriptionForm(dossier.essms, _me(request), request.POST if request.method == "POST" else None)
    replaced = request.method == "POST" and request.POST.get("fichier", "") != waiting_files.mark(request)
    if request.method == "POST" and not replaced and form.is_valid():
        imported = import_document(
            dossier=dossier, prepared=prepared, said=form.description(), actor=actor_of(request)
        )
        waiting_files.discard(request)
        _say_who(request, imported.responsible)
        return redirect("intake:review", dossier_id=dossier.pk, imported_id=imported.pk)
    made = prepared.converted
    context = dossier_context(request, dossier, "documents") | {
        "form": form,
        "steps": stepper(STEPS, STEPS[1]),
        "pages": made.pages,
        "first_page": reverse("intake:waiting_page", kwargs={"dossier_id": dossier.pk, "number": 1}),
        "notes": sentences(note.value for note in made.notes),
        "text": TEXT_SENTENCES[made.text],
        "cancel_url": reverse("intake:abandon", kwargs={"dossier_id": dossier.pk}),
        "mark": waiting_files.mark(request),
        "replaced": replaced,
    }
    status = 409 if replaced else 422 if form.errors else 200
    return render(request, "intake/describe.html", context, status=status)


@require_safe
def waiting_page(request: HttpRequest, dossier_id: int, number: int) -> HttpResponse:
    """Give one page of what waits to be described, as a picture."""
    dossier = get_dossier(request, dossier_id, Permission.WRITE_DOCUMENTS)
    made = waiting_files.waiting(request, dossier).converted
    if not 1 <= number <= made.pages:
        return HttpResponse(status=404)
    return served.page_picture(draw_page(made.pdf, number - 1, served.PAGE_WIDTH))


@require_POST
def abandon(request: HttpRequest, dossier_id: int) -> HttpResponse:
    """Forget the files."""
    dossier = get_dossier(request, dossier_id, Permission.WRITE_DOCUMENTS)
    waiting_files.discard(request)
    messages.success(request, "Les fichiers sont oubliés, rien n’est entré dans le dossier.")
    return redirect("documents:list_documents", dossier_id=dossier.pk)


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, dossier_id: int, imported_id: int) -> HttpResponse:
    """Correct what was said of a document that waits."""
    dossier = get_dossier(request, dossier_id, Permission.WRITE_DOCUMENTS)
    imported = get_imported(request, dossier, imported_id)
    sent = request.POST if request.method == "POST" else None
    form = DescriptionForm(dossier.essms, _me(request), sent, initial=initial_of(imported))
    if sent is not None and form.is_valid():
        held = describe_imported(imported=imported, said=form.description(), actor=actor_of(request))
        _say_who(request, held.responsible)
        return redirect("intake:review", dossier_id=dossier.pk, imported_id=imported.pk)
    context = dossier_context(request, dossier, "documents") | {
        "form": form,
        "imported": imported,
        "pages": imported.pages,
        "first_page": reverse(
            "intake:body_page",
            kwargs={"dossier_id": dossier.pk, "imported_id": imported.pk, "number": 1},
        ),
        "notes": sentences(imported.notes),
        "back": reverse("intake:review", kwargs={"dossier_id": dossier.pk, "imported_id": imported.pk}),
    }
    return render(request, "intake/describe.html", context, status=422 if form.errors else 200)


def _files_page(
    request: HttpRequest, dossier: Dossier, form: FilesForm, status: int = 200, **more: Any
) -> HttpResponse:
    context = dossier_context(request, dossier, "documents") | {
        "form": form,
        "steps": stepper(STEPS, STEPS[0]),
        "converts_texts": program() is not None,
        **more,
    }
    return render(request, "intake/choose_files.html", context, status=status)


def _refused(request: HttpRequest, dossier: Dossier, form: FilesForm, error: IntakeError) -> HttpResponse:
    """Say why the files do not enter, and trace it: one line, whatever the file was."""
    record_refusal(
        actor_of(request),
        "import.refused",
        subject=dossier,
        dossier_id=dossier.pk,
        usager_id=dossier.identity_id,
        details={"code": error.code},
    )
    explanation = error.explanation()
    return _files_page(
        request,
        dossier,
        form,
        422,
        explication=explanation,
        contact=shell.contact(request, explanation.contact),
    )


def _me(request: HttpRequest) -> User:
    return User.objects.get(pk=actor_of(request).person_id)


def _say_who(request: HttpRequest, responsible: User) -> None:
    if responsible.pk == actor_of(request).user_id:
        messages.success(request, "Relisez le document, puis validez-le.")
    else:
        messages.success(request, f"Le document attend d’être relu et validé par {responsible}.")
