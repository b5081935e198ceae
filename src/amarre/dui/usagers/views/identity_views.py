"""The identity of a dossier: status, document seen, INSi, history, correction, marks, matricule."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from amarre.dui.access.actors import actor_of
from amarre.dui.access.permissions import Permission
from amarre.dui.access.policy import can, get_visible
from amarre.dui.core.actor import Actor
from amarre.dui.usagers.dossier_page import dossier_context, get_dossier, open_dossier
from amarre.dui.usagers.forms.evidence_forms import EvidenceForm
from amarre.dui.usagers.forms.identity_forms import DecideForm, MarkForm
from amarre.dui.usagers.forms.traits_forms import UpdateTraitsForm, initial_traits
from amarre.dui.usagers.models import Discrepancy, Dossier, Identity, InsiSearch
from amarre.dui.usagers.selectors import identity_history
from amarre.dui.usagers.selectors.identity_page import (
    SLOW_SECONDS,
    USUAL_SECONDS,
    Insi,
    InsiState,
    insi_state,
    next_step,
)
from amarre.dui.usagers.services.decide_insi_search import accept_insi_search, set_aside_insi_search
from amarre.dui.usagers.services.evidence_copies import settings_of
from amarre.dui.usagers.services.mark_identity import mark_identity
from amarre.dui.usagers.services.request_insi_search import request_insi_search
from amarre.dui.usagers.services.update_traits import update_traits
from amarre.dui.usagers.vitale import card_readers
from amarre.dui.web import shell
from amarre.dui.web.dates import hour
from amarre.dui.web.pages import page, wants_fragment
from amarre.interop.common.errors import Contact
from amarre.interop.ins import STATUS_LABELS, Status

# What the button that leaves the birthplace out sends.
WITHOUT_PLACE = "sans"


@require_safe
def show_identity(request: HttpRequest, dossier_id: int) -> HttpResponse:
    """Show the identity."""
    dossier = open_dossier(request, dossier_id, Permission.READ_IDENTITE, "identity.consulted")
    return render(request, "usagers/identity.html", identity_context(request, dossier))


@require_safe
def show_matricule(request: HttpRequest, dossier_id: int) -> HttpResponse:
    """Show the identity with its matricule: a reading of its own, only of a qualified identity."""
    dossier = get_dossier(request, dossier_id, Permission.READ_IDENTITE)
    ins = dossier.identity.ins
    if dossier.identity.status is not Status.QUALIFIEE or ins is None:
        return redirect("usagers:show_identity", dossier_id=dossier.pk)
    open_dossier(request, dossier_id, Permission.READ_IDENTITE, "identity.matricule_consulted")
    context = identity_context(request, dossier)
    context["identite"] |= {
        "matricule": ins.matricule.grouped(),
        "matricule_kind": ins.oid.kind.value,
        "oid": ins.oid.value,
    }
    return render(request, "usagers/identity.html", context)


@require_safe
def show_insi_search(request: HttpRequest, dossier_id: int) -> HttpResponse:
    """Answer the polling of the waiting block: the block again, then the whole page once INSi answered."""
    dossier = get_dossier(request, dossier_id, Permission.READ_IDENTITE)
    state = insi_state(dossier.identity)
    if wants_fragment(request) and not state.is_waiting:
        # Status, tabs and menu follow the answer: the browser takes the whole page.
        return HttpResponse(headers={"HX-Refresh": "true"})
    if not wants_fragment(request):
        return redirect("usagers:show_identity", dossier_id=dossier.pk)
    return page(
        request, "usagers/identity.html", "usagers/_insi.html", identity_context(request, dossier, state)
    )


@require_POST
def request_insi(request: HttpRequest, dossier_id: int) -> HttpResponse:
    """Queue a search; the page waits for the answer without blocking anything."""
    dossier = get_dossier(request, dossier_id, Permission.WRITE_IDENTITE)
    sends_place = request.POST.get("lieu") != WITHOUT_PLACE
    request_insi_search(dossier=dossier, actor=actor_of(request), sends_place=sends_place)
    return redirect(_identity_url(dossier) + "#insi")


@require_POST
def decide_insi(request: HttpRequest, dossier_id: int, search_id: int) -> HttpResponse:
    """Take INSi's traits and INS, or set the answer aside."""
    actor = actor_of(request)
    dossier = get_dossier(request, dossier_id, Permission.QUALIFY_IDENTITE)
    # Asked from a dossier joined to this one since, perhaps.
    search = get_visible(actor, InsiSearch, pk=search_id, identity=dossier.identity)
    if request.POST.get("decision") == "mettre-de-cote":
        set_aside_insi_search(search=search, actor=actor)
        messages.info(request, "La réponse d'INSi est mise de côté. L'identité n'a pas changé.")
        return redirect(_identity_url(dossier))
    state = insi_state(dossier.identity)
    form = DecideForm(request.POST, needs_reason=bool(state.table and state.table.needs_reason))
    if not form.is_valid():
        context = identity_context(request, dossier, state, decide_form=form)
        return render(request, "usagers/identity.html", context, status=422)
    identity = accept_insi_search(search=search, actor=actor, reason=form.cleaned_data["reason"])
    messages.success(request, f"Les traits d'INSi et l'INS sont repris : {STATUS_LABELS[identity.status]}.")
    return redirect(_identity_url(dossier))


