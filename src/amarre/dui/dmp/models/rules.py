"""Which documents an establishment deposits, when and by whom; what waits for a person's decision."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q

from amarre.dui.access.roles import Role
from amarre.dui.core.models import StrictModel
from amarre.dui.core.scoping import ScopedManager


def validate_roles(value: Any) -> None:
    """Refuse what is not a list of roles of the matrix."""
    known = {role.value for role in Role}
    if not isinstance(value, list) or not known.issuperset(value):
        raise ValidationError("Rôle inconnu.", code="role")


class DepositRule(StrictModel):
    """What the establishment decided for one type of document. No row: the rule of `dmp.rules`."""

    class Moment(models.TextChoices):
        """When a validated document leaves for the DMP."""

        JAMAIS = "jamais", "Jamais"
        PROPOSER = "proposer", "Proposer : une personne décide"
        VALIDATION = "validation", "Dès la validation par l'auteur"
        ACCORD = "accord", "Après l'accord d'une seconde personne"

    scope_path = "essms"
    objects = ScopedManager()

    essms = models.ForeignKey("organisations.Essms", on_delete=models.CASCADE, related_name="deposit_rules")
    type_code = models.CharField("type", max_length=40)
    moment = models.CharField("quand", max_length=12, choices=Moment.choices, default=Moment.PROPOSER)
    # Roles that may deposit this type; empty: all those who hold the right.
    roles = models.JSONField("par qui", default=list, blank=True, validators=[validate_roles])
    # A new version takes the place of the one at the DMP without asking again.
    follows_versions = models.BooleanField("remplacer sans redemander", default=False)
    changed_at = models.DateTimeField()
    changed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = "règle de dépôt"
        constraints = [models.UniqueConstraint(fields=["essms", "type_code"], name="one_deposit_rule")]

    def __str__(self) -> str:
        return f"{self.type_code} : {self.moment}"


class DepositProposal(StrictModel):
    """A version that a person has to decide about: deposit it, or not. Closed once it is decided."""

    class Closing(models.TextChoices):
        """How the decision ended."""

        DEPOSE = "depose", "Dépôt demandé"
        ECARTE = "ecarte", "Écarté"
        REMPLACE = "remplace", "Remplacé par une nouvelle version"
        OPPOSITION = "opposition", "La personne s'est opposée"

    scope_path = "essms"
    objects = ScopedManager()

    essms = models.ForeignKey("organisations.Essms", on_delete=models.CASCADE, related_name="+")
    version = models.OneToOneField(
        "documents.DocumentVersion", on_delete=models.CASCADE, related_name="deposit_proposal"
    )
    # The rule as it was when the version was filed.
    moment = models.CharField(max_length=12, choices=DepositRule.Moment.choices)
    proposed_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)
    closing = models.CharField(max_length=10, choices=Closing.choices, blank=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        verbose_name = "document à déposer"
        indexes = [
            models.Index(fields=["essms", "-id"], name="proposal_open", condition=Q(closed_at__isnull=True))
        ]

    def __str__(self) -> str:
        return f"proposition {self.pk}"
