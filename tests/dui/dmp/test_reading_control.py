"""What must be true before a DMP is opened: refused before any call, with a sentence and a way out."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from dataclasses import replace

import pytest

from amarre.dui.access.models import Membership
from amarre.dui.access.scope import system_scope
from amarre.dui.audit.models import Trace
from amarre.dui.core.clock import now
from amarre.dui.dmp.reading.control import ReadingSituation, reading_points, web_points
from amarre.dui.dmp.services.ask_status import ask_status
from amarre.dui.dmp.services.declare_access import declare_access, remove_access
from amarre.dui.dmp.services.open_online import open_online
from amarre.dui.dmp.services.read_administrative_data import read_administrative_data
from amarre.dui.dmp.services.read_document import read_document
from amarre.dui.dmp.services.search_documents import search_documents
from amarre.dui.documents.control import blocking_points
from amarre.dui.exchanges.models import Circuit
from amarre.dui.organisations.enums import DmpReading
from amarre.dui.usagers.models import DmpInformation, Dossier
from amarre.interop.common.errors import AmarreError
from amarre.interop.dmp import Authorisation, Caller
from amarre.interop.dmp.errors import DmpAccessForbidden, DmpAuthorisationMissing
from amarre.interop.xds import DocumentFilter
from amarre.sandbox.cards import card_paths
from tests.dui.connected import House
from tests.dui.dmp.reading import agree, readable, situation

pytestmark = pytest.mark.django_db

SERVICES: dict[str, Callable[[ReadingSituation], object]] = {
    "TD0.2": ask_status,
    "TD0.3": declare_access,
    "TD1.3a": read_administrative_data,
    "TD3.1": lambda one: search_documents(one, DocumentFilter()),
    "TD3.2": lambda one: read_document(one, "1.2.3"),
}


def calls(house: House) -> list[str]:
    """Return the transactions that reached the DMP, oldest first."""
    assert house.sandbox is not None
    return [one.verdict.operation for one in reversed(house.sandbox.journal.list("dmp"))]


def not_qualified(house: House, dossier: Dossier) -> None:
    dossier.identity.traits_from_insi = False
    dossier.identity.save()


def without_connector(house: House, dossier: Dossier) -> None:
    house.profile.dmp_reading = DmpReading.NONE
    house.profile.save()


def without_card(house: House, dossier: Dossier) -> None:
    house.profile.dmp_reading = DmpReading.CARD
    house.profile.save()


def educator(house: House, dossier: Dossier) -> None:
    """The reader is no health professional."""
    with system_scope("test"):
        Membership.objects.filter(user=house.loic).update(
            author_code="326", author_code_system="1.2.250.1.213.1.6.1.107"
        )


def refused(house: House, dossier: Dossier) -> None:
    agree(house, dossier, DmpInformation.Access.REFUSED)


def not_asked(house: House, dossier: Dossier) -> None:
    dossier.dmp_information.all().delete()
    house.inform(dossier)


def opposed(house: House, dossier: Dossier) -> None:
    house.inform(dossier, DmpInformation.Decision.OPPOSITION)


def not_informed(house: House, dossier: Dossier) -> None:
    dossier.dmp_information.all().delete()


HELD: list[tuple[Callable[[House, Dossier], None], str]] = [
    (not_qualified, "INS-010"),
    (not_informed, "DMP-181"),
    (not_asked, "DMP-182"),
    (refused, "DMP-183"),
    (opposed, "DMP-184"),
    (without_connector, "DMP-180"),
    (without_card, "DMP-185"),
    (educator, "DMP-150"),
]


@pytest.mark.req("issue 4, item 3: rights by mode")
@pytest.mark.parametrize("service", SERVICES)
@pytest.mark.parametrize(("prepare", "code"), HELD, ids=lambda one: getattr(one, "__name__", one))
def test_what_holds_a_reading_back_is_said_before_any_call(
    house: House, prepare: Callable[[House, Dossier], None], code: str, service: str
) -> None:
    dossier = agree(house, house.dossier())
    prepare(house, dossier)
    found = situation(house, dossier)
    first = next(iter(blocking_points(reading_points(found))))
    assert first.error is not None
    assert first.error.code == code
    with pytest.raises(AmarreError) as caught:
        SERVICES[service](found)
    assert caught.value.code == code
    said = caught.value.explanation()
    assert all((said.what, said.data_state, said.advice))
    assert calls(house) == []


@pytest.mark.parametrize("means", ["", "psc:eidas1", "autre:card", "psc:eidas1:sms"])
def test_air_asks_a_strong_login(house: House, means: str) -> None:
    found = situation(house, agree(house, house.dossier()))
    weak = replace(found, actor=replace(found.actor, means=means))
    with pytest.raises(AmarreError) as caught:
        ask_status(weak)
    assert (caught.value.code, calls(house)) == ("DMP-152", [])
    (point,) = blocking_points(reading_points(weak))
    assert "/connexion/psc/?next=" in point.url


@pytest.mark.parametrize("means", ["psc:eidas1:card", "psc:eidas3:mobile"])
def test_both_means_of_pro_sante_connect_are_strong(house: House, means: str) -> None:
    found = situation(house, agree(house, house.dossier()))
    status = ask_status(replace(found, actor=replace(found.actor, means=means)))
    assert status.authorisation is Authorisation.NON_EXISTE


def test_points_are_in_order_and_good_when_reading_is_allowed(house: House) -> None:
    points = reading_points(situation(house, agree(house, house.dossier())))
    assert [point.state for point in points] == ["bon"] * 3
    Circuit.objects.create(
        essms=house.essms, service="dmp", failures=5, open_until=now() + datetime.timedelta(minutes=5)
    )
    points = reading_points(situation(house, house.dossier("zoe-adrun")))
    assert points[-1].state == "regarder"


def test_by_card_the_holder_reads_as_themself(house: House) -> None:
    """The nurse of the EHPAD has a card in the sandbox; she reads for the house she works in."""
    assert house.sandbox is not None
    house.profile.dmp_reading = DmpReading.CARD
    house.profile.dmp_cards_dir = str(card_paths(house.sandbox.settings.data_dir, "x").certificate.parent)
    house.profile.save()
    house.loic.rpps, house.loic.subject_name_id = "99700000054", "899700000054"
    house.loic.save()
    dossier = agree(house, house.dossier())
    found = situation(house, dossier)
    declare_access(replace(found, actor=replace(found.actor, means="")))
    assert ask_status(found).authorisation is Authorisation.VALIDE
    with system_scope("test"):
        assert Trace.objects.filter(verb="dmp.status_asked").latest("pk").details["mode"] == Caller.CPS.value
    assert house.sandbox.journal.list("dmp")[0].verdict.decoded["Structure"] == house.essms.struct_idnat


def test_software_cards_are_for_the_sandbox(house: House) -> None:
    from django.core.exceptions import ValidationError

    house.profile.dmp_cards_dir = "/tmp/cards"
    house.profile.environment = "qualification"
    with pytest.raises(ValidationError, match="bac à sable"):
        house.profile.clean()


def test_an_access_is_declared_then_taken_back_whatever_the_person_says_now(house: House) -> None:
    dossier = readable(house)
    assert search_documents(situation(house, dossier), DocumentFilter()) == ()
    agree(house, dossier, DmpInformation.Access.REFUSED)
    remove_access(situation(house, dossier))
    agree(house, dossier)
    with pytest.raises(DmpAuthorisationMissing):
        search_documents(situation(house, dossier), DocumentFilter())
    with system_scope("test"):
        verbs = list(
            Trace.objects.filter(verb__startswith="dmp.").order_by("pk").values_list("verb", flat=True)
        )
    assert [verb for verb in verbs if "access" in verb] == ["dmp.access_declared", "dmp.access_removed"]


def test_a_person_who_blocked_the_professional_is_obeyed(house: House) -> None:
    dossier = agree(house, house.dossier("rene-caradec"))
    with pytest.raises(DmpAccessForbidden) as caught:
        declare_access(situation(house, dossier))
    assert caught.value.explanation().data_state == "Rien n'a été lu ni changé au DMP."
    with system_scope("test"):
        trace = Trace.objects.get(verb="dmp.access_declared")
    assert (trace.outcome, trace.details["failure"]) == ("refused", "DMP-165")


def test_every_question_is_traced_answered_or_not(house: House) -> None:
    dossier = readable(house)
    found = situation(house, dossier)
    ask_status(found)
    assert house.sandbox is not None
    house.sandbox.choose("dmp", "indisponible", 1)
    with pytest.raises(AmarreError):
        search_documents(found, DocumentFilter())
    read_administrative_data(found)
    with system_scope("test"):
        traces = {one.verb: one for one in Trace.objects.filter(dossier_id=str(dossier.pk))}
    assert traces["dmp.status_asked"].details["authorisation"] == "VALIDE"
    assert traces["dmp.list_consulted"].details == {"mode": Caller.AIR_PS.value, "failure": "DMP-021"}
    assert traces["dmp.administrative_data_consulted"].actor_id == house.loic.pk
    identity = dossier.identity
    assert all(identity.matricule not in str(one.details) for one in traces.values())


def test_the_link_online_needs_no_connector_but_the_same_person(house: House) -> None:
    dossier = agree(house, house.dossier())
    without_connector(house, dossier)
    link = open_online(situation(house, dossier))
    assert link.href.endswith(dossier.identity.matricule + dossier.identity.cle)
    assert dossier.identity.matricule not in repr(link)
    with system_scope("test"):
        trace = Trace.objects.get(verb="dmp.opened_online")
    assert dossier.identity.matricule not in f"{trace.details}{trace.subject_id}{trace.reason}"
    assert calls(house) == []
    not_qualified(house, dossier)
    with pytest.raises(AmarreError, match="INS-010"):
        open_online(situation(house, dossier))
    house.profile.dmp_web_url = ""
    house.profile.save()
    codes = [p.error.code for p in blocking_points(web_points(situation(house, dossier))) if p.error]
    assert codes == ["INS-010", "DMP-186"]
