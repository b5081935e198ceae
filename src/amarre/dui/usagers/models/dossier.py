"""The dossier: one identity in one ESSMS, and what its person was told and decided."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from amarre.dui.core.models import StrictModel, TimestampedModel
from amarre.dui.core.scoping import ScopedManager
from amarre.dui.usagers.models.identity import Identity


class Dossier(TimestampedModel):
    """One record per usager and ESSMS; indicators are counted on it."""

    scope_path = "essms"
    objects = ScopedManager()

    essms = models.ForeignKey("organisations.Essms", on_delete=models.PROTECT, related_name="dossiers")
    identity = models.ForeignKey(Identity, on_delete=models.PROTECT, related_name="dossiers")
    number = models.CharField("numéro de dossier", max_length=20)
    entered_on = models.DateField("date d'entrée")
    left_on = models.DateField("date de sortie", null=True, blank=True)
    is_test = models.BooleanField("dossier de test", default=False)
    # After a fusion in one ESSMS both dossiers are kept: this one was joined to the other, which is the one
    # to go on writing in. It is then out of the file active and of the lists.
    joined_to = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="joined", verbose_name="réuni à"
    )

    class Meta:
        verbose_name = "dossier"
        constraints = [
            models.UniqueConstraint(
                fields=["essms", "identity"], condition=Q(joined_to=None), name="one_dossier_per_essms"
            ),
            models.UniqueConstraint(fields=["essms", "number"], name="dossier_number_once"),
        ]
        indexes = [models.Index(fields=["essms", "entered_on"], name="dossier_file_active")]

    def __str__(self) -> str:
        return f"dossier {self.number}"


class DmpInformation(StrictModel):
    """What the person was told about the DMP, and whether they oppose: the last row counts."""

    class Decision(models.TextChoices):
        """Non-opposition is recorded as such: silence is not a decision."""

        NON_OPPOSITION = "non_opposition", "Informée, ne s'oppose pas"
        OPPOSITION = "opposition", "S'oppose"

    scope_path = "dossier__essms"
    objects = ScopedManager()

    dossier = models.ForeignKey(Dossier, on_delete=models.CASCADE, related_name="dmp_information")
    decision = models.CharField("décision", max_length=16, choices=Decision.choices)
    informed_on = models.DateField("informée le")
    informed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField("enregistrée le")

    class Meta:
        verbose_name = "information sur le DMP"
        ordering = ["-recorded_at", "-id"]

    def __str__(self) -> str:
        return f"information de {self.dossier_id}"
