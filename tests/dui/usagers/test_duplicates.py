"""Doublons found, judged, merged, separated; collisions; measured on a corpus of traps."""

from __future__ import annotations

import datetime
import random
import threading
from collections.abc import Callable
from dataclasses import replace
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection, models

from amarre.dui.access.errors import NotAllowed, OutOfScope
from amarre.dui.access.roles import Role
from amarre.dui.access.scope import system_scope
from amarre.dui.audit.models import Trace
from amarre.dui.core.actor import Actor
from amarre.dui.core.clock import now, today
from amarre.dui.exchanges.models import Exchange
from amarre.dui.usagers.errors import InsHeldByAnotherIdentity, ReasonMissing
from amarre.dui.usagers.models import (
    Discrepancy,
    DmpInformation,
    Dossier,
    DuplicatePair,
    Identity,
    IdentityEvidence,
    IdentityKey,
    IdentityMerge,
    InsHistory,
    InsiSearch,
)
from amarre.dui.usagers.selectors import people
from amarre.dui.usagers.selectors.duplicates import suggested_survivor, trait_pairs, waiting_pairs
from amarre.dui.usagers.services.create_dossier import create_dossier
from amarre.dui.usagers.services.decide_insi_search import accept_insi_search
from amarre.dui.usagers.services.judge_pair import declare_distinct
from amarre.dui.usagers.services.merge_identities import merge_identities
from amarre.dui.usagers.services.propose_duplicates import catch_up, propose_duplicates
from amarre.dui.usagers.services.record_dmp_information import current_information
from amarre.dui.usagers.services.request_insi_search import request_insi_search
from amarre.dui.usagers.services.unmerge_identities import unmerge_identities
from amarre.dui.usagers.services.update_traits import update_traits
from amarre.dui.usagers.vigilance_errors import (
    ExchangeInFlight,
    IdentityDeactivated,
    MergeNotUndoable,
    MergeOfTwoIns,
    MergeRefused,
    PairJudged,
    RightMissingElsewhere,
)
from amarre.interop.ins.status import Status
from amarre.interop.ins.traits import BirthDate, Sexe, Traits
from tests.dui import factories
from tests.dui.connected import House, identity_of
from tests.dui.usagers.cases import asked, opened
from tests.interop.ins import name_traps

pytestmark = pytest.mark.django_db

State = DuplicatePair.State


def pairs(house: House) -> list[DuplicatePair]:
    return list(waiting_pairs(house.referent).select_related("first", "second").order_by("pk"))


def alike(house: House, **changes: object) -> tuple[Dossier, Dossier]:
    """Open two dossiers of Yvonne, one letter apart, in one establishment."""
    given: dict[str, Any] = {"nom_naissance": "LE BIHANN", **changes}
    return opened(house), opened(house, **given)


def judged(house: House, first: Dossier, second: Dossier) -> DuplicatePair:
    wanted = sorted((identity_of(first).pk, identity_of(second).pk))
    return next(one for one in pairs(house) if [one.first_id, one.second_id] == wanted)


def merged(house: House, kept: Dossier, other: Dossier) -> IdentityMerge:
    return merge_identities(
        pair=judged(house, kept, other),
        survivor_id=identity_of(kept).pk,
        reason="Même pièce",
        actor=house.referent,
    )


WATCHED: tuple[tuple[type[models.Model], tuple[str, ...]], ...] = (
    (Identity, ()),
    (Dossier, ()),
    (InsHistory, ()),
    (IdentityEvidence, ()),
    (InsiSearch, ()),
    (Discrepancy, ()),
    (DmpInformation, ()),
    (DuplicatePair, ("detected_at",)),
    (IdentityKey, ("id",)),
)


def everything() -> dict[str, list[Any]]:
    """Return every row that a fusion may touch, as values."""
    with system_scope("test"):
        found = {}
        for model, left_out in WATCHED:
            names = [f.attname for f in model._meta.concrete_fields if f.attname not in left_out]
            rows = model._default_manager.values_list(*names)
            found[model.__name__] = sorted(map(repr, rows))
        return found


