"""« Identitovigilance »: the figures, each one opens its list; the delays of the establishment."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from amarre.dui.access.actors import actor_of
from amarre.dui.access.permissions import Permission
from amarre.dui.access.policy import require
from amarre.dui.audit.services.record import record_reading
from amarre.dui.core.actor import Actor
from amarre.dui.usagers import vigilance_figures
from amarre.dui.usagers.forms.vigilance_forms import DelaysForm
from amarre.dui.usagers.models import VigilanceSettings
from amarre.dui.usagers.presenters import usual_name
from amarre.dui.usagers.selectors import discrepancies, duplicates, people, vigilance
from amarre.dui.usagers.services.set_delays import set_delays


@require_safe
def show_vigilance(request: HttpRequest) -> HttpResponse:
    """Show the figures of the establishment."""
    actor = actor_of(request)
    require(actor, Permission.QUALIFY_IDENTITE)
    record_reading(actor, "vigilance.consulted")
    delays = vigilance.delays_of(actor)
    rates = vigilance.rates(actor)
    context = {
        "rates": rates,
        "qualified": next(one for one in rates if one.key == "qualifiee"),
        "work": _work(actor, delays),
        "figures": [
            {"label": one.label, "count": one.count(request), "url": one.url(), "help": one.sentence}
            for one in vigilance_figures.registered()
        ],
        "delays": delays,
        "collisions": [
            (case, usual_name(case.identity))
            for case in vigilance.open_collisions(actor).select_related("dossier", "identity")
        ],
    }
    return render(request, "usagers/vigilance.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def change_delays(request: HttpRequest) -> HttpResponse:
    """Change after how long an identity is late."""
    actor = actor_of(request)
    require(actor, Permission.QUALIFY_IDENTITE)
    row = VigilanceSettings.objects.visible_to(actor).first() or VigilanceSettings()
    form = DelaysForm(request.POST if request.method == "POST" else None, instance=row)
    if form.is_bound and form.is_valid():
        set_delays(actor=actor, **form.cleaned_data)
        messages.success(request, "Les délais sont enregistrés.")
        return redirect("usagers:vigilance:show_vigilance")
    return render(request, "usagers/delays.html", {"form": form}, status=422 if form.errors else 200)


def _work(actor: Actor, delays: vigilance.Delays) -> list[dict[str, Any]]:
    """Return what waits: words, count, the list that was counted."""
    listed = reverse("usagers:list_people")
    days, months = delays.provisional_days, delays.reverification_months
    return [
        {
            "label": "Écarts ouverts",
            "count": discrepancies.open_discrepancies(actor).count(),
            "url": reverse("usagers:vigilance:list_discrepancies"),
            "help": "INSi et notre base ne disent pas la même chose.",
        },
        {
            "label": "Doublons à examiner",
            "count": duplicates.waiting_pairs(actor).count(),
            "url": reverse("usagers:vigilance:list_duplicates"),
            "help": "Deux identités se ressemblent.",
        },
        {
            "label": f"Provisoires depuis plus de {days} jour{'s' if days > 1 else ''}",
            "count": vigilance.late_provisional(actor, delays).count(),
            "url": f"{listed}?statut={vigilance.PROVISIONAL}",
            "help": "Il manque encore la pièce et l’INS.",
        },
        {
            "label": "INS à vérifier à nouveau",
            "count": vigilance.due_for_verification(actor, delays).count(),
            "url": f"{listed}?statut={vigilance.TO_VERIFY}",
            "help": f"Ni obtenue ni vérifiée depuis {months} mois.",
        },
        {
            "label": "Réponses d’INSi à décider",
            "count": people.to_decide(actor).count(),
            "url": f"{listed}?statut={people.TO_DECIDE}",
            "help": "INSi a répondu, personne n’a encore décidé.",
        },
    ]
