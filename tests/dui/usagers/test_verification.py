"""Verification of the whole file active: plan, lots, outcomes, status consequences, rate, export."""

from __future__ import annotations

import datetime
import io
import json
from collections.abc import Callable
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from amarre.cast.usagers import usager
from amarre.dui.access.errors import NotAllowed, OutOfScope
from amarre.dui.access.scope import system_scope
from amarre.dui.audit.models import Trace
from amarre.dui.core.actor import Actor
from amarre.dui.core.clock import now, today
from amarre.dui.exchanges.enums import State
from amarre.dui.exchanges.models import Exchange
from amarre.dui.exchanges.services.resume import resume_exchange
from amarre.dui.exchanges.worker import drain
from amarre.dui.organisations.enums import Environment
from amarre.dui.usagers import verification_handler
from amarre.dui.usagers.errors import NothingToVerify, VerificationAlreadyRunning, VerificationOver
from amarre.dui.usagers.models import (
    Discrepancy,
    Identity,
    VerificationBatch,
    VerificationItem,
    VerificationLot,
)
from amarre.dui.usagers.selectors.verification_report import report
from amarre.dui.usagers.services.mark_identity import mark_identity
from amarre.dui.usagers.services.start_verification import start_verification, stop_verification
from amarre.dui.usagers.services.update_traits import update_traits
from amarre.interop.ins.insi import VerificationNotOfficial
from amarre.interop.ins.status import Attribute, Status
from tests.dui.connected import House, identity_of
from tests.dui.usagers.cases import opened

pytestmark = pytest.mark.django_db

Outcome, Reason = VerificationItem.Outcome, VerificationItem.Reason
QUALIFIED = ("jean-riou", "marie-therese-quere", "zoe-adrun")


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch, settings: Any) -> None:
    monkeypatch.setattr(verification_handler, "PAUSE_SECONDS", 0.02)
    settings.AMARRE_VERIFICATION_PER_MINUTE = 0
    settings.AMARRE_VERIFICATION_LOT_LINES = 2
    settings.AMARRE_RETRY_BASE_SECONDS = 0


def items(batch: VerificationBatch) -> dict[str, VerificationItem]:
    rows = batch.items.select_related("identity", "dossier").order_by("pk")
    return {row.identity.nom_naissance: row for row in rows}


def reloaded(batch: VerificationBatch) -> VerificationBatch:
    with system_scope("test"):
        return VerificationBatch.objects.get(pk=batch.pk)


def lots() -> list[VerificationLot]:
    with system_scope("test"):
        return list(VerificationLot.objects.select_related("exchange").order_by("number"))


@pytest.mark.req("issue 3, batch")
def test_every_identity_of_the_file_active_gets_its_outcome(house: House) -> None:
    for key in QUALIFIED:
        house.dossier(key)
    opened(house)
    marked = house.dossier("rene-caradec")
    mark_identity(
        dossier=marked, attribute=Attribute.DOUTEUSE, held=True, reason="Doute", actor=house.referent
    )
    batch = start_verification(essms=house.essms, actor=house.referent)
    drain()
    batch = reloaded(batch)
    assert batch.state == VerificationBatch.State.DONE
    found = items(batch)
    assert [found[name].outcome for name in ("RIOU", "QUERE", "ADRUN")] == [Outcome.CONFIRMED] * 3
    assert (found["LE BIHAN"].outcome, found["LE BIHAN"].reason) == (Outcome.NOT_APPLICABLE, Reason.NO_INS)
    assert found["CARADEC"].reason == Reason.BLOCKED
    assert found["RIOU"].identity.ins_verified_at is not None
    assert found["RIOU"].identity.status is Status.QUALIFIEE
    assert [lot.number for lot in lots()] == [1, 2]
    assert Trace.objects.filter(verb="insi.verified").count() == 3
    counts = {(line.key, line.count) for line in report(batch).lines}
    assert counts == {("ok", 3), ("sans_objet", 1), ("sans_objet", 1)}


