"""« Journal des accès » of an establishment, whole or for one dossier."""

from __future__ import annotations

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_safe

from amarre.dui.access import policy
from amarre.dui.access.actors import actor_of
from amarre.dui.access.forms import JournalFilterForm
from amarre.dui.access.journal_scope import verb_prefixes
from amarre.dui.access.permissions import Permission
from amarre.dui.audit.dossier_names import names_of
from amarre.dui.audit.selectors import JournalFilter, journal_page, line_of
from amarre.dui.audit.services.record import record_reading
from amarre.dui.web.pages import page as render_page


@require_safe
def journal_of_dossier(request: HttpRequest, dossier_id: int) -> HttpResponse:
    """Open the journal on one dossier: its tab."""
    return redirect(f"{reverse('access:journal')}?{urlencode({'dossier': dossier_id})}")


@require_safe
def journal(request: HttpRequest) -> HttpResponse:
    """List who did or read what, latest first."""
    actor = actor_of(request)
    policy.require(actor, Permission.READ_JOURNAL_ACCES)
    form = JournalFilterForm(request.GET or None)
    data = form.cleaned_data if form.is_bound and form.is_valid() else {}
    wanted = JournalFilter(
        verb=data.get("verb", ""),
        since=data.get("since"),
        until=data.get("until"),
        dossier_id=data.get("dossier", ""),
        verb_prefixes=verb_prefixes(actor.roles),
    )
    assert actor.essms_id is not None  # noqa: S101 (actor_of gives no actor without establishment)
    found = journal_page(actor.essms_id, wanted, cursor=request.GET.get("apres", ""))
    record_reading(actor, "audit.consulted", dossier_id=wanted.dossier_id)
    kept = {key: value for key, value in request.GET.items() if key != "apres" and value}
    next_url = f"{reverse('access:journal')}?{urlencode(kept | {'apres': found.next_cursor})}"
    lines = [line_of(trace) for trace in found.items]
    # The journal of one dossier already says which.
    named = {} if wanted.dossier_id else names_of(actor, (line.dossier_id for line in lines))
    context = {
        "form": form,
        "lines": [(line, named.get(line.dossier_id)) for line in lines],
        "dossier_id": wanted.dossier_id,
        "pager": {"next_url": next_url if found.next_cursor else "", "target": "journal"},
    }
    return render_page(request, "access/journal.html", "access/_journal_lines.html", context)
