"""What already happened when a journey begins, done through the pages by the persona whose work it is.

Without script and without a browser, so that a journey spends its time on what it looks at.
"""

from __future__ import annotations

import json
import re
import urllib.request
from dataclasses import dataclass, field
from typing import Any

from amarre.cast import CastUsager, establishment, persona, usager
from amarre.cli.parcours.browser import Browser
from amarre.cli.parcours.thread import log_in
from amarre.cli.stack import Stack

REFERENT = "maud-keravel"
AUTHORS = {
    "domicile": "loic-bremond",
    "ehpad": "nadege-le-goff",
    "ime": "karim-benali",
}
SESSION_COOKIE = "amarre_session"


@dataclass(frozen=True, slots=True)
class Filed:
    """A document filed in a dossier."""

    dossier: int
    document: int

    @property
    def path(self) -> str:
        """Address of the document in the site."""
        return f"/dossiers/{self.dossier}/documents/{self.document}/"


@dataclass(slots=True)
class Given:
    """The site, its sandbox, and the sessions opened so far (one per persona and establishment)."""

    stack: Stack
    sessions: dict[tuple[str, str], Browser] = field(default_factory=dict)

    @property
    def site(self) -> str:
        """Address of the site."""
        return self.stack.site_url

    @property
    def control(self) -> str:
        """Address of the control page of the sandbox."""
        return f"{self.stack.sandbox['plain']}/bac-a-sable"

    def close(self) -> None:
        """Close every session."""
        for browser in self.sessions.values():
            browser.close()

    def session(self, who: str, place: str) -> Browser:
        """Return the browser of a persona at work in an establishment, logged in at the first call."""
        if (who, place) not in self.sessions:
            browser = self.sessions[who, place] = Browser(self.site)
            log_in(browser, persona(who))
            browser.open("/etablissements/")
            button = f"Travailler ici : {establishment(place).name}"
            if browser.has_button(button):
                browser.press(button)
        return self.sessions[who, place]

    def cookie(self, who: str, place: str) -> dict[str, Any]:
        """Return the session of a persona, as a cookie for Chromium."""
        jar = self.session(who, place)._client.cookies.jar
        value = next(one.value for one in jar if one.name == SESSION_COOKIE)
        return {"name": SESSION_COOKIE, "value": value, "url": self.site}

    def reset(self) -> None:
        """Bring every service back to normal, empty."""
        self._post("reset", {})

    def play(self, service: str, name: str, count: int | None = None) -> None:
        """Make a service of the sandbox play a situation."""
        self._post("scenario", {"service": service, "name": name, "count": count})

    def received(self, service: str) -> dict[str, Any]:
        """Return what a service of the sandbox holds."""
        with urllib.request.urlopen(f"{self.control}/api/state", timeout=10) as answer:
            state: dict[str, Any] = json.load(answer)
        return dict(state[service])

    def dossier(self, key: str, place: str) -> int:
        """Return the dossier of a person of the cast in an establishment."""
        browser = self.session(REFERENT, place)
        browser.open("/personnes/")
        for link in browser.page.tree.xpath("//main//a[contains(@href, '/dossiers/')]"):
            if _is(usager(key), " ".join(link.itertext())):
                return _number(r"/dossiers/(\d+)/", link.get("href"))
        raise AssertionError(f"{key} has no dossier in {place}")

    def seen(self, key: str, place: str) -> int:
        """The identity card was compared by the referent."""
        dossier = self.dossier(key, place)
        browser = self.session(REFERENT, place)
        browser.open(f"/dossiers/{dossier}/identite/")
        browser.press("Enregistrer la pièce", {"device": "CN", "compared": "on"})
        return dossier

    def qualified(self, key: str, place: str) -> int:
        """The card was compared, INSi answered, the referent accepted."""
        dossier = self.seen(key, place)
        browser = self.session(REFERENT, place)
        address = f"/dossiers/{dossier}/identite/"
        browser.open(address)
        browser.press("Appeler INSi")
        browser.open(address)
        browser.wait_for(lambda page: "INSi a trouvé une identité" in page.text, "réponse d'INSi")
        browser.press("Reprendre les traits d'INSi et l'INS")
        return dossier

    def filed(self, dossier: int, place: str, *, informed: bool = True) -> Filed:
        """The projet of the person was written and validated: its document is filed."""
        browser = self.session(AUTHORS[place], place)
        if informed:
            browser.open(f"/dossiers/{dossier}/")
            browser.press("Noter l'information", {"decision": "non_opposition"})
        browser.open(f"/dossiers/{dossier}/projet/ecrire/")
        (today,) = browser.page.tree.xpath("//*[@name='starts_on']/@value")
        browser.press(
            "Enregistrer le brouillon",
            {
                "expectations": "« Rester chez moi et retourner à la pêche. »",
                "agreement": "accord",
                "agreed_on": today,
                "o-0-title": "Marcher chaque jour",
                "o-0-actions": "Aller-retour jusqu'au port, accompagné.",
                "o-0-who": "Fatou Diallo",
            },
        )
        browser.press("Valider le projet")
        return Filed(dossier, _number(r"/documents/(\d+)/", browser.page.url))

    def deposited(self, filed: Filed, place: str) -> None:
        """The document was deposited in the DMP, and accepted."""
        browser = self.session(AUTHORS[place], place)
        browser.open(filed.path + "deposer-au-dmp/")
        browser.press("Déposer au DMP")
        browser.open(filed.path)
        browser.wait_for(lambda page: "Le document est au DMP." in page.text, "accord du DMP")

    def sent(self, filed: Filed, place: str) -> None:
        """The document was sent to the nurse of the directory, and delivered."""
        browser = self.session(AUTHORS[place], place)
        browser.open(filed.path + "envoyer/")
        browser.follow("Chercher dans l'annuaire")
        browser.press("Chercher dans l'annuaire", {"nom": "ROUSSEL"})
        browser.press("Choisir Claire ROUSSEL")
        browser.press("Envoyer à Claire")
        browser.open(f"/dossiers/{filed.dossier}/messages/")
        browser.wait_for(lambda page: "dans la boîte du destinataire" in page.text, "notification de remise")

    def _post(self, action: str, values: dict[str, Any]) -> None:
        request = urllib.request.Request(
            f"{self.control}/api/{action}",
            data=json.dumps(values).encode(),
            headers={"content-type": "application/json"},
        )
        with urllib.request.urlopen(request, timeout=10) as answer:
            assert answer.status == 200


def _is(person: CastUsager, words: str) -> bool:
    shown = words.upper().replace("É", "E").replace("Ï", "I").replace("’", "'").replace("\u2011", "-")
    names = (person.nom_naissance, person.nom_utilise)
    return any(name and name in shown for name in names) and person.premier_prenom in shown


def _number(pattern: str, text: str) -> int:
    found = re.search(pattern, text)
    assert found is not None, f"{pattern} is not in {text}"
    return int(found[1])
