"""Scoping, strict saving, paging, logs, sessions, headers."""

from __future__ import annotations

import datetime
import logging
import sys

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.template.loader import get_template
from django.test import Client

from amarre.dui.core import clock
from amarre.dui.core.actor import Actor, system_actor
from amarre.dui.core.logging import RedactingFormatter, redact
from amarre.dui.core.middleware import WATCH_HEADER
from amarre.dui.core.paging import keyset_page
from amarre.dui.core.scoping import UnscopedQuery, internal_scope, scope_reason
from amarre.dui.organisations.models import Essms, OrganismeGestionnaire, Unite
from tests.dui.conftest import ClientFor


def test_the_clock_can_be_frozen() -> None:
    with time_machine.travel(datetime.datetime(2026, 12, 31, 23, 30, tzinfo=datetime.UTC), tick=False):
        assert clock.now().isoformat() == "2026-12-31T23:30:00+00:00"
        assert clock.today() == datetime.date(2027, 1, 1)


@pytest.mark.django_db
@pytest.mark.parametrize("question", ["all", "count", "first", "exists", "values_list"])
def test_a_sensitive_model_cannot_be_queried_without_an_actor(question: str) -> None:
    with pytest.raises(UnscopedQuery):
        getattr(Unite.objects, question)()


def test_an_actor_sees_their_establishment_only(actor: Actor, essms: Essms, other_essms: Essms) -> None:
    ours = Unite.objects.create(essms=essms, name="Nord")
    Unite.objects.create(essms=other_essms, name="Sud")
    assert list(Unite.objects.visible_to(actor)) == [ours]
    assert list(Essms.objects.visible_to(actor)) == [essms]
    assert not Unite.objects.visible_to(system_actor("worker")).exists()
    with internal_scope("test"):
        assert Unite.objects.count() == 2
    assert scope_reason() == ""
    with pytest.raises(ValueError, match="reason"), internal_scope(" "):
        pass


def test_rows_reached_from_a_row_are_in_scope_and_stay_its_own(
    actor: Actor, essms: Essms, organisme: OrganismeGestionnaire
) -> None:
    Unite.objects.create(essms=essms, name="Nord")
    assert essms.unites.count() == 1
    sister = Essms.objects.create(organisme=organisme, name="IME", kind="IME", finess_eg="990000010")
    assert not sister.unites.visible_to(actor).exists()


def test_saving_validates_and_uniqueness_sees_every_row(essms: Essms, other_essms: Essms) -> None:
    with pytest.raises(ValidationError):
        Unite.objects.create(essms=essms, name="")
    other_essms.finess_eg = essms.finess_eg
    with pytest.raises(ValidationError, match="déjà ce numéro FINESS"):
        other_essms.save()


def test_keyset_pages_show_each_row_once(essms: Essms) -> None:
    for n in range(7):
        Unite.objects.create(essms=essms, name=f"U{n}")
    seen, cursor, pages = [], "", 0
    with internal_scope("test"):
        while True:
            page = keyset_page(Unite.objects.all(), order=("-created_at", "-id"), cursor=cursor, size=3)
            seen += [row.name for row in page.items]
            pages += 1
            cursor = page.next_cursor
            if not cursor:
                break
        assert seen == [f"U{n}" for n in reversed(range(7))]
        assert pages == 3
        for forged in ("x", "W10", "WyJhIiwiYiJd", "é", "[" * 50):
            first = keyset_page(Unite.objects.all(), order=("-created_at", "-id"), cursor=forged, size=3)
            assert first.items[0].name == "U6"


@pytest.mark.parametrize(
    ("text", "secret"),
    [
        ("GET /usagers/?q=Dupont 200", "Dupont"),
        ("matricule 284126322099962", "284126322099962"),
        ("matricule 2 84 12 63 220 999 62", "220 999"),
        ("né en Corse 180012A00100123", "2A001"),
        ("siret 99990001200013.", "99990001200013"),
        ("mail a.b@deux-quais.mssante.fr", "deux-quais"),
        ("Authorization: Bearer abc.def-1", "abc.def"),
        ("token eyJhbGciOi.eyJzdWIi.c2ln", "eyJzdWIi"),
        ("tel 01 99 00 12 10", "99 00"),
    ],
)
def test_logs_hold_no_personal_value(text: str, secret: str) -> None:
    assert secret not in redact(text)


