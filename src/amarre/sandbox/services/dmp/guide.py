"""What somebody who plugs software into this DMP asks first: whom to try, and how to meet each situation.

The situations are those of the national homologation tests, and the faults of a network
(data/situations.tsv, one row each, its source with it).
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from amarre.cast import USAGERS
from amarre.sandbox.service import GuideTable
from amarre.sandbox.services.dmp import people


@dataclass(frozen=True, slots=True)
class Situation:
    """One situation: `person` is a key of the cast, `scenario` a name of the control page, "" when none."""

    situation: str
    person: str
    scenario: str
    how: str
    answer: str
    code: str
    source: str


@cache
def situations() -> tuple[Situation, ...]:
    """Return every situation, in the order of the table."""
    text = files("amarre.sandbox.services.dmp").joinpath("data", "situations.tsv").read_text("utf-8")
    rows = csv.DictReader(text.splitlines(), delimiter="\t", quoting=csv.QUOTE_NONE)
    return tuple(Situation(**row) for row in rows)


def guide() -> tuple[GuideTable, ...]:
    """Return the two tables of the page."""
    return (
        GuideTable(
            "Situations à essayer",
            "Chacune s'obtient avec une personne de la distribution, ou en jouant la situation ci-dessus.",
            ("Situation", "Personne", "Situation à jouer", "Faites ceci", "Le DMP répond", "Source"),
            tuple(
                (item.situation, _name(item.person), item.scenario, item.how, _answer(item), item.source)
                for item in situations()
            ),
        ),
        GuideTable(
            "Personnes",
            "Personnes fictives ou d'essai, avec leur INS. Les autres n'ont pas d'INS.",
            ("Personne", "Matricule INS", "OID", "Né(e) le", "DMP", "Autorisation", "Bris de glace"),
            tuple(_person(usager.key) for usager in USAGERS if usager.matricule),
        ),
    )


def _answer(item: Situation) -> str:
    return f"{item.answer} ({item.code})" if item.code else item.answer


def _name(key: str) -> str:
    found = next((item for item in USAGERS if item.key == key), None)
    return f"{found.nom_naissance} {found.premier_prenom}" if found else ""


def _person(key: str) -> tuple[str, ...]:
    usager = next(item for item in USAGERS if item.key == key)
    ins = usager.matricule + usager.cle
    found = people.find(ins, usager.ins_oid)
    state = {"absent": "aucun", "active": "actif", "closed": "fermé"}
    return (
        f"{usager.nom_naissance} {usager.prenoms}",
        ins,
        usager.ins_oid,
        usager.date_naissance,
        state[found.state.value] if found else "aucun",
        found.authorisation.value if found else "",
        "opposition" if found and found.opposed_break_glass else "",
    )
