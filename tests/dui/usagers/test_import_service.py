"""Writing: one transaction, traces, nothing twice, few statements, rights and tenancy."""

from __future__ import annotations

import time
from typing import Any

import pytest
from django.db import IntegrityError, connection
from django.test.utils import CaptureQueriesContext
from pytest_django import DjangoAssertNumQueries

from amarre.dui.access.errors import NotAllowed, OutOfScope
from amarre.dui.access.roles import Role
from amarre.dui.access.scope import system_scope
from amarre.dui.audit.models import Trace
from amarre.dui.core.actor import Actor, system_actor
from amarre.dui.core.clock import now
from amarre.dui.organisations.models import Essms
from amarre.dui.usagers.importing.columns import settle
from amarre.dui.usagers.importing.fields import NomMeaning
from amarre.dui.usagers.models import Dossier, Identity, IdentityChange
from amarre.dui.usagers.services.create_dossier import create_dossier
from amarre.dui.usagers.services.import_usagers import ImportResult, import_usagers, preview_import
from amarre.interop.ins.status import Status
from tests.dui import factories
from tests.dui.usagers.import_samples import (
    HEADINGS,
    LE_GOFF,
    PRIGENT,
    csv_of,
    many,
    plan_of,
    reasons,
    table_of,
    usual,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def clerk(essms: Essms) -> Actor:
    """The secretary of `essms`: may import."""
    user = factories.make_user("Nolwenn", "Secrétaire")
    factories.give_role(user, essms, Role.SECRETARIAT)
    return factories.actor_for(user, essms)


def asked(essms: Essms, actor: Actor, data: bytes, nom: str = "") -> dict[str, Any]:
    table = table_of(data)
    choice = settle(table.columns, NomMeaning(nom) if nom else None)
    return {"essms": essms, "table": table, "choice": choice, "actor": actor}


def imported(essms: Essms, actor: Actor, data: bytes) -> ImportResult:
    return import_usagers(**asked(essms, actor, data))


def dossiers() -> list[Dossier]:
    with system_scope("test"):
        return list(Dossier.objects.select_related("identity").order_by("pk"))


def test_good_rows_are_stored_and_bad_ones_come_back(essms: Essms, clerk: Actor) -> None:
    result = imported(essms, clerk, usual(LE_GOFF, ("X", "Y", "", "", "", ""), (*PRIGENT[:4], "", "")))
    assert result.counts == {"created": 2, "known": 0, "refused": 1}
    first, second = dossiers()
    assert (first.number, first.identity.local_number) == ("000001", "000001")
    assert first.identity.search_key == "LE GOFF ANNE MARIE"
    assert first.identity.status is Status.PROVISOIRE
    assert second.identity.lieu_naissance == "99999"
    for row in (first, first.identity, second, second.identity):
        row.full_clean()


def test_one_trace_per_dossier_and_one_for_the_import(essms: Essms, clerk: Actor) -> None:
    imported(essms, clerk, usual(LE_GOFF, PRIGENT, ("X", "Y", "", "", "", "")))
    opened = Trace.objects.filter(verb="dossier.created")
    assert {trace.dossier_id for trace in opened} == {str(dossier.pk) for dossier in dossiers()}
    assert all(trace.usager_id and trace.essms_id == essms.pk for trace in opened)
    (whole,) = Trace.objects.filter(verb="usagers.imported")
    assert whole.details == {"created": 2, "known": 0, "refused": 1}
    assert whole.actor_id == clerk.user_id


def test_the_same_list_again_creates_nothing(essms: Essms, clerk: Actor) -> None:
    imported(essms, clerk, usual(LE_GOFF, PRIGENT))
    again = imported(essms, clerk, usual(PRIGENT, LE_GOFF))
    assert again.counts == {"created": 0, "known": 2, "refused": 0}
    assert all(not row.gaps for row in again.plan.known)
    assert len(dossiers()) == 2


def test_numbers_recognise_a_person_whose_name_was_corrected(essms: Essms, clerk: Actor) -> None:
    headings = ("Matricule interne", *HEADINGS)
    imported(essms, clerk, csv_of(headings, ("A7", *LE_GOFF)).encode())
    again = imported(essms, clerk, csv_of(headings, ("A7", "Le Gof", *LE_GOFF[1:])).encode())
    assert again.plan.known[0].gaps == ("nom de naissance",)
    assert dossiers()[0].identity.nom_naissance == "LE GOFF"
    other = imported(essms, clerk, csv_of(headings, ("A7", *PRIGENT)).encode())
    assert reasons(other.plan) == ["Ce numéro est déjà celui d'une autre personne dans Amarre."]
    assert len(dossiers()) == 1


def test_a_dossier_number_is_known_in_its_establishment_only(essms: Essms, clerk: Actor) -> None:
    headings = ("N° dossier", *HEADINGS)
    imported(essms, clerk, csv_of(headings, ("12", *LE_GOFF)).encode())
    assert dossiers()[0].number == "12"
    sister = factories.make_essms(essms.organisme, "EHPAD")
    there = system_actor("import", essms_id=sister.pk, organisme_id=sister.organisme_id)
    result = imported(sister, there, csv_of(headings, ("12", *PRIGENT)).encode())
    assert result.counts["created"] == 1


def test_a_person_of_the_organisme_is_taken_up_not_created_again(essms: Essms, clerk: Actor) -> None:
    imported(essms, clerk, usual(LE_GOFF))
    sister = factories.make_essms(essms.organisme, "EHPAD")
    there = system_actor("import", essms_id=sister.pk, organisme_id=sister.organisme_id)
    result = imported(sister, there, usual(LE_GOFF, PRIGENT))
    assert (result.attached, result.counts["created"]) == (1, 2)
    with system_scope("test"):
        assert Identity.objects.count() == 2
        assert Dossier.objects.filter(essms=sister).count() == 2


def test_a_person_of_another_organisme_is_a_stranger(essms: Essms, clerk: Actor, other_essms: Essms) -> None:
    imported(essms, clerk, usual(LE_GOFF))
    there = system_actor("import", essms_id=other_essms.pk, organisme_id=other_essms.organisme_id)
    assert imported(other_essms, there, usual(LE_GOFF)).attached == 0
    with system_scope("test"):
        assert Identity.objects.count() == 2


def test_a_place_learnt_since_makes_no_second_person(essms: Essms, clerk: Actor) -> None:
    without_place = (*LE_GOFF[:4], "", LE_GOFF[5])
    imported(essms, clerk, usual(without_place))
    with system_scope("test"):
        Identity.objects.update(lieu_naissance="29151")
    again = imported(essms, clerk, usual(without_place))
    assert again.plan.known[0].gaps == ("lieu de naissance",)
    sister = factories.make_essms(essms.organisme, "EHPAD")
    there = system_actor("import", essms_id=sister.pk, organisme_id=sister.organisme_id)
    assert "Une personne de l'organisme" in reasons(imported(sister, there, usual(without_place)).plan)[0]


def test_a_name_corrected_since_makes_no_second_person(essms: Essms, clerk: Actor) -> None:
    imported(essms, clerk, usual(LE_GOFF))
    identity = dossiers()[0].identity
    for name, before, after in (
        ("nom_naissance", "LE GOFF", "LE GOF"), ("date_naissance", "1938-03-03", "1938-03-04")
    ):  # fmt: skip
        IdentityChange(
            identity=identity, field=name, before=before, after=after, reason="INSi", at=now()
        ).save()
        setattr(identity, name, after)
    identity.save()
    assert imported(essms, clerk, usual(LE_GOFF)).counts == {"created": 0, "known": 1, "refused": 0}


def test_a_person_opened_by_hand_is_known(essms: Essms, clerk: Actor) -> None:
    traits = plan_of(usual(LE_GOFF)).rows[0].person.traits
    create_dossier(essms=essms, traits=traits, entered_on=now().date(), actor=clerk)
    assert imported(essms, clerk, usual(LE_GOFF, PRIGENT)).counts["created"] == 1
    assert [dossier.number for dossier in dossiers()] == ["000001", "000002"]


def test_an_incomplete_date_keeps_what_was_written(essms: Essms, clerk: Actor) -> None:
    imported(essms, clerk, usual((*LE_GOFF[:3], "00/00/1938", *LE_GOFF[4:])))
    change, created = dossiers()[0].identity.changes.all()
    assert (created.field, created.after, created.author_id) == ("creation", "liste importée", clerk.user_id)
    assert (change.before, change.after) == ("00/00/1938", "1938-12-31")


def test_everything_or_nothing(essms: Essms, clerk: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*args: object, **options: object) -> None:
        raise IntegrityError

    monkeypatch.setattr("amarre.dui.usagers.services.import_usagers.record_many", fail)
    with pytest.raises(IntegrityError):
        imported(essms, clerk, usual(LE_GOFF, PRIGENT))
    with system_scope("test"):
        assert Identity.objects.count() == 0


def test_rights(essms: Essms, actor: Actor, stranger: Actor, other_essms: Essms) -> None:
    with pytest.raises(NotAllowed):
        imported(essms, actor, usual(LE_GOFF))
    with pytest.raises(OutOfScope):
        preview_import(**asked(essms, stranger, usual(LE_GOFF)))
    elsewhere = system_actor("import", essms_id=other_essms.pk)
    with pytest.raises(OutOfScope):
        imported(essms, elsewhere, usual(LE_GOFF))
    assert dossiers() == []


def statements(essms: Essms, actor: Actor, count: int) -> int:
    wanted = asked(essms, actor, many(count))
    with CaptureQueriesContext(connection) as captured:
        import_usagers(**wanted)
    return len([query for query in captured if "SAVEPOINT" not in query["sql"]])


def test_the_number_of_statements_does_not_follow_the_number_of_rows(essms: Essms, clerk: Actor) -> None:
    assert statements(essms, clerk, 2) == statements(essms, clerk, 30) == 13


def test_a_preview_asks_three_questions(
    essms: Essms, clerk: Actor, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    imported(essms, clerk, many(50))
    wanted = asked(essms, clerk, many(80))
    with django_assert_num_queries(3):
        plan = preview_import(**wanted)
    assert (len(plan.known), len(plan.to_open)) == (50, 30)


def test_two_thousand_rows_in_a_few_seconds(essms: Essms, clerk: Actor) -> None:
    wanted = asked(essms, clerk, many(2000))
    start = time.perf_counter()
    assert import_usagers(**wanted).counts["created"] == 2000
    # A second or two alone on a machine; the margin is for machines that do something else meanwhile.
    assert time.perf_counter() - start < 40
    assert import_usagers(**wanted).counts == {"created": 0, "known": 2000, "refused": 0}
