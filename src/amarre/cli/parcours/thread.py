"""The thread, link by link: real input → login → identity → projet → document → DMP → MSSanté → count.

Each link acts through the pages, as a person would, then looks at the other side: what the sandbox received.
"""

from __future__ import annotations

import email
import email.policy
import io
import json
import re
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pikepdf

from amarre.cast import CastUsager, Persona, persona, usager
from amarre.cli.parcours.browser import Browser, Page, PageProblem, Upload
from amarre.interop.cda import blocking, check, decode

PERSON = "jean-riou"
RECIPIENT = ("ROUSSEL", "Claire")


@dataclass(frozen=True, slots=True)
class Link:
    """One link of the thread: its name, and how it is gone through; returns its evidence."""

    key: str
    label: str
    go: Callable[[Walk], dict[str, Any]]


@dataclass(slots=True)
class Walk:
    """What the links share: where the site and the sandbox are, who is logged in, what was found so far."""

    site: str
    sandbox: str
    out: Path | None = None
    browsers: dict[str, Browser] = field(default_factory=dict)
    found: dict[str, str] = field(default_factory=dict)

    @property
    def person(self) -> CastUsager:
        """The person of the thread."""
        return usager(PERSON)

    def browser(self, key: str) -> Browser:
        """Return the browser of a persona, logged in through Pro Santé Connect at the first call."""
        if key not in self.browsers:
            self.browsers[key] = Browser(self.site)
            log_in(self.browsers[key], persona(key))
        return self.browsers[key]

    def keep(self, name: str, data: bytes) -> None:
        """Keep one file of the walk when a folder was asked for."""
        if self.out is not None:
            self.out.mkdir(parents=True, exist_ok=True)
            (self.out / name).write_bytes(data)

    def received(self, service: str) -> dict[str, Any]:
        """Return what the sandbox holds for a service (its exactness oracle)."""
        with urllib.request.urlopen(f"{self.sandbox}/bac-a-sable/api/state", timeout=10) as answer:  # noqa: S310
            state: dict[str, Any] = json.load(answer)
        return dict(state.get(service, {}))

    def close(self) -> None:
        """Close the browsers."""
        for browser in self.browsers.values():
            browser.close()


def log_in(browser: Browser, who: Persona) -> Page:
    """Log in as a person does: our page, the provider's pages, back to ours. Raises PageProblem."""
    browser.open("/")
    browser.follow("Se connecter avec Pro Santé Connect")
    browser.press(f"{who.given_name} {who.family_name}")
    page = browser.press("Valider dans l’application e-CPS")
    if f"Bonjour {who.given_name}" not in page.text:
        raise PageProblem(f"{who.given_name} {who.family_name} n'arrive pas à sa page : {page.message}")
    return page


def login(walk: Walk) -> dict[str, Any]:
    """Every persona of the thread logs in through Pro Santé Connect."""
    names = ("sylvie-morvan", "maud-keravel", "loic-bremond", "bruno-allard")
    for key in names:
        walk.browser(key)
    return {"connexions": len(names), "moyen": "Pro Santé Connect (code d'autorisation, PKCE)"}


def import_list(walk: Walk) -> dict[str, Any]:
    """Sylvie imports the list her service already has: three good rows, two refused with their reason."""
    browser = walk.browser("sylvie-morvan")
    data = sample_list()
    browser.open("/usagers/importer/")
    browser.press("Lire la liste", {"file": Upload("liste-usagers.csv", data, "text/csv")})
    browser.press("Voir l'aperçu")
    page = browser.press("Ouvrir 3 dossiers")
    walk.keep("liste-importee.csv", data)
    walk.keep("page-import.html", page.body)
    if "3 dossiers ouverts" not in page.text:
        raise PageProblem(f"l'import n'a pas ouvert trois dossiers : {page.message}")
    browser.follow(f"{walk.person.premier_prenom.title()}")
    walk.found["dossier"] = _number(r"/dossiers/(\d+)/", browser.page.url)
    browser.open("/usagers/importer/")
    browser.press("Lire la liste", {"file": Upload("liste-usagers.csv", data, "text/csv")})
    again = browser.press("Voir l'aperçu")
    if "Aucun dossier à ouvrir" not in again.text:
        raise PageProblem("le même fichier importé deux fois ouvrirait des dossiers en double")
    return {"dossiers_ouverts": 3, "lignes_refusees": 2, "deuxieme_import": "aucun doublon"}


