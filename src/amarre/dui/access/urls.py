"""Addresses of the rights."""

from __future__ import annotations

from django.urls import path

from amarre.dui.access.views import essms_views, journal_views, resume_views

app_name = "access"
urlpatterns = [
    path("etablissements/", essms_views.list_essms, name="essms_list"),
    path("etablissements/choisir/", essms_views.choose, name="choose_essms"),
    path("reprendre/", resume_views.resume, name="resume"),
    path("reprendre/oublier/", resume_views.forget, name="forget_kept"),
    path("journal-des-acces/", journal_views.journal, name="journal"),
    path("dossiers/<int:dossier_id>/journal/", journal_views.journal_of_dossier, name="journal_of_dossier"),
]
