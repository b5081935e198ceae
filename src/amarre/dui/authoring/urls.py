"""Addresses of the documents to write."""

from __future__ import annotations

from django.urls import path

from amarre.dui.authoring.views import draft_views, ecrit_views, letterhead_views, text_views

app_name = "authoring"
DOSSIER = "dossiers/<int:dossier_id>/ecrits/"
ONE = DOSSIER + "<int:ecrit_id>/"
urlpatterns = [
    path("ecrits/mes-brouillons/", draft_views.list_drafts, name="list_drafts"),
    path(DOSSIER, ecrit_views.choose, name="choose"),
    path(DOSSIER + "nouveau/", ecrit_views.start, name="start"),
    path(ONE, ecrit_views.show, name="show"),
    path(ONE + "ecrire/", draft_views.write, name="write"),
    path(ONE + "garder/", draft_views.autosave, name="autosave"),
    path(ONE + "relire/", draft_views.review, name="review"),
    path(ONE + "apercu.pdf", draft_views.preview_pdf, name="preview_pdf"),
    path(ONE + "apercu/<int:number>.png", draft_views.preview_page, name="preview_page"),
    path(ONE + "valider/", draft_views.validate, name="validate"),
    path(ONE + "jeter/", draft_views.discard, name="discard"),
    path(ONE + "nouvelle-version/", ecrit_views.new_version, name="new_version"),
    path("etablissement/textes-types/", text_views.list_texts, name="list_texts"),
    path("etablissement/textes-types/nouveau/", text_views.write_text, name="new_text"),
    path("etablissement/textes-types/<int:text_id>/", text_views.write_text, name="edit_text"),
    path("etablissement/textes-types/<int:text_id>/retirer/", text_views.retire_text, name="retire_text"),
    path("etablissement/papier-a-en-tete/", letterhead_views.edit_letterhead, name="letterhead"),
    path("etablissement/papier-a-en-tete/apercu.png", letterhead_views.preview, name="letterhead_preview"),
]
