"""What happened to an identity, latest first: creation, documents seen, searches at INSi, changes."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from django.contrib.auth.models import AbstractBaseUser

from amarre.dui.usagers.models import Discrepancy, EvidenceCopy, Identity, IdentityChange, InsiSearch
from amarre.interop.ins import STATUS_LABELS, TRAIT_LABELS, BirthDate, device, ins_oid

_FIELDS = {
    **{trait.value: label for trait, label in TRAIT_LABELS.items()},
    "nom_utilise": "nom utilisé",
    "prenom_utilise": "prénom utilisé",
    "lieu_libelle": "commune de naissance",
    "source": "traits lus",
    "date_interpretee": "date de naissance interprétée",
    "homonyme": "homonyme",
    "douteuse": "douteuse",
    "fictive": "fictive",
}
_STATUS_KEYS = {label: label.rpartition(" ")[2] for label in STATUS_LABELS.values()}


CREATED = "Identité créée"
# What a person decided; a newer answer that replaces an écart, or agrees, is told by its own line.
_DECIDED = (
    Discrepancy.Decision.BASE_CORRECTED, Discrepancy.Decision.INSI_TAKEN, Discrepancy.Decision.SET_ASIDE,
    Discrepancy.Decision.DOUBTFUL,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class HistoryLine:
    """One thing that happened. `status` is the key of a chip when the status changed."""

    at: datetime.datetime
    who: str
    icon: str
    title: str
    detail: str = ""
    status: str = ""


@dataclass(frozen=True, slots=True)
class SeenDocument:
    """One identity document that was seen; `voided` when the trust it gave was taken back."""

    label: str
    seen_on: datetime.date
    who: str
    voided: bool
    copies: tuple[EvidenceCopy, ...] = ()


@dataclass(frozen=True, slots=True)
class FormerNumber:
    """An INS that is no longer the active one: its nature and dates, never its digits."""

    nature: str
    valid_from: datetime.date | None
    valid_until: datetime.date | None


def history(identity: Identity) -> list[HistoryLine]:
    """Return every line, latest first; four queries."""
    changes = _changes(identity)
    lines = [*changes, *_documents(identity), *_searches(identity), *_discrepancies(identity)]
    if not any(line.title == CREATED for line in changes):
        lines.append(HistoryLine(identity.created_at, "", "plus", CREATED))
    # Two lines of one instant: the creation is the older one.
    return sorted(lines, key=lambda line: (line.at, line.title != CREATED), reverse=True)


def seen_documents(identity: Identity) -> list[SeenDocument]:
    """Return the documents seen, latest first, with their copies."""
    return [
        SeenDocument(
            device_label(row.device),
            row.seen_on,
            _name(row.operator),
            row.voided_at is not None,
            tuple(row.copies.all()),
        )
        for row in identity.evidence.select_related("operator").prefetch_related("copies")
    ]


def former_numbers(identity: Identity) -> list[FormerNumber]:
    """Return the former INS, latest first, without their digits."""
    return [
        FormerNumber(ins_oid(row.ins_oid).kind.value, row.valid_from, row.valid_until)
        for row in identity.ins_history.order_by("-noted_at", "-id")
    ]


def device_label(code: str) -> str:
    """Return the French name of a device, its code when the list no longer has it."""
    known = device(code)
    return known.label if known else code


def _changes(identity: Identity) -> list[HistoryLine]:
    lines = []
    for row in identity.changes.select_related("author"):
        who = _name(row.author)
        if row.field == "statut":
            title, status = row.after.capitalize(), _STATUS_KEYS.get(row.after, "")
            lines.append(HistoryLine(row.at, who, "identite", title, row.reason, status))
            continue
        if row.field == "creation":
            lines.append(HistoryLine(row.at, who, "plus", CREATED, row.after.capitalize()))
            continue
        label = _FIELDS.get(row.field, row.field).capitalize()
        change = _change(row)
        detail = f"{change}. {row.reason}" if row.reason else change
        lines.append(HistoryLine(row.at, who, "ecrit", label, detail))
    return lines


def _change(row: IdentityChange) -> str:
    """Return « before → after »; a fusion has no before worth a word."""
    after = _shown(row.field, row.after)
    if row.field == "fusion" and not row.before:
        return after[:1].upper() + after[1:]
    return f"{_shown(row.field, row.before)} → {after}"


def _discrepancies(identity: Identity) -> list[HistoryLine]:
    """Return the écarts settled by a person: what was decided, by whom, why."""
    settled = identity.discrepancies.filter(decision__in=_DECIDED).select_related("decided_by")
    lines = []
    for row in settled:
        if row.decided_at is None:
            continue
        said = f"{row.get_kind_display()}, {row.get_decision_display().lower()}"
        detail = f"{said}. {row.reason}" if row.reason else said
        lines.append(HistoryLine(row.decided_at, _name(row.decided_by), "alerte", "Écart d’identité", detail))
    return lines


def _documents(identity: Identity) -> list[HistoryLine]:
    return [
        HistoryLine(
            row.recorded_at,
            _name(row.operator),
            "certificat",
            "Pièce contrôlée",
            device_label(row.device) + (" (contrôle annulé depuis)" if row.voided_at else ""),
        )
        for row in identity.evidence.select_related("operator")
    ]


def _searches(identity: Identity) -> list[HistoryLine]:
    lines = []
    for row in identity.insi_searches.select_related("requested_by"):
        outcome = InsiSearch.Outcome(row.outcome).label
        decision = f", {InsiSearch.Decision(row.decision).label.lower()}" if row.decision else ""
        who = _name(row.requested_by)
        title = "Recherche INSi"
        if row.means == InsiSearch.Means.VITALE:
            title += " avec la carte Vitale"
        elif row.means == InsiSearch.Means.NO_PLACE:
            title += " sans le lieu de naissance"
        lines.append(HistoryLine(row.requested_at, who, "recherche", title, outcome + decision))
    return lines


def _shown(field: str, value: str) -> str:
    if field == "date_naissance" and value:
        return BirthDate(value).french
    return value or "vide"


def _name(user: AbstractBaseUser | None) -> str:
    get_full_name = getattr(user, "get_full_name", None)
    return str(get_full_name()) if get_full_name else ""
