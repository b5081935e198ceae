"""Addresses of the reading of a DMP, and of the changes of what we deposited."""

from __future__ import annotations

from django.urls import path

from amarre.dui.dmp.views.access_views import (
    change_access,
    go_online,
    report_identity_difference,
    show_administrative_data,
)
from amarre.dui.dmp.views.agreement_views import agreement
from amarre.dui.dmp.views.document_views import (
    file_document_copy,
    show_document,
    show_file,
    show_picture,
)
from amarre.dui.dmp.views.reading_views import show_dmp
from amarre.dui.dmp.views.visibility_views import change_document

patterns = [
    path(
        "dossiers/<int:dossier_id>/documents/<int:document_id>/dmp/<slug:key>/",
        change_document,
        name="change_document",
    ),
    path("dossiers/<int:dossier_id>/dmp/", show_dmp, name="show"),
    path("dossiers/<int:dossier_id>/dmp/reponse/", agreement, name="agreement"),
    path("dossiers/<int:dossier_id>/dmp/acces/", change_access, name="change_access"),
    path("dossiers/<int:dossier_id>/dmp/en-ligne/", go_online, name="go_online"),
    path(
        "dossiers/<int:dossier_id>/dmp/donnees-administratives/",
        show_administrative_data,
        name="administrative_data",
    ),
    path(
        "dossiers/<int:dossier_id>/dmp/donnees-administratives/signaler/",
        report_identity_difference,
        name="report_difference",
    ),
    path("dossiers/<int:dossier_id>/dmp/documents/<str:unique_id>/", show_document, name="show_document"),
    path("dossiers/<int:dossier_id>/dmp/documents/<str:unique_id>/fichier/", show_file, name="show_file"),
    path(
        "dossiers/<int:dossier_id>/dmp/documents/<str:unique_id>/images/<str:identifier>/",
        show_picture,
        name="show_picture",
    ),
    path(
        "dossiers/<int:dossier_id>/dmp/documents/<str:unique_id>/copie/", file_document_copy, name="file_copy"
    ),
]
