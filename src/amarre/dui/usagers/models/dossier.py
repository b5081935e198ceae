"""The dossier: one identity in one ESSMS, and what its person was told and decided."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q

from amarre.dui.core.models import StrictModel, TimestampedModel
from amarre.dui.core.scoping import ScopedManager
from amarre.dui.usagers.dmp_speakers import Means, Speaker
from amarre.dui.usagers.models.identity import Identity
from amarre.dui.usagers.models.spelling import learn_words
from amarre.dui.usagers.search_words import NAMES_LENGTH, Word, WordKind, words_of


class Dossier(TimestampedModel):
    """One record per usager and ESSMS (and those joined to it by a fusion); indicators are counted on it."""

    scope_path = "essms"
    objects = ScopedManager()

    essms = models.ForeignKey("organisations.Essms", on_delete=models.PROTECT, related_name="dossiers")
    identity = models.ForeignKey(Identity, on_delete=models.PROTECT, related_name="dossiers")
    number = models.CharField("numéro de dossier", max_length=20)
    entered_on = models.DateField("date d'entrée")
    left_on = models.DateField("date de sortie", null=True, blank=True)
    is_test = models.BooleanField("dossier de test", default=False)
    # After a fusion in one ESSMS both dossiers are kept: this one was joined to the other, which is the one
    # to go on writing in. It is then out of the file active and of the lists.
    joined_to = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="joined", verbose_name="réuni à"
    )

    class Meta:
        verbose_name = "dossier"
        constraints = [
            models.UniqueConstraint(
                fields=["essms", "identity"], condition=Q(joined_to=None), name="one_dossier_per_essms"
            ),
            models.UniqueConstraint(fields=["essms", "number"], name="dossier_number_once"),
        ]
        indexes = [models.Index(fields=["essms", "entered_on"], name="dossier_file_active")]

    def __str__(self) -> str:
        return f"dossier {self.number}"

    def save(self, **options: Any) -> None:
        """Store, and keep what the search finds it by."""
        super().save(**options)
        self.write_words()

    @property
    def continuing(self) -> Dossier:
        """The dossier to write in: this one, or the one that fusions joined it to."""
        found = self
        while found.joined_to is not None:
            found = found.joined_to
        return found

    @property
    def sort_names(self) -> str:
        """The names people read first, folded: what results are sorted and ranked by."""
        return self.identity.search_key[:NAMES_LENGTH]

    def search_words(self, absorbed: Iterable[Identity]) -> frozenset[Word]:
        """Return every word this dossier is found by, those of the identities joined to its own included."""
        identity = self.identity
        names: list[str] = []
        for one in (identity, *absorbed):
            names += (one.nom_naissance, one.nom_utilise, one.prenoms, one.premier_prenom, one.prenom_utilise)
        numbers = (self.number, identity.local_number)
        return words_of(names=filter(None, names), numbers=numbers, birth=identity.date_naissance)

    def write_words(self) -> None:
        """Make the rows of the search those of today; two queries when nothing changed."""
        names = self.sort_names
        words = self.search_words(self.identity.absorbed.all())
        wanted = {(word.kind.value, word.text) for word in words}
        known = {(row.kind, row.word): row for row in self.words.all()}
        stale = [row.pk for key, row in known.items() if key not in wanted or row.names != names]
        if stale:
            self.words.filter(pk__in=stale).delete()
        kept = {key for key, row in known.items() if row.pk not in stale}
        missing = sorted(wanted - kept)
        if missing:
            learn_words(word for kind, word in missing if kind == WordKind.NAME.value)
        self.words.bulk_create(
            self.words.model(essms_id=self.essms_id, dossier=self, kind=kind, word=word, names=names)
            for kind, word in missing
        )


class DmpInformation(StrictModel):
    """What the person was told about the DMP, and what they answered: who, when, how, to whom.

    Two questions. Deposit: told, the person opposes or not; the last row counts. Reading by the team: an
    initial agreement is needed besides (Conseil d'État, 15/10/2025); see `dmp_agreement.team_agreement`.
    """

    class Decision(models.TextChoices):
        """Non-opposition is recorded as such: silence is not a decision."""

        NON_OPPOSITION = "non_opposition", "Informée, ne s'oppose pas"
        OPPOSITION = "opposition", "S'oppose"

    class Access(models.TextChoices):
        """Whether the team may open the DMP. Not asked is not an answer."""

        NOT_ASKED = "", "Question pas posée"
        AGREED = "accord", "D'accord pour que l'équipe consulte son DMP"
        REFUSED = "refus", "Refuse que l'équipe consulte son DMP"

    scope_path = "dossier__essms"
    objects = ScopedManager()

    dossier = models.ForeignKey(Dossier, on_delete=models.CASCADE, related_name="dmp_information")
    decision = models.CharField("décision", max_length=16, choices=Decision.choices)
    informed_on = models.DateField("informée le")
    informed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField("enregistrée le")
    access = models.CharField("consultation par l'équipe", max_length=8, choices=Access.choices, blank=True)
    # Who answered and how it was collected; empty in the rows older than these questions.
    said_by = models.CharField("réponse donnée par", max_length=16, choices=Speaker.choices, blank=True)
    means = models.CharField("recueillie", max_length=12, choices=Means.choices, blank=True)
    # Name and quality of whoever answers with the person or for them.
    representative = models.CharField("nom du représentant", max_length=120, blank=True)

    class Meta:
        verbose_name = "information sur le DMP"
        ordering = ["-recorded_at", "-id"]

    def __str__(self) -> str:
        return f"information de {self.dossier_id}"
