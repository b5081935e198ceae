"""What the DMP holds of our deposits, asked deposit by deposit (« Contrôle de réception »)."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from amarre.dui.core.models import StrictModel
from amarre.dui.core.scoping import ScopedManager
from amarre.dui.exchanges.enums import State


class DepositReception(StrictModel):
    """The last question asked about one deposit, and what its answer says of what we believe."""

    class Finding(models.TextChoices):
        """What we believe against what the DMP holds."""

        CONCORDANT = "concordant", "Concordant"
        ABSENT = "absent", "Absent du DMP"
        RECENT = "recent", "Le DMP en sait plus"
        INCONNU = "inconnu", "Inconnu"

    scope_path = "essms"
    objects = ScopedManager()

    essms = models.ForeignKey("organisations.Essms", on_delete=models.CASCADE, related_name="+")
    deposit = models.OneToOneField("documents.DmpDeposit", on_delete=models.CASCADE, related_name="reception")
    # The question under way or the last one; none before the first.
    exchange = models.ForeignKey(
        "exchanges.Exchange", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    rounds = models.PositiveIntegerField(default=0)
    asked_at = models.DateTimeField()
    checked_at = models.DateTimeField(null=True, blank=True)
    finding = models.CharField("constat", max_length=10, choices=Finding.choices, blank=True)
    # State of the deposit when the answer was compared.
    believed = models.CharField(max_length=12, choices=State.choices, blank=True)
    # A person noted that the document was deleted from the DMP: no later version replaces it.
    gone_noted_at = models.DateTimeField(null=True, blank=True)
    gone_noted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        verbose_name = "contrôle de réception"
        indexes = [models.Index(fields=["essms", "finding"], name="reception_finding")]

    def __str__(self) -> str:
        return f"réception du dépôt {self.deposit_id}"
