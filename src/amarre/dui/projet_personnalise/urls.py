"""Addresses of the projet personnalisé."""

from __future__ import annotations

from django.urls import path

from amarre.dui.projet_personnalise.views.projet_views import (
    list_drafts,
    show_projet,
    validate_projet_view,
    write_projet_view,
)

app_name = "projet_personnalise"
urlpatterns = [
    path("projets/mes-brouillons/", list_drafts, name="list_drafts"),
    path("dossiers/<int:dossier_id>/projet/", show_projet, name="show_projet"),
    path("dossiers/<int:dossier_id>/projet/ecrire/", write_projet_view, name="write_projet"),
    path(
        "dossiers/<int:dossier_id>/projet/<int:projet_id>/valider/",
        validate_projet_view,
        name="validate_projet",
    ),
]
