"""« Prêt pour le DMP ? »: the page of an establishment, its test, the page of a person."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from amarre.dui.access import policy
from amarre.dui.access.actors import actor_of
from amarre.dui.access.permissions import Permission
from amarre.dui.access.scope import system_scope
from amarre.dui.accounts.models import User
from amarre.dui.audit.services.record import record_reading
from amarre.dui.dmp.forms.preparation_form import PreparationForm
from amarre.dui.dmp.models import Preparation
from amarre.dui.dmp.readiness.establishment import NOTED, establishment_findings
from amarre.dui.dmp.readiness.findings import Finding, Place
from amarre.dui.dmp.readiness.guidance import Guidance, Section, guidance
from amarre.dui.dmp.readiness.person import person_points, version_states
from amarre.dui.dmp.services.note_preparation import note_preparation
from amarre.dui.dmp.services.try_connection import try_connection
from amarre.dui.documents.control import PointState, Shared
from amarre.dui.organisations.models import Essms
from amarre.dui.organisations.selectors import profile_of
from amarre.dui.usagers.dossier_page import dossier_context, open_dossier


@dataclass(frozen=True, slots=True)
class Point:
    """One line of the page: what was found, and how to obtain it."""

    finding: Finding
    guidance: Guidance


@require_safe
def show_readiness(request: HttpRequest) -> HttpResponse:
    """Show every prerequisite of the establishment, by section."""
    essms = _essms(request)
    with system_scope("readiness of the actor's establishment"):
        place = Place(essms, profile_of(essms), Shared())
        findings = establishment_findings(place)
    record_reading(actor_of(request), "dmp.readiness_consulted")
    ways = guidance()
    points = [Point(finding, ways[finding.key]) for finding in findings]
    states = [finding.state for finding in findings]
    context = {
        "essms": essms,
        "environment": place.profile.get_environment_display(),
        "sections": [
            (Section(key), list(group))
            for key, group in groupby(points, key=lambda one: one.guidance.section)
        ],
        "blocking": states.count(PointState.BLOCKING),
        "looking": states.count(PointState.LOOK),
        "good": states.count(PointState.GOOD),
        "can_test": bool(place.profile.dmp_url),
    }
    return render(request, "dmp/readiness.html", context)


@require_POST
def test_now(request: HttpRequest) -> HttpResponse:
    """Call the DMP now, for a few seconds at most."""
    essms = _essms(request)
    test = try_connection(essms=essms, actor=actor_of(request))
    if test.answered:
        messages.success(request, "Le DMP a répondu : la liaison et le certificat sont bons.")
    else:
        said = f"{test.explanation['what']} {test.explanation['advice']}"
        messages.error(request, f"La liaison n'est pas bonne. {said}")
    return redirect("dmp:readiness")


@require_http_methods(["GET", "HEAD", "POST"])
def note(request: HttpRequest, key: str) -> HttpResponse:
    """Note when a step outside the software was done."""
    essms = _essms(request)
    if key not in NOTED:
        raise Http404
    actor = actor_of(request)
    row = Preparation.objects.visible_to(actor).filter(key=key).first()
    initial = {"done_on": row.done_on, "note": row.note} if row else {}
    form = PreparationForm(request.POST if request.method == "POST" else None, initial=initial)
    if form.is_bound and form.is_valid():
        note_preparation(essms=essms, key=key, actor=actor, **form.cleaned_data)
        messages.success(request, "C'est noté.")
        return redirect("dmp:readiness")
    context = {"form": form, "guidance": guidance()[key]}
    return render(request, "dmp/preparation.html", context, status=422 if form.is_bound else 200)


@require_safe
def show_person(request: HttpRequest, dossier_id: int) -> HttpResponse:
    """Show what a deposit about this person needs, and what each current document still lacks."""
    dossier = open_dossier(request, dossier_id, Permission.READ_DOCUMENTS, "dmp.readiness_consulted")
    viewer, shared = _viewer(request), Shared()
    context = dossier_context(request, dossier, "documents") | {
        "points": person_points(dossier, viewer, shared),
        "versions": version_states(dossier, viewer, shared),
    }
    return render(request, "dmp/person.html", context)


def _essms(request: HttpRequest) -> Essms:
    actor = actor_of(request)
    essms = policy.get_visible(actor, Essms, pk=actor.essms_id)
    policy.require(actor, Permission.CONFIGURE_ESSMS, essms)
    return essms


def _viewer(request: HttpRequest) -> User:
    assert isinstance(request.user, User)  # noqa: S101 - `open_dossier` refuses who is not logged in
    return request.user