def qualify(walk: Walk) -> dict[str, Any]:
    """Maud records the identity card, INSi answers in the background, she accepts: identité qualifiée."""
    browser = walk.browser("maud-keravel")
    _choose_place(browser, "Service autonomie à domicile")
    address = f"/dossiers/{walk.found['dossier']}/identite/"
    browser.open(address)
    browser.press("Enregistrer la pièce", {"device": "CN", "compared": "on"})
    browser.press("Appeler INSi")
    browser.open(address)
    browser.wait_for(lambda page: "INSi a trouvé une identité" in page.text, "réponse d'INSi")
    page = browser.press("Reprendre les traits d'INSi et l'INS")
    if "Identité qualifiée" not in browser.open(address).text:
        raise PageProblem(f"l'identité n'est pas qualifiée : {page.message}")
    return {"statut": "qualifiée", "matricule": f"…{walk.person.matricule[-3:]} (masqué)"}


def write_projet(walk: Walk) -> dict[str, Any]:
    """Loïc writes the projet with the person and validates it."""
    browser = walk.browser("loic-bremond")
    dossier = walk.found["dossier"]
    browser.open(f"/dossiers/{dossier}/projet/ecrire/")
    today = _field(browser, "starts_on")
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
    walk.found["document"] = _number(r"/documents/(\d+)/", browser.page.url)
    return {"projet": "validé par son auteur"}


def read_document(walk: Walk) -> dict[str, Any]:
    """The document is a tagged PDF (PDF/A-1a, so 1b), in a CDA with the INS that passes our checks."""
    browser = walk.browser("loic-bremond")
    base = f"/dossiers/{walk.found['dossier']}/documents/{walk.found['document']}/versions/1/"
    pdf = browser.open(base + "pdf/").body
    cda = browser.open(base + "cda/").body
    walk.keep("document.pdf", pdf)
    walk.keep("document.cda.xml", cda)
    with pikepdf.open(io.BytesIO(pdf)) as opened, opened.open_metadata() as metadata:
        level = f"{metadata.get('pdfaid:part')}{metadata.get('pdfaid:conformance')}".lower()
    faults = blocking(check(cda))
    if level != "1a" or faults:
        raise PageProblem(f"document non conforme : PDF/A-{level}, {len(faults)} défaut(s) du CDA")
    document = decode(cda)
    walk.found["unique_id"] = document.document_id.root
    return {
        "pdf": f"PDF/A-{level}, {len(pdf)} octets",
        "cda": f"{len(cda)} octets, identifiant {document.document_id.root}",
    }


def deposit(walk: Walk) -> dict[str, Any]:
    """Loïc notes what the person was told, deposits; the registry acknowledges; the DMP holds it once."""
    browser = walk.browser("loic-bremond")
    browser.open(f"/dossiers/{walk.found['dossier']}/")
    browser.press("Noter l'information", {"decision": "non_opposition"})
    base = f"/dossiers/{walk.found['dossier']}/documents/{walk.found['document']}/"
    browser.open(base + "deposer-au-dmp/")
    browser.press("Déposer au DMP")
    browser.open(base)
    browser.wait_for(lambda page: _state(page, "DMP") == "Accepté", "accord du DMP")
    documents = walk.received("dmp")
    if walk.found["unique_id"] not in json.dumps(documents):
        raise PageProblem("le DMP n'a pas le document que la page dit accepté")
    return {"etat": "accepté", "uniqueId": walk.found["unique_id"]}


def send_mail(walk: Walk) -> dict[str, Any]:
    """Loïc finds the nurse in the directory and writes to her; the operator's notification comes back."""
    browser = walk.browser("loic-bremond")
    base = f"/dossiers/{walk.found['dossier']}/documents/{walk.found['document']}/"
    browser.open(base + "envoyer/")
    browser.follow("Chercher dans l'annuaire")
    browser.press("Chercher dans l'annuaire", {"nom": RECIPIENT[0]})
    browser.press(f"Choisir {RECIPIENT[1]} {RECIPIENT[0]}")
    browser.press(f"Envoyer à {RECIPIENT[1]}")
    browser.open(f"/dossiers/{walk.found['dossier']}/messages/")
    browser.wait_for(lambda page: "Remis" in _chips(page), "notification de remise")
    accepted = {key: one for key, one in walk.received("mssante").items() if one.get("accepted")}
    if len(accepted) != 1:
        raise PageProblem(f"l'opérateur a accepté {len(accepted)} messages au lieu d'un")
    (message_id,) = accepted
    _keep_attachments(walk)
    return {"etat": "accepté, puis remis", "message_id": message_id}


