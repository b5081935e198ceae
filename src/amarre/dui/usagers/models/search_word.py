"""The index of the search: what a dossier is found by, one row per word."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from django.db import models
from django.db.models import Q

from amarre.dui.core.scoping import ScopedManager, internal_scope
from amarre.dui.usagers.models.dossier import Dossier
from amarre.dui.usagers.models.identity import Identity
from amarre.dui.usagers.models.spelling import learn_words
from amarre.dui.usagers.search_words import WordKind

# Identities read at once: under the number of values a statement may bear.
IDENTITIES = 10_000


class DossierWord(models.Model):
    """One word of one dossier (see `search_words`), beside the establishment and the names to sort by.

    The search is answered from one index, without reading identities: `names` is enough to rank.
    """

    scope_path = "essms"

    essms = models.ForeignKey(
        "organisations.Essms", on_delete=models.CASCADE, related_name="+", db_index=False
    )
    dossier = models.ForeignKey(Dossier, on_delete=models.CASCADE, related_name="words", db_index=False)
    kind = models.CharField(max_length=1)
    word = models.CharField(max_length=40)
    names = models.CharField(max_length=120, blank=True)

    objects = ScopedManager()

    class Meta:
        verbose_name = "mot de recherche"
        constraints = [models.UniqueConstraint(fields=["dossier", "kind", "word"], name="dossier_word_once")]
        indexes = [
            models.Index(fields=["essms", "kind", "word", "names", "dossier"], name="dossier_word_search")
        ]

    def __str__(self) -> str:
        return f"mot du dossier {self.dossier_id}"


def index_dossiers(dossiers: Sequence[Dossier]) -> None:
    """Write the words of dossiers that have none yet (imports), in a few statements whatever their number."""
    identities = {dossier.identity_id for dossier in dossiers}
    known: dict[int, Identity] = {}
    absorbed: dict[int, list[Identity]] = {}
    for row in _identities(identities):
        known[row.pk] = row
        if row.merged_into_id is not None:
            absorbed.setdefault(row.merged_into_id, []).append(row)
    for dossier in dossiers:
        dossier.identity = known[dossier.identity_id]
    found = [
        (dossier, word)
        for dossier in dossiers
        for word in sorted(dossier.search_words(absorbed.get(dossier.identity_id, ())))
    ]
    learn_words({word.text for _, word in found if word.kind is WordKind.NAME})
    with internal_scope("words of dossiers being indexed"):
        DossierWord.objects.bulk_create(
            [
                DossierWord(
                    essms_id=dossier.essms_id, dossier=dossier, kind=word.kind.value, word=word.text,
                    names=dossier.sort_names,
                )
                for dossier, word in found
            ],
            batch_size=2000,
        )  # fmt: skip


def _identities(ids: set[int]) -> Iterator[Identity]:
    """Yield these identities and those absorbed by them."""
    with internal_scope("identities of dossiers being indexed"):
        rows = Identity.objects.all()
        wanted = sorted(ids)
        for start in range(0, len(wanted), IDENTITIES):
            part = wanted[start : start + IDENTITIES]
            yield from rows.filter(Q(pk__in=part) | Q(merged_into__in=part))