@require_http_methods(["GET", "HEAD", "POST"])
def change_traits(request: HttpRequest, dossier_id: int) -> HttpResponse:
    """Correct the traits, with a reason."""
    dossier = get_dossier(request, dossier_id, Permission.WRITE_IDENTITE)
    if request.method == "POST":
        form = UpdateTraitsForm(request.POST)
        if form.is_valid() and form.traits is not None:
            update_traits(
                dossier=dossier,
                traits=form.traits,
                lieu_libelle=form.cleaned_data["lieu_libelle"],
                reason=form.cleaned_data["reason"],
                actor=actor_of(request),
            )
            messages.success(request, "Les traits sont corrigés.")
            return redirect(_identity_url(dossier))
    else:
        form = UpdateTraitsForm(initial=initial_traits(dossier.identity))
        open_dossier(request, dossier_id, Permission.WRITE_IDENTITE, "identity.consulted")
    context = dossier_context(request, dossier, "identite") | {"form": form}
    return render(request, "usagers/change_traits.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def mark(request: HttpRequest, dossier_id: int) -> HttpResponse:
    """Put or take away a mark: homonyme, douteuse, fictive."""
    dossier = get_dossier(request, dossier_id, Permission.QUALIFY_IDENTITE)
    form = MarkForm(request.POST or None, held=dossier.identity.state.attributes)
    if form.is_valid():
        attribute, held = form.choice()
        mark_identity(
            dossier=dossier,
            attribute=attribute,
            held=held,
            reason=form.cleaned_data["reason"],
            actor=actor_of(request),
        )
        messages.success(request, "Le signalement est enregistré." if held else "Le signalement est retiré.")
        return redirect(_identity_url(dossier))
    context = dossier_context(request, dossier, "identite") | {"form": form}
    return render(request, "usagers/mark_identity.html", context, status=422 if form.errors else 200)


def identity_context(
    request: HttpRequest,
    dossier: Dossier,
    state: InsiState | None = None,
    *,
    decide_form: DecideForm | None = None,
    evidence_form: EvidenceForm | None = None,
) -> dict[str, Any]:
    """Return what the identity screen shows."""
    actor = actor_of(request)
    identity = dossier.identity
    insi = state or insi_state(identity)
    rights = _rights(actor, dossier)
    copies = settings_of(dossier.essms_id) if rights["may_qualify"] else None
    return dossier_context(request, dossier, "identite") | {
        "identity": identity,
        "insi": insi,
        "step": next_step(identity, insi, may_write=rights["may_write"], may_qualify=rights["may_qualify"]),
        "attente": _waiting_block(dossier, insi),
        "insi_contact": shell.contact(
            request, insi.explanation.contact if insi.explanation else Contact.REFERENT_IDENTITE
        ),
        "decide_form": decide_form or DecideForm(needs_reason=bool(insi.table and insi.table.needs_reason)),
        "evidence_form": evidence_form or EvidenceForm(dossier=dossier, copies=copies),
        "documents": identity_history.seen_documents(identity),
        "former_numbers": identity_history.former_numbers(identity),
        "history": identity_history.history(identity),
        "referent": shell.contact(request, Contact.REFERENT_IDENTITE),
        "me": actor.name,
        "reads_cards": rights["may_write"] and card_readers() is not None,
        "joined": list(dossier.joined.order_by("number")),
        "discrepancy": _open_discrepancy(identity) if rights["may_qualify"] else None,
        **rights,
    }


def _open_discrepancy(identity: Identity) -> Discrepancy | None:
    return identity.discrepancies.filter(state=Discrepancy.State.OPEN).first()


def _rights(actor: Actor, dossier: Dossier) -> dict[str, bool]:
    return {
        "may_write": can(actor, Permission.WRITE_IDENTITE, dossier),
        "may_qualify": can(actor, Permission.QUALIFY_IDENTITE, dossier),
        "may_see_copies": can(actor, Permission.READ_EVIDENCE_COPIES, dossier),
    }


def _waiting_block(dossier: Dossier, insi: InsiState) -> dict[str, Any]:
    title, text = "Appel à INSi en cours", "INSi répond en général en 15 secondes."
    if insi.kind is Insi.LATE and insi.due_at is not None:
        title = f"Amarre rappelle INSi à {hour(insi.due_at)}"
        text = "Le prochain appel part seul, vous n’avez rien à relancer."
    elif insi.seconds > SLOW_SECONDS:
        text = "INSi met plus de temps que d’habitude."
    # Beyond the usual time nobody knows how long: the bar only says that something goes on.
    known = insi.kind is Insi.PENDING and insi.seconds <= USUAL_SECONDS
    note = "Vous pouvez continuer : l’identité est enregistrée. Le résultat arrivera ici."
    return {
        "id": "insi-attente",
        "title": title,
        "text": text,
        "value": insi.seconds,
        "max": USUAL_SECONDS if known else 0,
        "seconds": 2 if insi.seconds <= SLOW_SECONDS else 10,
        "poll_url": reverse("usagers:show_insi_search", kwargs={"dossier_id": dossier.pk}),
        "reload_url": _identity_url(dossier),
        "note": note,
    }


def _identity_url(dossier: Dossier) -> str:
    return reverse("usagers:show_identity", kwargs={"dossier_id": dossier.pk})
