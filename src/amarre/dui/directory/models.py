"""Correspondents already chosen: a copy of what the directory said of them, with its date."""

from __future__ import annotations

from django.db import models

from amarre.dui.core.actor import Actor
from amarre.dui.core.models import StrictModel
from amarre.dui.core.scoping import ScopedManager


class DirectoryEntry(StrictModel):
    """One professional or structure of the Annuaire Santé, as last read by the organisme.

    It is shown when the directory does not answer, and among the recent recipients. `mailboxes` is a list of
    {"address", "kind" (TRE_R257-TypeBAL, "" when unknown), "label"}, in the order of the directory.
    """

    class Kind(models.TextChoices):
        """Whom the entry is about; the identifier is an RPPS number, or a FINESS number."""

        PROFESSIONNEL = "professionnel", "Professionnel"
        STRUCTURE = "structure", "Structure"

    # Followed by queries; objects answer by `is_visible_to`: entries belong to the organisme.
    scope_path = "organisme__essms"
    objects = ScopedManager()

    organisme = models.ForeignKey(
        "organisations.OrganismeGestionnaire", on_delete=models.CASCADE, related_name="+"
    )
    kind = models.CharField("nature", max_length=14, choices=Kind.choices)
    identifier = models.CharField("identifiant", max_length=20)
    name = models.CharField("nom", max_length=200)
    profession = models.CharField("profession", max_length=150, blank=True)
    structure = models.CharField("structure", max_length=300, blank=True)
    commune = models.CharField("commune", max_length=100, blank=True)
    mailboxes = models.JSONField("adresses MSSanté", default=list, blank=True)
    # Upper case, no accent: name, structure and commune.
    search_key = models.CharField(max_length=600, editable=False, db_index=True)
    fetched_at = models.DateTimeField("lu dans l'annuaire le")
    used_at = models.DateTimeField("choisi le")

    class Meta:
        verbose_name = "correspondant"
        constraints = [
            models.UniqueConstraint(fields=["organisme", "kind", "identifier"], name="directory_entry_once")
        ]
        indexes = [models.Index(fields=["organisme", "-used_at"], name="directory_recent")]

    def __str__(self) -> str:
        return f"correspondant {self.pk}"

    def is_visible_to(self, actor: Actor) -> bool:
        """Say whether the actor's organisme keeps this entry."""
        return actor.organisme_id is not None and self.organisme_id == actor.organisme_id

    @property
    def addresses(self) -> list[str]:
        """The MSSanté addresses, in the order of the directory."""
        return [str(box["address"]) for box in self.mailboxes]
