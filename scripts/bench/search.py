"""The search at 700,000 people in one establishment, against a bare indexed prefix page; what it finds.

python -m scripts.bench --only search          the ratios, among the rows of the bench
python -m scripts.bench.search [--people N]    which part of the persons sought is in the first five
"""

from __future__ import annotations

import argparse
import datetime
import itertools
import random
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from scripts.bench.house import Ground
from scripts.bench.timing import Figure, Row, Score, Work

PEOPLE = 700_000
BATCH = 20_000
SEED = 20261120
SHOWN = 5
WITH_DATE, WITH_YEAR, WITHOUT_DATE = "with the birth date", "with the birth year", "without any date"
_STARTS = (
    "BA BE BO BRE CA CHE CO CRA DA DE DU FA FER FLO GA GI GRA GUE HA JA JO KER LA LE LO MA ME MO NA NI"
).split()
_MIDDLES = "BI CAR DE FI GAL LAN LI MEN NA NE PER QUE RAN RI ROU SI TA TER TI VA VER VI ZE".split()
_ENDS = "C CHON D DEC EAU ER ET GNE IER IN LEC N NEC ON OT RD S SSE T TEAU UX Y".split()
_GIVEN = (
    "MARIE JEAN PIERRE JEANNE ANDRE MICHEL LOUIS RENE FRANCOISE JACQUES MONIQUE CATHERINE NATHALIE ISABELLE "
    "JACQUELINE SYLVIE ANNE MARTINE SUZANNE GEORGES ROGER HENRI ROBERT MARCEL PAUL YVONNE DENISE MADELEINE "
    "SIMONE GERMAINE LUCIEN MAURICE BERNARD CLAUDE GERARD DANIEL ALAIN CHRISTIAN PATRICK PHILIPPE NICOLE "
    "CHRISTINE VALERIE SANDRINE STEPHANIE CELINE AURELIE EMILIE JULIE LAURA CAMILLE LEA MANON CHLOE EMMA "
    "JADE LOUISE ALICE ROSE THOMAS NICOLAS JULIEN ALEXANDRE MAXIME LUCAS HUGO THEO NATHAN ENZO YANN ERWAN "
    "GWENAELLE SOLENN NOLWENN RONAN TANGUY MAEL LOIC KATELL ODETTE RAYMONDE PAULETTE HUGUETTE GILBERTE"
).split()


@dataclass(frozen=True, slots=True)
class Person:
    """One synthetic person."""

    name: str
    given: str
    others: str
    born: datetime.date

    @property
    def search_key(self) -> str:
        """What the record keeps of the names."""
        return f"{self.name} {self.given} {self.others}"


def people(count: int) -> Iterator[Person]:
    """Yield persons from the seed: some 20,000 names, frequent ones far more often than rare ones."""
    draw = random.Random(SEED)
    names = sorted(
        {a + b + c for a in _STARTS for b in _MIDDLES for c in _ENDS}
        | {a + c for a in _STARTS for c in _ENDS}
    )
    draw.shuffle(names)
    first = datetime.date(1915, 1, 1)
    # The commonest name is borne by 0.5 % of the people, half of the people bear a rare one.
    weights = list(itertools.accumulate(1 / (rank + 30) for rank in range(len(names))))
    for _ in range(count):
        name = draw.choices(names, cum_weights=weights)[0]
        given = _GIVEN[min(len(_GIVEN) - 1, int(draw.expovariate(1 / 25)))]
        yield Person(
            name, given, draw.choice(_GIVEN), first + datetime.timedelta(days=draw.randrange(40_000))
        )


