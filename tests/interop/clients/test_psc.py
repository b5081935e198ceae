"""The client of Pro Santé Connect against the simulated provider: good logins, and all it must refuse."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest

from amarre.cast import persona
from amarre.interop.clients.psc import PscClient
from amarre.interop.common.clock import SystemClock, SystemIds
from amarre.interop.psc import errors, parse_authorization_response
from amarre.interop.psc.model import (
    ClientAuthentication,
    Login,
    PrivateKeyJwtAuthentication,
    PscProfile,
    SecretAuthentication,
    TlsClientAuthentication,
)
from amarre.interop.transport.errors import TransportError
from amarre.interop.transport.http import Deadlines, TlsHttpTransport
from amarre.interop.transport.tls import client_context
from amarre.sandbox.app import Sandbox
from amarre.sandbox.pki import Use
from amarre.sandbox.services.psc.registry import client_secret
from tests.sandbox.services.psc.browser import REALM, RETURN, STRUCTURE, Browser
from tests.sandbox.services.psc.running import psc_only

LOIC = persona("loic-bremond").subject_name_id
QUICK = Deadlines(connect=1.0, first_byte=0.5, whole=1.0)


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    with psc_only(tmp_path_factory.mktemp("psc")) as sandbox:
        yield sandbox


@pytest.fixture
def sandbox(running: Sandbox) -> Iterator[Sandbox]:
    running.reset()
    yield running
    running.reset()


def profile(sandbox: Sandbox, client_id: str, authentication: ClientAuthentication) -> PscProfile:
    issuer = f"{sandbox.https_url}{REALM}"
    return PscProfile(
        issuer=issuer,
        discovery_url=f"{issuer}/.well-known/wallet-openid-configuration",
        client_id=client_id,
        redirect_uri=RETURN,
        authentication=authentication,
        post_logout_redirect_uri="http://localhost:8000/connexion/",
    )


@pytest.fixture
def transport(sandbox: Sandbox) -> Iterator[TlsHttpTransport]:
    paths = sandbox.pki.paths(Use.PSC, STRUCTURE)
    opened = TlsHttpTransport(client_context(paths.authorities, paths.certificate, paths.key))
    yield opened
    opened.close()


def client_of(transport: TlsHttpTransport, settings: PscProfile) -> PscClient:
    return PscClient(transport, settings, SystemClock(), SystemIds())


def log_in(sandbox: Sandbox, client: PscClient, name_id: str = LOIC) -> Login:
    metadata = client.discover()
    request = client.authorization_request(metadata)
    location = Browser(sandbox).log_in(request.url, name_id)
    code = parse_authorization_response(
        urlsplit(location).query, metadata=metadata, expected_state=request.state
    )
    return client.login(metadata, code=code, code_verifier=request.code_verifier, nonce=request.nonce)


@pytest.mark.parametrize("method", ["private_key_jwt", "client_secret_basic", "tls_client_auth"])
def test_every_declared_method_logs_in(sandbox: Sandbox, transport: TlsHttpTransport, method: str) -> None:
    pem = sandbox.pki.paths(Use.PSC, STRUCTURE).key.read_bytes()
    settings = {
        "private_key_jwt": ("amarre-dui", PrivateKeyJwtAuthentication(pem, "cle-1")),
        "client_secret_basic": (
            "amarre-dui-secret",
            SecretAuthentication(client_secret(sandbox.settings.data_dir)),
        ),
        "tls_client_auth": ("amarre-dui-mtls", TlsClientAuthentication()),
    }
    login = log_in(sandbox, client_of(transport, profile(sandbox, *settings[method])))
    assert login.professional.subject_name_id == LOIC
    assert login.professional.rpps == LOIC[1:]
    assert login.identity_token.acr == "eidas3"
    assert "990000002" in login.professional.structure_numbers()
    assert login.tokens.access_token not in repr(login)


@pytest.fixture
def client(sandbox: Sandbox, transport: TlsHttpTransport) -> PscClient:
    return client_of(transport, profile(sandbox, "amarre-dui-mtls", TlsClientAuthentication()))


@pytest.mark.parametrize("situation", ["userinfo-signe", "sans-activite"])
def test_unusual_answers_that_are_right_log_in(sandbox: Sandbox, client: PscClient, situation: str) -> None:
    sandbox.choose("psc", situation)
    assert log_in(sandbox, client).professional.subject_name_id == LOIC


@pytest.mark.parametrize(
    ("situation", "expected"),
    [
        ("jeton-expire", errors.IdentityTokenExpired),
        ("horloge-en-avance", errors.ClockSkew),
        ("mauvaise-audience", errors.WrongAudience),
        ("emetteur-faux", errors.WrongIssuer),
        ("nonce-faux", errors.NonceMismatch),
        ("acr-absent", errors.AcrRefused),
        ("cle-inconnue", errors.SignatureRefused),
        ("signature-fausse", errors.SignatureRefused),
        ("sans-signature", errors.SignatureRefused),
        ("hs256", errors.SignatureRefused),
        ("jeton-d-acces-substitue", errors.TokenSubstituted),
        ("code-perime", errors.CodeRefused),
        ("autre-personne", errors.SubjectMismatch),
        ("sans-identifiant", errors.IdentityMissing),
        ("refus-e-cps", errors.LoginCancelled),
        ("state-faux", errors.StateMismatch),
        ("emetteur-du-retour-faux", errors.WrongIssuer),
    ],
)
def test_each_wrong_answer_is_refused_by_its_own_error(
    sandbox: Sandbox, client: PscClient, situation: str, expected: type[errors.PscError]
) -> None:
    sandbox.choose("psc", situation)
    with pytest.raises(expected) as refused:
        log_in(sandbox, client)
    explanation = refused.value.explanation()
    assert explanation.what
    assert LOIC not in str(refused.value)


def test_a_service_that_answers_503_is_explained(sandbox: Sandbox, client: PscClient) -> None:
    sandbox.choose("psc", "indisponible")
    with pytest.raises(errors.ServiceUnavailable):
        client.discover()


def test_a_slow_service_does_not_hold_the_page(sandbox: Sandbox, transport: TlsHttpTransport) -> None:
    settings = profile(sandbox, "amarre-dui-mtls", TlsClientAuthentication())
    sandbox.choose("psc", "reponse-lente")
    with pytest.raises(TransportError):
        PscClient(transport, settings, SystemClock(), SystemIds(), QUICK).discover()


def test_a_page_of_a_proxy_is_no_discovery_document(sandbox: Sandbox, client: PscClient) -> None:
    sandbox.choose("psc", "page-html")
    with pytest.raises(errors.MalformedAnswer):
        client.discover()


def test_a_code_replayed_opens_nothing(sandbox: Sandbox, client: PscClient) -> None:
    metadata = client.discover()
    request = client.authorization_request(metadata)
    query = urlsplit(Browser(sandbox).log_in(request.url, LOIC)).query
    code = parse_authorization_response(query, metadata=metadata, expected_state=request.state)
    values = {"code": code, "code_verifier": request.code_verifier, "nonce": request.nonce}
    client.login(metadata, **values)
    with pytest.raises(errors.CodeRefused):
        client.login(metadata, **values)


def test_a_client_that_is_not_declared_is_told_so(sandbox: Sandbox, transport: TlsHttpTransport) -> None:
    settings = profile(sandbox, "amarre-dui-secret", SecretAuthentication("faux"))
    with pytest.raises(errors.ClientRefused):
        log_in(sandbox, client_of(transport, settings))


def test_the_logout_address_is_accepted_by_the_provider(sandbox: Sandbox, client: PscClient) -> None:
    login = log_in(sandbox, client)
    url = client.end_session_url(client.discover(), id_token=login.tokens.id_token, state="abc")
    status, headers, _ = Browser(sandbox).request("GET", url)
    assert status == 303
    assert headers["location"] == "http://localhost:8000/connexion/?state=abc"
