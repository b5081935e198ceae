"""The link to the DMP's own site for professionals (accès web PS).

Source: SEL-MP-037 (TD0.9, TD0.10, pages of AccesDirect). The INS travels in the address: the link is opened
in a new window, without referrer, and never written in a log. Authentication is made there, by card or e-CPS.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from urllib.parse import quote, urlsplit

from amarre.interop.dmp.errors import DmpWebAddressWrong
from amarre.interop.ins import QualifiedIdentity


class WebPage(StrEnum):
    """Pages one may arrive on. TableauDeBord is the only one that bears a closed or missing DMP."""

    TABLEAU_DE_BORD = "TableauDeBord"
    DOSSIER_PATIENT = "DossierPatient"
    DOCUMENTS = "Documents"
    PARCOURS_DE_SOINS = "ParcoursDeSoins"
    HISTORIQUE_ACCES = "HistoriqueAcces"
    VOLONTES_ET_DROITS = "VolontesEtDroits"
    CARNET_VACCINATION = "CarnetVaccination"


@dataclass(frozen=True, slots=True)
class WebLink:
    """An address that holds an INS: its repr and its str show nothing. `rel` goes with the link."""

    href: str = field(repr=False)
    rel: str = "noopener noreferrer"
    target: str = "_blank"

    def __str__(self) -> str:
        return "WebLink"


def web_link(base_url: str, identity: QualifiedIdentity, page: WebPage = WebPage.TABLEAU_DE_BORD) -> WebLink:
    """Return the link to a page of a person's DMP. `base_url` is the site's (``https://…``), from settings.

    Raises DmpWebAddressWrong when it is not an https address without query (http on this very machine).
    """
    parts = urlsplit(base_url)
    safe = parts.scheme == "https" or (parts.scheme == "http" and parts.hostname == "localhost")
    if not safe or not parts.hostname or parts.query or parts.fragment or parts.username:
        raise DmpWebAddressWrong()
    matricule = quote(identity.matricule.value, safe="")
    return WebLink(f"{base_url.rstrip('/')}/AccesDirect/{page.value}/{matricule}")
