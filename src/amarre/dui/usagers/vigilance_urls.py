"""Addresses of identitovigilance: écarts, doublons, fusions, collisions, figures."""

from __future__ import annotations

from django.urls import path

from amarre.dui.usagers.views import (
    collision_views,
    discrepancy_views,
    duplicate_views,
    evidence_views,
    vigilance_views,
)

app_name = "vigilance"
urlpatterns = [
    path("identitovigilance/", vigilance_views.show_vigilance, name="show_vigilance"),
    path("identitovigilance/delais/", vigilance_views.change_delays, name="change_delays"),
    path("identitovigilance/copies/", evidence_views.choose_evidence_copies, name="choose_copies"),
    path("ecarts/", discrepancy_views.list_discrepancies, name="list_discrepancies"),
    path("ecarts/<int:discrepancy_id>/", discrepancy_views.show_discrepancy, name="show_discrepancy"),
    path("ecarts/<int:discrepancy_id>/piece/", discrepancy_views.type_document, name="type_document"),
    path("ecarts/<int:discrepancy_id>/decider/", discrepancy_views.settle, name="settle_discrepancy"),
    path("doublons/", duplicate_views.list_duplicates, name="list_duplicates"),
    path("doublons/<int:pair_id>/", duplicate_views.show_duplicate, name="show_duplicate"),
    path("doublons/<int:pair_id>/deux-personnes/", duplicate_views.judge_distinct, name="judge_distinct"),
    path("doublons/<int:pair_id>/reunir/", duplicate_views.merge, name="merge_identities"),
    path("fusions/", duplicate_views.list_merges, name="list_merges"),
    path("fusions/<int:merge_id>/", duplicate_views.show_merge, name="show_merge"),
    path(
        "dossiers/<int:dossier_id>/identite/collision/", collision_views.open_case, name="open_collision"
    ),
    path("collisions/<int:collision_id>/", collision_views.show_collision, name="show_collision"),
    path("collisions/<int:collision_id>/controle/", collision_views.check, name="check_collision_point"),
    path("collisions/<int:collision_id>/conclure/", collision_views.close, name="close_collision"),
    path(
        "collisions/<int:collision_id>/deja-parti/", collision_views.export_departures,
        name="export_departures",
    ),
]  # fmt: skip
