"""The trace: written with the act, never changed, sealed and verified."""

from __future__ import annotations

import dataclasses
import datetime
import json
from pathlib import Path

import pytest
import time_machine
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction

from amarre.dui.audit import guards, registry
from amarre.dui.audit.detail_words import DETAIL_WORDS, in_words
from amarre.dui.audit.enums import Outcome
from amarre.dui.audit.errors import OutsideTransaction, UndeclaredDetail, UnknownVerb
from amarre.dui.audit.models import Seal, SealCursor, Trace
from amarre.dui.audit.registry import Verb
from amarre.dui.audit.services.record import record, record_reading
from amarre.dui.audit.services.seal import seal_pending
from amarre.dui.audit.services.verify import verify
from amarre.dui.core.actor import Actor, system_actor
from amarre.dui.core.request_context import RequestContext, request_context
from amarre.dui.organisations.models import Essms

registry.register(
    Verb("test.done", "a fait un essai", details=frozenset({"count", "fields"})),
    Verb("test.read", "a lu un essai", reading=True),
)


def act(actor: Actor, **about: object) -> Trace:
    with transaction.atomic():
        return record(actor, "test.done", **about)


def break_open(sql: str, *params: object) -> None:
    """What an administrator of the database could do: lift the guards, write, put them back."""
    guards.remove(connection, connection.vendor)
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
    guards.install(connection, connection.vendor)


def test_a_line_says_who_what_where_and_through_which_request(actor: Actor, essms: Essms) -> None:
    with request_context(RequestContext("abc123", "127.0.0.1")), transaction.atomic():
        line = record(
            actor, "test.done", subject=essms, dossier_id=7, reason="essai", details={"fields": ["name"]}
        )
    line.refresh_from_db()
    assert (line.actor_id, line.actor_name, line.actor_roles) == (actor.user_id, "Bob Morvan", "soins")
    assert line.essms_id == essms.pk
    assert (line.subject_type, line.subject_id) == ("organisations.essms", str(essms.pk))
    assert (line.dossier_id, line.request_id, line.origin) == ("7", "abc123", "127.0.0.1")
    assert line.reason == "essai"
    assert line.details == {"fields": ["name"]}
    assert line.session_ref
    assert "test-session" not in line.session_ref


@pytest.mark.django_db(transaction=True)
def test_an_act_outside_a_transaction_cannot_be_traced(actor: Actor) -> None:
    with pytest.raises(OutsideTransaction):
        record(actor, "test.done")
    record_reading(actor, "test.read")
    assert Trace.objects.get().verb == "test.read"


@pytest.mark.django_db(transaction=True)
def test_a_rollback_leaves_no_trace_of_the_act(actor: Actor) -> None:
    def act_then_fail() -> None:
        with transaction.atomic():
            record(actor, "test.done")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        act_then_fail()
    assert not Trace.objects.exists()


def test_details_are_read_in_french() -> None:
    keys = {
        key for verb in registry.registered() if not verb.name.startswith("test.") for key in verb.details
    }
    assert keys - set(DETAIL_WORDS) - {"count"} == set()
    assert in_words({"version": 2, "ins": True, "period": "", "fields": ["nom", "sexe"]}) == (
        "champs : nom, sexe, avec l'INS : oui, version : 2"
    )


def test_unknown_verbs_and_undeclared_details_are_refused(actor: Actor) -> None:
    with pytest.raises(UnknownVerb):
        record(actor, "test.unknown")
    with pytest.raises(UnknownVerb):
        record_reading(actor, "test.done")
    for details in ({"name": "x"}, {"count": 1.5}, {"count": {"a": 1}}, {"fields": ["x" * 201]}):
        with pytest.raises(UndeclaredDetail):
            record(actor, "test.done", details=details)
    assert not Trace.objects.exists()


@pytest.mark.parametrize("table", guards.GUARDED_TABLES)
@pytest.mark.parametrize("statement", ["UPDATE {} SET id = id", "DELETE FROM {}", "TRUNCATE {} CASCADE"])
def test_the_database_refuses_any_change(actor: Actor, table: str, statement: str) -> None:
    if statement.startswith("TRUNCATE") and connection.vendor == "sqlite":
        statement = "DELETE FROM {} WHERE 1 = 1"
    act(actor)
    seal_pending()
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement.format(table))
    assert Trace.objects.count() == 1
    assert Seal.objects.count() == 1


