"""The indexed search: what it finds, what it proposes, and that no question reads a whole table."""

from __future__ import annotations

import datetime
import itertools
import random
import re
from dataclasses import replace
from typing import Any

import pytest
from django.db import connection
from django.db.models import QuerySet
from django.test.utils import CaptureQueriesContext

from amarre.dui.access.scope import system_scope
from amarre.dui.core.clock import today
from amarre.dui.usagers.models import Dossier, DossierWord, Identity, InsHistory, NameSpelling
from amarre.dui.usagers.models.search_word import index_dossiers
from amarre.dui.usagers.models.spelling import pieces_of
from amarre.dui.usagers.search_terms import read_terms
from amarre.dui.usagers.search_words import WordKind, plain_words, prefix_range, words_of
from amarre.dui.usagers.selectors import people, word_search
from amarre.dui.usagers.selectors.look_alikes import Likeness, look_alikes
from amarre.dui.usagers.services.forget_words import forget_unused_words
from amarre.dui.usagers.services.update_traits import update_traits
from amarre.interop.ins.traits import BirthDate
from tests.dui.connected import House, identity_of
from tests.dui.usagers.cases import opened

pytestmark = pytest.mark.django_db


def found(house: House, typed: str) -> list[str]:
    terms = read_terms(typed, today())
    return [one.identity.nom_naissance for one in people.search_people(house.referent, terms).dossiers]


def words(dossier: Dossier) -> set[str]:
    return set(dossier.words.filter(kind=WordKind.NAME.value).values_list("word", flat=True))


def test_words_of_a_dossier_and_prefixes() -> None:
    made = words_of(names=["LE BIHAN", "D'ESSAI", "ANNE-SOPHIE"], numbers=["000012"], birth="1938-04-12")
    texts = {word.text for word in made}
    assert {"LE", "BIHAN", "LEBIHAN", "ESSAI", "ANNESOPHIE", "000012", "12", "19380412"} <= texts
    first, last = prefix_range("MAR")
    assert first <= "MARTIN" <= last
    assert not first <= "MAS" <= last
    assert plain_words("Œuvrard-Noël") == ("OEUVRARD", "NOEL")


@pytest.mark.parametrize(
    "typed",
    ["bih", "lebihan", "KERVELLA", "yvonne kerv", "le bihan 1938", "12/04/1938", "04/1938", "1938", "1",
     "bihna 12/04/1938", "le biahn 1938", "kervlla yvonne", "ervella", "xervella yvonne", "kervella yvnone",
     "kervlla yvnone", "kervlla yvnone 1938", "de la bihan 12/04/1938", "bihan martin 12/04/1938"],
)  # fmt: skip
def test_finds_by_any_word_and_by_near_ones(house: House, typed: str) -> None:
    opened(house)
    opened(house, "pierre-houilles")
    assert found(house, typed) == ["LE BIHAN"]


def test_nobody_else_of_the_same_day_is_proposed(house: House) -> None:
    """A word that is like none may be missing, on a whole date only; the others are needed."""
    opened(house)
    assert found(house, "zzzzz qqqqq 12/04/1938") == []
    assert found(house, "qqqqq 12/04/1938") == []
    assert found(house, "bihan qqqqq 1938") == []


def test_an_abbreviated_saint(house: House) -> None:
    opened(house, nom_naissance="SAINT MARTIN", nom_utilise="")
    assert found(house, "st martin 12/04/1938") == ["SAINT MARTIN"]
    assert found(house, "saint martin 12/04/1938") == ["SAINT MARTIN"]


def test_near_names_are_said_to_be_near(house: House) -> None:
    opened(house)
    assert people.search_people(house.referent, read_terms("kervela", today())).is_near
    assert not people.search_people(house.referent, read_terms("kervella", today())).is_near
    assert people.search_people(house.referent, read_terms("zzzzz", today())).dossiers == []


def test_people_of_near_names_come_after_those_of_the_very_name(house: House) -> None:
    opened(house, nom_naissance="LEBREC", nom_utilise="", prenoms="ANNE", premier_prenom="ANNE")
    opened(house, nom_naissance="LEBERC", nom_utilise="", prenoms="ROSE", premier_prenom="ROSE")
    assert found(house, "leberc") == ["LEBERC", "LEBREC"]
    assert not people.search_people(house.referent, read_terms("leberc", today())).is_near


