"""Who may read what we deposited: chosen before, changed after, once, with its reason."""

from __future__ import annotations

import datetime
import html
import re
from dataclasses import replace
from typing import Any

import pytest

from amarre.dui.access.models import Membership
from amarre.dui.access.roles import Role
from amarre.dui.access.scope import system_scope
from amarre.dui.audit.models import Trace
from amarre.dui.core.clock import now
from amarre.dui.dmp.models import DepositAudience, DepositReception, DmpChange
from amarre.dui.dmp.services.deposit_in_dmp import deposit_in_dmp
from amarre.dui.dmp.services.request_change import request_change
from amarre.dui.dmp.visibility.changes import ROWS, Door, Row, row_of
from amarre.dui.dmp.visibility.frozen import FrozenChange
from amarre.dui.dmp.visibility.offers import offers_for
from amarre.dui.documents.models import DmpDeposit, DocumentVersion
from amarre.dui.exchanges.enums import State
from amarre.dui.exchanges.models import Circuit, Exchange, ExchangePart
from amarre.dui.exchanges.worker import drain
from amarre.dui.organisations.enums import DmpReading
from amarre.dui.usagers.models import DmpInformation, Dossier
from amarre.dui.usagers.services.record_dmp_information import Collected, record_dmp_information
from amarre.interop.common.errors import AmarreError
from amarre.interop.dmp import Visibility
from amarre.interop.dmp.errors import DmpFrozenUnreadable
from tests.dui import factories
from tests.dui.conftest import ClientFor
from tests.dui.connected import House
from tests.dui.dmp.reading import readable, registry, situation, strong_client
from tests.dui.dmp.test_deposit_in_dmp import held

pytestmark = pytest.mark.django_db

WHY = "à la demande de la personne"
MASK, PATIENT = Visibility.MASQUE_PS, Visibility.INVISIBLE_PATIENT
REPRESENTATIVES = Visibility.INVISIBLE_REPRESENTANTS_LEGAUX


def row(key: str) -> Row:
    found = row_of(key)
    assert found is not None
    return found


def deposited(house: House, dossier: Dossier, *hidden: Visibility) -> DmpDeposit:
    """Deposit a document of the dossier, hidden from some."""
    deposit = deposit_in_dmp(version=house.filed(dossier), actor=house.actor, hidden=frozenset(hidden))
    drain()
    return fresh(deposit)


def fresh(deposit: DmpDeposit) -> DmpDeposit:
    with system_scope("test"):
        return DmpDeposit.objects.select_related(
            "exchange", "version__author", "version__document__dossier__identity",
            "version__document__dossier__essms__organisme",
        ).get(pk=deposit.pk)  # fmt: skip


def asked(house: House, deposit: DmpDeposit, key: str, reason: str = WHY) -> DmpChange:
    """Ask a change as Loïc."""
    found = situation(house, deposit.version.document.dossier)
    return request_change(deposit=fresh(deposit), row=row(key), reason=reason, situation=found)


def changed(house: House, deposit: DmpDeposit, key: str) -> DmpChange:
    """Ask a change and let the worker make it."""
    change = asked(house, deposit, key)
    drain()
    with system_scope("test"):
        return DmpChange.objects.select_related("exchange").get(pk=change.pk)


def at_dmp(house: House, deposit: DmpDeposit) -> tuple[set[str], str, int]:
    """Return what the DMP holds: audiences it is hidden from, status, version of the entry."""
    entry = registry(house).by_unique_id(deposit.version.unique_id)
    assert entry is not None
    return set(entry.confidentiality) - {"N"}, entry.status.rpartition(":")[2], entry.version


def believed(deposit: DmpDeposit) -> tuple[list[str], str]:
    with system_scope("test"):
        audience = DepositAudience.objects.get(deposit=deposit)
    return audience.hidden_from, audience.status


@pytest.fixture
def dossier(house: House) -> Dossier:
    return readable(house)


@pytest.fixture
def child(house: House) -> Dossier:
    """A minor: a parent agreed, the professional declared their access."""
    from amarre.dui.core.clock import today
    from amarre.dui.dmp.services.declare_access import declare_access

    dossier = house.dossier("lucas-berthelot")
    record_dmp_information(
        dossier=dossier,
        decision=DmpInformation.Decision.NON_OPPOSITION,
        informed_on=today(),
        actor=house.actor,
        collected=Collected("accord", "parent", "oral", "Mme Berthelot, mère"),
    )
    declare_access(situation(house, dossier))
    return house.reload(dossier)


