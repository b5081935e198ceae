"""A projet personnalisé and its objectives."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from amarre.dui.core.models import StrictModel, TimestampedModel
from amarre.dui.core.scoping import ScopedManager


class ProjetPersonnalise(TimestampedModel):
    """What the person expects and what is done about it. A validated projet is never changed: a new version
    replaces it."""

    class State(models.TextChoices):
        """Draft until its author validates it."""

        BROUILLON = "brouillon", "Brouillon"
        VALIDE = "valide", "Validé"
        REMPLACE = "remplace", "Remplacé"

    class Agreement(models.TextChoices):
        """The person's agreement, recorded with the projet."""

        ACCORD = "accord", "La personne est d'accord"
        REPRESENTANT = "representant", "Son représentant est d'accord"
        DESACCORD = "desaccord", "La personne n'est pas d'accord"
        NON_RECUEILLI = "non_recueilli", "Accord pas encore recueilli"

    scope_path = "dossier__essms"
    objects = ScopedManager()

    dossier = models.ForeignKey("usagers.Dossier", on_delete=models.PROTECT, related_name="projets")
    version = models.PositiveSmallIntegerField(default=1)
    replaces = models.OneToOneField(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="replaced_by"
    )
    state = models.CharField("état", max_length=10, choices=State.choices, default=State.BROUILLON)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    expectations = models.TextField("attentes de la personne")
    context = models.TextField("situation et habitudes de vie", blank=True)
    starts_on = models.DateField("à partir du")
    review_on = models.DateField("à revoir le")
    agreement = models.CharField(
        "accord", max_length=14, choices=Agreement.choices, default=Agreement.NON_RECUEILLI
    )
    agreed_on = models.DateField("accord recueilli le", null=True, blank=True)
    updated_at = models.DateTimeField("modifié le")
    validated_at = models.DateTimeField("validé le", null=True, blank=True)

    class Meta:
        verbose_name = "projet personnalisé"
        ordering = ["-created_at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(review_on__gt=models.F("starts_on")), name="projet_reviewed_later"
            ),
            models.UniqueConstraint(
                fields=["dossier"], condition=Q(state="brouillon"), name="one_draft_projet_per_dossier"
            ),
        ]

    def __str__(self) -> str:
        return f"projet {self.pk} v{self.version}"


class Objective(StrictModel):
    """An objective and the actions that serve it, one per line."""

    scope_path = "projet__dossier__essms"
    objects = ScopedManager()

    projet = models.ForeignKey(ProjetPersonnalise, on_delete=models.CASCADE, related_name="objectives")
    rank = models.PositiveSmallIntegerField()
    title = models.CharField("objectif", max_length=200)
    actions = models.TextField("actions")
    who = models.CharField("qui", max_length=200, blank=True)
    due_on = models.DateField("échéance", null=True, blank=True)

    class Meta:
        verbose_name = "objectif"
        ordering = ["rank", "id"]

    def __str__(self) -> str:
        return f"objectif {self.rank} du projet {self.projet_id}"
