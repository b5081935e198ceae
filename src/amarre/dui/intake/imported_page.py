"""What the pages of a document that waits begin with: the row in scope, with what printing reads."""

from __future__ import annotations

from django.http import HttpRequest

from amarre.dui.access.actors import actor_of
from amarre.dui.access.errors import OutOfScope
from amarre.dui.audit.services.record import record_reading
from amarre.dui.intake.models import ImportedDocument
from amarre.dui.usagers.models import Dossier


def get_imported(request: HttpRequest, dossier: Dossier, imported_id: int) -> ImportedDocument:
    """Return a document brought in `dossier`, itself in scope. Raises OutOfScope."""
    rows = ImportedDocument.objects.visible_to(actor_of(request)).select_related(
        "author", "responsible", "imported_by", "decided_by"
    )
    imported = rows.filter(pk=imported_id, dossier=dossier).first()
    if imported is None:
        raise OutOfScope
    imported.dossier = dossier
    return imported


def open_imported(request: HttpRequest, dossier: Dossier, imported_id: int) -> ImportedDocument:
    """Return the document and trace its reading."""
    imported = get_imported(request, dossier, imported_id)
    record_reading(
        actor_of(request),
        "import.consulted",
        subject=imported,
        dossier_id=dossier.pk,
        usager_id=dossier.identity_id,
    )
    return imported
