"""An admission with the keyboard alone, from the search to the qualified identity, on every size."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from amarre.dui.access.roles import Role
from amarre.dui.exchanges.worker import drain
from tests.dui.connected import House
from tests.dui.usagers.cases import opened

if TYPE_CHECKING:
    from playwright.sync_api import Page
    from pytest_django.live_server_helper import LiveServer

pytestmark = pytest.mark.django_db(transaction=True)

# More stops than this before what one looks for: nobody would go on.
STOPS = 45

# Where the keyboard is: its name, whether it can be seen, whether something marks it, what covers it.
_FOCUSED = """() => {
  const at = document.activeElement;
  if (!at || at === document.body) return null;
  const label = at.labels && at.labels.length ? at.labels[0].innerText : '';
  const box = at.getBoundingClientRect();
  const style = getComputedStyle(at);
  const x = box.left + Math.min(box.width, 20) / 2, y = box.top + Math.min(box.height, 20) / 2;
  const over = document.elementFromPoint(x, y);
  const marked = style.outlineStyle !== 'none' || style.boxShadow !== 'none';
  return {
    name: (at.getAttribute('aria-label') || label || at.innerText || at.value || '').trim(),
    seen: box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth,
    free: !over || over === at || at.contains(over) || over.contains(at)
      || !!(at.labels && [...at.labels].some(one => one === over || one.contains(over))),
    marked,
    over: over ? over.outerHTML.slice(0, 80) : '', top: Math.round(box.top),
  };
}"""


class Keyboard:
    """Somebody who has no mouse: every act is a key, and what has the focus is always visible."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.keys = 0

    def press(self, key: str) -> None:
        self.keys += 1
        self.page.keyboard.press(key)

    def type(self, text: str) -> None:
        self.keys += len(text)
        self.page.keyboard.type(text)

    def to(self, name: str) -> None:
        """Go on with Tab until what is called `name`, and refuse a focus that is not seen on the way."""
        passed: list[str] = []
        for _ in range(STOPS):
            self.press("Tab")
            focused = self.page.evaluate(_FOCUSED)
            if focused is None:
                continue
            assert {focused["seen"], focused["free"], focused["marked"]} == {True}, repr(focused)
            passed.append(focused["name"])
            if focused["name"] == name or (len(name) > 6 and focused["name"].startswith(name)):
                return
        raise AssertionError(f"{name!r} is not reached: {passed}")

    def fill(self, name: str, text: str) -> None:
        self.to(name)
        self.type(text)

    def go(self, name: str) -> None:
        """Reach a link or a button, and enter."""
        self.to(name)
        self.press("Enter")

    def content(self) -> None:
        """Take the link that skips the menus, first stop of every page."""
        self.press("Tab")
        assert self.page.evaluate(_FOCUSED)["name"].startswith("Aller au contenu")
        self.press("Enter")