def test_ordinary_lines_stay_readable() -> None:
    for line in ("exchange 1234567 accepted in 812 ms", "INS-012 at 2026-11-20T10:00:00"):
        assert redact(line) == line


def test_a_traceback_keeps_frames_and_drops_messages() -> None:
    def fail() -> None:
        try:
            raise ValueError("Élise DUPONT\nligne forgée")
        except ValueError as error:
            raise RuntimeError("284126322099962") from error

    try:
        fail()
    except RuntimeError:
        record = logging.LogRecord("a", logging.ERROR, "", 1, "step %s\nforged", ("x",), sys.exc_info())
    text = RedactingFormatter().format(record)
    assert "in fail" in text
    assert "builtins.ValueError" in text
    assert "DUPONT" not in text
    assert "forgée" not in text
    assert "step x\\nforged" in text


def test_a_session_closes_after_twenty_minutes_without_activity(client_for: ClientFor, bob) -> None:
    start = datetime.datetime(2026, 11, 20, 9, 0, tzinfo=datetime.UTC)
    with time_machine.travel(start, tick=False) as traveller:
        client = client_for(bob)
        for minutes in (0, 19, 38, 57):
            traveller.move_to(start + datetime.timedelta(minutes=minutes))
            assert client.get("/plus/").status_code == 200, minutes
        traveller.move_to(start + datetime.timedelta(minutes=57 + 20, seconds=1))
        assert client.get("/plus/").status_code == 302


def test_a_page_that_looks_again_by_itself_does_not_keep_the_session_open(client_for: ClientFor, bob) -> None:
    start = datetime.datetime(2026, 11, 20, 9, 0, tzinfo=datetime.UTC)
    with time_machine.travel(start, tick=False) as traveller:
        client = client_for(bob)
        assert client.get("/plus/").status_code == 200
        for minutes in (5, 10, 15, 19):
            traveller.move_to(start + datetime.timedelta(minutes=minutes))
            assert client.get("/plus/", headers={"X-Amarre-Watch": "1"}).status_code == 200, minutes
        traveller.move_to(start + datetime.timedelta(minutes=20, seconds=1))
        assert client.get("/plus/", headers={"X-Amarre-Watch": "1"}).status_code == 302


@pytest.mark.parametrize("name", ["web/composants/attente.html", "exchanges/_card.html"])
def test_every_block_that_looks_again_says_so(name: str) -> None:
    source = get_template(name).template.source
    assert source.count('hx-trigger="every') == source.count(WATCH_HEADER) == 1


def test_a_closed_account_is_out_at_the_next_request(client_for: ClientFor, bob) -> None:
    client = client_for(bob)
    bob.session_epoch += 1
    bob.save()
    assert client.get("/plus/").status_code == 302
    client = client_for(bob)
    bob.is_active = False
    bob.save()
    assert client.get("/plus/").status_code == 302


@pytest.mark.django_db
def test_every_answer_carries_the_protective_headers(client: Client, client_for: ClientFor, bob) -> None:
    for response in (client.get("/plus/"), client_for(bob).get("/plus/"), client.get("/absent/")):
        headers = response.headers
        assert headers["Cache-Control"] == "no-store"
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["X-Frame-Options"] == "DENY"
        assert headers["Referrer-Policy"] == "same-origin"
        assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
        assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
        assert "camera=(self)" in headers["Permissions-Policy"]
        assert len(headers["X-Request-Id"]) == 32
        policy = headers["Content-Security-Policy"]
        assert "default-src 'self'" in policy
        assert "unsafe" not in policy
        assert "nonce" not in policy