def _keep_attachments(walk: Walk) -> None:
    """Take the archive and the PDF out of the message that left, as a foreign client would."""
    if walk.out is None:
        return
    for path in (walk.out / "echanges").glob("*-mss-message.eml"):
        message = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
        for part in message.iter_attachments():
            content = part.get_content()
            data = content if isinstance(content, bytes) else str(content).encode()
            walk.keep(part.get_filename() or "piece-jointe", data)


def count(walk: Walk) -> dict[str, Any]:
    """Bruno reads the dashboard: one document, one message; each number opens its list."""
    browser = walk.browser("bruno-allard")
    _choose_place(browser, "Service autonomie à domicile")
    found = {}
    for code in ("TBB1.1", "TBB1.2", "TBB1.3a", "TBB1.3b"):
        browser.open("/indicateurs/")
        rows = browser.page.tree.xpath(f"//table//a[contains(@href, '/indicateurs/{code}/')]")
        if not rows:
            raise PageProblem(f"l'indicateur {code} n'ouvre pas sa liste")
        figure = _number(r"(\d+)", " ".join(rows[0].itertext()))
        browser.open(rows[0].get("href"))
        found[code] = int(figure)
    if set(found.values()) != {1}:
        raise PageProblem(f"le tableau de bord compte {found} au lieu de 1 partout")
    return found


def sample_list() -> bytes:
    """Return the list a service could have: two of its rows are refused, for a sex and a date."""
    titles = "N° dossier;Nom de naissance;Nom d'usage;Prénoms;Sexe;Date de naissance"
    rows = [
        f"{titles};Code lieu de naissance;Date d'entrée",
        "D-1041;LE BIHAN;KERVELLA;Yvonne Marie Anne;F;12/04/1938;29151;03/02/2025",
        "D-1042;RIOU;;Jean François;M;03/09/1941;29151;17/03/2025",
        "D-1043;KOWALCZYK;MARTIN;Anna;F;30/07/1944;99122;02/06/2025",
        "D-1044;TANGUY;;Marcel;;14/07/1936;29019;09/09/2025",
        "D-1045;PRIGENT;;Rozenn;F;31/02/1950;29151;11/10/2025",
    ]
    return "\r\n".join(rows).encode("cp1252")


def _choose_place(browser: Browser, name: str) -> None:
    """Act for one establishment: those who work in several choose it."""
    browser.open("/etablissements/")
    button = f"Travailler ici : {name}"
    if browser.has_button(button):
        browser.press(button)


def _number(pattern: str, text: str) -> str:
    match = re.search(pattern, text)
    if match is None:
        raise PageProblem(f"l'adresse ou le texte attendu manque : {text[:120]}")
    return match[1]


def _field(browser: Browser, name: str) -> str:
    values: list[str] = browser.page.tree.xpath(f"//*[@name='{name}']/@value")
    return values[0] if values else ""


def _chips(page: Page) -> str:
    return " | ".join(
        " ".join(one.itertext()).strip() for one in page.tree.xpath("//*[contains(@class, 'am-puce')]")
    )


def _state(page: Page, destination: str) -> str:
    """Return the state shown for a destination on the page of a document."""
    for card in page.tree.xpath("//*[contains(@class, 'am-echange')]"):
        if destination in " ".join(card.itertext()):
            chips = card.xpath(".//*[contains(@class, 'am-puce')]")
            return " ".join(chips[0].itertext()).strip() if chips else ""
    return ""


THREAD: tuple[Link, ...] = (
    Link("connexion", "Connexion par Pro Santé Connect", login),
    Link("import", "Import de la liste des usagers", import_list),
    Link("identite", "Identité : pièce, INSi, qualification", qualify),
    Link("projet", "Projet personnalisé", write_projet),
    Link("document", "Document : PDF/A, INS, Datamatrix, CDA", read_document),
    Link("dmp", "Dépôt au DMP", deposit),
    Link("mssante", "Annuaire et message MSSanté", send_mail),
    Link("indicateur", "Tableau de bord TBB.1", count),
)
