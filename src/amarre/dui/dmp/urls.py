"""Addresses of the DMP."""

from __future__ import annotations

from django.urls import path

from amarre.dui.dmp import reading_urls
from amarre.dui.dmp.views import (
    approval_views,
    proposal_views,
    readiness_views,
    reconciliation_views,
    rights_views,
    rule_views,
)
from amarre.dui.dmp.views.deposit_views import deposit

app_name = "dmp"
APPROVAL = "dmp/a-valider/<int:deposit_id>/"
READY = "etablissement/pret-pour-le-dmp/"
RULES = "etablissement/regles-de-depot/"
urlpatterns = [
    *reading_urls.patterns,
    path(
        "dossiers/<int:dossier_id>/documents/<int:document_id>/deposer-au-dmp/",
        deposit,
        name="deposit",
    ),
    path("dmp/a-deposer/", proposal_views.list_proposals, name="list_proposals"),
    path("dmp/a-deposer/deposer/", proposal_views.deposit_proposals, name="deposit_proposals"),
    path(
        "dmp/a-deposer/<int:proposal_id>/ecarter/",
        proposal_views.set_proposal_aside,
        name="set_proposal_aside",
    ),
    path("dmp/reception/", reconciliation_views.reception, name="reception"),
    path("dmp/reception/export.csv", reconciliation_views.export, name="reception_csv"),
    path("dmp/reception/demander/", reconciliation_views.ask, name="ask_reception"),
    path("dmp/reception/<int:reception_id>/supprime/", reconciliation_views.gone, name="note_gone"),
    path("dmp/reception/<int:reception_id>/corriger/", reconciliation_views.correct, name="correct_state"),
    path("dmp/a-valider/", approval_views.list_approvals, name="list_approvals"),
    path(APPROVAL, approval_views.show_approval, name="show_approval"),
    path(APPROVAL + "approuver/", approval_views.approve, name="approve_deposit"),
    path(APPROVAL + "refuser/", approval_views.decline, name="decline_deposit"),
    path(READY, readiness_views.show_readiness, name="readiness"),
    path(READY + "tester/", readiness_views.test_now, name="test_connection"),
    path(READY + "noter/<str:key>/", readiness_views.note, name="note_preparation"),
    path(
        "dossiers/<int:dossier_id>/pret-pour-le-dmp/",
        readiness_views.show_person,
        name="person_readiness",
    ),
    path("dmp/droits/", rights_views.show_rights, name="rights"),
    path(RULES, rule_views.list_rules, name="list_rules"),
    path(RULES + "<str:type_code>/", rule_views.edit_rule, name="edit_rule"),
]
