"""Who speaks about the DMP: the person, or whoever the law lets speak with them or for them. Data, not code.

Sources: code de la santé publique, L1111-2 (information of minors and of protected adults), L1111-4
(consent), L1111-5 and L1111-5-1 (a minor who keeps the secret). Version 1, 2026-11. A team that hesitates
asks its DPO: the screen says so, nothing here decides in the place of a judge's measure.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from django.db import models

MAJORITY = 18


class Speaker(models.TextChoices):
    """Who gave the answer that was noted."""

    PERSONNE = "personne", "La personne elle-même"
    ASSISTEE = "assistee", "La personne, assistée de qui exerce sa mesure de protection"
    PROTECTION = (
        "protection",
        "Qui exerce une mesure de protection et la représente pour sa personne",
    )
    PARENT = "parent", "Un titulaire de l’autorité parentale"
    TUTEUR_MINEUR = "tuteur_mineur", "Le tuteur du mineur"
    MINEUR_SECRET = "mineur_secret", "Le mineur lui-même, qui garde le secret sur ses soins"


class Means(models.TextChoices):
    """How the answer was collected."""

    ORAL = "oral", "De vive voix"
    WRITTEN = "ecrit", "Par écrit, le papier est gardé"
    ADAPTED = "adapte", "Avec un support adapté (facile à lire, pictogrammes, interprète)"
    TELEPHONE = "telephone", "Au téléphone"


@dataclass(frozen=True, slots=True)
class SpeakerRule:
    """One row: for whom this speaker may answer, whether a name is needed, and where the law says it."""

    speaker: Speaker
    for_minor: bool
    for_adult: bool
    needs_name: bool
    source: str


RULES: tuple[SpeakerRule, ...] = (
    SpeakerRule(Speaker.PERSONNE, False, True, False, "CSP L1111-2 et L1111-4"),
    SpeakerRule(Speaker.ASSISTEE, False, True, True, "CSP L1111-2 III"),
    SpeakerRule(Speaker.PROTECTION, False, True, True, "CSP L1111-2 III"),
    SpeakerRule(Speaker.PARENT, True, False, True, "CSP L1111-2 II"),
    SpeakerRule(Speaker.TUTEUR_MINEUR, True, False, True, "CSP L1111-2 II"),
    SpeakerRule(Speaker.MINEUR_SECRET, True, False, False, "CSP L1111-5 et L1111-5-1"),
)


def is_minor(birth: datetime.date | None, on: datetime.date) -> bool:
    """Say whether somebody born on `birth` is under age on a date; an unknown birth date counts as adult."""
    if birth is None:
        return False
    return (on.year - birth.year - ((on.month, on.day) < (birth.month, birth.day))) < MAJORITY


def speakers_for(*, minor: bool) -> tuple[SpeakerRule, ...]:
    """Return who may answer for a minor, or for an adult, the most usual first."""
    return tuple(rule for rule in RULES if (rule.for_minor if minor else rule.for_adult))


def rule_of(speaker: str) -> SpeakerRule | None:
    """Return the row of a speaker, None for an unknown or unsaid one."""
    return next((rule for rule in RULES if rule.speaker.value == speaker), None)