@pytest.mark.req("issue 4, item 3: audiences")
@pytest.mark.parametrize("hidden", [(), (MASK,), (PATIENT,), (MASK, PATIENT)])
def test_the_audience_chosen_is_the_one_the_dmp_holds(
    house: House, dossier: Dossier, hidden: tuple[Visibility, ...]
) -> None:
    deposit = deposited(house, dossier, *hidden)
    assert deposit.exchange.state == State.ACCEPTE, deposit.exchange.explanation
    names = {one.value for one in hidden}
    assert at_dmp(house, deposit) == (names, "Approved", 1)
    assert set(believed(deposit)[0]) == names
    with system_scope("test"):
        trace = Trace.objects.get(verb="dmp.deposit_requested")
    assert set(trace.details["hidden"]) == names


def test_legal_representatives_are_those_of_a_minor_and_the_deposit_is_secret(
    house: House, dossier: Dossier, child: Dossier
) -> None:
    with pytest.raises(AmarreError, match="DMP-196"):
        deposit_in_dmp(version=house.filed(dossier), actor=house.actor, hidden=frozenset({REPRESENTATIVES}))
    deposit = deposited(house, child, REPRESENTATIVES)
    assert at_dmp(house, deposit)[0] == {REPRESENTATIVES.value}
    assert house.sandbox is not None
    request = next(
        one.request for one in house.sandbox.journal.list("dmp") if one.verdict.operation == "TD2.1"
    )
    assert b"hl7:confidentiality-code" in request
    changed(house, deposit, "montrer-aux-representants")
    assert at_dmp(house, deposit)[0] == set()
    last = house.sandbox.journal.list("dmp")[0]
    assert last.verdict.decoded.get("Connexion") == "secrète"
    assert all(remark.passed for remark in last.verdict.remarks if remark.rule == "update.secret")


@pytest.mark.req("issue 4, item 3: TD3.3 a to d")
def test_every_change_is_made_once_in_turn(house: House, dossier: Dossier) -> None:
    deposit = deposited(house, dossier, PATIENT)
    for key, hidden, status, version in (
        ("masquer", {MASK.value, PATIENT.value}, "Approved", 2),
        ("montrer-a-la-personne", {MASK.value}, "Approved", 3),
        ("demasquer", set(), "Approved", 4),
        ("archiver", set(), "Archived", 4),
        ("desarchiver", set(), "Approved", 4),
        ("supprimer", set(), "Deleted", 4),
    ):
        change = changed(house, deposit, key)
        assert change.exchange.state == State.ACCEPTE, (key, change.exchange.explanation)
        assert change.applied_at is not None
        entry = registry(house)
        entries = [one for one in entry.entries() if one.unique_id == deposit.version.unique_id]
        found = entries[0]
        assert (set(found.confidentiality) - {"N"}, found.status.rpartition(":")[2], found.version) == (
            hidden, status, version,
        ), key  # fmt: skip
        assert set(believed(deposit)[0]) == hidden
    assert believed(deposit)[1] == DepositAudience.Status.SUPPRIME
    with system_scope("test"):
        asked_traces = list(Trace.objects.filter(verb="dmp.change_requested"))
        assert Trace.objects.filter(verb="dmp.changed").count() == 6
    assert {one.reason for one in asked_traces} == {WHY}
    assert house.sandbox is not None
    refused = [one for one in house.sandbox.journal.list("dmp") if not one.verdict.accepted]
    assert refused == []


@pytest.mark.parametrize("key", ["masquer", "archiver", "supprimer"])
def test_a_lost_answer_is_asked_about_and_the_change_is_made_once(
    house: House, dossier: Dossier, key: str
) -> None:
    deposit = deposited(house, dossier)
    change = asked(house, deposit, key)
    assert house.sandbox is not None
    house.sandbox.choose("dmp", "changement-perdu", 1)
    drain(1)
    with system_scope("test"):
        exchange = Exchange.objects.get(pk=change.exchange_id)
    assert (exchange.state, exchange.outcome_unknown) == (State.INCONNU, True)
    make_due()
    drain()
    exchange.refresh_from_db()
    assert exchange.state == State.ACCEPTE
    changes = [one for one in house.sandbox.journal.list("dmp") if one.verdict.operation.startswith("TD3.3")]
    assert len(changes) == 1, "never sent twice"
    with system_scope("test"):
        assert DmpChange.objects.get().applied_at is not None


