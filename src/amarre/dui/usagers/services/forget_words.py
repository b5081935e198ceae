"""Forget the words that no name has any more: a name corrected or erased leaves nothing behind."""

from __future__ import annotations

from amarre.dui.access.scope import system_scope
from amarre.dui.usagers.models import DossierWord, NameSpelling
from amarre.dui.usagers.models.spelling import BATCH
from amarre.dui.usagers.search_words import WordKind


def forget_unused_words() -> int:
    """Forget the unused words and return how many. Run once a day: it reads every word there is.

    A word met again at the very moment it is forgotten is learnt at the next change of the dossier; until
    then the search still finds it, by its first letters.
    """
    with system_scope("search: words that names still have"):
        used = set(
            DossierWord.objects.filter(kind=WordKind.NAME.value).values_list("word", flat=True).distinct()
        )
    known = set(NameSpelling.objects.order_by().values_list("word", flat=True).distinct())
    gone = sorted(known - used)
    for start in range(0, len(gone), BATCH):
        NameSpelling.objects.filter(word__in=gone[start : start + BATCH]).delete()
    return len(gone)
