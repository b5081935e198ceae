"""Which documents of a list are ours: made here, or copied here already."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.urls import reverse

from amarre.dui.access.scope import system_scope
from amarre.dui.dmp.reading.control import ReadingSituation
from amarre.dui.dmp.reading.lines import Line
from amarre.dui.documents.models import DocumentVersion
from amarre.dui.intake.models import ReceivedDocument


@dataclass(frozen=True, slots=True)
class Ours:
    """What a document of the DMP is to the dossier. `url`: its page here, when it was made here."""

    by_house: bool = False
    url: str = ""
    copied: bool = False


def ours_among(situation: ReadingSituation, lines: Sequence[Line]) -> dict[str, Ours]:
    """Return uniqueId → what it is to us. Two queries, whatever the number of lines."""
    numbers = [line.unique_id for line in lines]
    dossier, house = situation.dossier, situation.profile.essms.struct_idnat
    with system_scope("documents of a dossier in scope, and copies kept in it"):
        made = dict(
            DocumentVersion.objects.filter(document__dossier=dossier, unique_id__in=numbers).values_list(
                "unique_id", "document_id"
            )
        )
        copied = set(
            ReceivedDocument.objects.filter(
                dossier=dossier, origin=ReceivedDocument.Origin.DMP, reference__in=numbers
            ).values_list("reference", flat=True)
        )
    return {
        line.unique_id: Ours(
            by_house=bool(house) and line.structure == house,
            url=_page(dossier.pk, made.get(line.unique_id)),
            copied=line.unique_id in copied,
        )
        for line in lines
    }


def _page(dossier_id: int, document_id: int | None) -> str:
    if document_id is None:
        return ""
    return reverse("documents:show_document", kwargs={"dossier_id": dossier_id, "document_id": document_id})
