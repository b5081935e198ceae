"""A collision: data of two persons in one identity. What was checked again, and how it ended."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from amarre.dui.core.models import StrictModel
from amarre.dui.core.scoping import ScopedManager
from amarre.dui.usagers.models.dossier import Dossier
from amarre.dui.usagers.models.identity import Identity


class CollisionCase(StrictModel):
    """One suspicion, opened by a person: trust is taken back, then each point is checked again."""

    class Level(models.TextChoices):
        """How much trust was taken back."""

        INS_WITHDRAWN = "ins", "INS retirée"
        DOUBTFUL = "douteuse", "Identité signalée douteuse"

    class Conclusion(models.TextChoices):
        """How it ended."""

        NONE = "", "En cours"
        CONFIRMED = "confirmee", "Collision confirmée, données séparées"
        REFUTED = "ecartee", "Collision écartée, une seule personne"

    scope_path = "dossier__essms"
    objects = ScopedManager()

    dossier = models.ForeignKey(Dossier, on_delete=models.PROTECT, related_name="collisions")
    identity = models.ForeignKey(Identity, on_delete=models.PROTECT, related_name="collisions")
    level = models.CharField("mesure prise", max_length=8, choices=Level.choices)
    reason = models.CharField("ce qui a été vu", max_length=200)
    opened_at = models.DateTimeField("ouverte le")
    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    conclusion = models.CharField(
        "conclusion", max_length=9, choices=Conclusion.choices, default=Conclusion.NONE, blank=True
    )
    closing_note = models.CharField("conclusion en clair", max_length=200, blank=True)
    closed_at = models.DateTimeField("close le", null=True, blank=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        verbose_name = "collision"
        ordering = ["-opened_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["identity"], condition=Q(closed_at=None), name="one_open_collision_per_identity"
            )
        ]

    def __str__(self) -> str:
        return f"collision {self.pk}"


class CollisionCheck(StrictModel):
    """One point of the list checked, by whom."""

    scope_path = "case__dossier__essms"
    objects = ScopedManager()

    case = models.ForeignKey(CollisionCase, on_delete=models.CASCADE, related_name="checks")
    # A code of `collision_points.POINTS`.
    point = models.CharField("point", max_length=20)
    checked_at = models.DateTimeField("fait le")
    checked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = "point contrôlé"
        constraints = [models.UniqueConstraint(fields=["case", "point"], name="collision_point_once")]

    def __str__(self) -> str:
        return f"{self.point} de {self.case_id}"
