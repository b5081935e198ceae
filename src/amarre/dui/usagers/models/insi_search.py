"""A search at INSi: asked, answered in the background, then accepted or set aside by a person."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from amarre.dui.core.models import StrictModel
from amarre.dui.core.scoping import ScopedManager
from amarre.dui.usagers.models.identity import Identity
from amarre.interop.ins.traits import COG_UNKNOWN


class InsiSearch(StrictModel):
    """One search, by traits or with a carte Vitale.

    What INSi returned is shown beside the typed traits and stored nowhere else until a person accepts it.
    """

    class Outcome(models.TextChoices):
        """What INSi answered."""

        PENDING = "", "En attente"
        FOUND = "found", "Identité trouvée"
        NOT_FOUND = "not_found", "Aucune identité trouvée"
        SEVERAL = "several", "Plusieurs identités trouvées"
        FAILED = "failed", "INSi n'a pas pu répondre"

    class Decision(models.TextChoices):
        """What the operator decided."""

        PENDING = "", "À décider"
        ACCEPTED = "accepted", "Acceptée"
        SET_ASIDE = "set_aside", "Mise de côté"

    class Means(models.TextChoices):
        """What INSi is asked with."""

        TRAITS = "traits", "Traits"
        VITALE = "vitale", "Carte Vitale"
        NO_PLACE = "sanslieu", "Traits, sans le lieu de naissance"

    scope_path = "dossier__essms"
    objects = ScopedManager()

    identity = models.ForeignKey(Identity, on_delete=models.CASCADE, related_name="insi_searches")
    dossier = models.ForeignKey("usagers.Dossier", on_delete=models.CASCADE, related_name="insi_searches")
    exchange = models.OneToOneField(
        "exchanges.Exchange", on_delete=models.PROTECT, related_name="insi_search"
    )
    requested_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    requested_at = models.DateTimeField()
    means = models.CharField(max_length=8, choices=Means.choices, default=Means.TRAITS)
    # The traits sent, to refuse a result once they have changed.
    sent_traits = models.JSONField(default=dict)
    outcome = models.CharField(max_length=10, choices=Outcome.choices, default="", blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    # Traits, matricule, key, OID and history as returned, until decided.
    returned = models.JSONField(default=dict, blank=True)
    calls = models.PositiveSmallIntegerField(default=0)
    message_ids = models.JSONField(default=list, blank=True)
    decision = models.CharField(max_length=10, choices=Decision.choices, default="", blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, blank=True)

    @property
    def may_be_asked_without_place(self) -> bool:
        """Say whether nobody was found with a birthplace that may be left out (SEL-MP-043, after 01)."""
        place = self.sent_traits.get("lieu_naissance", COG_UNKNOWN)
        return (
            self.outcome == self.Outcome.NOT_FOUND
            and self.means == self.Means.TRAITS
            and place != COG_UNKNOWN
        )

    class Meta:
        verbose_name = "recherche INSi"
        ordering = ["-requested_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["identity"], condition=Q(outcome=""), name="one_pending_search_per_identity"
            )
        ]

    def __str__(self) -> str:
        return f"recherche {self.pk}"