@pytest.mark.req("INS EXI SI 07")
def test_an_ins_not_confirmed_takes_trust_back_and_opens_an_ecart(house: House) -> None:
    dossier = house.dossier("jean-riou")
    recovered = opened(house, "zoe-adrun")
    house.qualify(recovered, usager("zoe-adrun"))
    assert house.sandbox is not None
    house.sandbox.choose("insi", "verification-ko")
    batch = start_verification(essms=house.essms, actor=house.referent)
    drain()
    identity = identity_of(dossier)
    assert identity.status is Status.VALIDEE
    assert identity.matricule == ""
    assert identity.ins_history.count() == 1
    assert identity.ins_verified_at is None
    with system_scope("test"):
        kinds = list(Discrepancy.objects.filter(identity=identity).values_list("origin", "kind", "state"))
    assert kinds == [("verification", "verification_ko", "ouvert")]
    item = items(batch)["RIOU"]
    assert (item.outcome, item.status_before, item.status_after) == (Outcome.REFUTED, "QUAL", "VALI")
    change = identity.changes.get(field="statut", after="identité validée", reason__contains="vérification")
    assert change.author_id is None


def test_an_identity_changed_meanwhile_is_not_judged(house: House) -> None:
    dossier = house.dossier("jean-riou")
    assert house.sandbox is not None
    house.sandbox.choose("insi", "verification-ko")
    batch = start_verification(essms=house.essms, actor=house.referent)
    traits = identity_of(dossier).traits
    changed = type(traits)(
        **{name: getattr(traits, name) for name in traits.__slots__} | {"prenoms": "JEAN FRANCOIS MARIE"}
    )
    update_traits(
        dossier=dossier, traits=changed, lieu_libelle="", reason="Pièce relue", actor=house.referent
    )
    drain()
    assert items(batch)["RIOU"].reason == Reason.CHANGED
    assert identity_of(dossier).ins_history.count() == 1, "by the correction, not by the answer"


def test_one_at_a_time_then_again(house: House) -> None:
    house.dossier("jean-riou")
    start_verification(essms=house.essms, actor=house.referent)
    with pytest.raises(VerificationAlreadyRunning):
        start_verification(essms=house.essms, actor=house.referent)
    drain()
    start_verification(essms=house.essms, actor=house.referent)


def test_nobody_to_verify(house: House) -> None:
    opened(house)
    with pytest.raises(NothingToVerify):
        start_verification(essms=house.essms, actor=house.referent)
    with system_scope("test"):
        assert not VerificationBatch.objects.exists()


def test_those_who_left_and_test_dossiers_are_left_out(house: House) -> None:
    house.dossier("jean-riou")
    for key, values in (("zoe-adrun", {"left_on": today() - datetime.timedelta(days=1)}),
                        ("marie-therese-quere", {"is_test": True})):  # fmt: skip
        dossier = house.dossier(key)
        for name, value in values.items():
            setattr(dossier, name, value)
        dossier.save()
    batch = start_verification(essms=house.essms, actor=house.referent)
    assert list(items(batch)) == ["RIOU"]


@pytest.mark.req("issue 3, verification port")
def test_refused_elsewhere_than_the_sandbox_and_said_on_the_page(
    house: House, client_for: Callable[..., Client]
) -> None:
    house.dossier("jean-riou")
    house.profile.environment = Environment.QUALIFICATION
    house.profile.save()
    with pytest.raises(VerificationNotOfficial):
        start_verification(essms=house.essms, actor=house.referent)
    page = client_for(house.maud).get("/identites/verification/").content.decode()
    assert "bac à sable" in page
    assert "Vérifier la file active" not in page


def test_rights(house: House, stranger: Actor) -> None:
    house.dossier("jean-riou")
    with pytest.raises(NotAllowed):
        start_verification(essms=house.essms, actor=house.actor)
    with pytest.raises(OutOfScope):
        start_verification(essms=house.essms, actor=stranger)


def test_the_rate_spaces_the_lots(house: House, settings: Any) -> None:
    settings.AMARRE_VERIFICATION_PER_MINUTE = 4
    for key in QUALIFIED:
        house.dossier(key)
    start_verification(essms=house.essms, actor=house.referent)
    drain()
    first, second = lots()
    assert first.exchange.state == State.ACCEPTE
    assert second.exchange.state == State.EN_FILE
    assert (second.exchange.due_at - first.exchange.created_at).total_seconds() == pytest.approx(30, abs=2)


def test_a_lot_that_left_late_puts_the_next_one_off(house: House, settings: Any) -> None:
    """After an outage: without that, two lots would leave in the minute of one."""
    settings.AMARRE_VERIFICATION_PER_MINUTE = 4
    for key in QUALIFIED:
        house.dossier(key)
    start_verification(essms=house.essms, actor=house.referent)
    long_ago = now() - datetime.timedelta(hours=1)
    with system_scope("test"):
        Exchange.objects.update(due_at=long_ago, created_at=long_ago)
    drain()
    first, second = lots()
    left = first.exchange.attempts.get().started_at
    assert second.exchange.due_at == left + datetime.timedelta(seconds=30)


