"""A document kept as it was received from elsewhere: read in the DMP, in a mailbox, on a paper.

It is not a version of ours and has no way out: what deposits or sends takes a `DocumentVersion`.
"""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from amarre.dui.core.models import StrictModel
from amarre.dui.core.scoping import ScopedManager


class ReceivedDocument(StrictModel):
    """The bytes as they came, content-addressed, and what they say of themselves. Never changed."""

    class Origin(models.TextChoices):
        """Where it was read."""

        DMP = "dmp", "DMP"
        MSSANTE = "mssante", "MSSanté"
        AUTRE = "autre", "Autre origine"

    class Media(models.TextChoices):
        """What the bytes are."""

        CDA = "cda", "CDA"
        PDF = "pdf", "PDF"

    scope_path = "dossier__essms"
    objects = ScopedManager()

    dossier = models.ForeignKey("usagers.Dossier", on_delete=models.PROTECT, related_name="received")
    origin = models.CharField("origine", max_length=8, choices=Origin.choices)
    # Its identifier at its origin (uniqueId of the DMP, of the XDM archive): received once.
    reference = models.CharField("référence", max_length=200, blank=True)
    media = models.CharField("format", max_length=4, choices=Media.choices)
    sha256 = models.CharField(max_length=64)
    # Copy made harmless, shown page by page: "" when there is no file to show, or when it was refused.
    shown_sha256 = models.CharField(max_length=64, blank=True)
    pages = models.PositiveSmallIntegerField("pages", default=0)
    notes = models.JSONField("remarques", default=list, blank=True)
    # Code of the refusal of the file (REC-…): it is then neither shown nor drawn.
    refusal = models.CharField(max_length=10, blank=True)
    # As written there: the code may be of no list of ours.
    type_code = models.CharField("code du type", max_length=60, blank=True)
    type_label = models.CharField("type", max_length=200, blank=True)
    title = models.CharField("titre", max_length=200)
    author = models.CharField("auteur", max_length=200, blank=True)
    organisation = models.CharField("structure", max_length=200, blank=True)
    written_on = models.DateField("daté du", null=True, blank=True)
    # What comparing its person with the dossier gave (kit's PatientMatch); "" when it names nobody (PDF).
    match = models.CharField("personne", max_length=20, blank=True)
    received_at = models.DateTimeField("reçu le")
    received_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        verbose_name = "document reçu"
        ordering = ["-received_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["dossier", "origin", "reference"],
                condition=~Q(reference=""),
                name="received_once",
            )
        ]

    def __str__(self) -> str:
        return f"document reçu {self.pk}"
