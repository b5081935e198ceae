"""« Écarts »: the work-list, and one écart from the three sources to the decision."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from amarre.dui.access.actors import actor_of
from amarre.dui.access.permissions import Permission
from amarre.dui.access.policy import get_visible, require
from amarre.dui.audit.services.record import record_reading
from amarre.dui.core.clock import now
from amarre.dui.usagers.forms.vigilance_forms import DocumentReadForm, SettleForm
from amarre.dui.usagers.models import Discrepancy
from amarre.dui.usagers.presenters import status_key, status_label, usual_name
from amarre.dui.usagers.selectors import discrepancies, identity_history
from amarre.dui.usagers.selectors.discrepancies import Choice, Sources, rows_of, sources_of, used_name_typed
from amarre.dui.usagers.selectors.discrepancy_advice import advice_of, options_of
from amarre.dui.usagers.services import settle_discrepancy
from amarre.dui.usagers.services.settle_discrepancy import read_document
from amarre.dui.web import shell
from amarre.dui.web.dates import duration
from amarre.dui.web.pages import page
from amarre.interop.common.errors import Contact
from amarre.interop.ins import TRAIT_LABELS, Trait
from amarre.interop.ins.compare import TOLERANCES, Cause

ACTS: dict[str, tuple[Callable[..., Any], str]] = {
    Choice.CORRECT: (
        settle_discrepancy.correct_base,
        "La base suit la pièce et INSi est rappelé. Sa réponse arrivera sur cette page.",
    ),
    Choice.TAKE: (settle_discrepancy.take_insi, "Les traits d’INSi et l’INS sont repris."),
    Choice.SET_ASIDE: (settle_discrepancy.set_aside, "L’écart est mis de côté. L’identité n’a pas changé."),
    Choice.DOUBTFUL: (
        settle_discrepancy.declare_doubtful,
        "L’identité est signalée douteuse : plus rien ne part avec l’INS.",
    ),
}


@require_safe
def list_discrepancies(request: HttpRequest) -> HttpResponse:
    """List the écarts, the oldest open first, one page at a time."""
    actor = actor_of(request)
    require(actor, Permission.QUALIFY_IDENTITE)
    key = request.GET.get("nature", "")
    found = discrepancies.discrepancy_page(actor, key, request.GET.get("apres", ""))
    record_reading(actor, "discrepancy.list_consulted")
    query = {"nature": key, "apres": found.next_cursor}
    address = reverse("usagers:vigilance:list_discrepancies")
    next_url = f"{address}?{urlencode({name: value for name, value in query.items() if value})}"
    context = {
        "lines": [_line(one) for one in found.items],
        "filters": discrepancies.filter_links(actor, key),
        "settled": key == discrepancies.SETTLED_FILTER,
        "pager": {"next_url": next_url if found.next_cursor else "", "target": "ecarts"},
    }
    return page(request, "usagers/discrepancies.html", "usagers/_discrepancy_list.html", context)


@require_safe
def show_discrepancy(request: HttpRequest, discrepancy_id: int) -> HttpResponse:
    """Show one écart."""
    held = _held(request, discrepancy_id)
    record_reading(
        actor_of(request), "discrepancy.consulted", subject=held, dossier_id=held.dossier_id,
        usager_id=held.identity_id,
    )  # fmt: skip
    return render(request, "usagers/discrepancy.html", _context(request, held))


@require_POST
def type_document(request: HttpRequest, discrepancy_id: int) -> HttpResponse:
    """Keep what was read on the document, then compare."""
    held = _held(request, discrepancy_id)
    form = DocumentReadForm(request.POST, held=held)
    if not form.is_valid() or form.traits is None:
        context = _context(request, held, document_form=form)
        return render(request, "usagers/discrepancy.html", context, status=422)
    read_document(
        discrepancy=held,
        traits=form.traits,
        device=form.device_code,
        seen_on=form.cleaned_data["seen_on"],
        actor=actor_of(request),
    )
    messages.success(request, "La pièce est recopiée. Comparez, puis décidez.")
    return redirect(_address(held) + "#comparer")


@require_http_methods(["POST"])
def settle(request: HttpRequest, discrepancy_id: int) -> HttpResponse:
    """Carry out the decision of the button pressed."""
    held = _held(request, discrepancy_id)
    form = SettleForm(request.POST, used_name=used_name_typed(held, sources_of(held)))
    if not form.is_valid():
        return render(
            request, "usagers/discrepancy.html", _context(request, held, settle_form=form), status=422
        )
    act, said = ACTS[form.cleaned_data["decision"]]
    keeps = form.cleaned_data["decision"] == Choice.CORRECT and form.cleaned_data.get("keeps_used_name")
    options = {"keeps_used_name": True} if keeps else {}
    act(discrepancy=held, reason=form.cleaned_data["reason"], actor=actor_of(request), **options)
    messages.success(request, said)
    if form.cleaned_data["decision"] == Choice.CORRECT:
        return redirect(reverse("usagers:show_identity", kwargs={"dossier_id": held.dossier_id}) + "#insi")
    return redirect(_address(held))


def _held(request: HttpRequest, discrepancy_id: int) -> Discrepancy:
    actor = actor_of(request)
    found: Discrepancy = get_visible(actor, Discrepancy, pk=discrepancy_id)
    require(actor, Permission.QUALIFY_IDENTITE, found)
    rows = Discrepancy.objects.visible_to(actor).select_related(
        "identity", "dossier__essms", "search", "decided_by"
    )
    return rows.get(pk=found.pk)


def _context(
    request: HttpRequest,
    held: Discrepancy,
    *,
    document_form: DocumentReadForm | None = None,
    settle_form: SettleForm | None = None,
) -> dict[str, Any]:
    sources = sources_of(held)
    return {
        "held": held,
        "name": usual_name(held.identity),
        "status": status_key(held.identity),
        "age": _age(held),
        "sources": sources,
        "rows": rows_of(sources) if held.is_open else [],
        "advice": advice_of(held, sources),
        "options": options_of(held, sources) if held.is_open else [],
        "differences": _differences(held),
        "document_form": document_form or DocumentReadForm(held=held),
        "settle_form": settle_form or SettleForm(used_name=used_name_typed(held, sources)),
        "history": identity_history.history(held.identity),
        "documents": identity_history.seen_documents(held.identity),
        "must_read": _must_read(held, sources),
        "support": _support(request),
    }


def _support(request: HttpRequest) -> shell.ContactCard | None:
    """Return whom to ask, None for the person whose work it is: nobody calls themselves."""
    card = shell.contact(request, Contact.REFERENT_IDENTITE)
    return None if card.name.casefold() == actor_of(request).name.casefold() else card


def _must_read(held: Discrepancy, sources: Sources) -> bool:
    """Say whether typing the document is the next thing to do."""
    tolerated = held.kind == Discrepancy.Kind.TOLERATED and sources.insi is not None
    return held.is_open and sources.document is None and not tolerated


def _age(held: Discrepancy) -> str:
    age = now() - held.opened_at
    return duration(age) if age >= datetime.timedelta(minutes=1) else "moins d’une minute"


def _differences(held: Discrepancy) -> list[tuple[str, str]]:
    """Return what differed when the écart was opened: the trait and the explanation, never the values."""
    return [
        (TRAIT_LABELS[Trait(one["trait"])].capitalize(), TOLERANCES[Cause(one["cause"])].explanation)
        for one in held.differences
    ]


def _line(held: Discrepancy) -> dict[str, Any]:
    labels = [TRAIT_LABELS[Trait(one["trait"])] for one in held.differences]
    return {
        "held": held,
        "name": usual_name(held.identity),
        "status_label": status_label(held.identity),
        "traits": ", ".join(labels),
        "age": _age(held),
        "tone": "att" if held.kind == Discrepancy.Kind.BLOCKING else "",
    }


def _address(held: Discrepancy) -> str:
    return reverse("usagers:vigilance:show_discrepancy", kwargs={"discrepancy_id": held.pk})
