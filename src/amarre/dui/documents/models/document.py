"""A document of a dossier and its versions. A version's bytes never change."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from amarre.dui.core.models import StrictModel, TimestampedModel
from amarre.dui.core.scoping import ScopedManager


class Document(TimestampedModel):
    """One document, whatever the number of its versions."""

    scope_path = "dossier__essms"
    objects = ScopedManager()

    dossier = models.ForeignKey("usagers.Dossier", on_delete=models.PROTECT, related_name="documents")
    # Code of the document type (JDV_J07 / JDV_J66), for example 80788-3.
    type_code = models.CharField("type", max_length=40)
    title = models.CharField("titre", max_length=150)
    # What it was made from, e.g. ("projet_personnalise", projet id): one document per source.
    source_kind = models.CharField(max_length=40)
    source_id = models.BigIntegerField()
    # CDA setId: common to all versions.
    set_id = models.CharField(max_length=64, unique=True)

    class Meta:
        verbose_name = "document"
        ordering = ["-created_at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["source_kind", "source_id"], name="one_document_per_source")
        ]

    def __str__(self) -> str:
        return f"document {self.pk}"


class DocumentVersion(StrictModel):
    """One version: the PDF and the CDA around it, content-addressed in the document store."""

    scope_path = "document__dossier__essms"
    objects = ScopedManager()

    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField()
    # CDA ClinicalDocument/id and XDS uniqueId.
    unique_id = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField()
    # Who answers for it in the house.
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    # Who wrote it, when that is someone from elsewhere.
    outside_author = models.CharField("auteur extérieur", max_length=200, blank=True)
    # Status of the identity when the bytes were made: with or without matricule and Datamatrix.
    identity_qualified = models.BooleanField()
    pdf_sha256 = models.CharField(max_length=64)
    cda_sha256 = models.CharField(max_length=64)

    class Meta:
        verbose_name = "version de document"
        ordering = ["-number"]
        constraints = [models.UniqueConstraint(fields=["document", "number"], name="document_version_once")]

    def __str__(self) -> str:
        return f"document {self.document_id} v{self.number}"

    @property
    def written_by(self) -> str:
        """Who wrote it, as people call them."""
        return self.outside_author or str(self.author)
