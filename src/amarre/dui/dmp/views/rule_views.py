"""« Règles de dépôt »: which types leave for the DMP, when, by whom."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from amarre.dui.access import policy
from amarre.dui.access.actors import actor_of
from amarre.dui.access.permissions import Permission
from amarre.dui.access.roles import Role
from amarre.dui.access.scope import system_scope
from amarre.dui.authoring.catalogue import TEMPLATES
from amarre.dui.dmp.forms.rule_form import MOMENTS, RuleForm
from amarre.dui.dmp.rules import Moment, Rule, accepted_types, is_accepted, rule_for, stored_rules
from amarre.dui.dmp.services.set_rule import set_rule
from amarre.dui.documents.models import Document
from amarre.dui.organisations.models import Essms
from amarre.interop.terminology import document_type

SHORT = {
    Moment.JAMAIS: ("Jamais", "", "cadenas"),
    Moment.PROPOSER: ("Proposé", "inf", "afaire"),
    Moment.VALIDATION: ("À la validation", "ok", "coche"),
    Moment.ACCORD: ("Après accord", "att", "ecrit"),
}


@dataclass(frozen=True, slots=True)
class RuleLine:
    """One type on the page."""

    type_code: str
    label: str
    rule: Rule
    word: str
    tone: str
    icon: str
    roles: str


@require_safe
def list_rules(request: HttpRequest) -> HttpResponse:
    """List the rules: first the types written or filed here, then the others that the DMP takes."""
    essms = _essms(request)
    with system_scope("rules and types of the actor's establishment"):
        stored = stored_rules(essms.pk)
        filed = Document.objects.filter(dossier__essms=essms).values_list("type_code", flat=True)
        here = {*filed.distinct(), *(template.type_code for template in TEMPLATES), *stored}
    lines = [_line(kind.code.code, kind.code.display, stored) for kind in accepted_types()]
    context = {
        "essms": essms,
        "here": [line for line in lines if line.type_code in here],
        "others": [line for line in lines if line.type_code not in here],
    }
    return render(request, "dmp/rules.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def edit_rule(request: HttpRequest, type_code: str) -> HttpResponse:
    """Show and change the rule of one type."""
    essms = _essms(request)
    kind = document_type(type_code)
    if kind is None or not is_accepted(type_code):
        raise Http404
    with system_scope("rules of the actor's establishment"):
        rule = rule_for(stored_rules(essms.pk), type_code)
    initial = {
        "moment": rule.moment,
        "roles": sorted(rule.roles),
        "follows_versions": rule.follows_versions,
    }
    form = RuleForm(request.POST if request.method == "POST" else None, initial=initial)
    if form.is_bound and form.is_valid():
        set_rule(essms=essms, type_code=type_code, actor=actor_of(request), **form.cleaned_data)
        chosen = dict(MOMENTS)[Moment(form.cleaned_data["moment"])]
        messages.success(request, f"Règle enregistrée pour « {kind.code.display} » : {chosen.lower()}.")
        return redirect("dmp:list_rules")
    status = 422 if form.is_bound else 200
    context = {"form": form, "kind": kind, "rule": rule, "essms": essms}
    return render(request, "dmp/rule.html", context, status=status)


def _essms(request: HttpRequest) -> Essms:
    actor = actor_of(request)
    essms = policy.get_visible(actor, Essms, pk=actor.essms_id)
    policy.require(actor, Permission.CONFIGURE_ESSMS, essms)
    return essms


def _line(type_code: str, label: str, stored: dict[str, Rule]) -> RuleLine:
    rule = rule_for(stored, type_code)
    word, tone, icon = SHORT[rule.moment]
    roles = ", ".join(role.label for role in Role if role.value in rule.roles)
    return RuleLine(type_code, label, rule, word, tone, icon, roles)
