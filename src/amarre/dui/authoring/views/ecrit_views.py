"""Choose a template, see where a document to write stands, begin its next version."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from amarre.dui.access.actors import actor_of
from amarre.dui.access.permissions import Permission
from amarre.dui.access.policy import can, get_visible
from amarre.dui.accounts.models import User
from amarre.dui.audit.services.record import record_reading
from amarre.dui.authoring.catalogue import TEMPLATES, Family, Template, find_template
from amarre.dui.authoring.document import SOURCE_KIND, known_template, template_of_ecrit
from amarre.dui.authoring.models import Ecrit
from amarre.dui.authoring.selectors import draft_after, drafts_in
from amarre.dui.authoring.services.start_ecrit import start_ecrit
from amarre.dui.authoring.services.start_new_version import start_new_version
from amarre.dui.documents.authors import author_card
from amarre.dui.documents.errors import AuthorIncomplete
from amarre.dui.usagers.dossier_page import dossier_context, get_dossier, open_dossier
from amarre.dui.usagers.models import Dossier


@dataclass(frozen=True, slots=True)
class Group:
    """The templates of one family that the person may sign."""

    family: Family
    templates: list[Template]


@require_safe
def choose(request: HttpRequest, dossier_id: int) -> HttpResponse:
    """« Écrire un document »: drafts to take up in this dossier, then every template in plain words."""
    dossier = open_dossier(request, dossier_id, Permission.WRITE_DOCUMENTS, "ecrit.list_consulted")
    actor = actor_of(request)
    mine, others = _split(User.objects.get(pk=actor.person_id), dossier)
    context = dossier_context(request, dossier, "documents") | {
        "drafts": [(draft, find_template(draft.template_key)) for draft in drafts_in(dossier)],
        "groups": mine,
        "reserved": others,
        "actor": actor,
    }
    return render(request, "authoring/choose.html", context)


@require_POST
def start(request: HttpRequest, dossier_id: int) -> HttpResponse:
    """Begin a draft from the chosen template."""
    dossier = get_dossier(request, dossier_id, Permission.WRITE_DOCUMENTS)
    template = known_template(request.POST.get("modele", ""))
    ecrit = start_ecrit(dossier=dossier, template=template, actor=actor_of(request))
    return redirect("authoring:write", dossier_id=dossier.pk, ecrit_id=ecrit.pk)


@require_safe
def show(request: HttpRequest, dossier_id: int, ecrit_id: int) -> HttpResponse:
    """Show a validated écrit and offer its next version; a draft opens where it is written."""
    dossier = get_dossier(request, dossier_id, Permission.READ_DOCUMENTS)
    actor = actor_of(request)
    ecrit = get_visible(actor, Ecrit, pk=ecrit_id, dossier=dossier)
    if ecrit.state == Ecrit.State.BROUILLON:
        return redirect("authoring:write", dossier_id=dossier.pk, ecrit_id=ecrit.pk)
    record_reading(
        actor, "ecrit.consulted", subject=ecrit, dossier_id=dossier.pk, usager_id=dossier.identity_id
    )
    context = dossier_context(request, dossier, "documents") | {
        "ecrit": ecrit,
        "template": template_of_ecrit(ecrit),
        "document": dossier.documents.filter(source_kind=SOURCE_KIND, source_id=ecrit.chain_id).first(),
        "may_write": can(actor, Permission.WRITE_DOCUMENTS, dossier),
        "next_draft": draft_after(ecrit),
    }
    return render(request, "authoring/show.html", context)


@require_POST
def new_version(request: HttpRequest, dossier_id: int, ecrit_id: int) -> HttpResponse:
    """Begin the next version of a validated écrit."""
    dossier = get_dossier(request, dossier_id, Permission.WRITE_DOCUMENTS)
    actor = actor_of(request)
    ecrit = get_visible(actor, Ecrit, pk=ecrit_id, dossier=dossier)
    ecrit.dossier = dossier
    draft = start_new_version(ecrit=ecrit, actor=actor)
    messages.success(request, "La nouvelle version reprend le texte de la précédente.")
    return redirect("authoring:write", dossier_id=dossier.pk, ecrit_id=draft.pk)


def _split(author: User, dossier: Dossier) -> tuple[list[Group], list[Template]]:
    """Return what `author` may sign, by family, and what is reserved to other professions."""
    try:
        code = author_card(author, dossier.essms).code.code
    except AuthorIncomplete:
        code = ""
    mine = [one for one in TEMPLATES if one.may_be_signed_by(code)]
    groups = [Group(family, [one for one in mine if one.family is family]) for family in Family]
    return [group for group in groups if group.templates], [one for one in TEMPLATES if one not in mine]