@cache
def crowd(count: int) -> Any:
    """Fill one establishment of its own with `count` dossiers; return the actor of its referent."""
    from django.db import connection, transaction

    from amarre.dui.access.roles import Role
    from amarre.dui.core.clock import now, today
    from amarre.dui.usagers.models import Dossier, DossierWord, Identity
    from amarre.dui.usagers.models.spelling import learn_words
    from amarre.dui.usagers.search_words import WordKind, words_of
    from tests.dui import factories

    organisme = factories.make_organisme("Grande association")
    essms = factories.make_essms(organisme, "Grand service")
    user = factories.make_user("Gwen", "Grand")
    factories.give_role(user, essms, Role.REFERENT_IDENTITE)
    start = time.perf_counter()
    identity, dossier, word = _writer(Identity), _writer(Dossier), _writer(DossierWord)
    base = 10_000_000
    # As the database takes them: these rows go by no model.
    at = connection.ops.adapt_datetimefield_value(now())
    day = connection.ops.adapt_datefield_value(today())
    spelled: set[str] = set()
    common = {"organisme_id": organisme.pk, "created_at": at, "sexe": "F", "lieu_naissance": "29151"}
    with transaction.atomic(), connection.cursor() as cursor:
        rows: list[list[dict[str, Any]]] = [[], [], []]
        for number, one in enumerate(people(count), base):
            born = one.born.isoformat()
            label = f"{number - base:07d}"
            rows[0].append(common | {
                "id": number, "local_number": label, "nom_naissance": one.name, "premier_prenom": one.given,
                "prenoms": f"{one.given} {one.others}", "date_naissance": born, "search_key": one.search_key,
            })  # fmt: skip
            rows[1].append({
                "id": number, "essms_id": essms.pk, "identity_id": number, "number": label,
                "created_at": at, "entered_on": day,
            })  # fmt: skip
            found = words_of(
                names=(one.name, one.given, f"{one.given} {one.others}"), numbers=(label,), birth=born
            )
            spelled.update(word.text for word in found if word.kind is WordKind.NAME)
            rows[2] += [
                {"essms_id": essms.pk, "dossier_id": number, "kind": w.kind.value, "word": w.text,
                 "names": one.search_key} for w in found
            ]  # fmt: skip
            if len(rows[0]) >= BATCH:
                for write, part in zip((identity, dossier, word), rows, strict=True):
                    write(cursor, part)
                rows = [[], [], []]
        for write, part in zip((identity, dossier, word), rows, strict=True):
            write(cursor, part)
    learn_words(spelled)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    print(f"  {count:,} people written in {time.perf_counter() - start:.0f} s", file=sys.stderr, flush=True)
    return factories.actor_for(user, essms)


def _writer(model: Any) -> Callable[[Any, list[dict[str, Any]]], None]:
    """Return a function that writes rows of `model`, with the defaults of its fields."""
    from django.db import connection

    from amarre.dui.usagers.models import DossierWord

    fields = [one for one in model._meta.concrete_fields if not one.primary_key or model is not DossierWord]
    blank = [None if one.null else one.get_db_prep_save(one.get_default(), connection) for one in fields]
    place = {one.attname: index for index, one in enumerate(fields)}
    columns = ", ".join(f'"{one.column}"' for one in fields)
    sql = f'INSERT INTO "{model._meta.db_table}" ({columns}) VALUES ({", ".join(["%s"] * len(fields))})'

    def write(cursor: Any, rows: list[dict[str, Any]]) -> None:
        made = []
        for row in rows:
            values = blank.copy()
            for name, value in row.items():
                values[place[name]] = value
            made.append(values)
        cursor.executemany(sql, made)

    return write


