"""What people do to forms in a real browser: let the session close while they write, press twice."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from django.contrib.sessions.models import Session

from amarre.dui.access.roles import Role
from amarre.dui.core.clock import now
from tests.dui.connected import House

if TYPE_CHECKING:
    from playwright.sync_api import Page
    from pytest_django.live_server_helper import LiveServer

pytestmark = pytest.mark.django_db(transaction=True)


def test_the_text_comes_back_after_the_login(
    live_server: LiveServer, logged_in: Callable[..., Page], judged: Callable[..., None], house: House
) -> None:
    from playwright.sync_api import expect

    page = logged_in(Role.DIRECTION)
    page.goto(f"{live_server.url}/etablissement/textes-types/nouveau/")
    page.get_by_label("Titre").fill("Accueil")
    page.get_by_label("Texte", exact=True).fill("Bonjour Madame,\nvotre chambre est prête.")
    held = Session.objects.get()
    Session.objects.update(expire_date=now())
    page.get_by_role("button", name="Enregistrer le texte").click()
    expect(page.get_by_text("gardé une heure")).to_be_visible()
    judged(page, "session-fermee-texte-garde")
    # The way through Pro Santé Connect is played elsewhere: here the person is simply back.
    held.save()
    page.context.add_cookies([{"name": "amarre_session", "value": held.session_key, "url": live_server.url}])
    page.goto(f"{live_server.url}/reprendre/")
    judged(page, "session-reprendre")
    page.get_by_role("button", name="Renvoyer").click()
    expect(page.get_by_text("Le texte type est enregistré")).to_be_visible()
    expect(page.get_by_role("link", name="Accueil", exact=True)).to_be_visible()


def test_a_second_press_while_the_first_is_on_its_way_sends_nothing(
    live_server: LiveServer, logged_in: Callable[..., Page]
) -> None:
    page = logged_in(Role.DIRECTION)
    page.goto(f"{live_server.url}/etablissement/textes-types/nouveau/")
    # The way to the server is cut here, after the page had its say: what it stopped itself is told.
    stopped = page.evaluate(
        """() => {
            const form = document.querySelector("main form[method=post]");
            const stopped = [];
            window.addEventListener("submit", event => {
                stopped.push(event.defaultPrevented);
                event.preventDefault();
            });
            form.noValidate = true;
            form.requestSubmit();
            form.requestSubmit();
            window.dispatchEvent(new PageTransitionEvent("pageshow", {persisted: true}));
            form.requestSubmit();
            return stopped;
        }"""
    )
    assert stopped == [False, True, False]
