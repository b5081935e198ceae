"""Delays after which an identity is shown as late, by establishment."""

from __future__ import annotations

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models

from amarre.dui.core.models import TimestampedModel
from amarre.dui.core.scoping import ScopedManager

PROVISIONAL_DAYS = 30
# Commonly quoted every 3 to 5 years (unconfirmed): the shortest.
REVERIFICATION_MONTHS = 36


class VigilanceSettings(TimestampedModel):
    """What an establishment calls late; without a row the defaults above hold."""

    scope_path = "essms"
    objects = ScopedManager()

    essms = models.OneToOneField(
        "organisations.Essms", on_delete=models.CASCADE, related_name="vigilance_settings"
    )
    provisional_days = models.PositiveSmallIntegerField(
        "jours avant de relancer une identité provisoire",
        default=PROVISIONAL_DAYS,
        validators=[MinValueValidator(1), MaxValueValidator(365)],
    )
    reverification_months = models.PositiveSmallIntegerField(
        "mois avant de vérifier à nouveau une INS",
        default=REVERIFICATION_MONTHS,
        validators=[MinValueValidator(1), MaxValueValidator(120)],
    )

    class Meta:
        verbose_name = "réglages d'identitovigilance"

    def __str__(self) -> str:
        return f"réglages d'identitovigilance de {self.essms_id}"