def test_a_change_that_never_arrived_is_sent_again(house: House, dossier: Dossier) -> None:
    deposit = deposited(house, dossier)
    change = asked(house, deposit, "masquer")
    assert house.sandbox is not None
    house.sandbox.choose("dmp", "coupure-avant")
    drain(1)
    house.sandbox.choose("dmp", "")
    make_due()
    drain()
    with system_scope("test"):
        assert Exchange.objects.get(pk=change.exchange_id).state == State.ACCEPTE
    assert at_dmp(house, deposit)[0] == {MASK.value}


def make_due() -> None:
    with system_scope("test"):
        Exchange.objects.update(due_at=now() - datetime.timedelta(seconds=1))
    Circuit.objects.update(open_until=None)


def test_a_new_version_keeps_the_audience_and_replaces_by_the_number_of_today(
    house: House, dossier: Dossier
) -> None:
    first = deposited(house, dossier)
    changed(house, first, "masquer")
    second = deposit_in_dmp(version=house.filed(dossier), actor=house.actor)
    drain()
    assert fresh(second).exchange.state == State.ACCEPTE, fresh(second).exchange.explanation
    assert at_dmp(house, fresh(second))[0] == {MASK.value}
    assert at_dmp(house, first)[1] == "Deprecated"
    shown = deposit_in_dmp(version=house.filed(dossier), actor=house.actor, hidden=frozenset())
    drain()
    assert at_dmp(house, fresh(shown))[0] == set()


def test_after_a_deletion_the_next_version_is_an_ordinary_deposit(house: House, dossier: Dossier) -> None:
    first = deposited(house, dossier)
    changed(house, first, "supprimer")
    with system_scope("test"):
        reception = DepositReception.objects.get(deposit=first)
    assert reception.gone_noted_by == house.loic
    second = deposited(house, dossier)
    assert second.exchange.state == State.ACCEPTE, second.exchange.explanation
    assert second.exchange.result["replaced"] is False
    assert at_dmp(house, first)[1] == "Deleted"


def test_the_secretary_deletes_and_nothing_else(house: House, dossier: Dossier) -> None:
    """Deleting goes by the establishment's certificate; the rest by a health professional's access."""
    deposit = deposited(house, dossier)
    user = factories.make_user("Sylvie", "Morvan")
    Membership.objects.create(
        user=user, essms=house.essms, role=Role.SECRETARIAT, job="Secrétaire", author_code="331",
        author_code_system="1.2.250.1.213.1.6.1.107",
    )  # fmt: skip
    found = situation(house, dossier)
    hers = replace(found, user=user, actor=factories.actor_for(user, house.essms))
    offers = {offer.row.key: offer.error for offer in offers_for(fresh(deposit), hers)}
    assert offers.pop("supprimer") is None
    assert {error.code for error in offers.values() if error} == {"DMP-148"}
    request_change(deposit=fresh(deposit), row=row("supprimer"), reason=WHY, situation=hers)
    drain()
    assert at_dmp(house, deposit)[1] == "Deleted"


def without_connector(house: House) -> None:
    house.profile.dmp_reading = DmpReading.NONE
    house.profile.save()


def without_card(house: House) -> None:
    house.profile.dmp_reading = DmpReading.CARD
    house.profile.save()


def educator(house: House) -> None:
    with system_scope("test"):
        Membership.objects.filter(user=house.loic).update(
            author_code="326", author_code_system="1.2.250.1.213.1.6.1.107"
        )


@pytest.mark.parametrize(
    ("prepare", "code"), [(without_connector, "DMP-180"), (without_card, "DMP-185"), (educator, "DMP-150")]
)
def test_what_the_professional_may_not_do_is_said_and_not_asked(
    house: House, dossier: Dossier, prepare: Any, code: str
) -> None:
    deposit = deposited(house, dossier)
    prepare(house)
    found = situation(house, dossier)
    errors = {offer.row.key: offer.error for offer in offers_for(fresh(deposit), found)}
    assert errors["supprimer"] is None
    assert {errors["masquer"].code, errors["archiver"].code} == {code}  # type: ignore[union-attr]
    with pytest.raises(AmarreError, match=code):
        asked(house, deposit, "masquer")
    with system_scope("test"):
        assert not DmpChange.objects.exists()


