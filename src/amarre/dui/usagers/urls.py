"""Addresses of the home, the people and their identity."""

from __future__ import annotations

from django.urls import path

from amarre.dui.usagers.views import (
    creation_views,
    dossier_views,
    home_views,
    identity_views,
    people_views,
)

app_name = "usagers"
urlpatterns = [
    path("", home_views.home, name="home"),
    path("personnes/", people_views.list_people, name="list_people"),
    path("personnes/recherche/", people_views.search_people, name="search_people"),
    path("personnes/nouvelle/", creation_views.create_person, name="create_person"),
    path("dossiers/<int:dossier_id>/", dossier_views.show_dossier, name="show_dossier"),
    path("dossiers/<int:dossier_id>/information-dmp/", dossier_views.inform_dmp, name="inform_dmp"),
    path("dossiers/<int:dossier_id>/identite/", identity_views.show_identity, name="show_identity"),
    path(
        "dossiers/<int:dossier_id>/identite/matricule/", identity_views.show_matricule, name="show_matricule"
    ),
    path("dossiers/<int:dossier_id>/identite/piece/", identity_views.add_evidence, name="add_evidence"),
    path(
        "dossiers/<int:dossier_id>/identite/insi/", identity_views.show_insi_search, name="show_insi_search"
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
]
