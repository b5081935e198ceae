"""Addresses of the home, the people and their identity."""

from __future__ import annotations

from django.urls import include, path

from amarre.dui.usagers.views import (
    creation_views,
    dossier_views,
    evidence_views,
    home_views,
    identity_views,
    import_views,
    people_views,
    recall_views,
    scan_views,
    verification_views,
    vitale_views,
)

app_name = "usagers"
urlpatterns = [
    path("", include("amarre.dui.usagers.vigilance_urls")),
    path("", home_views.home, name="home"),
    path("personnes/", people_views.list_people, name="list_people"),
    path("personnes/recherche/", people_views.search_people, name="search_people"),
    path("personnes/nouvelle/", creation_views.create_person, name="create_person"),
    path("personnes/carte-vitale/", vitale_views.begin_with_card, name="begin_with_card"),
    path("personnes/scanner/", scan_views.scan, name="scan"),
    path("identites/a-appeler/", recall_views.list_recalls, name="list_recalls"),
    path("identites/verification/", verification_views.verify_file_active, name="verify_file_active"),
    path(
        "identites/verification/<int:batch_id>/",
        verification_views.show_verification,
        name="show_verification",
    ),
    path("identites/verification/<int:batch_id>/arreter/", verification_views.stop, name="stop_verification"),
    path(
        "identites/verification/<int:batch_id>/resultats.csv",
        verification_views.export,
        name="export_verification",
    ),
    path("dossiers/<int:dossier_id>/identite/prochaine-venue/", recall_views.edit_recall, name="edit_recall"),
    path(
        "dossiers/<int:dossier_id>/identite/prochaine-venue/retirer/",
        recall_views.remove_recall,
        name="remove_recall",
    ),
    path("dossiers/<int:dossier_id>/", dossier_views.show_dossier, name="show_dossier"),
    path("dossiers/<int:dossier_id>/information-dmp/", dossier_views.inform_dmp, name="inform_dmp"),
    path("dossiers/<int:dossier_id>/identite/", identity_views.show_identity, name="show_identity"),
    path(
        "dossiers/<int:dossier_id>/identite/matricule/", identity_views.show_matricule, name="show_matricule"
    ),
    path("dossiers/<int:dossier_id>/identite/piece/", evidence_views.add_evidence, name="add_evidence"),
    path(
        "dossiers/<int:dossier_id>/identite/copies/<int:copy_id>/", evidence_views.show_copy, name="show_copy"
    ),
    path(
        "dossiers/<int:dossier_id>/identite/copies/<int:copy_id>/effacer/",
        evidence_views.remove_copy,
        name="remove_copy",
    ),
    path(
        "dossiers/<int:dossier_id>/identite/insi/", identity_views.show_insi_search, name="show_insi_search"
    ),
    path(
        "dossiers/<int:dossier_id>/identite/carte-vitale/", vitale_views.ask_with_card, name="ask_with_card"
    ),
    path(
        "dossiers/<int:dossier_id>/identite/insi/appeler/", identity_views.request_insi, name="request_insi"
    ),
    path(
        "dossiers/<int:dossier_id>/identite/insi/<int:search_id>/decider/",
        identity_views.decide_insi,
        name="decide_insi",
    ),
    path("dossiers/<int:dossier_id>/identite/traits/", identity_views.change_traits, name="change_traits"),
    path("dossiers/<int:dossier_id>/identite/signalement/", identity_views.mark, name="mark_identity"),
    path("usagers/importer/", import_views.import_file, name="import_file"),
    path("usagers/importer/colonnes/", import_views.import_columns, name="import_columns"),
    path("usagers/importer/apercu/", import_views.import_preview, name="import_preview"),
    path("usagers/importer/resultat/", import_views.import_result, name="import_result"),
    path("usagers/importer/lignes-refusees/", import_views.import_refused, name="import_refused"),
    path("usagers/importer/abandon/", import_views.import_abandon, name="import_abandon"),
]
