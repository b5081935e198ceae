"""A real browser on a real site: Chromium of the machine, axe, pictures in ``var/screenshots`` on demand."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from amarre.sandbox.pytest_plugin import running_sandbox, sandbox, sandbox_data
from tests.dui.conftest import audit_guards_lifted_to_empty_the_database, house

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page
    from pytest_django.live_server_helper import LiveServer

    from amarre.dui.access.roles import Role
    from amarre.sandbox.app import Sandbox
    from tests.dui.connected import House

__all__ = [
    "audit_guards_lifted_to_empty_the_database",
    "house",
    "running_sandbox",
    "sandbox",
    "sandbox_data",
]

# Playwright's synchronous interface runs an event loop in this thread; Django would refuse its database here.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")

CHROMIUM = os.environ.get("AMARRE_CHROMIUM", "/usr/bin/chromium")
BROWSER_ARGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
SCREENSHOTS = Path(__file__).resolve().parents[2] / "var" / "screenshots"
# Pictures are for people: they double the browser's work and judge nothing.
PICTURES = bool(os.environ.get("AMARRE_PICTURES"))
SIZES = {"bureau": (1280, 800), "telephone": (390, 844), "etroit": (320, 640)}
AXE_OPTIONS = {
    "runOnly": {
        "type": "tag",
        "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    }
}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Every journey needs the browser."""
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.needs("chromium"))


@pytest.fixture(scope="session")
def browser(running_sandbox: Sandbox) -> Iterator[Browser]:
    """One Chromium for the whole run, without any request of its own.

    The sandbox comes first: it prepares its servers in this thread, where the browser's event loop will run.
    """
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=BROWSER_ARGS, headless=True)
        yield started
        started.close()


@pytest.fixture
def open_page(browser: Browser) -> Iterator[Callable[..., Page]]:
    """Return ``open_page(size="bureau", scheme="light", javascript=True)``: a fresh person, a fresh page.

    What the console prints as an error, or a page error, fails the test at its end (a refusal of the content
    security policy is one); an answer ≥ 400 is not: journeys look at error pages too.
    """
    contexts: list[BrowserContext] = []
    complaints: list[str] = []

    def on_console(message: Any) -> None:
        if message.type == "error" and "Failed to load resource" not in message.text:
            complaints.append(message.text)

    def make(size: str = "bureau", scheme: str = "light", javascript: bool = True) -> Page:
        width, height = SIZES[size]
        context = browser.new_context(
            viewport={"width": width, "height": height},
            color_scheme="dark" if scheme == "dark" else "light",
            # Colours are judged as they stay, not on their way from one to the other.
            reduced_motion="reduce",
            java_script_enabled=javascript,
            locale="fr-FR",
            timezone_id="Europe/Paris",
            ignore_https_errors=False,
        )
        contexts.append(context)
        page = context.new_page()
        page.on("console", on_console)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        return page

    yield make
    for context in contexts:
        context.close()
    assert complaints == []


@pytest.fixture(scope="session")
def axe() -> Callable[[Page], None]:
    """Return ``axe(page)``: refuse any violation of WCAG 2.2 AA or of good practice."""
    return lambda page: judge(page, AXE_OPTIONS)


@pytest.fixture(scope="session")
def axe_contrast() -> Callable[[Page], None]:
    """Return ``axe_contrast(page)``: the same judge on colours alone, for a page already judged in light."""
    return lambda page: judge(page, {"runOnly": {"type": "rule", "values": ["color-contrast"]}})


def judge(page: Page, options: dict[str, Any]) -> None:
    """Run axe in the page: injected once in each, it gives back its violations only (the rest is long)."""
    from axe_playwright_python.base import AXE_SCRIPT, AxeResults

    if page.evaluate("typeof axe === 'undefined'"):
        page.evaluate(AXE_SCRIPT)
    found = AxeResults(
        page.evaluate(
            "options => axe.run(options).then(found => ({violations: found.violations, url: found.url}))",
            options | {"resultTypes": ["violations"]},
        )
    )
    assert found.violations_count == 0, found.generate_report()


@pytest.fixture(scope="session")
def picture() -> Callable[..., None]:
    """Return ``picture(page, "import-apercu", whole=True)``: see `keep_picture`."""

    def take(page: Page, name: str, whole: bool = False) -> None:
        keep_picture(page, name, whole)

    return take


def keep_picture(page: Page, name: str, whole: bool) -> None:
    """Keep a picture in ``var/screenshots/NAME.png`` when AMARRE_PICTURES=1 asks for them."""
    if PICTURES:
        path = SCREENSHOTS / f"{name}.png"
        path.parent.mkdir(parents=True, exist_ok=True)
        page.screenshot(path=path, full_page=whole)


@pytest.fixture(scope="session")
def fits() -> Callable[[Page], None]:
    """Return ``fits(page)``: the page itself never scrolls sideways (regions that may, do it alone)."""

    def check(page: Page) -> None:
        inner, outer = page.evaluate(
            "[document.documentElement.scrollWidth, document.documentElement.clientWidth]"
        )
        assert inner <= outer, f"{page.url}: {inner} px wide in {outer} px"

    return check


@pytest.fixture(scope="session")
def judged(
    axe: Callable[[Page], None],
    axe_contrast: Callable[[Page], None],
    fits: Callable[[Page], None],
    picture: Callable[..., None],
) -> Callable[..., None]:
    """Return ``judged(page, "envois-liste")``: the page as it is, judged on every size and in both schemes.

    Whole judgement in light on a desktop and on a telephone, colours alone in the dark, never any sideways
    scroll (400 % included), one filled button at most, and a picture of each.
    """

    def judge_everywhere(page: Page, name: str, filled_at_most: int = 1) -> None:
        for size in SIZES:
            width, height = SIZES[size]
            page.set_viewport_size({"width": width, "height": height})
            fits(page)
            if size == "etroit":
                continue
            filled = page.locator("main .btn-primary:visible").count()
            assert filled <= filled_at_most, f"{name}: {filled} filled buttons"
            axe(page)
            picture(page, f"{name}-{size}-light", whole=True)
            page.emulate_media(color_scheme="dark")
            axe_contrast(page)
            picture(page, f"{name}-{size}-dark", whole=True)
            page.emulate_media(color_scheme="light")
        width, height = SIZES["bureau"]
        page.set_viewport_size({"width": width, "height": height})

    return judge_everywhere


@pytest.fixture
def logged_in(live_server: LiveServer, open_page: Callable[..., Page], house: House) -> Callable[..., Page]:
    """Return ``logged_in(Role.SOINS, size=…, scheme=…, javascript=…)``: a page of a member of the house.

    The session is opened by the server itself: the login by Pro Santé Connect has journeys of its own.
    """
    from django.conf import settings
    from django.test import Client

    from tests.dui import factories

    known: dict[str, Any] = {"soins": house.loic, "referent_identite": house.maud}

    def open_as(role: Role, **options: Any) -> Page:
        if role not in known:
            known[role] = factories.make_user("Camille", "Riou")
            factories.give_role(known[role], house.essms, role)
        client = Client()
        client.force_login(known[role])
        page = open_page(**options)
        value = client.cookies[settings.SESSION_COOKIE_NAME].value
        page.context.add_cookies(
            [{"name": settings.SESSION_COOKIE_NAME, "value": value, "url": live_server.url}]
        )
        return page

    return open_as