def rows(ground: Ground) -> Iterator[Row | Figure]:
    """Yield the rows of the search; the people are written when the first one runs."""
    from amarre.dui.core.clock import today
    from amarre.dui.usagers.search_terms import read_terms
    from amarre.dui.usagers.selectors import people as selector

    how = (
        f"in one establishment of {PEOPLE:,} people; against the bare ORM question that gives the page of an "
        "indexed prefix (51 identities by name), same database, in process"
    )

    def search(*typed: str) -> Work:
        terms = [read_terms(text, today()) for text in typed]

        def work() -> object:
            actor = crowd(PEOPLE)
            return [selector.search_people(actor, one) for one in terms]

        return work

    def floor(count: int) -> Work:
        starts = ["FERGAL", "KER", "MO", "BRECAR", "LA"]

        def work() -> object:
            from amarre.dui.access.scope import system_scope
            from amarre.dui.usagers.models import Identity

            actor = crowd(PEOPLE)
            with system_scope("bench: bare prefix page"):
                found = Identity.objects.filter(organisme_id=actor.organisme_id).order_by("search_key")
                return [
                    list(found.filter(search_key__gte=one, search_key__lte=one.ljust(40, "Z"))[:51])
                    for one in starts[:count]
                ]

        return work

    names = ("ferg", "kerv", "mari", "breca", "lagu")
    numbers = ("0000012", "0345678", "654321", "0698", "12")
    dates = ("12/04/1938", "01/01/1950", "31 décembre 1999", "04/07/1962", "15.08.1944")
    yield Row("search: prefix", search(*names), floor(5), 3.0, f"five prefixes of any name {how}")
    yield Row("search: number", search(*numbers), floor(5), 3.0, f"five dossier numbers {how}")
    yield Row("search: birth date", search(*dates), floor(5), 3.0, f"five birth dates {how}")
    yield Row(
        "search: name, date", search("mrie 12/04/1938"), floor(1), None, f"a mistyped name and a date {how}"
    )
    yield Row(
        "search: name, year", search("kervier mrie 1938"), floor(1), None, f"a mistyped name, a year {how}"
    )
    yield Row(
        "search: name, typo", search("kervreic marie"), floor(1), None, f"a mistyped name, no date {how}"
    )
    for name, kind, bar in (
        ("search: found, date", WITH_DATE, 0.99),
        ("search: found, year", WITH_YEAR, 0.99),
        ("search: found, no date", WITHOUT_DATE, None),
    ):
        yield Figure(
            name, _part_found(kind), bar,
            f"part of 1,000 persons drawn who are in the first {SHOWN} when their name is typed with one "
            f"mistake and their given name, {kind}, in one establishment of {PEOPLE:,} people", Score.PART,
        )  # fmt: skip


def _part_found(kind: str) -> Callable[[float], float]:
    return lambda seconds: quality(PEOPLE, max(20, min(1_000, int(250 * seconds))))[kind]


# --- What it finds. ----------------------------------------------------------------------------------------


def mistyped(text: str, draw: random.Random) -> str:
    """Return a word with one mistake: a letter left out, doubled, replaced, or two neighbours exchanged."""
    place = draw.randrange(len(text) - 1)
    before, here, after = text[:place], text[place], text[place + 1 :]
    kind = draw.randrange(4)
    if kind == 0:
        return before + after
    if kind == 1:
        return before + here + here + after
    if kind == 2:
        return before + draw.choice("ABCDEFGHIJKLMNOPRSTUVZ".replace(here, "")) + after
    return before + after[0] + here + after[1:]


@cache
def quality(count: int, sample: int) -> dict[str, float]:
    """Return the part of `sample` persons found in the first five, by what is typed with a mistyped name."""
    from amarre.dui.core.clock import today
    from amarre.dui.usagers.search_terms import read_terms
    from amarre.dui.usagers.selectors import people as selector

    actor = crowd(count)
    draw = random.Random(SEED + 1)
    wanted = set(draw.sample(range(count), sample))
    chosen = [(10_000_000 + at, one) for at, one in enumerate(people(count)) if at in wanted]
    kinds: dict[str, Callable[[Person, str], str]] = {
        WITH_DATE: lambda one, typed: f"{typed} {one.born:%d/%m/%Y}",
        WITH_YEAR: lambda one, typed: f"{typed} {one.born.year}",
        WITHOUT_DATE: lambda one, typed: typed,
        "name alone, birth year": lambda one, typed: f"{typed.split()[0]} {one.born.year}",
    }
    found = dict.fromkeys(kinds, 0)
    for pk, one in chosen:
        typed = f"{mistyped(one.name, draw)} {one.given}"
        for kind, make in kinds.items():
            terms = read_terms(make(one, typed), today())
            first = [row.pk for row in selector.search_people(actor, terms).dossiers[:SHOWN]]
            found[kind] += pk in first
    return {kind: hits / sample for kind, hits in found.items()}


def main() -> int:
    """Measure what the search finds."""
    from scripts.bench.house import ground

    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--people", type=int, default=PEOPLE)
    parser.add_argument("--sample", type=int, default=1000)
    args = parser.parse_args()
    with ground():
        for kind, part in quality(args.people, args.sample).items():
            print(f"one mistake in the name, {kind:<22} {part:7.2%} in the first {SHOWN}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
