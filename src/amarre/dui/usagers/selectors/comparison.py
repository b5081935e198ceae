"""Traits side by side, with the letters that differ marked and the reading in words."""

from __future__ import annotations

from dataclasses import dataclass

from amarre.interop.ins import (
    COG_UNKNOWN,
    TRAIT_LABELS,
    Comparison,
    Discrepancy,
    Severity,
    Span,
    Trait,
    Traits,
    Verdict,
    compare,
    differing_spans,
)

_WORDS = {
    Severity.ACCEPTABLE: "Toléré.",
    Severity.REASON: "Toléré avec un motif.",
    Severity.BLOCKING: "Différent.",
}
_VERDICTS = {
    Verdict.IDENTIQUE: "Les traits sont identiques.",
    Verdict.ACCEPTABLE: "Les différences sont tolérées : l’écriture d’INSi remplacera la nôtre.",
    Verdict.A_MOTIVER: "Une différence demande un motif avant de reprendre les traits d’INSi.",
    Verdict.DISCORDANTE: "Un trait est vraiment différent : relisez la pièce d’identité avant de décider.",
    Verdict.AUTRE_PERSONNE: "Plusieurs traits sont différents : ce n’est peut-être pas la même personne.",
}
MISSING = "_"


@dataclass(frozen=True, slots=True)
class Segment:
    """A piece of a trait; `marked` when it differs (`_` stands for a letter that is missing)."""

    text: str
    marked: bool


@dataclass(frozen=True, slots=True)
class TraitRow:
    """One trait in both sources, and the reading of the difference in words ("" when identical)."""

    label: str
    ours: tuple[Segment, ...]
    theirs: tuple[Segment, ...]
    word: str
    explanation: str
    is_blocking: bool


@dataclass(frozen=True, slots=True)
class TraitsTable:
    """The whole comparison: rows, one sentence, whether a reason is asked, whether a trait really differs."""

    rows: tuple[TraitRow, ...]
    sentence: str
    verdict: Verdict
    needs_reason: bool

    @property
    def is_blocking(self) -> bool:
        """Say whether at least one trait really differs."""
        return any(row.is_blocking for row in self.rows)


def traits_table(ours: Traits, theirs: Traits) -> TraitsTable:
    """Compare our traits with those INSi returned."""
    comparison: Comparison = compare(ours, theirs)
    found = {item.trait: item for item in comparison.discrepancies}
    rows = tuple(_row(trait, ours, theirs, found.get(trait)) for trait in Trait)
    severities = [item.tolerance.severity for item in comparison.discrepancies]
    return TraitsTable(rows, _VERDICTS[comparison.verdict], comparison.verdict, Severity.REASON in severities)


def _row(trait: Trait, ours: Traits, theirs: Traits, difference: Discrepancy | None) -> TraitRow:
    label = TRAIT_LABELS[trait]
    mine, received = _shown(trait, ours), _shown(trait, theirs)
    if difference is None:
        same = (Segment(mine, False),)
        return TraitRow(label.capitalize(), same, same, "", "", False)
    tolerance = difference.tolerance
    if trait is Trait.LIEU_NAISSANCE:
        # A code is another code: its digits are not letters mistyped.
        return TraitRow(
            label.capitalize(),
            (Segment("inconnu" if mine == COG_UNKNOWN else mine or MISSING, True),),
            (Segment(received or MISSING, True),),
            _WORDS[tolerance.severity],
            tolerance.explanation,
            tolerance.severity is Severity.BLOCKING,
        )
    mine_spans, received_spans = differing_spans(mine, received)
    return TraitRow(
        label.capitalize(),
        segments(mine, mine_spans, received_spans),
        segments(received, received_spans, mine_spans),
        _WORDS[tolerance.severity],
        tolerance.explanation,
        tolerance.severity is Severity.BLOCKING,
    )


def _shown(trait: Trait, traits: Traits) -> str:
    return traits.date_naissance.french if trait is Trait.DATE_NAISSANCE else traits.of(trait)


def segments(text: str, spans: tuple[Span, ...], other: tuple[Span, ...]) -> tuple[Segment, ...]:
    """Cut `text` at its differing spans, with a mark where the `other` text has letters that it lacks."""
    # Both texts have the same letters outside of their spans: positions among these letters align them.
    here, there = _kept_positions(spans), _kept_positions(other)
    found: list[Segment] = []
    at = kept = 0
    for position in sorted({*here, *there}):
        end = at + position - kept
        if end > at:
            found.append(Segment(text[at:end], False))
        at, kept = end, position
        span = here.get(position)
        found.append(Segment(text[span.start : span.end] if span else MISSING, True))
        at = span.end if span else at
    if at < len(text):
        found.append(Segment(text[at:], False))
    return tuple(found)


def _kept_positions(spans: tuple[Span, ...]) -> dict[int, Span]:
    """Return each span by the number of unmarked letters before it."""
    positions: dict[int, Span] = {}
    removed = 0
    for span in spans:
        positions[span.start - removed] = span
        removed += span.end - span.start
    return positions