def test_only_the_author_unmasks_and_archives(house: House, dossier: Dossier) -> None:
    deposit = deposited(house, dossier, MASK)
    colleague = factories.make_user("Camille", "Riou", rpps="99700000054")
    Membership.objects.create(
        user=colleague, essms=house.essms, role=Role.SOINS, job="Infirmière", author_code="G15_60",
        author_code_system="1.2.250.1.213.1.1.4.5",
    )  # fmt: skip
    colleague.last_login = now()
    colleague.save()
    found = situation(house, dossier)
    theirs = replace(
        found,
        user=colleague,
        actor=replace(factories.actor_for(colleague, house.essms), means="psc:eidas1:card"),
    )
    errors = {offer.row.key: offer.error for offer in offers_for(fresh(deposit), theirs)}
    assert errors["demasquer"] is not None
    assert errors["demasquer"].explanation().what.endswith("Loïc BREMOND.")
    assert errors["archiver"] is not None


def test_a_change_has_a_meaning_a_reason_and_no_other_before_it(house: House, dossier: Dossier) -> None:
    deposit = deposited(house, dossier)
    for key, reason, code in (
        ("demasquer", WHY, "DMP-192"),
        ("desarchiver", WHY, "DMP-192"),
        ("masquer", "  ", "DMP-193"),
    ):
        with pytest.raises(AmarreError, match=code):
            asked(house, deposit, key, reason)
    asked(house, deposit, "masquer")
    with pytest.raises(AmarreError, match="DMP-191"):
        asked(house, deposit, "archiver")
    drain()
    changed(house, deposit, "supprimer")
    with pytest.raises(AmarreError, match="DMP-190"):
        asked(house, deposit, "masquer")


def test_a_deposit_that_was_not_accepted_is_not_changed(house: House, dossier: Dossier) -> None:
    deposit = deposit_in_dmp(version=house.filed(dossier), actor=house.actor)
    assert offers_for(fresh(deposit), situation(house, dossier)) == []
    with pytest.raises(AmarreError, match="DMP-190"):
        asked(house, deposit, "supprimer")


def test_a_change_waits_less_long_than_a_login_is_worth(house: House, dossier: Dossier) -> None:
    deposit = deposited(house, dossier)
    change = asked(house, deposit, "masquer")
    with system_scope("test"):
        part = ExchangePart.objects.get(exchange=change.exchange_id)
    frozen = FrozenChange.from_bytes(bytes(part.data))
    assert frozen.actor.authenticated_at is not None
    old = replace(frozen, actor=replace(frozen.actor, authenticated_at=now() - datetime.timedelta(hours=13)))
    ExchangePart.objects.filter(pk=part.pk).update(data=old.to_bytes())
    drain(1)
    with system_scope("test"):
        exchange = Exchange.objects.get(pk=change.exchange_id)
    assert (exchange.state, exchange.explanation["code"]) == (State.A_REFAIRE, "DMP-194")
    assert at_dmp(house, deposit)[0] == set()
    deleting = FrozenChange(row("supprimer"), frozen.unique_id, frozen.patient, old.actor)
    assert deleting.row.door is Door.ETABLISSEMENT, "the establishment's certificate does not age"


def test_an_identity_that_changed_holds_the_change(house: House, dossier: Dossier) -> None:
    deposit = deposited(house, dossier)
    change = asked(house, deposit, "supprimer")
    identity = dossier.identity
    identity.matricule, identity.cle = "2751263220749", "74"
    identity.save()
    drain(1)
    with system_scope("test"):
        exchange = Exchange.objects.get(pk=change.exchange_id)
    assert exchange.explanation["code"] == "DMP-070"
    assert at_dmp(house, deposit)[1] == "Approved"


def test_a_document_the_dmp_does_not_show_is_said(house: House, dossier: Dossier) -> None:
    deposit = deposited(house, dossier)
    entry = registry(house).by_unique_id(deposit.version.unique_id)
    assert entry is not None
    change = asked(house, deposit, "masquer")
    registry(house).change_status(entry, "urn:asip:ci-sis:2010:StatusType:Deleted")
    drain(1)
    with system_scope("test"):
        exchange = Exchange.objects.get(pk=change.exchange_id)
    assert exchange.explanation["code"] == "DMP-195"


