"""The letterhead of an establishment: what its documents carry besides its name."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import models

from amarre.dui.core.models import TimestampedModel
from amarre.dui.core.scoping import ScopedManager
from amarre.dui.organisations.models.essms import Essms

MOST_LINES = 5
LONGEST_LINE = 80


def validate_lines(value: str) -> None:
    """Refuse more than fits beside a logo and a Datamatrix."""
    lines = value.splitlines()
    if len(lines) > MOST_LINES:
        raise ValidationError(f"Pas plus de {MOST_LINES} lignes.", code="lines")
    if any(len(line) > LONGEST_LINE for line in lines):
        raise ValidationError(f"Pas plus de {LONGEST_LINE} signes par ligne.", code="long")


class Letterhead(TimestampedModel):
    """Logo, lines of address, words at the foot of each page. One per establishment."""

    class LogoFormat(models.TextChoices):
        """How the logo is kept: always re-encoded by us."""

        PNG = "png", "PNG"
        JPEG = "jpg", "JPEG"

    scope_path = "essms"
    objects = ScopedManager()

    essms = models.OneToOneField(Essms, on_delete=models.CASCADE, related_name="letterhead")
    # Without lines, the address of the establishment is printed.
    address_lines = models.TextField("lignes d’adresse", blank=True, validators=[validate_lines])
    footer = models.CharField("pied de page", max_length=200, blank=True)
    logo = models.BinaryField(default=bytes, blank=True)
    logo_format = models.CharField(max_length=3, choices=LogoFormat.choices, blank=True)
    updated_at = models.DateTimeField("modifié le")

    class Meta:
        verbose_name = "papier à en-tête"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(logo_format="") | ~models.Q(logo=b""), name="letterhead_logo_with_format"
            )
        ]

    def __str__(self) -> str:
        return f"papier à en-tête de {self.essms_id}"

    @property
    def lines(self) -> tuple[str, ...]:
        """The lines printed under the name: those written here, else the address of the establishment."""
        written = tuple(line.strip() for line in self.address_lines.splitlines() if line.strip())
        usual = (self.essms.address, f"{self.essms.postal_code} {self.essms.city}".strip())
        return written or tuple(line for line in usual if line)
