"""The site with the simulated Pro Santé Connect behind it, over real sockets."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from urllib.parse import urlsplit

import pytest
from django.test import Client
from pytest_django import Settings

from amarre.dui.accounts import psc
from amarre.dui.accounts.psc_settings import PscSettings
from amarre.sandbox.app import Sandbox
from amarre.sandbox.pki import Use
from tests.sandbox.services.psc.browser import REALM, STRUCTURE, Browser
from tests.sandbox.services.psc.running import psc_only

LogIn = Callable[..., object]


@pytest.fixture(scope="package")
def running_psc(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    with psc_only(tmp_path_factory.mktemp("psc")) as running:
        yield running


@pytest.fixture
def sandbox(running_psc: Sandbox, settings: Settings) -> Iterator[Sandbox]:
    """The provider, and the settings that lead to it."""
    running_psc.reset()
    paths = running_psc.pki.paths(Use.PSC, STRUCTURE)
    issuer = f"{running_psc.https_url}{REALM}"
    settings.PSC = PscSettings(
        issuer=issuer,
        discovery_url=f"{issuer}/.well-known/wallet-openid-configuration",
        client_id="amarre-dui",
        authentication="private_key_jwt",
        public_url="http://localhost:8000",
        ca_file=str(paths.authorities),
        cert_file=str(paths.certificate),
        key_file=str(paths.key),
        assertion_key_id="cle-1",
        client_secret="",
        accepted_acr=("eidas1", "eidas2", "eidas3"),
        algorithms=("RS256",),
    )
    psc.forget_metadata()
    yield running_psc
    running_psc.reset()
    psc.forget_metadata()


@pytest.fixture
def site() -> Client:
    """A browser on the site, under the declared name."""
    return Client(headers={"host": "localhost:8000"})


def begin(site: Client, next_path: str = "") -> str:
    """Return the address of Pro Santé Connect where the site sends the browser."""
    response = site.get("/connexion/psc/", {"next": next_path} if next_path else {})
    assert response.status_code == 302, response.content.decode()
    return response["Location"]


def come_back(sandbox: Sandbox, url: str, name_id: str) -> str:
    """Play the pages of the provider; return path and query of the return."""
    location = Browser(sandbox).log_in(url, name_id)
    assert location.startswith("http://localhost:8000/connexion/retour/")
    return f"{urlsplit(location).path}?{urlsplit(location).query}"
