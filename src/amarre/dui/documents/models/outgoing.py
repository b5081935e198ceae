"""What left with a document: a deposit in the DMP, a message by MSSanté, and what came back."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from amarre.dui.core.models import StrictModel
from amarre.dui.core.scoping import ScopedManager
from amarre.dui.documents.models.document import DocumentVersion


class DmpDeposit(StrictModel):
    """One deposit intention. Its state is its exchange's; the acknowledgement is kept."""

    scope_path = "version__document__dossier__essms"
    objects = ScopedManager()

    version = models.OneToOneField(DocumentVersion, on_delete=models.PROTECT, related_name="dmp_deposit")
    exchange = models.OneToOneField(
        "exchanges.Exchange", on_delete=models.PROTECT, related_name="dmp_deposit"
    )
    # Environment of the connector when asked: indicators count the installation's own only.
    environment = models.CharField(max_length=14)
    identity_qualified = models.BooleanField()
    requested_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True, blank=True)
    # The bytes are a part of the exchange (`exchanges.services.keep_answer`).
    acknowledgement_sha256 = models.CharField(max_length=64, blank=True)

    class Meta:
        verbose_name = "dépôt au DMP"

    def __str__(self) -> str:
        return f"dépôt de la version {self.version_id}"


class MssanteMessage(StrictModel):
    """One message about one dossier. Its Message-ID is given here, once."""

    class Audience(models.TextChoices):
        """Who it is written to."""

        PROFESSIONNEL = "professionnel", "Professionnel"
        USAGER = "usager", "Usager"

    scope_path = "dossier__essms"
    objects = ScopedManager()

    dossier = models.ForeignKey("usagers.Dossier", on_delete=models.PROTECT, related_name="messages")
    exchange = models.OneToOneField(
        "exchanges.Exchange", on_delete=models.PROTECT, related_name="mssante_message"
    )
    message_id = models.CharField(max_length=200, unique=True)
    # "" for the person concerned: their address holds their matricule, and is derived from it each time.
    recipient_address = models.CharField("adresse", max_length=254, blank=True)
    recipient_name = models.CharField("destinataire", max_length=200)
    audience = models.CharField(max_length=14, choices=Audience.choices, default=Audience.PROFESSIONNEL)
    environment = models.CharField(max_length=14)
    requested_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = "message MSSanté"
        ordering = ["-requested_at", "-id"]
        indexes = [
            models.Index(
                fields=["dossier", "accepted_at"],
                name="message_accepted",
                condition=Q(accepted_at__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return f"message {self.pk}"


class MailedDocument(StrictModel):
    """A version attached to a message."""

    scope_path = "message__dossier__essms"
    objects = ScopedManager()

    message = models.ForeignKey(MssanteMessage, on_delete=models.CASCADE, related_name="attachments")
    version = models.ForeignKey(DocumentVersion, on_delete=models.PROTECT, related_name="mailings")

    class Meta:
        verbose_name = "document envoyé"
        constraints = [models.UniqueConstraint(fields=["message", "version"], name="mailed_once")]

    def __str__(self) -> str:
        return f"version {self.version_id} dans {self.message_id}"


class MailReceipt(StrictModel):
    """A notification read back from the mailbox: delivered, read, rejected."""

    scope_path = "message__dossier__essms"
    objects = ScopedManager()

    message = models.ForeignKey(MssanteMessage, on_delete=models.CASCADE, related_name="receipts")
    # A value of the kit's ReceiptKind.
    kind = models.CharField(max_length=12)
    status_code = models.CharField(max_length=20, blank=True)
    sentence = models.CharField(max_length=300, blank=True)
    advice = models.CharField(max_length=300, blank=True)
    received_at = models.DateTimeField()
    # Message-ID of the notification itself: read once.
    notification_id = models.CharField(max_length=200, unique=True)

    class Meta:
        verbose_name = "accusé"
        ordering = ["received_at", "id"]

    def __str__(self) -> str:
        return f"{self.kind} de {self.message_id}"
