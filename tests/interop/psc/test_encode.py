"""What we send: the browser's address, the token request, the logout address."""

from __future__ import annotations

import base64
import dataclasses
import hashlib
from urllib.parse import parse_qs, urlsplit

from amarre.interop.common.clock import SystemIds
from amarre.interop.psc import (
    Metadata,
    PscProfile,
    SecretAuthentication,
    authorization_request,
    end_session_url,
    token_request,
)
from tests.conftest import FixedClock

METADATA = Metadata(
    issuer="https://auth.example/r",
    authorization_endpoint="https://wallet.example/auth",
    token_endpoint="https://auth.example/r/token",
    userinfo_endpoint="https://auth.example/r/userinfo",
    jwks_uri="https://auth.example/r/certs",
    end_session_endpoint="https://auth.example/r/logout",
)
PROFILE = PscProfile(
    issuer=METADATA.issuer,
    discovery_url="https://auth.example/r/.well-known/wallet-openid-configuration",
    client_id="amarre",
    redirect_uri="https://dui.example/connexion/retour/",
    authentication=SecretAuthentication("a b:c"),
    post_logout_redirect_uri="https://dui.example/connexion/",
)


def test_each_login_has_its_own_state_nonce_and_verifier() -> None:
    first, second = (authorization_request(METADATA, PROFILE, SystemIds()) for _ in range(2))
    values = [first.state, first.nonce, first.code_verifier, second.state, second.nonce, second.code_verifier]
    assert len(set(values)) == 6
    assert all(43 <= len(value) <= 128 for value in values)
    assert first.state not in repr(dataclasses.replace(first, url=""))


def test_the_address_carries_what_the_service_requires() -> None:
    request = authorization_request(METADATA, PROFILE, SystemIds())
    query = {name: found[0] for name, found in parse_qs(urlsplit(request.url).query).items()}
    digest = hashlib.sha256(request.code_verifier.encode()).digest()
    assert query["code_challenge"] == base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
    assert (query["acr_values"], query["scope"], query["prompt"]) == ("eidas1", "openid scope_all", "login")
    assert request.code_verifier not in request.url
    shared = dataclasses.replace(PROFILE, fresh_login=False)
    assert "prompt" not in authorization_request(METADATA, shared, SystemIds()).url


def test_a_secret_is_encoded_before_base64(clock: FixedClock) -> None:
    built = token_request(METADATA, PROFILE, code="c", code_verifier="v", clock=clock, ids=SystemIds())
    assert base64.b64decode(built.headers["authorization"].removeprefix("Basic ")) == b"amarre:a+b%3Ac"
    assert "secret" not in repr(PROFILE)
    assert "a b:c" not in repr(PROFILE)


def test_the_logout_address_names_the_person_or_else_the_software() -> None:
    with_hint = parse_qs(urlsplit(end_session_url(METADATA, PROFILE, id_token="x.y.z")).query)
    assert (with_hint["id_token_hint"], "client_id" in with_hint) == (["x.y.z"], False)
    without = parse_qs(urlsplit(end_session_url(METADATA, PROFILE)).query)
    assert (without["client_id"], "id_token_hint" in without) == (["amarre"], False)
    assert end_session_url(dataclasses.replace(METADATA, end_session_endpoint=""), PROFILE) == ""
