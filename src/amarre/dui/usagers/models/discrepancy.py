"""An écart: what INSi answered (or did not find) and what our base says differ; a person settles it."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from amarre.dui.core.models import StrictModel
from amarre.dui.core.scoping import ScopedManager
from amarre.dui.usagers.models.dossier import Dossier
from amarre.dui.usagers.models.identity import Identity
from amarre.dui.usagers.models.insi_search import InsiSearch


class Discrepancy(StrictModel):
    """One écart of one identity. At most one is open at a time: a newer answer replaces the older one.

    While it is open, what INSi returned stays with the search, and what was read on the document stays here.
    Once settled only the differences by name remain (trait, cause, severity), never the values: the history
    of the identity holds what was changed.
    """

    class Origin(models.TextChoices):
        """What revealed it."""

        SEARCH = "search", "Recherche INSi"
        VERIFICATION = "verification", "Vérification INSi"
        TRAITS = "traits", "Traits modifiés"
        DMP = "dmp", "Données du DMP"

    class Kind(models.TextChoices):
        """What it is about, the gravest first."""

        BLOCKING = "blocking", "Trait différent"
        VERIFICATION_KO = "verification_ko", "INS non confirmée"
        TRAITS_CHANGED = "traits_changed", "INS retirée"
        DMP_DIFFERS = "dmp_differs", "DMP différent"
        NOT_FOUND = "not_found", "Personne introuvable"
        SEVERAL = "several", "Plusieurs personnes"
        TOLERATED = "tolerated", "Différence tolérée"

    class State(models.TextChoices):
        """Whether somebody still has to look at it."""

        OPEN = "ouvert", "Ouvert"
        SETTLED = "traite", "Traité"

    class Decision(models.TextChoices):
        """How it ended."""

        NONE = "", "À décider"
        BASE_CORRECTED = "corriger", "Base corrigée"
        INSI_TAKEN = "reprendre", "Traits d’INSi repris"
        SET_ASIDE = "mettre-de-cote", "Mis de côté"
        DOUBTFUL = "douteuse", "Identité signalée douteuse"
        REPLACED = "remplace", "Remplacé par une réponse plus récente"
        AGREED = "concordant", "INSi et la base concordent"
        MERGED = "reuni", "Identités réunies"

    scope_path = "dossier__essms"
    objects = ScopedManager()

    dossier = models.ForeignKey(Dossier, on_delete=models.CASCADE, related_name="discrepancies")
    identity = models.ForeignKey(Identity, on_delete=models.CASCADE, related_name="discrepancies")
    search = models.ForeignKey(
        InsiSearch, null=True, blank=True, on_delete=models.PROTECT, related_name="discrepancies"
    )
    origin = models.CharField("révélé par", max_length=12, choices=Origin.choices)
    kind = models.CharField("nature", max_length=16, choices=Kind.choices)
    # [{"trait", "cause", "severity"}]: names only, see the kit's `compare`.
    differences = models.JSONField(default=list, blank=True)
    opened_at = models.DateTimeField("ouvert le")
    # What was read on the document: traits of `traits_json`, device code ("" for none of high trust), day.
    document = models.JSONField(default=dict, blank=True)
    state = models.CharField("état", max_length=8, choices=State.choices, default=State.OPEN)
    decision = models.CharField(
        "décision", max_length=14, choices=Decision.choices, default=Decision.NONE, blank=True
    )
    reason = models.CharField("motif", max_length=200, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    decided_at = models.DateTimeField("décidé le", null=True, blank=True)

    class Meta:
        verbose_name = "écart d'identité"
        constraints = [
            models.UniqueConstraint(
                fields=["identity"], condition=Q(state="ouvert"), name="one_open_discrepancy_per_identity"
            ),
            models.CheckConstraint(
                condition=Q(state="ouvert", decision="", decided_at=None)
                | (Q(state="traite", decided_at__isnull=False) & ~Q(decision="")),
                name="settled_discrepancy_has_a_decision",
            ),
        ]
        indexes = [
            models.Index(fields=["dossier", "state"], name="discrepancy_of_dossier"),
            models.Index(fields=["state", "opened_at", "id"], name="discrepancy_work_list"),
        ]

    def __str__(self) -> str:
        return f"écart {self.pk}"

    @property
    def is_open(self) -> bool:
        """Say whether somebody still has to look at it."""
        return self.state == self.State.OPEN
