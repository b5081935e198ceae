"""What an establishment decides for its identities: delays, and whether it keeps copies of documents."""

from __future__ import annotations

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models

from amarre.dui.core.models import TimestampedModel
from amarre.dui.core.scoping import ScopedManager

PROVISIONAL_DAYS = 30
# Commonly quoted every 3 to 5 years (unconfirmed): the shortest.
REVERIFICATION_MONTHS = 36
# No national figure is known to us (unconfirmed): short, and a choice of each establishment.
COPY_DAYS = 30
MAX_COPY_DAYS = 5 * 366


class VigilanceSettings(TimestampedModel):
    """What an establishment calls late, and keeps; without a row the defaults above hold."""

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
    # Off until somebody answers for it: the type of document, the day and who saw it are always enough.
    keeps_copies = models.BooleanField("garder une copie des pièces d’identité", default=False)
    copy_days = models.PositiveSmallIntegerField(
        "jours de conservation d’une copie",
        default=COPY_DAYS,
        validators=[MinValueValidator(1), MaxValueValidator(MAX_COPY_DAYS)],
    )

    class Meta:
        verbose_name = "réglages d'identitovigilance"

    def __str__(self) -> str:
        return f"réglages d'identitovigilance de {self.essms_id}"
