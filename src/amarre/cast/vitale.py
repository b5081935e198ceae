"""The simulated cartes Vitale of the cast: several persons on one card, as real ones have.

NIR of published persons are those published, those of our cast the cast's; the others are invented (order
999).
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class CastBeneficiary:
    """One person of a card; `nir` is 13 characters, "" when the card does not hold the person's own."""

    nom_naissance: str
    nom_utilise: str
    prenom: str
    date_naissance: str
    rang: str
    nir: str = ""
    cle: str = ""
    certified_on: str = ""


@dataclass(frozen=True, slots=True)
class CastVitaleCard:
    """One card: the insured person's NIR, the coverage, the persons, holder first."""

    key: str
    nir_od: str
    cle_od: str
    regime: str
    organisme: str
    centre: str
    beneficiaries: tuple[CastBeneficiary, ...]
    note: str


VITALE_CARDS: tuple[CastVitaleCard, ...] = (
    CastVitaleCard(
        "zoe-adrun",
        "2751263220749",
        "74",
        "01",
        "631",
        "0000",
        (CastBeneficiary("ADRUN", "", "ZOE", "1975-12-31", "1", "2751263220749", "74", "2020-01-01"),),
        "Une seule personne : rien à choisir.",
    ),
    CastVitaleCard(
        "famille-dartagnan",
        "1751263220999",
        "68",
        "01",
        "631",
        "0000",
        (
            CastBeneficiary(
                "D'ARTAGNAN DE L'HERAULT",
                "",
                "ARMAND",
                "1975-12-01",
                "1",
                "1751263220999",
                "68",
                "2020-01-01",
            ),
            CastBeneficiary(
                "D'ARTAGNAN DE L'HERAULT",
                "",
                "PIERRE-ALAIN",
                "2001-06-17",
                "1",
                "1010663220754",
                "60",
                "2020-01-01",
            ),
            CastBeneficiary(
                "NESSI", "", "MICHELANGELO", "2010-08-07", "1", "1100863220830", "60", "2020-01-01"
            ),
        ),
        "Trois personnes : l'ouvrant droit, inconnu d'INSi, et deux enfants qu'INSi connaît.",
    ),
    CastVitaleCard(
        "yvonne-le-bihan",
        "2380429151101",
        "60",
        "01",
        "291",
        "0000",
        (CastBeneficiary("LE BIHAN", "KERVELLA", "YVONNE", "1938-04-12", "1", "2380429151101", "60"),),
        "Le nom utilisé n'est pas le nom de naissance.",
    ),
    CastVitaleCard(
        "lucas-berthelot",
        "1801035238001",
        "35",
        "01",
        "351",
        "0000",
        (
            CastBeneficiary("BERTHELOT", "", "YANN", "1980-10-02", "1"),
            CastBeneficiary("BERTHELOT", "", "LUCAS", "2012-05-09", "1"),
        ),
        "La carte ne porte pas le NIR de l'enfant : la recherche se fait par le nom et la date.",
    ),
)
