"""What « Prêt pour le DMP ? » remembers: the last test of the connection, and what people noted."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from amarre.dui.core.models import StrictModel
from amarre.dui.core.scoping import ScopedManager


class ConnectionTest(StrictModel):
    """The last « Tester maintenant » of an establishment."""

    scope_path = "essms"
    objects = ScopedManager()

    essms = models.OneToOneField("organisations.Essms", on_delete=models.CASCADE, related_name="+")
    tested_at = models.DateTimeField()
    tested_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    environment = models.CharField(max_length=14)
    # The DMP answered, whatever it said of the test identity.
    answered = models.BooleanField()
    # The explanation of the kit when it did not (no trait of anyone: a test identity, or none).
    explanation = models.JSONField(default=dict, blank=True)
    # Our clock minus the service's, in milliseconds; none when its answer carried no date.
    clock_skew_ms = models.BigIntegerField(null=True, blank=True)

    class Meta:
        verbose_name = "test de connexion au DMP"

    def __str__(self) -> str:
        return f"test de {self.essms_id}"


class Preparation(StrictModel):
    """A step outside the software that a person says is done (notice given, cases tried with the CNDA…)."""

    scope_path = "essms"
    objects = ScopedManager()

    essms = models.ForeignKey("organisations.Essms", on_delete=models.CASCADE, related_name="+")
    key = models.CharField(max_length=30)
    done_on = models.DateField("fait le")
    note = models.CharField("précision", max_length=200, blank=True)
    noted_at = models.DateTimeField()
    noted_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = "étape de préparation"
        constraints = [models.UniqueConstraint(fields=["essms", "key"], name="one_preparation")]

    def __str__(self) -> str:
        return f"{self.key} : {self.done_on}"
