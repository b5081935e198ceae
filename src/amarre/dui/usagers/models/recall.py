"""« À appeler à la prochaine venue »: what a person noted about the next call to INSi of one dossier."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from amarre.dui.core.models import StrictModel
from amarre.dui.core.scoping import ScopedManager
from amarre.dui.usagers.models.dossier import Dossier


class RecallNote(StrictModel):
    """The next visit of one person, noted by hand: INSi is called one person at a time, at a visit.

    Identities without INS are in the list without any note; a note dates the visit, or adds a person whose
    INS must be asked again. Source: référentiel INS, retrieval is unitary and at the occasion of a visit.
    """

    scope_path = "dossier__essms"
    objects = ScopedManager()

    dossier = models.ForeignKey(Dossier, on_delete=models.CASCADE, related_name="recall_notes")
    expected_on = models.DateField("prochaine venue", null=True, blank=True)
    note = models.CharField("à savoir", max_length=120, blank=True)
    added_at = models.DateTimeField("ajoutée le")
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    closed_at = models.DateTimeField("retirée le", null=True, blank=True)

    class Meta:
        verbose_name = "rappel d'INSi"
        constraints = [
            models.UniqueConstraint(
                fields=["dossier"], condition=Q(closed_at=None), name="one_open_recall_per_dossier"
            )
        ]

    def __str__(self) -> str:
        return f"rappel de {self.dossier_id}"
