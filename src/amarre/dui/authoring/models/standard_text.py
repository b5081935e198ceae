"""Texts an establishment proposes to those who write."""

from __future__ import annotations

from django.db import models

from amarre.dui.core.models import TimestampedModel
from amarre.dui.core.scoping import ScopedManager


class StandardText(TimestampedModel):
    """A text to insert, its names filled from the record. Retired rather than deleted."""

    scope_path = "essms"
    objects = ScopedManager()

    essms = models.ForeignKey("organisations.Essms", on_delete=models.PROTECT, related_name="standard_texts")
    title = models.CharField("titre", max_length=80)
    body = models.TextField("texte", max_length=4000)
    # Template it is proposed in; "" for all of them.
    template_key = models.CharField("modèle", max_length=40, blank=True)
    # Block it fills by itself in a new draft; "" when one chooses to insert it.
    block_key = models.CharField("partie remplie", max_length=40, blank=True)
    updated_at = models.DateTimeField("modifié le")
    retired_at = models.DateTimeField("retiré le", null=True, blank=True)

    class Meta:
        verbose_name = "texte type"
        verbose_name_plural = "textes types"
        ordering = ["title", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["essms", "title"],
                condition=models.Q(retired_at=None),
                name="one_standard_text_per_title",
                violation_error_message="Un texte type porte déjà ce titre.",
            ),
            models.UniqueConstraint(
                fields=["essms", "template_key", "block_key"],
                condition=models.Q(retired_at=None) & ~models.Q(block_key=""),
                name="one_standard_text_fills_a_block",
                violation_error_message="Un autre texte type remplit déjà cette partie du document.",
            ),
            models.CheckConstraint(
                condition=models.Q(block_key="") | ~models.Q(template_key=""),
                name="standard_text_fills_a_block_of_a_template",
            ),
        ]

    def __str__(self) -> str:
        return f"texte type {self.pk}"
