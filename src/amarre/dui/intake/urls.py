"""Addresses of the documents received or written elsewhere."""

from __future__ import annotations

from django.urls import path

from amarre.dui.intake.views import import_views, received_views, review_views

app_name = "intake"
DOSSIER = "dossiers/<int:dossier_id>/documents/"
IMPORT = DOSSIER + "importer/"
ONE = DOSSIER + "a-valider/<int:imported_id>/"
RECEIVED = DOSSIER + "recus/<int:received_id>/"
urlpatterns = [
    path("documents/a-valider/", review_views.list_to_validate, name="list_to_validate"),
    path(IMPORT, import_views.choose_files, name="choose_files"),
    path(IMPORT + "decrire/", import_views.describe, name="describe"),
    path(IMPORT + "page/<int:number>/", import_views.waiting_page, name="waiting_page"),
    path(IMPORT + "abandonner/", import_views.abandon, name="abandon"),
    path(ONE, review_views.review, name="review"),
    path(ONE + "modifier/", import_views.edit, name="edit"),
    path(ONE + "valider/", review_views.validate, name="validate"),
    path(ONE + "repondre/", review_views.answer_for, name="answer_for"),
    path(ONE + "refuser/", review_views.refuse, name="refuse"),
    path(ONE + "rouvrir/", review_views.reopen, name="reopen"),
    path(ONE + "garde/", review_views.cover_page, name="cover_page"),
    path(ONE + "page/<int:number>/", review_views.body_page, name="body_page"),
    path(ONE + "copie/", review_views.download_copy, name="download_copy"),
    path(ONE + "original/<int:rank>/", review_views.download_original, name="download_original"),
    path(RECEIVED, received_views.show_received, name="show_received"),
    path(RECEIVED + "page/<int:number>/", received_views.received_page, name="received_page"),
    path(RECEIVED + "image/<str:identifier>/", received_views.received_picture, name="received_picture"),
    path(RECEIVED + "fichier/", received_views.download_received, name="download_received"),
]
