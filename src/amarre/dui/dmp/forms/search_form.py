"""What one looks for in a DMP: sent to its registry (TD3.1a)."""

from __future__ import annotations

import datetime
import hashlib
import json
from typing import Any

from django import forms
from django.forms.boundfield import BoundField

from amarre.dui.core.clock import now
from amarre.interop.ins.traits import fold
from amarre.interop.terminology import ValueSetId, value_set
from amarre.interop.xds import DocumentFilter, EntryStatus

YEAR = datetime.timedelta(days=365)
# Period → years, None for no limit. The guide limits the first search to two years.
PERIODS: dict[str, tuple[str, int | None]] = {
    "2": ("Depuis 2 ans", 2),
    "5": ("Depuis 5 ans", 5),
    "10": ("Depuis 10 ans", 10),
    "tout": ("Sans limite de date", None),
}
STATUSES: dict[str, tuple[str, tuple[EntryStatus, ...]]] = {
    "": ("Documents actuels", (EntryStatus.APPROVED,)),
    "archives": ("Actuels et archivés", (EntryStatus.APPROVED, EntryStatus.ARCHIVED)),
    "tous": (
        "Actuels, archivés et remplacés",
        (EntryStatus.APPROVED, EntryStatus.ARCHIVED, EntryStatus.DEPRECATED),
    ),
}
# Type of the signatures of submission sets: never shown, never looked for.
SIGNATURE = "E1762"
_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ '-"


def _types() -> list[tuple[str, str]]:
    codes = value_set(ValueSetId.DMP_TYPE_CODE).codes.values()
    rows = sorted((one for one in codes if one.code != SIGNATURE), key=lambda one: fold(one.display))
    return [("", "Tous les types"), *((code.code, code.display) for code in rows)]


class DmpSearchForm(forms.Form):
    """The four questions the registry understands."""

    periode = forms.ChoiceField(
        label="Période", choices=[(key, words) for key, (words, _) in PERIODS.items()], required=False
    )
    type = forms.ChoiceField(label="Type de document", choices=_types, required=False)
    etat = forms.ChoiceField(
        label="État", choices=[(key, words) for key, (words, _) in STATUSES.items()], required=False
    )
    auteur = forms.CharField(label="Nom de l’auteur", max_length=60, required=False)

    use_required_attribute = False

    def __init__(self, data: Any = None) -> None:
        super().__init__(data, initial={"periode": "2"})

    @property
    def others(self) -> list[BoundField]:
        """Return the questions asked besides the period."""
        return [self[name] for name in ("type", "etat", "auteur")]

    @property
    def is_narrow(self) -> bool:
        """True when one of the other questions was answered."""
        return any(self.data.get(name) for name in ("type", "etat", "auteur"))

    @property
    def filters(self) -> DocumentFilter:
        """Return the parameters of the stored query; the form is valid."""
        given = self.cleaned_data
        years = PERIODS[given["periode"] or "2"][1]
        kind = value_set(ValueSetId.DMP_TYPE_CODE).find(given["type"]) if given["type"] else None
        # Jokers are ours: what is typed is letters.
        name = "".join(letter for letter in fold(given["auteur"]) if letter in _LETTERS).strip()
        return DocumentFilter(
            statuses=STATUSES[given["etat"]][1],
            type_codes=(kind,) if kind else (),
            created_from=now() - years * YEAR if years else None,
            author=f"%{name}%" if name else "",
        )

    @property
    def key(self) -> str:
        """Return what tells one search from another, without its words."""
        return hashlib.sha256(json.dumps(self.cleaned_data, sort_keys=True).encode()).hexdigest()[:16]