@pytest.mark.parametrize(
    "changes",
    [
        {"nom_naissance": "LE BIHANN"},
        {"nom_naissance": "KERVELLA", "nom_utilise": ""},
        {"date_naissance": BirthDate("1938-12-04")},
        {"prenoms": "IVONNE", "premier_prenom": "IVONNE"},
        {"nom_naissance": "YVONNE", "prenoms": "LE BIHAN", "premier_prenom": "LE BIHAN"},
        {"lieu_naissance": "99999"},
    ],
)
def test_found_as_soon_as_created(house: House, changes: dict[str, Any]) -> None:
    alike(house, **changes)
    (pair,) = pairs(house)
    assert pair.score >= 80
    assert pair.reasons
    assert "BIHAN" not in " ".join(pair.reasons)


def test_strangers_and_twins_are_not(house: House) -> None:
    opened(house)
    opened(house, "jean-riou")
    opened(house, prenoms="MARGUERITE", premier_prenom="MARGUERITE", prenom_utilise="")
    assert pairs(house) == []


def test_a_correction_proposes_or_withdraws(house: House) -> None:
    first, second = alike(house)
    traits = replace(identity_of(second).traits, nom_naissance="ABGRALL", nom_utilise="ROUX")
    traits = replace(traits, date_naissance=BirthDate("1950-01-31"))
    update_traits(dossier=second, traits=traits, lieu_libelle="", reason="Pièce relue", actor=house.referent)
    assert pairs(house) == []
    back = replace(identity_of(first).traits, nom_naissance="LE BIHANN")
    update_traits(dossier=second, traits=back, lieu_libelle="", reason="Erreur", actor=house.referent)
    assert len(pairs(house)) == 1


def test_an_ins_held_by_another_identity_is_proposed_whatever_the_names(house: House) -> None:
    first, second = opened(house), opened(house, prenoms="YVONNE", lieu_naissance="99999")
    accept_insi_search(search=asked(house, first), actor=house.referent)
    with pytest.raises(InsHeldByAnotherIdentity):
        accept_insi_search(search=asked(house, second), actor=house.referent)
    (pair,) = pairs(house)
    assert (pair.same_ins, pair.score) == (True, 100.0)


def test_an_import_is_compared_by_the_workers_and_by_the_command(house: House) -> None:
    first, _ = alike(house)
    with system_scope("test"):
        DuplicatePair.objects.all().delete()
        IdentityKey.objects.all().delete()
        Identity.objects.update(keys_version=0)
    assert catch_up() == 2
    assert len(pairs(house)) == 1
    assert catch_up() == 0
    said = StringIO()
    call_command("find_duplicates", "--all", stdout=said)
    assert "2 identités comparées, 1 paires" in said.getvalue()


