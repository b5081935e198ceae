"""« Doublons »: pairs to examine, one pair side by side, fusions and how to undo them."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from amarre.dui.access.actors import actor_of
from amarre.dui.access.errors import OutOfScope
from amarre.dui.access.permissions import Permission
from amarre.dui.access.policy import require
from amarre.dui.audit.services.record import record_reading
from amarre.dui.usagers.forms.vigilance_forms import DistinctForm, MergeForm, ReasonForm
from amarre.dui.usagers.models import DuplicatePair, IdentityMerge
from amarre.dui.usagers.presenters import status_key, usual_name
from amarre.dui.usagers.selectors import duplicates
from amarre.dui.usagers.services.judge_pair import declare_distinct
from amarre.dui.usagers.services.merge_identities import merge_identities
from amarre.dui.usagers.services.unmerge_identities import unmerge_identities
from amarre.dui.web.pages import page


@require_safe
def list_duplicates(request: HttpRequest) -> HttpResponse:
    """List the pairs, the most alike first."""
    actor = actor_of(request)
    require(actor, Permission.QUALIFY_IDENTITE)
    shelf = request.GET.get("etat", "")
    shelf = shelf if shelf in duplicates.SHELVES else ""
    found = duplicates.pair_page(actor, shelf, request.GET.get("apres", ""))
    record_reading(actor, "duplicate.list_consulted")
    context = {
        "lines": [_line(one) for one in found.items],
        "shelf": shelf,
        "shelves": [(key, label) for key, (_, label) in duplicates.SHELVES.items()],
        "pager": {
            "next_url": _next("list_duplicates", found.next_cursor, etat=shelf),
            "target": "doublons",
        },
    }
    return page(request, "usagers/duplicates.html", "usagers/_duplicate_list.html", context)


@require_safe
def show_duplicate(request: HttpRequest, pair_id: int) -> HttpResponse:
    """Show the two identities side by side."""
    pair = _pair(request, pair_id)
    for identity_id in (pair.first_id, pair.second_id):
        record_reading(actor_of(request), "duplicate.consulted", subject=pair, usager_id=identity_id)
    return render(request, "usagers/duplicate.html", _context(request, pair))


@require_POST
def judge_distinct(request: HttpRequest, pair_id: int) -> HttpResponse:
    """Keep that they are two persons."""
    pair = _pair(request, pair_id)
    form = DistinctForm(request.POST)
    if not form.is_valid():
        return render(
            request, "usagers/duplicate.html", _context(request, pair, distinct_form=form), status=422
        )
    declare_distinct(
        pair=pair,
        homonymes=form.cleaned_data["homonymes"],
        reason=form.cleaned_data["reason"],
        actor=actor_of(request),
    )
    messages.success(request, "C’est noté : ce sont deux personnes. La paire ne sera plus proposée.")
    return redirect("usagers:vigilance:list_duplicates")


@require_POST
def merge(request: HttpRequest, pair_id: int) -> HttpResponse:
    """Make one identity of the two."""
    pair = _pair(request, pair_id)
    context = _context(request, pair)
    form = MergeForm(request.POST, choices=context["choices"], suggested=context["suggested"].pk)
    if not form.is_valid():
        return render(request, "usagers/duplicate.html", context | {"merge_form": form}, status=422)
    done = merge_identities(
        pair=pair,
        survivor_id=form.cleaned_data["survivor"],
        reason=form.cleaned_data["reason"],
        actor=actor_of(request),
    )
    messages.success(request, "Les deux identités sont réunies. Vous pouvez défaire la fusion d’ici.")
    return redirect("usagers:vigilance:show_merge", merge_id=done.pk)


@require_safe
def list_merges(request: HttpRequest) -> HttpResponse:
    """List the fusions, the latest first."""
    actor = actor_of(request)
    require(actor, Permission.QUALIFY_IDENTITE)
    found = duplicates.merge_page(actor, request.GET.get("apres", ""))
    record_reading(actor, "duplicate.list_consulted")
    context = {
        "lines": [
            {"merge": one, "name": usual_name(one.survivor), "absorbed": usual_name(one.absorbed)}
            for one in found.items
        ],
        "pager": {"next_url": _next("list_merges", found.next_cursor), "target": "fusions"},
    }
    return page(request, "usagers/merges.html", "usagers/_merge_list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def show_merge(request: HttpRequest, merge_id: int) -> HttpResponse:
    """Show a fusion (GET), undo it (POST)."""
    actor = actor_of(request)
    held = _visible(actor, IdentityMerge.objects.visible_to(actor), merge_id)
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        unmerge_identities(merge=held, reason=form.cleaned_data["reason"], actor=actor)
        messages.success(request, "Les deux identités sont séparées : chacune a retrouvé ce qu’elle avait.")
        return redirect("usagers:vigilance:show_merge", merge_id=held.pk)
    if not form.is_bound:
        for identity_id in (held.survivor_id, held.absorbed_id):
            record_reading(actor, "duplicate.consulted", subject=held, usager_id=identity_id)
    context = {
        "merge": held,
        "name": usual_name(held.survivor),
        "status": status_key(held.survivor),
        "traits": duplicates.trait_pairs(held.survivor, held.absorbed),
        "moved": len(held.previous["dossiers"]),
        "joined": len(held.previous["joined"]),
        "dossier_id": duplicates.dossier_here(actor, held.survivor_id),
        "form": form,
    }
    return render(request, "usagers/merge.html", context, status=422 if form.errors else 200)


def _pair(request: HttpRequest, pair_id: int) -> DuplicatePair:
    actor = actor_of(request)
    return _visible(actor, DuplicatePair.objects.visible_to(actor), pair_id)


def _visible(actor: Any, rows: Any, pk: int) -> Any:
    related: tuple[str, ...] = ("survivor", "absorbed", "merged_by", "undone_by")
    if rows.model is DuplicatePair:
        related = ("first", "second", "decided_by")
    found = rows.filter(pk=pk).select_related(*related).first()
    if found is None:
        raise OutOfScope()
    require(actor, Permission.QUALIFY_IDENTITE, found)
    return found


def _context(
    request: HttpRequest, pair: DuplicatePair, *, distinct_form: DistinctForm | None = None
) -> dict[str, Any]:
    sides = duplicates.sides_of(actor_of(request), pair)
    suggested = duplicates.suggested_survivor(pair)
    choices = [
        (
            side.identity.pk,
            f"n° {side.identity.local_number}, {side.identity.nom_naissance} {side.identity.premier_prenom}"
            + (" (proposée : la plus sûre, ou la plus ancienne)" if side.identity.pk == suggested.pk else ""),
        )
        for side in sides
    ]
    return {
        "pair": pair,
        "sides": sides,
        "traits": duplicates.trait_pairs(pair.first, pair.second),
        "waits": pair.state == DuplicatePair.State.PROPOSED
        and pair.first.merged_into_id is None
        and pair.second.merged_into_id is None,
        "choices": choices,
        "suggested": suggested,
        "merge_form": MergeForm(choices=choices, suggested=suggested.pk),
        "distinct_form": distinct_form or DistinctForm(),
    }


def _line(pair: DuplicatePair) -> dict[str, Any]:
    return {
        "pair": pair,
        "score": round(pair.score),
        "first": usual_name(pair.first),
        "second": usual_name(pair.second),
        "births": {pair.first.traits.date_naissance.french, pair.second.traits.date_naissance.french},
    }


def _next(name: str, cursor: str, **kept: str) -> str:
    if not cursor:
        return ""
    query = {key: value for key, value in kept.items() if value} | {"apres": cursor}
    return f"{reverse(f'usagers:vigilance:{name}')}?{urlencode(query)}"