@pytest.mark.parametrize(
    "data", [b"", b"{}", b"[]", b'{"version": 2}', b"\xff", b'{"version":1,"change":"x"}']
)
def test_frozen_bytes_of_another_shape_are_refused(data: bytes) -> None:
    with pytest.raises(DmpFrozenUnreadable):
        FrozenChange.from_bytes(data)


def test_rows_have_words_and_a_transaction() -> None:
    assert len({one.key for one in ROWS}) == len(ROWS)
    assert all(one.consequences and one.verb and one.transaction for one in ROWS)


# --- Pages -----------------------------------------------------------------------------------------------


def text(response: Any) -> str:
    page = response.content.decode().split("<main")[-1]
    return html.unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page)))


def page_of(version: DocumentVersion, end: str = "") -> str:
    return f"/dossiers/{version.document.dossier_id}/documents/{version.document_id}/{end}"


def test_the_control_says_who_will_read_and_the_choice_goes_with_the_deposit(
    house: House, dossier: Dossier, client_for: ClientFor
) -> None:
    client, version = strong_client(house, client_for), house.filed(dossier)
    url = page_of(version, "deposer-au-dmp/")
    assert "Lu par la personne et par les professionnels à qui elle ouvre son DMP" in text(client.get(url))
    assert "Cacher aux représentants légaux" not in text(client.get(url)), "an adult"
    chosen = client.get(f"{url}?public=choisi&cacher=MASQUE_PS&cacher=autre")
    assert "1 à regarder" in text(chosen)
    assert "Masqué aux professionnels" in text(chosen)
    fields = re.findall(
        r'<input type="hidden" name="(public|cacher)" value="([^"]+)"', chosen.content.decode()
    )
    assert fields == [("public", "choisi"), ("cacher", "MASQUE_PS")]
    client.post(url, {"public": "choisi", "cacher": ["MASQUE_PS"]})
    drain()
    (entry,) = held(house).values()
    assert "MASQUE_PS" in entry["confidentiality"]
    following = house.filed(dossier)
    kept = text(client.get(page_of(following, "deposer-au-dmp/")))
    assert "Masqué aux professionnels" in kept, "a new version starts as the one it replaces"


def test_the_page_of_a_document_offers_changes_and_tells_what_was_asked(
    house: House, dossier: Dossier, client_for: ClientFor
) -> None:
    client, version = strong_client(house, client_for), house.filed(dossier)
    assert "Au DMP" not in text(client.get(page_of(version)))
    deposit = deposit_in_dmp(version=version, actor=house.actor)
    drain()
    shown = text(client.get(page_of(version)))
    for words in ("Visible", "Masquer aux professionnels", "Archiver", "Supprimer du DMP"):
        assert words in shown
    change = page_of(version, "dmp/supprimer/")
    assert "On ne peut pas revenir en arrière" in text(client.get(change))
    assert client.post(change, {"reason": ""}).status_code == 422
    assert client.post(change, {"reason": "Mauvaise personne"}).status_code == 302
    assert "En file" in text(client.get(page_of(version)))
    drain()
    after = text(client.get(page_of(version)))
    assert "Supprimé du DMP" in after
    assert "Motif : Mauvaise personne" in after
    assert fresh(deposit).exchange.state == State.ACCEPTE
    assert "Supprimer du DMP, version 1" in text(client.get("/envois/?etat=termines"))


def test_who_may_is_told_on_the_page(house: House, dossier: Dossier, client_for: ClientFor) -> None:
    version = deposited(house, dossier).version
    without_connector(house)
    shown = text(strong_client(house, client_for).get(page_of(version)))
    assert "Pas possible aujourd’hui : masquer aux professionnels, archiver. Cet établissement" in shown
    assert "Supprimer du DMP" in shown
    blocked = strong_client(house, client_for).get(page_of(version, "dmp/masquer/"))
    assert blocked.status_code >= 400
    alice = factories.make_user("Alice", "Tassin")
    factories.give_role(alice, house.essms, Role.DIRECTION)
    client = client_for(alice)
    assert client.get(page_of(version)).status_code == 200
    for key in ("masquer", "supprimer"):
        assert client.get(page_of(version, f"dmp/{key}/")).status_code == 403
        assert client.post(page_of(version, f"dmp/{key}/"), {"reason": "x"}).status_code == 403
    assert client.get(page_of(version, "dmp/inconnu/")).status_code == 404
