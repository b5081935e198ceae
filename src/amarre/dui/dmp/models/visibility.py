"""Who a document of ours is hidden from at the DMP, and what people asked to change."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models

from amarre.dui.core.models import StrictModel
from amarre.dui.core.scoping import ScopedManager
from amarre.interop.dmp import Visibility


def validate_audiences(value: Any) -> None:
    """Refuse what is not a list of audiences of the DMP (JDV_J58)."""
    known = {item.value for item in Visibility}
    if not isinstance(value, list) or not known.issuperset(value):
        raise ValidationError("Public inconnu.", code="audience")


class DepositAudience(StrictModel):
    """What we believe the DMP holds of one deposit: chosen when it was asked, then changed by `DmpChange`."""

    class Status(models.TextChoices):
        """Availability of the document at the DMP (JDV_J52), for who reads our pages."""

        ACTUEL = "actuel", "Actuel"
        ARCHIVE = "archive", "Archivé"
        SUPPRIME = "supprime", "Supprimé"

    scope_path = "deposit__version__document__dossier__essms"
    objects = ScopedManager()

    deposit = models.OneToOneField("documents.DmpDeposit", on_delete=models.CASCADE, related_name="audience")
    hidden_from = models.JSONField("caché à", default=list, blank=True, validators=[validate_audiences])
    status = models.CharField("état", max_length=8, choices=Status.choices, default=Status.ACTUEL)
    changed_at = models.DateTimeField()

    class Meta:
        verbose_name = "public d'un dépôt"

    def __str__(self) -> str:
        return f"public du dépôt {self.deposit_id}"


class DmpChange(StrictModel):
    """One change asked about a deposit (TD3.3): its state is its exchange's, its reason stays."""

    scope_path = "deposit__version__document__dossier__essms"
    objects = ScopedManager()

    deposit = models.ForeignKey("documents.DmpDeposit", on_delete=models.PROTECT, related_name="changes")
    exchange = models.OneToOneField("exchanges.Exchange", on_delete=models.PROTECT, related_name="dmp_change")
    # A key of `dmp.visibility.changes`.
    change = models.CharField("changement", max_length=30)
    reason = models.CharField("motif", max_length=200)
    requested_at = models.DateTimeField()
    requested_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    applied_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = "changement au DMP"
        ordering = ["-requested_at", "-id"]

    def __str__(self) -> str:
        return f"{self.change} du dépôt {self.deposit_id}"
