"""A verification of the whole file active: the batch, its lots (one exchange each), one line per identity."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from amarre.dui.core.models import StrictModel
from amarre.dui.core.scoping import ScopedManager
from amarre.dui.usagers.models.dossier import Dossier
from amarre.dui.usagers.models.identity import Identity


class VerificationBatch(StrictModel):
    """One campaign in one establishment; one at a time.

    What is planned is written first, one item per identity of the file active. The lots follow one another:
    the next is queued in the transaction that records the one before, so that a process killed anywhere
    leaves nothing to lose and nothing to do twice.
    """

    class State(models.TextChoices):
        """Where it stands."""

        RUNNING = "en_cours", "En cours"
        DONE = "terminee", "Terminée"
        STOPPED = "arretee", "Arrêtée"

    scope_path = "essms"
    objects = ScopedManager()

    essms = models.ForeignKey(
        "organisations.Essms", on_delete=models.PROTECT, related_name="verification_batches"
    )
    # None: started from the command line.
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    requested_at = models.DateTimeField("demandée le")
    state = models.CharField("état", max_length=8, choices=State.choices, default=State.RUNNING)
    finished_at = models.DateTimeField("finie le", null=True, blank=True)

    class Meta:
        verbose_name = "vérification de la file active"
        ordering = ["-requested_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["essms"], condition=Q(state="en_cours"), name="one_verification_per_essms"
            )
        ]

    def __str__(self) -> str:
        return f"vérification {self.pk}"


class VerificationLot(StrictModel):
    """One lot at the service: its number, chosen before the deposit, and the exchange that carries it."""

    scope_path = "batch__essms"
    objects = ScopedManager()

    batch = models.ForeignKey(VerificationBatch, on_delete=models.CASCADE, related_name="lots")
    number = models.PositiveIntegerField("rang")
    lot_id = models.UUIDField("numéro chez le service", unique=True)
    exchange = models.OneToOneField(
        "exchanges.Exchange", on_delete=models.PROTECT, related_name="verification_lot"
    )
    answered_at = models.DateTimeField("résultats reçus le", null=True, blank=True)
    # The service was told that it may forget the lot; only once its results are ours.
    closed_at = models.DateTimeField("effacé chez le service le", null=True, blank=True)

    class Meta:
        verbose_name = "lot de vérification"
        constraints = [
            models.UniqueConstraint(fields=["batch", "number"], name="verification_lot_number_once")
        ]
        indexes = [
            models.Index(
                fields=["answered_at"], name="verification_lot_to_close", condition=Q(closed_at=None)
            )
        ]

    def __str__(self) -> str:
        return f"lot {self.number} de la vérification {self.batch_id}"


class VerificationItem(StrictModel):
    """One identity of a batch: planned, then its outcome, written once."""

    class Outcome(models.TextChoices):
        """What the verification said of it."""

        PENDING = "", "En attente"
        CONFIRMED = "ok", "Confirmée"
        REFUTED = "ko", "Non confirmée"
        REFUSED = "refusee", "Ligne refusée"
        NOT_APPLICABLE = "sans_objet", "Sans objet"

    class Reason(models.TextChoices):
        """Why there is nothing to verify, or nothing to conclude."""

        NONE = "", ""
        NO_INS = "sans_ins", "Pas d’INS : rien à vérifier"
        BLOCKED = "signalee", "Signalée douteuse ou fictive : INSi est bloqué"
        OTHER_OID = "oid", "INS d’un domaine que l’établissement n’accepte pas"
        BAD_TRAITS = "traits", "Traits qui ne respectent pas les règles d’écriture"
        CHANGED = "modifiee", "Modifiée pendant la vérification : à refaire"
        STOPPED = "arretee", "Vérification arrêtée avant son tour"

    scope_path = "batch__essms"
    objects = ScopedManager()

    batch = models.ForeignKey(
        VerificationBatch, on_delete=models.CASCADE, related_name="items", db_index=False
    )
    identity = models.ForeignKey(Identity, on_delete=models.CASCADE, related_name="verifications")
    dossier = models.ForeignKey(Dossier, on_delete=models.CASCADE, related_name="+")
    lot = models.ForeignKey(
        VerificationLot, null=True, blank=True, on_delete=models.SET_NULL, related_name="items"
    )
    outcome = models.CharField(max_length=10, choices=Outcome.choices, default="", blank=True)
    reason = models.CharField(max_length=10, choices=Reason.choices, default="", blank=True)
    # The service's own code for a refused line; never a trait.
    remote_code = models.CharField(max_length=40, blank=True)
    status_before = models.CharField(max_length=5, blank=True)
    status_after = models.CharField(max_length=5, blank=True)
    settled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = "identité vérifiée"
        constraints = [
            models.UniqueConstraint(fields=["batch", "identity"], name="verification_identity_once"),
            models.CheckConstraint(
                condition=Q(outcome="", settled_at=None) | (~Q(outcome="") & Q(settled_at__isnull=False)),
                name="verification_outcome_is_dated",
            ),
        ]
        indexes = [models.Index(fields=["batch", "outcome", "id"], name="verification_report")]

    def __str__(self) -> str:
        return f"identité {self.identity_id} de la vérification {self.batch_id}"
