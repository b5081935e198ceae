"""Doublons and fusions: two identities of one organisme that may be, or became, one."""

from __future__ import annotations

from typing import Any, TypeVar

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Exists, F, OuterRef, Q

from amarre.dui.core.actor import Actor
from amarre.dui.core.models import StrictModel
from amarre.dui.core.scoping import ScopedManager, ScopedQuerySet, internal_scope
from amarre.dui.usagers.models.dossier import Dossier
from amarre.dui.usagers.models.identity import Identity

M = TypeVar("M", bound=models.Model)


class IdentityKey(models.Model):
    """One blocking key of an identity (the kit's `blocking_keys`): candidates are found by equality.

    Made again by the workers when `Identity.keys_version` is not the kit's any more.
    """

    scope_path = "identity__dossiers__essms"

    organisme = models.ForeignKey(
        "organisations.OrganismeGestionnaire", on_delete=models.CASCADE, related_name="+"
    )
    identity = models.ForeignKey(Identity, on_delete=models.CASCADE, related_name="keys")
    key = models.CharField(max_length=120)

    objects = ScopedManager()

    class Meta:
        verbose_name = "clé de rapprochement"
        constraints = [models.UniqueConstraint(fields=["identity", "key"], name="identity_key_once")]
        indexes = [models.Index(fields=["organisme", "key", "identity"], name="identity_key_lookup")]

    def __str__(self) -> str:
        return f"clé de {self.identity_id}"


class OfTwoIdentities(ScopedQuerySet[M]):
    """Rows about two identities: shown to who reaches at least one of them through a dossier."""

    def visible_to(self, actor: Actor) -> Any:
        """Return the rows where one of the two identities has a dossier in the actor's establishment."""
        if actor.essms_id is None:
            return self.none()
        paths: tuple[str, ...] = getattr(self.model, "identity_fields")  # noqa: B009 (declared by each model)
        with internal_scope("dossiers of one establishment, to reach the identities they are about"):
            here = Dossier.objects.filter(essms=actor.essms_id)
        reached = Q()
        for path in paths:
            reached |= Q(Exists(here.filter(identity=OuterRef(f"{path}_id"))))
        return self.filter(reached)


class DuplicatePair(StrictModel):
    """Two identities that resemble each other, until a person says what they are."""

    class State(models.TextChoices):
        """What is known of the two."""

        PROPOSED = "propose", "À examiner"
        DISTINCT = "distinct", "Deux personnes"
        MERGED = "reuni", "Même personne"

    scope_path = "first__dossiers__essms"
    identity_fields = ("first", "second")
    objects: Any = ScopedManager.over(OfTwoIdentities)

    organisme = models.ForeignKey(
        "organisations.OrganismeGestionnaire", on_delete=models.PROTECT, related_name="+"
    )
    # The smaller key first: a pair is one row, whoever was compared with whom.
    first = models.ForeignKey(Identity, on_delete=models.CASCADE, related_name="+")
    second = models.ForeignKey(Identity, on_delete=models.CASCADE, related_name="+")
    score = models.FloatField("ressemblance")
    # Sentences of the kit, which quote no trait.
    reasons = models.JSONField("raisons", default=list)
    same_ins = models.BooleanField("même INS", default=False)
    state = models.CharField("état", max_length=8, choices=State.choices, default=State.PROPOSED)
    detected_at = models.DateTimeField("repéré le")
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    decided_at = models.DateTimeField("décidé le", null=True, blank=True)
    reason = models.CharField("motif", max_length=200, blank=True)

    class Meta:
        verbose_name = "doublon possible"
        constraints = [
            models.UniqueConstraint(fields=["first", "second"], name="duplicate_pair_once"),
            models.CheckConstraint(condition=Q(first__lt=F("second")), name="duplicate_pair_in_order"),
        ]
        indexes = [models.Index(fields=["organisme", "state", "-score", "id"], name="duplicate_work_list")]

    def __str__(self) -> str:
        return f"doublon possible {self.pk}"

    def is_visible_to(self, actor: Actor) -> bool:
        """Say whether one of the two has a dossier in the actor's establishment."""
        return type(self).objects.visible_to(actor).filter(pk=self.pk).exists()


class IdentityMerge(StrictModel):
    """One fusion: who stays, who was absorbed, and everything needed to undo it exactly."""

    scope_path = "survivor__dossiers__essms"
    # The one that stayed may have been absorbed in its turn: its dossiers are then further.
    identity_fields = (
        "survivor", "absorbed", "survivor__merged_into", "survivor__merged_into__merged_into",
    )  # fmt: skip
    objects: Any = ScopedManager.over(OfTwoIdentities)

    organisme = models.ForeignKey(
        "organisations.OrganismeGestionnaire", on_delete=models.PROTECT, related_name="+"
    )
    survivor = models.ForeignKey(Identity, on_delete=models.PROTECT, related_name="+")
    absorbed = models.ForeignKey(Identity, on_delete=models.PROTECT, related_name="+")
    # See `services.merge_snapshot`: the absorbed row, the dossiers moved, the rows made, what was closed.
    previous = models.JSONField()
    reason = models.CharField("motif", max_length=200)
    merged_at = models.DateTimeField("réunies le")
    merged_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    undone_at = models.DateTimeField("séparées le", null=True, blank=True)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    undo_reason = models.CharField("motif de la séparation", max_length=200, blank=True)

    class Meta:
        verbose_name = "fusion d'identités"
        ordering = ["-merged_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["absorbed"], condition=Q(undone_at=None), name="absorbed_once_at_a_time"
            )
        ]

    def __str__(self) -> str:
        return f"fusion {self.pk}"

    def is_visible_to(self, actor: Actor) -> bool:
        """Say whether one of the two has a dossier in the actor's establishment."""
        return type(self).objects.visible_to(actor).filter(pk=self.pk).exists()

    def clean(self) -> None:
        """Refuse an identity absorbed by itself."""
        if self.survivor_id == self.absorbed_id:
            raise ValidationError("Une identité ne peut pas être réunie à elle-même.", code="itself")
