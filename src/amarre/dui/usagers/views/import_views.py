"""« Importer une liste »: file, columns, preview, import. Four pages, each whole without script.

Between two pages the file is in the private storage (`importing.stash`); the session holds its token and the
answers, which name columns and fields, never a person.
"""

from __future__ import annotations

import hashlib
import json
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from amarre.dui.access.actors import actor_of
from amarre.dui.access.permissions import Permission
from amarre.dui.access.policy import get_visible, require
from amarre.dui.audit.services.record import record_reading
from amarre.dui.core.actor import Actor
from amarre.dui.organisations.models import Essms
from amarre.dui.usagers.forms.import_form import ColumnsForm, ListFileForm
from amarre.dui.usagers.import_page import STEPS, preview_context, result_context
from amarre.dui.usagers.importing import stash
from amarre.dui.usagers.importing.columns import Choice, Table, read_table
from amarre.dui.usagers.importing.errors import DraftGone, ImportListError, ListTooLarge
from amarre.dui.usagers.importing.limits import MAX_BYTES
from amarre.dui.usagers.importing.refused_file import refused_csv
from amarre.dui.usagers.importing.source import read_list
from amarre.dui.usagers.services.import_usagers import import_usagers, preview_import
from amarre.dui.web import shell
from amarre.dui.web.steps import stepper

SESSION_KEY = "usagers_import"


@require_http_methods(["GET", "HEAD", "POST"])
def import_file(request: HttpRequest) -> HttpResponse:
    """Choose the file; it is read at once, so that what it is not is said here."""
    actor = _importer(request)
    sent = request.method == "POST"
    form = ListFileForm(request.POST, request.FILES) if sent else ListFileForm()
    refusal: ImportListError | None = None
    if sent and form.is_valid():
        upload = form.cleaned_data["file"]
        try:
            if upload.size > MAX_BYTES:
                raise ListTooLarge(limit=MAX_BYTES // (1024 * 1024))
            data = upload.read()
            read_table(read_list(data))
        except ImportListError as error:
            refusal = error
        else:
            stash.discard(_state(request).get("token", ""))
            token = stash.put(actor, stash.Draft({"name": upload.name[:100]}, data))
            request.session[SESSION_KEY] = {"token": token}
            return redirect("usagers:import_columns")
    context: dict[str, Any] = {"form": form, "steps": stepper(STEPS, STEPS[0])}
    if refusal is not None:
        explanation = refusal.explanation()
        context |= {"explication": explanation, "contact": shell.contact(request, explanation.contact)}
    return render(request, "usagers/import_file.html", context, status=422 if refusal or form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def import_columns(request: HttpRequest) -> HttpResponse:
    """Show what each column was taken for, and ask what « Nom » means."""
    actor = _importer(request)
    draft, table = _draft(request, actor)
    form = ColumnsForm(table, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        request.session[SESSION_KEY] = {**_state(request), "answers": form.values()}
        return redirect("usagers:import_preview")
    context = {"form": form, "table": table, "name": draft.values["name"], "steps": stepper(STEPS, STEPS[1])}
    return render(request, "usagers/import_columns.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def import_preview(request: HttpRequest) -> HttpResponse:
    """Show what would be stored, what is refused and who is known; POST imports."""
    actor = _importer(request)
    draft, table = _draft(request, actor)
    answers = _answers(request, table)
    if answers is None:
        return redirect("usagers:import_columns")
    choice, entered_on = answers
    asked: Any = {
        "essms": _essms(actor), "table": table, "choice": choice, "actor": actor, "entered_on": entered_on
    }  # fmt: skip
    if request.method != "POST":
        plan = preview_import(**asked)
        record_reading(actor, "identity.searched", details={"results": len(plan.rows) - len(plan.to_open)})
        context = preview_context(table, plan) | {"name": draft.values["name"], "shown": _shown(request)}
        return render(request, "usagers/import_preview.html", context)
    if request.POST.get("apercu") != _shown(request):
        messages.warning(
            request, "La liste ou ses colonnes ont changé, dans un autre onglet. Voici l'aperçu à jour."
        )
        return redirect("usagers:import_preview")
    result = import_usagers(**asked)
    kept = stash.Draft(
        {
            **result.counts,
            "attached": result.attached,
            "dossiers": [dossier.pk for dossier in result.dossiers],
        },
        refused_csv(table.columns, result.plan.refused) if result.plan.refused else b"",
    )
    stash.discard(_state(request).get("token", ""))
    request.session[SESSION_KEY] = {"result": stash.put(actor, kept)}
    return redirect("usagers:import_result")


@require_safe
def import_result(request: HttpRequest) -> HttpResponse:
    """Say what was done, with links to the dossiers and to the refused rows."""
    actor = _importer(request)
    result = stash.get(actor, _state(request).get("result", ""))
    context = result_context(actor, result.values, has_refused=bool(result.data))
    record_reading(actor, "dossier.list_consulted")
    return render(request, "usagers/import_result.html", context)


@require_safe
def import_refused(request: HttpRequest) -> HttpResponse:
    """Give back the refused rows: those of the preview, then those of the import."""
    actor = _importer(request)
    state = _state(request)
    if state.get("result"):
        data = stash.get(actor, state["result"]).data
    else:
        _, table = _draft(request, actor)
        answers = _answers(request, table)
        if answers is None:
            raise DraftGone
        plan = preview_import(
            essms=_essms(actor), table=table, choice=answers[0], actor=actor, entered_on=answers[1]
        )
        data = refused_csv(table.columns, plan.refused)
    response = HttpResponse(data, content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = 'attachment; filename="lignes-refusees.csv"'
    return response


@require_POST
def import_abandon(request: HttpRequest) -> HttpResponse:
    """Forget the file."""
    _importer(request)
    state = request.session.pop(SESSION_KEY, {})
    for key in ("token", "result"):
        stash.discard(state.get(key, ""))
    messages.info(request, "La liste est oubliée. Aucun dossier n'a été créé.")
    return redirect("usagers:import_file")


def _importer(request: HttpRequest) -> Actor:
    actor = actor_of(request)
    require(actor, Permission.IMPORT_USAGERS)
    return actor


def _essms(actor: Actor) -> Essms:
    return get_visible(actor, Essms, pk=actor.essms_id)


def _state(request: HttpRequest) -> dict[str, Any]:
    state = request.session.get(SESSION_KEY)
    return state if isinstance(state, dict) else {}


def _shown(request: HttpRequest) -> str:
    """Return what names the preview shown: a list chosen since, in another tab, is never imported unseen."""
    state = _state(request)
    said = json.dumps([state.get("token", ""), state.get("answers")], sort_keys=True)
    return hashlib.sha256(said.encode()).hexdigest()[:32]


def _draft(request: HttpRequest, actor: Actor) -> tuple[stash.Draft, Table]:
    draft = stash.get(actor, _state(request).get("token", ""))
    return draft, read_table(read_list(draft.data))


def _answers(request: HttpRequest, table: Table) -> tuple[Choice, Any] | None:
    """Return the answers of the columns' page, None when it was not passed."""
    answers = _state(request).get("answers")
    if answers is None:
        return None
    form = ColumnsForm(table, answers)
    if not form.is_valid() or form.choice is None:
        return None
    return form.choice, form.cleaned_data["entered_on"]
