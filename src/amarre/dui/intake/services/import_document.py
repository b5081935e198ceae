"""Bring a document written elsewhere in a dossier: kept, described, waiting for who answers for it."""

from __future__ import annotations

from django.db import transaction

from amarre.dui.access.permissions import Permission
from amarre.dui.access.policy import require
from amarre.dui.audit.services.record import record
from amarre.dui.core.actor import Actor
from amarre.dui.core.clock import now
from amarre.dui.documents import store
from amarre.dui.intake.description import Description, write_on
from amarre.dui.intake.models import ImportedDocument, OriginalFile
from amarre.dui.intake.preparation import Prepared
from amarre.dui.usagers.models import Dossier


def import_document(
    *, dossier: Dossier, prepared: Prepared, said: Description, actor: Actor
) -> ImportedDocument:
    """Keep what `prepare` made, and the files as they came; the document waits to be validated.

    Raises the access errors.
    """
    require(actor, Permission.WRITE_DOCUMENTS, dossier)
    converted = prepared.converted
    with transaction.atomic():
        imported = ImportedDocument(
            dossier=dossier,
            body_sha256=store.put(converted.pdf),
            pages=converted.pages,
            text=converted.text.value,
            notes=sorted(note.value for note in converted.notes),
            imported_by_id=actor.person_id,
            created_at=now(),
        )
        write_on(imported, said)
        imported.save()
        for rank, original in enumerate(prepared.originals, 1):
            OriginalFile(
                imported=imported,
                rank=rank,
                suffix=original.suffix,
                size=len(original.data),
                sha256=store.put(original.data),
            ).save()
        record(
            actor,
            "import.brought",
            subject=imported,
            dossier_id=dossier.pk,
            usager_id=dossier.identity_id,
            details={
                "type": imported.type_code,
                "pages": imported.pages,
                "files": len(prepared.originals),
                "notes": imported.notes,
                "text": imported.text,
                "outside": imported.author_id is None,
            },
        )
    return imported
