"""Show, write and validate the projet of a dossier."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from amarre.dui.access.actors import actor_of
from amarre.dui.access.permissions import Permission
from amarre.dui.access.policy import can, get_visible, require
from amarre.dui.audit.services.record import record_reading
from amarre.dui.core.clock import today
from amarre.dui.projet_personnalise.forms.projet_form import (
    ObjectiveFormSet,
    ProjetForm,
    initial_of,
    initial_of_new,
    objectives_of,
    text_of,
    typed_objectives,
)
from amarre.dui.projet_personnalise.models import ProjetPersonnalise
from amarre.dui.projet_personnalise.selectors import (
    current_draft,
    current_projet,
    document_of,
    drafts_of,
    former_projets,
    seen_mark,
)
from amarre.dui.projet_personnalise.services.validate_projet import missing_for_validation, validate_projet
from amarre.dui.projet_personnalise.services.write_projet import write_projet
from amarre.dui.usagers.dossier_page import dossier_context, get_dossier, open_dossier
from amarre.dui.usagers.presenters import usual_name

# Nobody keeps more drafts than this; the rest would be the newest ones.
MOST_DRAFTS = 100
CHANGED = (
    "Ce projet a changé depuis que vous avez ouvert cette page. Votre texte est encore ici : comparez-le "
    "avec l’onglet « Projet », puis enregistrez de nouveau pour remplacer ce qui s’y trouve."
)


@require_GET
def list_drafts(request: HttpRequest) -> HttpResponse:
    """List my drafts: what I wrote and have not validated."""
    actor = actor_of(request)
    require(actor, Permission.WRITE_PROJET)
    record_reading(actor, "projet.drafts_consulted")
    drafts = [(draft, usual_name(draft.dossier.identity)) for draft in drafts_of(actor)[:MOST_DRAFTS]]
    return render(request, "projet_personnalise/drafts.html", {"drafts": drafts})


@require_GET
def show_projet(request: HttpRequest, dossier_id: int) -> HttpResponse:
    """Show the draft and the projet in force."""
    dossier = open_dossier(request, dossier_id, Permission.READ_PROJET, "projet.consulted")
    actor = actor_of(request)
    draft, current = current_draft(dossier), current_projet(dossier)
    missing = missing_for_validation(draft) if draft else None
    context = dossier_context(request, dossier, "projet") | {
        "draft": draft,
        "current": current,
        "missing": missing.explanation().what if missing else "",
        "former": former_projets(dossier),
        "document": document_of(current) if current else None,
        "may_write": can(actor, Permission.WRITE_PROJET, dossier),
        "seen": seen_mark(draft),
        "may_validate": draft is not None
        and draft.author_id == actor.user_id
        and can(actor, Permission.VALIDATE_PROJET, dossier),
    }
    return render(request, "projet_personnalise/projet.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def write_projet_view(request: HttpRequest, dossier_id: int) -> HttpResponse:
    """Write the draft; « Ajouter un objectif » adds a line without saving anything."""
    dossier = get_dossier(request, dossier_id, Permission.WRITE_PROJET)
    draft, current = current_draft(dossier), current_projet(dossier)
    source = draft or current
    if request.method != "POST":
        first = initial_of(draft) if draft else initial_of_new(today(dossier.essms.zone), current)
        form = ProjetForm(initial=first)
        objectives = ObjectiveFormSet(initial=objectives_of(source), prefix="o")
    elif "ajouter" in request.POST:
        # Shown again as typed, with one more line: nothing is judged before the person saves.
        form = ProjetForm(initial={name: request.POST.get(name) for name in ProjetForm.base_fields})
        objectives = ObjectiveFormSet(initial=typed_objectives(request.POST), prefix="o")
    else:
        form, objectives = ProjetForm(request.POST), ObjectiveFormSet(request.POST, prefix="o")
        valid = form.is_valid() and objectives.is_valid()
        if request.POST.get("vu", "") != seen_mark(draft):
            form.add_error(None, CHANGED)
        elif valid:
            write_projet(
                dossier=dossier, text=text_of(form, objectives), actor=actor_of(request), projet=draft
            )
            messages.success(request, "Le brouillon est enregistré.")
            return redirect("projet_personnalise:show_projet", dossier_id=dossier.pk)
    context = dossier_context(request, dossier, "projet") | {
        "form": form,
        "objectives": objectives,
        "draft": draft,
        "current": current,
        "seen": request.POST.get("vu", "") if "ajouter" in request.POST else seen_mark(draft),
    }
    in_error = form.is_bound and (form.errors or objectives.total_error_count())
    return render(request, "projet_personnalise/write.html", context, status=422 if in_error else 200)


@require_POST
def validate_projet_view(request: HttpRequest, dossier_id: int, projet_id: int) -> HttpResponse:
    """Validate the draft: its document is made at once."""
    dossier = get_dossier(request, dossier_id, Permission.VALIDATE_PROJET)
    actor = actor_of(request)
    projet = get_visible(actor, ProjetPersonnalise, pk=projet_id, dossier=dossier)
    version = validate_projet(projet=projet, actor=actor, seen=request.POST.get("vu", ""))
    messages.success(request, "Le projet est validé et son document est classé.")
    return redirect("documents:show_document", dossier_id=dossier.pk, document_id=version.document_id)
