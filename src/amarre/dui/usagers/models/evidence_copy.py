"""The copy of an identity document, where an establishment chose to keep one: sealed, for a limited time."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from amarre.dui.core.models import StrictModel
from amarre.dui.core.scoping import ScopedManager
from amarre.dui.usagers.models.dossier import Dossier
from amarre.dui.usagers.models.identity import IdentityEvidence


class EvidenceCopy(StrictModel):
    """One page of one document seen. The bytes are a sealed file of the private storage, never here.

    Once erased the row says when and why; the file and the token that opens it are gone.
    """

    class End(models.TextChoices):
        """Why the bytes are gone."""

        NONE = "", "Gardée"
        DUE = "echeance", "Durée de conservation écoulée"
        BY_HAND = "retiree", "Effacée par une personne"
        STOPPED = "arret", "L’établissement ne garde plus de copie"

    scope_path = "dossier__essms"
    objects = ScopedManager()

    evidence = models.ForeignKey(IdentityEvidence, on_delete=models.CASCADE, related_name="copies")
    dossier = models.ForeignKey(Dossier, on_delete=models.CASCADE, related_name="evidence_copies")
    page = models.PositiveSmallIntegerField("page")
    # Name of the sealed file, and what opens it with the installation's secret.
    name = models.CharField(max_length=43, unique=True, editable=False)
    token = models.CharField(max_length=43, blank=True, editable=False)
    kept_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    kept_at = models.DateTimeField("gardée le")
    keep_until = models.DateField("à effacer après le")
    end = models.CharField("fin", max_length=8, choices=End.choices, default=End.NONE, blank=True)
    erased_at = models.DateTimeField("effacée le", null=True, blank=True)
    erased_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        verbose_name = "copie d'une pièce d'identité"
        ordering = ["page", "id"]
        constraints = [
            models.UniqueConstraint(fields=["evidence", "page"], name="evidence_copy_page_once"),
            models.CheckConstraint(
                condition=Q(erased_at=None, end="") & ~Q(token="")
                | (Q(erased_at__isnull=False, token="") & ~Q(end="")),
                name="erased_copy_opens_nothing",
            ),
        ]
        indexes = [models.Index(fields=["keep_until"], name="evidence_copy_due", condition=Q(erased_at=None))]

    def __str__(self) -> str:
        return f"copie {self.pk}"

    @property
    def is_kept(self) -> bool:
        """Say whether the picture can still be seen."""
        return self.erased_at is None
