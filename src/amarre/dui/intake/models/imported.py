"""A document written elsewhere and brought in a dossier: a person answers for it before it becomes a version.

Its bytes are in the document store: the files as they were sent, and the PDF/A-1b made of them. What is filed
(`documents.DocumentVersion`) has a cover and the identity on each page.
"""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from amarre.dui.core.models import StrictModel, TimestampedModel
from amarre.dui.core.scoping import ScopedManager


class ImportedDocument(TimestampedModel):
    """What was brought, what it is, who wrote it, who answers for it, and what was decided."""

    class State(models.TextChoices):
        """Nothing leaves before it is validated."""

        A_VALIDER = "a_valider", "À valider"
        VALIDE = "valide", "Validé"
        REFUSE = "refuse", "Refusé"

    class Text(models.TextChoices):
        """Whether the words can be selected (values of the reader's TextState)."""

        WHOLE = "whole", "Texte entier"
        PARTIAL = "partial", "Texte en partie"
        NONE = "none", "Images"

    scope_path = "dossier__essms"
    objects = ScopedManager()

    dossier = models.ForeignKey("usagers.Dossier", on_delete=models.PROTECT, related_name="imported")
    title = models.CharField("titre", max_length=128)
    type_code = models.CharField("type", max_length=40)
    act_on = models.DateField("date de l'acte")
    # Who wrote it: someone of the establishment, or a person named below.
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    outside_family = models.CharField("nom", max_length=80, blank=True)
    outside_given = models.CharField("prénom", max_length=80, blank=True)
    # Profession: a code of JDV_J01 and its system.
    outside_code = models.CharField("profession", max_length=40, blank=True)
    outside_system = models.CharField(max_length=64, blank=True)
    outside_rpps = models.CharField("RPPS", max_length=11, blank=True)
    outside_organisation = models.CharField("structure", max_length=150, blank=True)
    outside_finess = models.CharField("FINESS de la structure", max_length=9, blank=True)
    # Who reads it and validates it: its author when they work here.
    responsible = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    state = models.CharField("état", max_length=10, choices=State.choices, default=State.A_VALIDER)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    decided_at = models.DateTimeField("décidé le", null=True, blank=True)
    refusal_reason = models.CharField("motif du refus", max_length=300, blank=True)

    body_sha256 = models.CharField(max_length=64)
    pages = models.PositiveSmallIntegerField("pages")
    text = models.CharField("texte", max_length=8, choices=Text.choices)
    # Keys of the reader's notes: what was changed on the way in.
    notes = models.JSONField("remarques", default=list, blank=True)
    # Mark of the traits printed on the version filed last (`identity_mark`); "" before.
    filed_traits = models.CharField(max_length=64, blank=True)
    imported_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = "document apporté"
        ordering = ["-created_at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(author=None) ^ Q(outside_family=""), name="imported_has_one_author"
            ),
            models.CheckConstraint(
                condition=~Q(state="refuse") | ~Q(refusal_reason=""), name="imported_refusal_has_a_reason"
            ),
        ]
        indexes = [
            models.Index(
                fields=["responsible", "dossier"], name="imported_to_validate", condition=Q(state="a_valider")
            )
        ]

    def __str__(self) -> str:
        return f"document apporté {self.pk}"

    @property
    def written_by(self) -> str:
        """Who wrote it, as people call them."""
        if self.author is not None:
            return str(self.author)
        return f"{self.outside_given} {self.outside_family}".strip()


class OriginalFile(StrictModel):
    """One file as it was sent, kept byte for byte: the proof, never what leaves."""

    scope_path = "imported__dossier__essms"
    objects = ScopedManager()

    imported = models.ForeignKey(ImportedDocument, on_delete=models.CASCADE, related_name="originals")
    rank = models.PositiveSmallIntegerField()
    # Suffix by content: pdf, jpg, png, odt, docx.
    suffix = models.CharField(max_length=5)
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)

    class Meta:
        verbose_name = "fichier d'origine"
        ordering = ["rank"]
        constraints = [models.UniqueConstraint(fields=["imported", "rank"], name="original_rank_once")]

    def __str__(self) -> str:
        return f"fichier {self.rank} du document apporté {self.imported_id}"