def test_words_are_learnt_once_and_forgotten_when_nobody_has_them(house: House) -> None:
    dossier = opened(house)
    known = NameSpelling.objects.count()
    assert set(NameSpelling.objects.filter(piece="BIHAN").values_list("word", flat=True)) == {"BIHAN"}
    opened(house, nom_utilise="LAGADEC", lieu_naissance="29232")
    words = set(NameSpelling.objects.filter(word__startswith="L").values_list("word", flat=True))
    assert {"LAGADEC", "LEBIHAN"} <= words
    assert NameSpelling.objects.count() == known + len(pieces_of("LAGADEC"))
    traits = identity_of(dossier).traits
    update_traits(
        dossier=dossier,
        traits=replace(traits, nom_utilise=""),
        lieu_libelle="",
        reason="x",
        actor=house.referent,
    )
    assert forget_unused_words() == 1
    assert not NameSpelling.objects.filter(word="KERVELLA").exists()
    assert forget_unused_words() == 0


def test_words_follow_the_identity(house: House) -> None:
    dossier = opened(house)
    traits = identity_of(dossier).traits
    changed = type(traits)(
        **{name: getattr(traits, name) for name in traits.__slots__} | {"nom_utilise": "LAGADEC"}
    )
    update_traits(dossier=dossier, traits=changed, lieu_libelle="", reason="Pièce", actor=house.referent)
    assert "LAGADEC" in words(dossier)
    assert "KERVELLA" not in words(dossier)
    assert found(house, "lagadec") == ["LE BIHAN"]


def test_nobody_of_another_establishment(house: House, stranger: Any) -> None:
    opened(house)
    assert people.search_people(stranger, read_terms("bihan", today())).dossiers == []


def test_former_matricules_and_look_alikes_by_matricule(house: House) -> None:
    dossier = house.dossier("jean-riou")
    identity = identity_of(dossier)
    InsHistory(identity=identity, matricule="1410929151999", ins_oid=identity.ins_oid,
               noted_at=identity.created_at).save()  # fmt: skip
    for matricule in (identity.matricule, "1410929151999"):
        terms = type(read_terms("x", today()))(matricule=matricule)
        assert people.search_people(house.referent, terms).dossiers == [dossier]
        alike, _ = look_alikes(
            house.referent, names=["AUTRE"], first_name="NOM", birth=BirthDate("2001-01-01"),
            matricule=matricule,
        )  # fmt: skip
        assert [one.likeness for one in alike] == [Likeness.SAME_INS]


# --- No question reads the whole table: plans on both engines. --------------------------------------------


def crowd(house: House, count: int = 3000) -> None:
    draw = random.Random(7)
    syllables = ["BA", "CO", "DU", "FER", "GAL", "JO", "KER", "LE", "MAR", "NE", "PI", "QUE", "ROU", "TIN"]
    numbers = itertools.count(1)
    identities = []
    for _ in range(count):
        name, given = ("".join(draw.choices(syllables, k=3)) for _ in range(2))
        born = datetime.date(1920, 1, 1) + datetime.timedelta(days=draw.randrange(30_000))
        identities.append(
            Identity(
                organisme_id=house.essms.organisme_id, local_number=f"{next(numbers):06d}",
                nom_naissance=name,
                prenoms=given, premier_prenom=given, sexe="F", date_naissance=born.isoformat(),
                search_key=f"{name} {given}",
            )
        )  # fmt: skip
    with system_scope("test"):
        made = Identity.objects.bulk_create(identities)
        index_dossiers(
            Dossier.objects.bulk_create(
                Dossier(essms=house.essms, identity=one, number=one.local_number, entered_on=today())
                for one in made
            )
        )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def questions(house: House) -> dict[str, QuerySet[Any]]:
    actor = house.referent
    rows = DossierWord.objects.visible_to(actor)
    everywhere = DossierWord.objects.filter(essms__in=[actor.essms_id])
    identities = Identity.objects.filter(organisme_id=actor.organisme_id)
    limit = slice(0, 51)
    return {
        "prefix": word_search.named(rows, ["MAR"]).values_list("dossier_id", "names")[limit],
        "number": word_search.named(rows, ["000012"]).values_list("dossier_id", "names")[limit],
        "two words": word_search.named(rows, ["MARTIN", "KER"]).values_list("dossier_id", "names")[limit],
        "date": word_search.born(rows, ["19380412"]).values_list("dossier_id", "names"),
        "two dates": word_search.born(rows, ["19200621", "20200621"]).values_list("dossier_id", "names"),
        "year": word_search.born(rows, ["1938"]).values_list("dossier_id", "names"),
        "before creation: names": word_search.named(everywhere, ["MAR", "KER"]).values_list("names")[limit],
        "before creation: dates": identities.filter(date_naissance__in=["1938-04-12", "1938-12-04"])
        .order_by("date_naissance", "search_key")[:400],
        "matricule": identities.filter(matricule="1410929151102").values_list("pk"),
        "former matricule": InsHistory.objects.filter(matricule="1410929151102").values_list("identity_id"),
        "dossiers of the page": Dossier.objects.visible_to(actor).select_related("identity").filter(
            pk__in=[1, 2, 3]
        ),
    }  # fmt: skip