def test_orm_changes_are_refused_too(actor: Actor) -> None:
    line = act(actor)
    line.verb = "test.other"
    for change in (line.save, line.delete, lambda: Trace.objects.update(verb="x")):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()


def test_each_establishment_has_its_chain(actor: Actor, stranger: Actor) -> None:
    for who in (actor, stranger, actor, system_actor("worker")):
        act(who)
    assert seal_pending() == 4
    assert seal_pending() == 0
    chains = {(seal.chain, seal.number) for seal in Seal.objects.all()}
    assert chains == {(actor.essms_id, 1), (actor.essms_id, 2), (stranger.essms_id, 1), (0, 1)}
    act(actor)
    result = verify()
    assert (result.links, result.unsealed, result.intact) == (4, 1, True)


@pytest.mark.parametrize(
    ("column", "value"),
    [("actor_name", "Quelqu’un"), ("outcome", Outcome.FAILED), ("reason", "x"), ("dossier_id", "9")],
)
def test_an_edited_line_is_named(actor: Actor, column: str, value: str) -> None:
    lines = [act(actor, dossier_id=n) for n in range(5)]
    seal_pending()
    break_open(f"UPDATE audit_trace SET {column} = %s WHERE id = %s", value, lines[2].pk)
    (found,) = verify().breaks
    assert (found.chain, found.number, found.trace_id) == (actor.essms_id, 3, lines[2].pk)


def test_a_removed_line_is_named(actor: Actor) -> None:
    lines = [act(actor) for _ in range(4)]
    seal_pending()
    break_open("DELETE FROM audit_seal WHERE trace_id = %s", lines[1].pk)
    assert verify().breaks[0].number == 2


def test_the_end_cut_off_is_found_by_an_anchor_kept_elsewhere(actor: Actor, tmp_path: Path) -> None:
    lines = [act(actor) for _ in range(3)]
    seal_pending()
    anchors = tmp_path / "anchors.json"
    call_command("audit_verify", "--write-anchors", str(anchors))
    break_open("DELETE FROM audit_seal WHERE trace_id = %s", lines[2].pk)
    break_open("DELETE FROM audit_trace WHERE id = %s", lines[2].pk)
    assert verify().intact
    with pytest.raises(SystemExit):
        call_command("audit_verify", "--anchors", str(anchors))
    assert json.loads(anchors.read_text())[str(actor.essms_id)][0] == 3


def test_a_chain_cannot_be_rebuilt_without_the_key(actor: Actor, settings: object) -> None:
    act(actor)
    seal_pending()
    settings.AUDIT_KEY = "another key"  # type: ignore[attr-defined]
    assert not verify().intact


def test_the_sealer_leaves_behind_what_it_sealed_long_ago(actor: Actor) -> None:
    """Each pass starts after the old lines: it does not read the whole trace again, every twenty seconds."""
    start = datetime.datetime(2026, 11, 20, 9, 0, tzinfo=datetime.UTC)
    with time_machine.travel(start, tick=False) as traveller:
        old = [act(actor).pk for _ in range(3)]
        seal_pending()
        assert SealCursor.objects.get().sealed_up_to == 0, "an earlier line may still be committed"
        traveller.move_to(start + datetime.timedelta(hours=2))
        young = act(actor)
        assert seal_pending() == 1
        assert SealCursor.objects.get().sealed_up_to == max(old)
        traveller.move_to(start + datetime.timedelta(hours=4))
        assert seal_pending() == 0
        assert SealCursor.objects.get().sealed_up_to == young.pk
    assert verify().intact


def test_the_seal_covers_every_column() -> None:
    from amarre.dui.audit.services.seal import canonical

    names = {field.attname for field in Trace._meta.concrete_fields}
    assert set(json.loads(canonical(Trace()))) == names


def test_every_verb_has_a_french_sentence() -> None:
    for verb in registry.registered():
        assert verb.sentence[0].islower(), verb.name
        assert not verb.sentence.endswith("."), verb.name


def test_a_name_cannot_be_registered_for_two_verbs() -> None:
    verb = registry.get("test.done")
    with pytest.raises(ValueError, match="test.done"):
        registry.register(dataclasses.replace(verb, sentence="a fait autre chose"))
