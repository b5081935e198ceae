"""The thread on the real stack: sandbox, site and worker in processes of their own, one for the whole run."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pytest

from amarre.cli.stack import FREE_PORTS, Stack
from tests.journeys.conftest import SIZES, keep_picture
from tests.journeys.thread.given import Given

if TYPE_CHECKING:
    from playwright.sync_api import Page

# A service that failed is tried again soon (but later than the page asks, to see it), notices are read often.
IMPATIENT = {
    "AMARRE_RETRY_BASE_SECONDS": "4",
    "AMARRE_CIRCUIT_REST_SECONDS": "1",
    "AMARRE_RECEIPTS_SECONDS": "2",
}
FILLED = "main .btn-primary:visible"


@pytest.fixture(scope="session")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """The three processes, on free ports, with the cast and no story."""
    data = tmp_path_factory.mktemp("thread")
    with Stack(data, FREE_PORTS, say=lambda text: None, extra_env=IMPATIENT, stories=False) as running:
        yield running


@pytest.fixture(scope="session")
def everything_given(stack: Stack) -> Iterator[Given]:
    """The sessions kept from one journey to the next."""
    done = Given(stack)
    yield done
    done.close()


@pytest.fixture
def given(everything_given: Given) -> Given:
    """What already happened; each journey begins with services that work, and empty."""
    everything_given.reset()
    return everything_given


@pytest.fixture
def visit(given: Given, open_page: Callable[..., Page]) -> Callable[..., Page]:
    """Return `visit(path, who, place="domicile", size=…, scheme=…, javascript=…)`: a page of a persona."""

    def go(path: str, who: str, place: str = "domicile", **options: object) -> Page:
        page = open_page(**options)
        page.context.add_cookies([given.cookie(who, place)])
        page.goto(given.site + path)
        return page

    return go


@dataclass
class Eye:
    """Looks at a screen as a person would: contrast in light and dark, width, one thing to do, a picture."""

    who: str
    axe: Callable[[Page], None]
    contrast: Callable[[Page], None]
    fits: Callable[[Page], None]
    taken: int = field(default=0)

    def __call__(self, page: Page, name: str, says: str = "", *, whole: bool = True) -> None:
        """Judge the screen one of whose headings says `says`; keep `<persona>-<n>-<name>-<size>.png`."""
        from playwright.sync_api import expect

        if says:
            expect(page.get_by_role("heading", name=says).first).to_be_visible()
        page.wait_for_load_state()
        self.taken += 1
        viewport = page.viewport_size
        assert viewport is not None
        size = "telephone" if viewport["width"] < 500 else "bureau"
        # A page that was scrolled would show its fixed parts in the middle of the picture.
        page.evaluate("scrollTo(0, 0)")
        keep_picture(page, self._file(f"{name}-{size}"), whole)
        filled = page.locator(FILLED).all_inner_texts()
        assert len(filled) <= 1, f"{name}: filled buttons {filled}"
        self.fits(page)
        self.axe(page)
        page.emulate_media(color_scheme="dark")
        self.contrast(page)
        if size == "telephone":
            keep_picture(page, self._file(f"{name}-{size}-sombre"), whole)
        page.emulate_media(color_scheme="light")
        page.set_viewport_size({"width": 320, "height": 640})
        self.fits(page)
        page.set_viewport_size(viewport)

    def both(self, page: Page, name: str, says: str = "") -> None:
        """Judge the screen at the size of the journey, then at the other one."""
        viewport = page.viewport_size
        assert viewport is not None
        self(page, name, says)
        width, height = SIZES["bureau" if viewport["width"] < 500 else "telephone"]
        page.set_viewport_size({"width": width, "height": height})
        self(page, name)
        page.set_viewport_size(viewport)

    def plain(self, page: Page, name: str, says: str = "") -> None:
        """Judge a page without script: its width, and its picture."""
        from playwright.sync_api import expect

        if says:
            expect(page.get_by_role("heading", name=says).first).to_be_visible()
        page.wait_for_load_state()
        self.taken += 1
        self.fits(page)
        keep_picture(page, self._file(f"{name}-sans-script"), True)

    def _file(self, name: str) -> str:
        return f"thread/{self.who}-{self.taken}-{name}"


@pytest.fixture
def eye(
    axe: Callable[[Page], None], axe_contrast: Callable[[Page], None], fits: Callable[[Page], None]
) -> Callable[[str], Eye]:
    """Return `eye("sylvie")`: what that persona sees, numbered."""
    return lambda who: Eye(who, axe, axe_contrast, fits)