@pytest.mark.parametrize("size", ["bureau", "telephone"])
def test_admission_with_the_keyboard_alone(
    live_server: LiveServer,
    logged_in: Callable[..., Page],
    axe: Callable[[Page], None],
    fits: Callable[[Page], None],
    picture: Callable[..., None],
    house: House,
    size: str,
) -> None:
    """Errors, likeness, form, document, INSi, acceptance, matricule: no click, no mouse."""
    opened(house, "yvonne-le-bihan", prenoms="YVETTE", premier_prenom="YVETTE")
    page = logged_in(Role.REFERENT_IDENTITE, size=size)
    keyboard = Keyboard(page)

    def look(name: str) -> None:
        fits(page)
        axe(page)
        picture(page, f"clavier-{name}-{size}", whole=True)

    page.goto(live_server.url + "/")
    keyboard.content()
    keyboard.go("Ouvrir un dossier")
    page.get_by_role("heading", name="Cherchez d’abord la personne").wait_for()
    keyboard.content()
    keyboard.go("Chercher la personne")
    page.get_by_text("Un point est à corriger").wait_for()
    look("erreurs")
    # The list of what to correct comes first; each of its links brings to its field.
    keyboard.content()
    keyboard.go("Date de naissance")
    assert page.evaluate("document.activeElement.tagName") == "INPUT"
    keyboard.type("12041938")
    keyboard.fill("Nom de naissance", "le bihan")
    keyboard.fill("Prénom (facultatif)", "yvonne")
    keyboard.press("Enter")
    page.get_by_role("heading", name="Est-ce l’une de ces personnes").wait_for()
    look("ressemblances")
    keyboard.content()
    keyboard.go("Aucune de ces personnes")
    page.get_by_role("heading", name="Nouvelle identité").wait_for()
    look("formulaire")
    keyboard.content()
    # The others only, as people do.
    keyboard.fill("Tous les prénoms", "marie anne")
    keyboard.to("Féminin")
    keyboard.press("Space")
    keyboard.fill("Code INSEE du lieu de naissance", "2915")
    keyboard.press("Enter")
    page.locator("#id_lieu_naissance_error").wait_for()
    look("formulaire-erreur")
    keyboard.content()
    keyboard.go("Code INSEE du lieu de naissance")
    keyboard.press("ControlOrMeta+a")
    keyboard.type("29151")
    keyboard.press("Enter")
    page.get_by_text("La liste commence par le 1er prénom").first.wait_for()
    keyboard.content()
    keyboard.go("Tous les prénoms")
    keyboard.press("Home")
    keyboard.type("yvonne ")
    keyboard.press("Enter")
    page.get_by_text("Cette identité est provisoire").wait_for()
    look("creee")
    keyboard.content()
    keyboard.to("Pièce vue")
    keyboard.type("Carte nationale")
    keyboard.to("J’ai comparé l’original")
    keyboard.press("Space")
    keyboard.go("Enregistrer la pièce")
    page.get_by_text("Cette identité est validée").wait_for()
    keyboard.content()
    keyboard.go("Appeler INSi")
    page.get_by_role("heading", name="Appel à INSi en cours").wait_for()
    look("attente")
    drain()
    page.get_by_role("heading", name="INSi a trouvé une identité").wait_for()
    look("comparaison")
    keyboard.content()
    keyboard.go("Reprendre les traits d’INSi et l’INS")
    page.get_by_text("Cette identité est qualifiée").wait_for()
    look("qualifiee")
    keyboard.content()
    keyboard.go("Afficher le matricule INS")
    page.locator("#matricule").wait_for()
    assert "60" in page.locator("#matricule").inner_text()
    # Measured: 330 keys, 120 of them letters.
    assert keyboard.keys < 450, keyboard.keys


def test_cards_and_copies_have_no_violation(
    live_server: LiveServer,
    logged_in: Callable[..., Page],
    judged: Callable[..., None],
    house: House,
    settings: Any,
    sandbox_data: Path,
    tmp_path: Path,
) -> None:
    """Screens that appear only where a reader is plugged, or copies are kept."""
    settings.AMARRE_VITALE_READER = "amarre.dui.usagers.vitale.demonstration_cards"
    settings.AMARRE_VITALE_TEST_CARDS = str(sandbox_data / "vitale")
    dossier = opened(house)
    page = logged_in(Role.REFERENT_IDENTITE)
    for name, path in {
        "carte": "/personnes/carte-vitale/",
        "carte-dossier": f"/dossiers/{dossier.pk}/identite/carte-vitale/",
        "nouvelle-avec-carte": "/personnes/nouvelle/",
        "identite-avec-carte": f"/dossiers/{dossier.pk}/identite/",
    }.items():
        page.goto(live_server.url + path)
        judged(page, f"identite-{name}")
    page.goto(live_server.url + "/personnes/carte-vitale/")
    page.get_by_label("famille-dartagnan").check()
    page.get_by_role("button", name="Lire la carte").click()
    page.get_by_role("heading", name="Qui est présent").wait_for()
    judged(page, "identite-carte-personnes")
    settings.AMARRE_VITALE_TEST_CARDS = str(tmp_path)
    page.goto(live_server.url + "/personnes/carte-vitale/")
    assert page.get_by_text("Aucun lecteur de carte ne répond").is_visible()
    judged(page, "identite-carte-aucun-lecteur")
    director = logged_in(Role.DIRECTION)
    director.goto(live_server.url + "/identitovigilance/copies/")
    judged(director, "identite-copies")
