"""A document being written, its versions, and what became of them."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from amarre.dui.core.models import TimestampedModel
from amarre.dui.core.scoping import ScopedManager


class Ecrit(TimestampedModel):
    """What was written from a template. Once validated it never changes: a new version replaces it."""

    class State(models.TextChoices):
        """Draft until its author validates it."""

        BROUILLON = "brouillon", "Brouillon"
        VALIDE = "valide", "Validé"
        REMPLACE = "remplace", "Remplacé"

    scope_path = "dossier__essms"
    objects = ScopedManager()

    dossier = models.ForeignKey("usagers.Dossier", on_delete=models.PROTECT, related_name="ecrits")
    template_key = models.CharField("modèle", max_length=40)
    # The version of the template it was begun with: its blocks may have changed since.
    template_version = models.PositiveSmallIntegerField()
    version = models.PositiveSmallIntegerField(default=1)
    replaces = models.OneToOneField(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="replaced_by"
    )
    # The écrit of version 1, None for itself: one document for the whole chain.
    first = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    state = models.CharField("état", max_length=10, choices=State.choices, default=State.BROUILLON)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    # Key of the block → what it holds (JSON, see `blocks`).
    content = models.JSONField("contenu", default=dict, blank=True)
    updated_at = models.DateTimeField("modifié le")
    updated_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    # When the last writing was traced: a page that saves by itself would fill the trace.
    traced_at = models.DateTimeField()
    # Which open page wrote last: the same page may save again, another one has to look first.
    written_from = models.CharField(max_length=36, blank=True)
    validated_at = models.DateTimeField("validé le", null=True, blank=True)

    class Meta:
        verbose_name = "écrit"
        ordering = ["-created_at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(version=1, replaces=None, first=None)
                | Q(version__gt=1, replaces__isnull=False, first__isnull=False),
                name="ecrit_versions_follow",
            ),
            models.CheckConstraint(
                condition=Q(state="brouillon", validated_at=None)
                | (~Q(state="brouillon") & Q(validated_at__isnull=False)),
                name="ecrit_validated_or_draft",
            ),
        ]
        indexes = [
            models.Index(fields=["author", "updated_at"], name="ecrit_drafts", condition=Q(state="brouillon"))
        ]

    def __str__(self) -> str:
        return f"écrit {self.pk} v{self.version}"

    @property
    def chain_id(self) -> int:
        """The écrit of version 1: what the document is made from."""
        return self.first_id or self.pk
