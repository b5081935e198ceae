"""Addresses of the documents."""

from __future__ import annotations

from django.urls import path

from amarre.dui.documents.views.document_views import download_cda, list_documents, show_document, show_pdf
from amarre.dui.documents.views.ins_views import list_with_ins
from amarre.dui.documents.views.message_views import list_messages, send_document

app_name = "documents"
ONE = "dossiers/<int:dossier_id>/documents/<int:document_id>/"
urlpatterns = [
    path("documents/avec-ins/", list_with_ins, name="list_with_ins"),
    path("dossiers/<int:dossier_id>/documents/", list_documents, name="list_documents"),
    path(ONE, show_document, name="show_document"),
    path(ONE + "envoyer/", send_document, name="send_document"),
    path("dossiers/<int:dossier_id>/messages/", list_messages, name="list_messages"),
    path(ONE + "versions/<int:number>/pdf/", show_pdf, name="show_pdf"),
    path(ONE + "versions/<int:number>/cda/", download_cda, name="download_cda"),
]
