"""Monthly snapshots: what a number was at the end of a month, kept as proof."""

from __future__ import annotations

from django.db import models

from amarre.dui.core.models import StrictModel
from amarre.dui.core.scoping import ScopedManager
from amarre.dui.organisations.enums import Environment


class MonthlySnapshot(StrictModel):
    """One number of one establishment at the end of one month. The database refuses to change or remove it.

    A count has a `numerator` only; a share has both, and no `value` when its denominator is 0.
    """

    class Span(models.TextChoices):
        """What the number covers: dossiers are distinct, so months do not add up to the total."""

        MOIS = "mois", "Dans le mois"
        CUMUL = "cumul", "Depuis le début"

    scope_path = "essms"
    objects = ScopedManager()

    essms = models.ForeignKey("organisations.Essms", on_delete=models.PROTECT, related_name="+")
    environment = models.CharField(max_length=15, choices=Environment.choices)
    # First day of the month.
    month = models.DateField("mois")
    code = models.CharField("indicateur", max_length=12)
    span = models.CharField("étendue", max_length=5, choices=Span.choices)
    numerator = models.PositiveIntegerField()
    denominator = models.PositiveIntegerField(null=True, blank=True)
    # The count, or the share in percent with one decimal.
    value = models.DecimalField(max_digits=10, decimal_places=1, null=True, blank=True)
    rule_version = models.CharField("règle de calcul", max_length=30)
    computed_at = models.DateTimeField("calculé le")

    class Meta:
        verbose_name = "relevé mensuel"
        verbose_name_plural = "relevés mensuels"
        constraints = [
            models.UniqueConstraint(
                fields=["essms", "environment", "month", "code", "span"], name="snapshot_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.month:%Y-%m} ({self.span})"
