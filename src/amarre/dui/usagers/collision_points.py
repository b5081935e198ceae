"""What is checked again when two persons may be mixed in one identity, in the order of the work.

Source: RNIV 1 and 3 (collisions: find, stop, separate, correct what left, learn); the wording is ours.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Point:
    """One check: its code, what to do, and why."""

    code: str
    label: str
    help: str


POINTS: tuple[Point, ...] = (
    Point(
        "personne",
        "Identifier la personne présente avec une pièce de haut niveau de confiance",
        "La pièce dit à qui appartient l’identité. Une photo ou un proche ne suffisent pas.",
    ),
    Point(
        "fusion",
        "Chercher la cause : mauvaise sélection, fusion à tort, carte prêtée",
        "Une fusion à tort se défait depuis la page « Fusions » : chaque identité retrouve ce qu’elle avait.",
    ),
    Point(
        "dossier",
        "Relire chaque document et chaque écrit du dossier : à qui appartient-il ?",
        "Notez ceux de l’autre personne : ils seront refaits dans son dossier.",
    ),
    Point(
        "soins",
        "Prévenir l’équipe qui accompagne la personne",
        "Traitements, allergies et consignes lus dans ce dossier sont à vérifier aujourd’hui.",
    ),
    Point(
        "partis",
        "Traiter chaque ligne de « Ce qui est déjà parti »",
        "Chaque ligne dit quoi demander, à qui, avec quelle référence.",
    ),
    Point(
        "signalement",
        "Déclarer l’événement et prévenir le délégué à la protection des données",
        "Des données d’une personne ont pu être vues par une autre : le délégué dit s’il faut notifier.",
    ),
)
CODES = frozenset(point.code for point in POINTS)