def test_a_service_down_is_waited_for(house: House) -> None:
    for key in QUALIFIED:
        house.dossier(key)
    assert house.sandbox is not None
    house.sandbox.choose("insi", "indisponible", 1)
    batch = start_verification(essms=house.essms, actor=house.referent)
    drain()
    assert reloaded(batch).state == VerificationBatch.State.DONE
    assert report(batch).count_refuted == 0


def test_lots_forgotten_by_the_service_wait_for_a_person_then_go_on(house: House) -> None:
    house.dossier("jean-riou")
    assert house.sandbox is not None
    house.sandbox.choose("insi", "lots-oublies")
    batch = start_verification(essms=house.essms, actor=house.referent)
    drain()
    found = report(batch)
    assert found.blocked is not None
    assert not found.is_running
    house.sandbox.choose("insi", "")
    resume_exchange(exchange=found.blocked, actor=house.actor)
    drain()
    assert reloaded(batch).state == VerificationBatch.State.DONE


def test_lots_are_closed_at_the_service_once_recorded(house: House) -> None:
    for key in QUALIFIED:
        house.dossier(key)
    start_verification(essms=house.essms, actor=house.referent)
    drain()
    assert [lot.closed_at is not None for lot in lots()] == [True, False]
    verification_handler.close_every_answered_lot()
    assert all(lot.closed_at is not None for lot in lots())


def test_stopped_it_keeps_what_it_has(house: House) -> None:
    for key in QUALIFIED:
        house.dossier(key)
    batch = start_verification(essms=house.essms, actor=house.referent)
    stop_verification(batch=batch, actor=house.referent)
    drain()
    outcomes = sorted(item.outcome + item.reason for item in items(batch).values())
    assert outcomes == ["ok", "ok", "sans_objetarretee"]
    with pytest.raises(VerificationOver):
        stop_verification(batch=batch, actor=house.referent)


def test_page_progress_export(house: House, client_for: Callable[..., Client]) -> None:
    for key in QUALIFIED:
        house.dossier(key)
    client = client_for(house.maud)
    assert "Aucune vérification" in client.get("/identites/verification/").content.decode()
    response = client.post("/identites/verification/")
    url = response.headers["Location"]
    page = client.get(url).content.decode()
    assert 'id="avancement"' in page
    fragment = client.get(url, headers={"HX-Request": "true"})
    assert fragment.content.decode().lstrip().startswith("<section")
    drain()
    assert client.get(url, headers={"HX-Request": "true"}).headers["HX-Refresh"] == "true"
    done = client.get(url).content.decode()
    assert "Confirmée" in done
    assert 'id="avancement"' not in done
    sheet = b"".join(client.get(f"{url}resultats.csv")).decode("utf-8-sig")  # type: ignore[arg-type]
    rows = sheet.strip().split("\r\n")
    assert len(rows) == 4
    assert "RIOU" in sheet
    assert "1410929151102" not in sheet, "no matricule leaves"
    assert Trace.objects.filter(verb="verification.exported").count() == 1
    assert client_for(house.loic).get("/identites/verification/").status_code == 403


def test_page_of_another_establishment_is_unknown(
    house: House, client_for: Callable[..., Client], charlie: Any
) -> None:
    house.dossier("jean-riou")
    batch = start_verification(essms=house.essms, actor=house.referent)
    assert client_for(charlie).get(f"/identites/verification/{batch.pk}/").status_code == 404


def test_command(house: House) -> None:
    for key in QUALIFIED:
        house.dossier(key)
    written = io.StringIO()
    call_command("verify_identities", "--json", stdout=written)
    answer = json.loads(written.getvalue())
    assert (answer["etat"], answer["faites"]) == ("terminee", 3)
    with pytest.raises(CommandError, match="--essms"):
        call_command("verify_identities", "--essms", "999999999")


def test_exchange_bears_no_trait_in_its_payload(house: House) -> None:
    house.dossier("jean-riou")
    start_verification(essms=house.essms, actor=house.referent)
    with system_scope("test"):
        exchange = Exchange.objects.get(kind="insi.verification")
    assert set(exchange.payload) == {"lot_id", "batch", "number", "lines"}
    assert exchange.created_at <= now()
    with system_scope("test"):
        assert Identity.objects.count() == 1
