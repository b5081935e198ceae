"""Every component in every state: axe, light and dark, desktop, telephone and 320 px, policy of contents."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Page
    from pytest_django.live_server_helper import LiveServer

pytestmark = pytest.mark.django_db(transaction=True)

SCREENS = {
    "guide": "/style/",
    "porte": "/style/porte/",
    "confirmer": "/style/confirmer/",
    "introuvable": "/style/nulle-part/",
}


@pytest.mark.parametrize("name", SCREENS)
def test_screen_has_no_violation(
    live_server: LiveServer,
    open_page: Callable[..., Page],
    judged: Callable[..., None],
    name: str,
) -> None:
    page = open_page()
    page.goto(live_server.url + SCREENS[name])
    for summary in page.locator("details > summary").all():
        summary.click()
    judged(page, f"style-{name}", filled_at_most=9)


def test_first_load_makes_four_requests(live_server: LiveServer, open_page: Callable[..., Page]) -> None:
    page = open_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(live_server.url + "/style/", wait_until="networkidle")
    # The icon of the browser and the pictograms are one file: the second demand is answered by the cache.
    assert len(set(asked)) == 4, asked


def test_chosen_theme_wins_over_the_system(live_server: LiveServer, open_page: Callable[..., Page]) -> None:
    page = open_page(scheme="light")
    page.context.add_cookies([{"name": "amarre_theme", "value": "dark", "url": live_server.url}])
    page.goto(live_server.url + "/style/porte/")
    background = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert background == "rgb(12, 22, 27)"


def test_polling_swaps_the_block_in_place(live_server: LiveServer, open_page: Callable[..., Page]) -> None:
    page = open_page()
    page.goto(live_server.url + "/style/")
    with page.expect_response("**/style/attente/") as answer:
        page.wait_for_timeout(10)
    assert answer.value.ok
    assert page.locator("#appel").count() == 1


def test_keyboard_focus_is_never_hidden_by_the_bars(
    live_server: LiveServer, open_page: Callable[..., Page]
) -> None:
    page = open_page(size="telephone")
    page.goto(live_server.url + "/style/")
    hidden: list[str] = []
    for _ in range(30):
        page.keyboard.press("Tab")
        hidden += page.evaluate(
            """() => {
                const e = document.activeElement, r = e.getBoundingClientRect();
                const bars = [...document.querySelectorAll('.am-env, .am-tete, .am-basse')];
                if (bars.some(b => b.contains(e))) return [];
                const covered = bars.some(b => {
                    const s = b.getBoundingClientRect(), fixed = getComputedStyle(b).position !== 'static';
                    return fixed && r.top >= s.top && r.bottom <= s.bottom;
                });
                return covered ? [e.outerHTML.slice(0, 80)] : [];
            }"""
        )
    assert hidden == []


def test_lost_network_is_said_then_unsaid(live_server: LiveServer, open_page: Callable[..., Page]) -> None:
    page = open_page()
    page.goto(live_server.url + "/style/")
    words = page.get_by_role("alert").filter(has_text="Amarre ne répond pas")
    page.context.set_offline(True)
    words.wait_for()
    assert words.get_by_text("WEB-RESEAU").is_visible()
    page.context.set_offline(False)
    words.wait_for(state="detached")


def test_guide_is_complete_without_script(live_server: LiveServer, open_page: Callable[..., Page]) -> None:
    page = open_page(javascript=False)
    page.goto(live_server.url + "/style/")
    page.get_by_role("link", name="Regarder à nouveau").click()
    assert page.get_by_role("heading", name="États et composants").is_visible()