def test_a_crowd_that_shares_every_key_is_not_compared_two_by_two(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    with system_scope("test"):
        Identity.objects.bulk_create(
            Identity(
                organisme_id=house.essms.organisme_id, local_number=f"T{number}", nom_naissance="TEST",
                prenoms="TEST", premier_prenom="TEST", sexe="F", date_naissance="2000-01-01",
                lieu_naissance="29019", search_key="TEST TEST",
            )
            for number in range(8)
        )  # fmt: skip
    monkeypatch.setattr("amarre.dui.usagers.services.propose_duplicates.MAX_GROUP", 7)
    assert catch_up() == 8
    with system_scope("test"):
        assert DuplicatePair.objects.count() == 0
        Identity.objects.update(keys_version=0)
    monkeypatch.undo()
    assert catch_up() == 8
    with system_scope("test"):
        assert DuplicatePair.objects.count() == 8 * 7 / 2


def test_two_persons_is_remembered_even_through_a_fusion(house: House) -> None:
    first, second = alike(house)
    pair = judged(house, first, second)
    declare_distinct(pair=pair, homonymes=True, reason="Deux cartes vues", actor=house.referent)
    assert identity_of(first).is_homonyme
    assert identity_of(second).is_homonyme
    with system_scope("test"):
        organisme = house.essms.organisme_id
        propose_duplicates(organisme, [identity_of(first).pk, identity_of(second).pk])
    assert pairs(house) == []
    with pytest.raises(PairJudged):
        declare_distinct(pair=pair, homonymes=False, reason="x", actor=house.referent)
    third = opened(house, prenoms="YVONNE MARIE", lieu_naissance="29019")
    merged(house, third, second)
    assert [one for one in pairs(house) if identity_of(first).pk in (one.first_id, one.second_id)] == [], (
        "the second is the third now, and was judged different from the first"
    )


def test_merge_keeps_dossiers_histories_and_numbers(house: House) -> None:
    kept = house.dossier("yvonne-le-bihan")
    other = opened(house, nom_naissance="LE BIHANN")
    pair = judged(house, kept, other)
    assert suggested_survivor(pair).pk == identity_of(kept).pk
    absorbed = identity_of(other)
    merge = merged(house, kept, other)
    moved = house.reload(other)
    assert moved.identity_id == identity_of(kept).pk
    assert moved.joined_to_id == kept.pk
    assert moved.number == other.number
    absorbed.refresh_from_db()
    assert absorbed.merged_into_id == identity_of(kept).pk
    assert absorbed.nom_naissance == "LE BIHANN"
    assert identity_of(kept).status is Status.QUALIFIEE
    assert people.present_dossiers(house.referent).count() == 1
    traces = Trace.objects.filter(verb="identity.merged")
    assert {trace.usager_id for trace in traces} == {str(merge.survivor_id), str(merge.absorbed_id)}
    assert IdentityMerge.objects.visible_to(house.referent).get().previous["absorbed"]["nom_naissance"]
    with pytest.raises(IdentityDeactivated):
        update_traits(
            dossier=other, traits=absorbed.traits, lieu_libelle="", reason="x", actor=house.referent
        )


def test_a_new_dossier_with_the_traits_of_the_absorbed_one_goes_to_the_survivor(house: House) -> None:
    first, second = alike(house)
    absorbed = identity_of(second)
    merged(house, first, second)
    elsewhere = factories.make_essms(house.essms.organisme, "IME Les Goélands", kind="IME")
    factories.give_role(house.maud, elsewhere, Role.REFERENT_IDENTITE)
    opened_there = create_dossier(
        essms=elsewhere, traits=absorbed.traits, entered_on=today(),
        actor=factories.actor_for(house.maud, elsewhere),
    )  # fmt: skip
    assert opened_there.identity_id == identity_of(first).pk


def test_the_dossier_of_a_person_still_present_goes_on_and_an_opposition_holds(house: House) -> None:
    kept, other = alike(house)
    house.inform(kept)
    house.inform(other, DmpInformation.Decision.OPPOSITION)
    left = house.reload(kept)
    left.left_on = today()
    left.save()
    merged(house, kept, other)
    assert house.reload(kept).joined_to_id == other.pk
    assert house.reload(other).joined_to_id is None
    said = current_information(house.reload(other))
    assert said is not None
    assert said.decision == DmpInformation.Decision.OPPOSITION


def test_an_opposition_of_the_joined_dossier_is_carried_over(house: House) -> None:
    kept, other = alike(house)
    house.inform(kept)
    house.inform(other, DmpInformation.Decision.OPPOSITION)
    merge = merged(house, kept, other)
    said = current_information(house.reload(kept))
    assert said is not None
    assert said.decision == DmpInformation.Decision.OPPOSITION
    unmerge_identities(merge=merge, reason="Erreur", actor=house.referent)
    said = current_information(house.reload(kept))
    assert said is not None
    assert said.decision == DmpInformation.Decision.NON_OPPOSITION


def test_the_ins_of_the_absorbed_identity_finds_the_survivor(house: House) -> None:
    kept = opened(house, prenoms="YVONNE", lieu_naissance="99999")
    other = house.dossier("yvonne-le-bihan")
    matricule = identity_of(other).matricule
    merge = merged(house, kept, other)
    assert identity_of(kept).ins_history.get().matricule == matricule
    assert identity_of(kept).matricule == ""
    accept_insi_search(search=asked(house, house.reload(kept)), actor=house.referent)
    assert identity_of(kept).matricule == matricule
    unmerge_identities(merge=merge, reason="Erreur", actor=house.referent)
    back = identity_of(other)
    assert (back.matricule, back.status) == ("", Status.VALIDEE)
    assert back.ins_history.get().matricule == matricule


SCENARIOS: list[tuple[str, Callable[[House], tuple[Dossier, Dossier]]]] = [
    ("two provisional", alike),
    ("the kept one is qualified", lambda house: (
        house.dossier("yvonne-le-bihan"), opened(house, nom_naissance="LE BIHANN"))),
    ("the absorbed one is qualified", lambda house: (
        opened(house, nom_naissance="LE BIHANN"), house.dossier("yvonne-le-bihan"))),
    ("an answer waits for the absorbed one", lambda house: _with_answer(house)),
]  # fmt: skip


def _with_answer(house: House) -> tuple[Dossier, Dossier]:
    first, second = alike(house, nom_naissance="LE BIHAN", prenoms="YVONNE", lieu_naissance="99999")
    asked(house, second)
    return first, second


@pytest.mark.parametrize(("name", "make"), SCENARIOS, ids=[name for name, _ in SCENARIOS])
def test_merge_then_unmerge_changes_nothing(
    house: House, name: str, make: Callable[[House], tuple[Dossier, Dossier]]
) -> None:
    kept, other = make(house)
    house.inform(other, DmpInformation.Decision.OPPOSITION)
    before = everything()
    merge = merged(house, kept, other)
    assert everything() != before
    unmerge_identities(merge=merge, reason="Erreur", actor=house.referent)
    assert everything() == before
    with pytest.raises(MergeNotUndoable):
        unmerge_identities(merge=merge, reason="Encore", actor=house.referent)


@pytest.mark.parametrize("seed", range(4))
def test_any_series_of_fusions_undone_backwards_changes_nothing(house: House, seed: int) -> None:
    rng = random.Random(seed)
    names = ("LE BIHAN", "LE BIHANN", "LE BIAN", "LEBIHAN")
    given = ("YVONNE MARIE ANNE", "IVONNE", "YVONNE", "YVONNE MARIE")
    dossiers = [
        opened(house, nom_naissance=name, prenoms=first, premier_prenom=first.split()[0])
        for name, first in zip(names, given, strict=True)
    ]
    states, merges = [everything()], []
    while rows := pairs(house):
        pair = rng.choice(rows)
        survivor = rng.choice((pair.first_id, pair.second_id))
        merges.append(merge_identities(pair=pair, survivor_id=survivor, reason="x", actor=house.referent))
        states.append(everything())
    assert len(merges) == len(dossiers) - 1
    for merge in reversed(merges):
        states.pop()
        unmerge_identities(merge=merge, reason="x", actor=house.referent)
        assert everything() == states[-1]


def test_fusions_are_undone_in_order(house: House) -> None:
    first, second = alike(house)
    third = opened(house, nom_naissance="LE BIAN")
    older = merged(house, second, third)
    newer = merged(house, first, second)
    with pytest.raises(MergeNotUndoable):
        unmerge_identities(merge=older, reason="x", actor=house.referent)
    unmerge_identities(merge=newer, reason="x", actor=house.referent)
    unmerge_identities(merge=older, reason="x", actor=house.referent)


def test_refused_while_something_leaves(house: House) -> None:
    first, second = alike(house)
    request_insi_search(dossier=second, actor=house.referent)
    with pytest.raises(ExchangeInFlight) as raised:
        merged(house, first, second)
    with system_scope("test"):
        assert Exchange.objects.get().reference in raised.value.explanation().what


def test_two_definitive_ins_are_two_persons(house: House) -> None:
    first = house.dossier("yvonne-le-bihan")
    second = opened(house, nom_naissance="LE BIHANN")
    identity = identity_of(second)
    for name, value in (
        ("matricule", "2380429151103"), ("cle", "11"), ("ins_oid", identity_of(first).ins_oid),
        ("ins_obtained_at", now()), ("traits_from_insi", True),
    ):  # fmt: skip
        setattr(identity, name, value)
    identity.save()
    with pytest.raises(MergeOfTwoIns):
        merged(house, first, second)


def test_right_asked_in_every_establishment_that_holds_a_dossier(house: House) -> None:
    first = opened(house)
    elsewhere = factories.make_essms(house.essms.organisme, "EHPAD La Roselière", kind="EHPAD")
    other = factories.make_user("Nolwenn", "Autre")
    factories.give_role(other, elsewhere, Role.REFERENT_IDENTITE)
    second = create_dossier(
        essms=elsewhere, traits=replace(identity_of(first).traits, nom_naissance="LE BIHANN"),
        entered_on=today(), actor=factories.actor_for(other, elsewhere),
    )  # fmt: skip
    with pytest.raises(RightMissingElsewhere) as raised:
        merged(house, first, second)
    assert "EHPAD La Roselière" in raised.value.explanation().what
    factories.give_role(house.maud, elsewhere, Role.REFERENT_IDENTITE)
    merged(house, first, second)
    assert house.reload(second).joined_to_id is None


def test_rights_reason_and_the_identity_that_stays(house: House, stranger: Actor) -> None:
    first, second = alike(house)
    third = opened(house, "jean-riou")
    pair = judged(house, first, second)
    kept = identity_of(first).pk
    for actor, refusal in ((stranger, OutOfScope), (house.actor, NotAllowed)):
        with pytest.raises(refusal):
            merge_identities(pair=pair, survivor_id=kept, reason="x", actor=actor)
        with pytest.raises(refusal):
            declare_distinct(pair=pair, homonymes=False, reason="x", actor=actor)
    with pytest.raises(ReasonMissing):
        merge_identities(pair=pair, survivor_id=kept, reason=" ", actor=house.referent)
    with pytest.raises(MergeRefused):
        merge_identities(pair=pair, survivor_id=identity_of(third).pk, reason="x", actor=house.referent)
    merge = merge_identities(pair=pair, survivor_id=kept, reason="x", actor=house.referent)
    for actor, refusal in ((stranger, OutOfScope), (house.actor, NotAllowed)):
        with pytest.raises(refusal):
            unmerge_identities(merge=merge, reason="x", actor=actor)
    with pytest.raises(PairJudged):
        merge_identities(pair=pair, survivor_id=kept, reason="x", actor=house.referent)


def test_detection_on_traps(house: House) -> None:
    """Pairs of one person badly typed, and of near strangers, through the database: figures, not luck."""
    rng = random.Random(20261120)
    organisme = house.essms.organisme_id
    corpus = [(one, other, True) for _, one, other in name_traps.same_pairs(180, 11)]
    corpus += [(one, other, False) for one, other in name_traps.near_strangers(90, 12)]
    ids: list[tuple[int, int, bool]] = []
    with system_scope("test"):
        for number, (left, right, same) in enumerate(corpus):
            ids.append((stored(organisme, left, 2 * number), stored(organisme, right, 2 * number + 1), same))
        rng.shuffle(ids)
        while catch_up():
            pass
        found = set(DuplicatePair.objects.values_list("first_id", "second_id"))
    same = [pair for pair in ids if pair[2]]
    strangers = [pair for pair in ids if not pair[2]]
    assert len(ids) >= 200
    recall = sum((one, other) in found for one, other, _ in same) / len(same)
    wrong = sum((one, other) in found for one, other, _ in strangers) / max(len(strangers), 1)
    assert recall >= 0.93, recall
    assert wrong <= 0.10, wrong


def stored(organisme_id: int, traits: Traits, number: int) -> int:
    identity = Identity(
        organisme_id=organisme_id,
        local_number=f"T{number:05d}",
        nom_naissance=traits.nom_naissance,
        prenoms=traits.prenoms,
        premier_prenom=traits.premier_prenom or traits.prenoms.split()[0],
        sexe=(traits.sexe if traits.sexe in Sexe else Sexe.INDETERMINE).value,
        date_naissance=traits.date_naissance.text,
        lieu_naissance=traits.lieu_naissance or "99999",
        nom_utilise=traits.nom_utilise,
        prenom_utilise=traits.prenom_utilise,
        search_key=traits.nom_naissance,
    )
    Identity.objects.bulk_create([identity])
    return int(identity.pk)


@pytest.mark.django_db(transaction=True)
@pytest.mark.needs("postgresql")
def test_two_fusions_of_one_pair_at_once_have_one_effect(house: House) -> None:
    first, second = alike(house)
    pair, kept = judged(house, first, second), identity_of(first).pk
    gate, outcomes = threading.Barrier(2), []

    def run() -> None:
        try:
            gate.wait(5)
            merge_identities(pair=pair, survivor_id=kept, reason="x", actor=house.referent)
            outcomes.append("merged")
        except (PairJudged, MergeRefused):
            outcomes.append("refused")
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert sorted(outcomes) == ["merged", "refused"]
    with system_scope("test"):
        assert IdentityMerge.objects.count() == 1
        assert Dossier.objects.filter(joined_to=None, identity=kept).count() == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.needs("postgresql")
def test_a_search_asked_during_a_fusion_is_before_or_refused(house: House) -> None:
    first, second = alike(house)
    pair, kept = judged(house, first, second), identity_of(first).pk
    gate, outcomes = threading.Barrier(2), []

    def run(act: Callable[[], object]) -> None:
        try:
            gate.wait(5)
            act()
            outcomes.append("done")
        except (ExchangeInFlight, IdentityDeactivated):
            outcomes.append("refused")
        finally:
            connection.close()

    acts: list[Callable[[], object]] = [
        lambda: merge_identities(pair=pair, survivor_id=kept, reason="x", actor=house.referent),
        lambda: request_insi_search(dossier=second, actor=house.referent),
    ]
    threads = [threading.Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert sorted(outcomes) == ["done", "refused"]


def test_a_pair_detected_later_keeps_its_date(house: House) -> None:
    alike(house)
    (pair,) = pairs(house)
    with system_scope("test"):
        DuplicatePair.objects.update(detected_at=now() - datetime.timedelta(days=9))
        propose_duplicates(house.essms.organisme_id, [pair.first_id])
    assert (now() - pairs(house)[0].detected_at).days == 9


def test_what_is_unknown_or_only_written_otherwise_is_not_called_different(house: House) -> None:
    first = identity_of(opened(house, "yvonne-le-bihan", lieu_naissance="99999"))
    second = identity_of(
        opened(house, "yvonne-le-bihan", nom_naissance="LEBIHAN", prenoms="YVONNE", nom_utilise="")
    )
    words = {row.label: row.word for row in trait_pairs(first, second) if row.differs}
    assert words == {
        "Nom de naissance": "Écrit autrement.",
        "Prénoms de naissance": "Différent.",
        "Lieu de naissance": "Inconnu d’un côté.",
        "Nom utilisé": "Inconnu d’un côté.",
    }
