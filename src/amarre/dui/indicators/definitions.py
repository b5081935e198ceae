"""The numbers, as data: label, rule in words, version, source. Formulas are in `tbb1` and `identities`.

Source of every TBB.1 line: requirement TBB.1 of the « référentiel d'exigences minimales » of the DUI software
(Ségur du numérique, medico-social wave 1), and the ESMS numérique guide, « Pilotage ». What these texts leave
open is said in the rule, with « lecture d'Amarre ».
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

TBB1_VERSION = "TBB.1 v1 (2026-11)"
INS_VERSION = "INS v1 (2026-11)"
_TBB1_SOURCE = "Exigence TBB.1 du Ségur numérique médico-social, guide ESMS numérique, partie « Pilotage »."
_INS_SOURCE = "Référentiel national d'identitovigilance, quatre statuts ; guide ESMS numérique, fiche INS."


class Family(StrEnum):
    """Block of the page."""

    TBB1 = "tbb1"
    INS = "ins"


class Content(StrEnum):
    """What the list behind a number is made of."""

    DOCUMENTS = "documents"
    MESSAGES = "messages"
    DOSSIERS = "dossiers"


@dataclass(frozen=True, slots=True)
class Definition:
    """One number. `part`: a line that details the one above; `asked_for_va`: one that the VA asks for."""

    code: str
    number: str
    label: str
    rule: str
    family: Family
    content: Content
    version: str
    source: str
    part: bool = False
    asked_for_va: bool = False


def _tbb1(
    number: str, label: str, rule: str, content: Content, *, part: bool = False, va: bool = False
) -> Definition:
    return Definition(
        f"TBB1.{number}", number, label, rule, Family.TBB1, content, TBB1_VERSION, _TBB1_SOURCE, part, va
    )


def _ins(letter: str, label: str, rule: str) -> Definition:
    return Definition(
        f"INS.{letter}", letter, label, rule, Family.INS, Content.DOSSIERS, INS_VERSION, _INS_SOURCE
    )


TBB1 = (
    _tbb1(
        "1",
        "Total documents DMP",
        "1a + 1b : documents déposés au moins une fois. Deux versions d'un même document comptent une fois "
        "(lecture d'Amarre).",
        Content.DOCUMENTS,
        va=True,
    ),
    _tbb1(
        "1a",
        "Documents déposés dans le DMP – INS qualifiée",
        "Documents dont au moins un dépôt a été accepté par le DMP alors que l'identité était qualifiée.",
        Content.DOCUMENTS,
        part=True,
    ),
    _tbb1(
        "1b",
        "Documents déposés dans le DMP – sans INS qualifiée",
        "Documents déposés dont aucun dépôt n'a été fait avec une identité qualifiée. Amarre n'envoie "
        "l'INS que d'une identité qualifiée : ce nombre est normalement 0.",
        Content.DOCUMENTS,
        part=True,
    ),
    _tbb1(
        "2",
        "Total messages",
        "Messages distincts acceptés par l'opérateur MSSanté. Un message adressé à la fois à un "
        "professionnel et à un usager compte une fois ici, une fois en 2a, une fois en 2b "
        "(lecture d'Amarre).",
        Content.MESSAGES,
        va=True,
    ),
    _tbb1(
        "2a",
        "Messages MSSanté envoyés à des professionnels",
        "Messages acceptés par l'opérateur MSSanté, adressés à un professionnel ou à une structure.",
        Content.MESSAGES,
        part=True,
    ),
    _tbb1(
        "2b",
        "Messages MSSanté envoyés à des usagers",
        "Messages acceptés par l'opérateur MSSanté, adressés à la messagerie de Mon espace santé.",
        Content.MESSAGES,
        part=True,
    ),
    _tbb1(
        "3a",
        "Dossiers avec ≥1 document alimenté au DMP",
        "Dossiers distincts qui ont au moins un document compté en 1.",
        Content.DOSSIERS,
        va=True,
    ),
    _tbb1(
        "3b",
        "Dossiers avec ≥1 document envoyé par MSSanté professionnelle",
        "Dossiers distincts qui ont au moins un document joint à un message compté en 2a.",
        Content.DOSSIERS,
        va=True,
    ),
    _tbb1(
        "3c",
        "Dossiers avec ≥1 document envoyé par la messagerie de Mon espace santé",
        "Dossiers distincts qui ont au moins un document joint à un message compté en 2b.",
        Content.DOSSIERS,
        va=True,
    ),
    _tbb1(
        "4",
        "Dossiers où les trois actions ont été effectuées",
        "Dossiers comptés à la fois en 3a, en 3b et en 3c, pas forcément pour le même document "
        "(lecture d'Amarre).",
        Content.DOSSIERS,
        va=True,
    ),
)
_SHARE = "Part des dossiers de la file active du jour, hors tests et identités fictives, dont l'identité est "
INS = (
    _ins("Q", "Identités qualifiées", f"{_SHARE}qualifiée : traits obtenus d'INSi et pièce contrôlée."),
    _ins("V", "Identités validées", f"{_SHARE}validée : pièce contrôlée, sans INSi."),
    _ins("R", "Identités récupérées", f"{_SHARE}récupérée : traits obtenus d'INSi, pièce à contrôler."),
    _ins("P", "Identités provisoires", f"{_SHARE}provisoire : ni INSi ni pièce contrôlée."),
)
DEFINITIONS = (*TBB1, *INS)
BY_CODE = {definition.code: definition for definition in DEFINITIONS}

# Said once under every list and in every proof.
NOT_COUNTED = (
    "Ne sont pas comptés : les envois refusés, à l'issue inconnue ou revenus (rejetés), les envois d'un "
    "autre environnement que celui de l'établissement, les dossiers de test et les identités fictives."
)
