"""Persons of the register, from a seed: what an official base would know of each. All invented."""

from __future__ import annotations

import datetime
import random
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from amarre.interop.ins.matricule import compute_key

TEST_OID, NIA_OID = "1.2.250.1.213.1.4.10", "1.2.250.1.213.1.4.9"
COLUMNS = ("nom", "prenoms", "sexe", "naissance", "lieu", "matricule", "cle", "oid", "anciens")

_STARTS = (
    "BAR BEL BER BOU BRI CAL CAR CHA COL COR DAR DEL DUB FAU FER GAL GAR GUI HER JAC JOU KER LAB LAF LAN LEB "
    "LEF MAL MAR MER MON MOR NOU PAR PEL PER PIC POU QUE RAB REN RIV ROB ROU SAL SAU TAN TER VAL VER"
).split()
_ENDS = (
    "ABEL ADEC AIRE ALLE AND ANT ARD AUD AULT AY EAU EC EIL ELIN ELLE ENN ER ERON ET ETTE IC IER IGNE IN "
    "INEAU IOT ON ONNET OT OUX UEL UET URE USSE"
).split()
WOMEN = (
    "MARIE JEANNE FRANCOISE MONIQUE CATHERINE NATHALIE ISABELLE JACQUELINE SYLVIE MARTINE SUZANNE YVONNE "
    "DENISE MADELEINE SIMONE GERMAINE ODETTE PAULETTE HUGUETTE NICOLE VALERIE SANDRINE CELINE AURELIE EMILIE "
    "JULIE CAMILLE LEA MANON ALICE ROSE NOLWENN SOLENN KATELL GWENAELLE"
).split()
MEN = (
    "JEAN PIERRE MICHEL ANDRE LOUIS RENE JACQUES ROGER HENRI ROBERT MARCEL PAUL LUCIEN MAURICE BERNARD "
    "CLAUDE GERARD DANIEL ALAIN CHRISTIAN PATRICK PHILIPPE STEPHANE THOMAS NICOLAS JULIEN MAXIME LUCAS HUGO "
    "THEO YANN ERWAN RONAN TANGUY LOIC"
).split()
COMPOUND = {
    "F": ("MARIE-CLAUDE", "ANNE-SOPHIE", "MARIE-THERESE", "ANNE-MARIE", "MARIE-LOUISE"),
    "M": ("JEAN-PIERRE", "JEAN-YVES", "JEAN-CHRISTOPHE", "PIERRE-ALAIN", "JEAN-FRANCOIS"),
}


@dataclass(frozen=True, slots=True)
class Truth:
    """One person of the register; `matricule` is 13 characters. `used` is the name of daily life, or ""."""

    nom: str
    prenoms: str
    sexe: str
    naissance: str
    lieu: str
    matricule: str
    oid: str = TEST_OID
    used: str = ""
    anciens: tuple[str, ...] = ()

    @property
    def first(self) -> str:
        """The first given name; a hyphenated one is one."""
        return self.prenoms.split(" ")[0]

    @property
    def day(self) -> str:
        """The birth date, JJ/MM/AAAA."""
        year, month, day = self.naissance.split("-")
        return f"{day}/{month}/{year}"


class People:
    """Draws persons, never twice the same name with the same year, nor the same number."""

    def __init__(self, seed: int) -> None:
        self.draw = random.Random(seed)
        self._order = 0
        self._names: set[tuple[str, str]] = set()

    def person(self, *, sexe: str = "", lieu: str = "", compound: bool = False) -> Truth:
        """Return somebody new."""
        draw = self.draw
        sexe = sexe or draw.choice("FM")
        pool = WOMEN if sexe == "F" else MEN
        first = draw.choice(COMPOUND[sexe]) if compound else draw.choice(pool)
        others = [one for one in draw.sample(pool, 3) if one != first][: draw.randint(0, 2)]
        born = datetime.date(1921, 1, 1) + datetime.timedelta(days=draw.randrange(34_000))
        nom = self.name()
        while (nom, str(born.year)) in self._names:
            nom = self.name()
        self._names.add((nom, str(born.year)))
        # No Corsican by chance: they have a trap of their own.
        department = draw.choice((*range(1, 20), *range(21, 96)))
        lieu = lieu or f"{department:02d}{draw.randint(1, 400):03d}"
        truth = Truth(nom, " ".join([first, *others]), sexe, born.isoformat(), lieu, "")
        return self.numbered(truth)

    def name(self) -> str:
        """Return a family name."""
        return self.draw.choice(_STARTS) + self.draw.choice(_ENDS)

    def numbered(self, truth: Truth, *, sexe: str = "", place: str = "") -> Truth:
        """Return the person with a number of their own, which follows its traits unless told otherwise."""
        self._order += 1
        digit = {"M": "1", "F": "2"}[sexe or truth.sexe]
        year, month = truth.naissance[2:4], truth.naissance[5:7]
        base = f"{digit}{year}{month}{place or truth.lieu}"
        return replace(
            truth, matricule=f"{base[:7]}{self._order % 900 + 100:03d}{900 + self._order // 900:03d}"
        )


def write_register(people: Iterable[Truth], path: Path) -> None:
    """Write the file that the sandbox's INSi reads."""
    lines = ["\t".join(COLUMNS)]
    for one in people:
        key = compute_key(one.matricule)
        cells = (one.nom, one.prenoms, one.sexe, one.naissance, one.lieu, one.matricule, key, one.oid)
        lines.append("\t".join([*cells, " ".join(one.anciens)]))
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
