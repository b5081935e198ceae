"""What may be changed in a document of ours at the DMP: one row each, in words. Data, not code.

Which transaction, and what changes, are the kit's (`td3_3.RULES`); who may is its table of rights by mode.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from amarre.dui.dmp.models import DepositAudience
from amarre.interop.dmp import Change, Transaction, Visibility
from amarre.interop.dmp.td3_3 import RULES
from amarre.interop.xds import EntryStatus

Status = DepositAudience.Status
STATUSES = {
    Status.ACTUEL.value: EntryStatus.APPROVED,
    Status.ARCHIVE.value: EntryStatus.ARCHIVED,
    Status.SUPPRIME.value: EntryStatus.DELETED,
}


class Door(StrEnum):
    """By which door the change is made: the establishment's certificate, or the professional's own access."""

    ETABLISSEMENT = "etablissement"
    PROFESSIONNEL = "professionnel"


@dataclass(frozen=True, slots=True)
class Row:
    """One change. `verb` is the infinitive of its button, `consequences` what the person is told before."""

    key: str
    change: Change
    door: Door
    verb: str
    consequences: tuple[str, ...]

    @property
    def transaction(self) -> Transaction:
        """Its transaction, for the table of rights."""
        return RULES[self.change].transaction


ROWS: tuple[Row, ...] = (
    Row(
        "masquer",
        Change.MASK,
        Door.PROFESSIONNEL,
        "Masquer aux professionnels",
        (
            "Les autres professionnels ne le verront plus, sauf son auteur et le médecin traitant.",
            "La personne le voit toujours dans Mon espace santé. Faites-le à sa demande.",
        ),
    ),
    Row(
        "demasquer",
        Change.UNMASK,
        Door.PROFESSIONNEL,
        "Démasquer aux professionnels",
        ("Les professionnels à qui la personne ouvre son DMP pourront le lire.",),
    ),
    Row(
        "montrer-a-la-personne",
        Change.SHOW_TO_PATIENT,
        Door.PROFESSIONNEL,
        "Montrer à la personne",
        (
            "La personne le lira aussitôt dans Mon espace santé.",
            "Faites-le une fois que ce qu’il annonce lui a été dit, de vive voix.",
        ),
    ),
    Row(
        "montrer-aux-representants",
        Change.SHOW_TO_REPRESENTATIVES,
        Door.PROFESSIONNEL,
        "Montrer aux représentants légaux",
        (
            "Les titulaires de l’autorité parentale pourront le lire dans Mon espace santé.",
            "Faites-le avec l’accord du mineur.",
        ),
    ),
    Row(
        "archiver",
        Change.ARCHIVE,
        Door.PROFESSIONNEL,
        "Archiver",
        ("Il ne sera plus dans les recherches ordinaires. On peut le désarchiver.",),
    ),
    Row(
        "desarchiver",
        Change.UNARCHIVE,
        Door.PROFESSIONNEL,
        "Désarchiver",
        ("Il reviendra dans les recherches ordinaires.",),
    ),
    Row(
        "supprimer",
        Change.DELETE,
        Door.ETABLISSEMENT,
        "Supprimer du DMP",
        (
            "Plus personne ne le lira au DMP. On ne peut pas revenir en arrière.",
            "Il reste dans le dossier, ici. Une nouvelle version pourra être déposée.",
        ),
    ),
)
_BY_KEY = {row.key: row for row in ROWS}


def row_of(key: str) -> Row | None:
    """Return the row of a key, None for an unknown one."""
    return _BY_KEY.get(key)


def makes_sense(row: Row, hidden_from: frozenset[Visibility], status: str) -> bool:
    """Say whether the change would change something, from what we believe the DMP holds."""
    rule = RULES[row.change]
    if status == Status.SUPPRIME or STATUSES[status] not in rule.before:
        return False
    if rule.after is not None:
        return rule.after is not STATUSES[status]
    if rule.added is not None:
        return rule.added not in hidden_from
    return rule.removed in hidden_from


def after(row: Row, hidden_from: frozenset[Visibility], status: str) -> tuple[frozenset[Visibility], str]:
    """Return the audiences and the status once the change is made."""
    rule = RULES[row.change]
    if rule.after is not None:
        return hidden_from, next(key for key, value in STATUSES.items() if value is rule.after)
    added = frozenset({rule.added} if rule.added else ())
    removed = frozenset({rule.removed} if rule.removed else ())
    return (hidden_from | added) - removed, status