@pytest.mark.req("issue 3, every hot query's plan")
def test_no_question_reads_a_whole_table(house: House) -> None:
    crowd(house)
    bad = {}
    with system_scope("test"):
        for name, rows in questions(house).items():
            if connection.vendor == "postgresql":
                with connection.cursor() as cursor:
                    # A small table is read whole by choice; the question is whether an index can answer.
                    cursor.execute("SET LOCAL enable_seqscan = off")
                plan = rows.explain()
                full = re.findall(r"Seq Scan on (usagers_\w+)", plan)
            else:
                plan = rows.explain()
                full = re.findall(r"SCAN (usagers_\w+|[A-Z]\d)", plan)
            if full:
                bad[name] = plan
    assert bad == {}


@pytest.mark.req("issue 3, every hot query's plan")
def test_no_statement_of_a_real_search_reads_a_whole_table(house: House) -> None:
    """What is really asked, near names included, each statement explained."""
    crowd(house)
    opened(house)
    typed = ("ker", "000012", "12/04/1938", "bihna 12/04/1938", "1938", "yvonne 1938", "kervlla yvone 1938",
             "kervlla", "kervlla yvonne", "zzzzz aaaaa", "zzzzz 1938")  # fmt: skip
    with CaptureQueriesContext(connection) as counted:
        for text in typed:
            people.search_people(house.referent, read_terms(text, today()))
        look_alikes(house.referent, names=["KERVLLA"], first_name="YVONE", birth=BirthDate("1938-12-04"))
    asked = [query["sql"] for query in counted.captured_queries if query["sql"].startswith("SELECT")]
    assert len(asked) > len(typed)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET LOCAL enable_seqscan = off")
        for sql in asked:
            cursor.execute(("EXPLAIN " if connection.vendor == "postgresql" else "EXPLAIN QUERY PLAN ") + sql)
            plan = "\n".join(str(row) for row in cursor.fetchall())
            full = re.findall(r"Seq Scan on (usagers_\w+)|SCAN (usagers_\w+|[A-Z]\d)", plan)
            assert not full, (sql, plan)


def test_prefix_number_and_date_stay_in_the_index(house: House) -> None:
    """On SQLite the index alone answers: no row of the table is fetched, nothing is sorted."""
    if connection.vendor != "sqlite":
        return
    crowd(house, 500)
    with system_scope("test"):
        for name in ("prefix", "number", "date", "year"):
            plan = questions(house)[name].explain()
            assert "USING COVERING INDEX dossier_word_search" in plan, (name, plan)
        assert "TEMP B-TREE" not in questions(house)["prefix"].explain()


def test_a_search_is_two_statements(house: House) -> None:
    crowd(house, 300)
    actor = house.referent
    for typed in ("ker", "000012", "12/04/1938"):
        terms = read_terms(typed, today())
        with CaptureQueriesContext(connection) as counted:
            people.search_people(actor, terms)
        assert len(counted) <= 2, (typed, [query["sql"] for query in counted.captured_queries])
