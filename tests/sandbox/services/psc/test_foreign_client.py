"""The provider driven by authlib, an OpenID Connect client that is not ours."""

from __future__ import annotations

import base64
from urllib.parse import urlsplit

from authlib.integrations.httpx_client import OAuth2Client
from authlib.oauth2.rfc7523 import PrivateKeyJWT
from joserfc import jwt
from joserfc.jwk import KeySet, RSAKey
from joserfc.jwt import JWTClaimsRegistry

from amarre.cast import persona
from amarre.sandbox.app import Sandbox
from amarre.sandbox.pki import Use
from amarre.sandbox.services.psc.registry import client_secret
from tests.sandbox.services.psc.browser import REALM, RETURN, STRUCTURE, Browser, Software

LOIC = persona("loic-bremond").subject_name_id


def log_in(sandbox: Sandbox, client: OAuth2Client) -> dict[str, object]:
    """Play a login with authlib, the browser apart; return the ID token claims, checked by joserfc."""
    verifier, nonce, state = "v" * 64, "n" * 32, "s" * 32
    url, _ = client.create_authorization_url(
        f"{sandbox.plain_url}/auth", state=state, nonce=nonce, code_verifier=verifier, acr_values="eidas1"
    )
    location = Browser(sandbox).log_in(url, LOIC)
    protocol = f"{sandbox.https_url}{REALM}/protocol/openid-connect"
    token = client.fetch_token(
        f"{protocol}/token",
        authorization_response=f"https://localhost{urlsplit(location).path}?{urlsplit(location).query}",
        code_verifier=verifier,
        state=state,
    )
    keys = KeySet.import_key_set(client.get(f"{protocol}/certs").json())
    claims = jwt.decode(token["id_token"], keys, algorithms=["RS256"]).claims
    JWTClaimsRegistry(
        iss={"essential": True, "value": f"{sandbox.https_url}{REALM}"},
        aud={"essential": True, "value": client.client_id},
        nonce={"essential": True, "value": nonce},
        acr={"essential": True, "values": ["eidas1", "eidas2", "eidas3"]},
    ).validate(claims)
    info = client.get(f"{protocol}/userinfo").json()
    assert info["sub"] == claims["sub"]
    return info


def client_for(sandbox: Sandbox, client_id: str, method: str, secret: str | None) -> OAuth2Client:
    return OAuth2Client(
        client_id,
        secret,
        token_endpoint_auth_method=method,
        redirect_uri=RETURN,
        scope="openid scope_all",
        code_challenge_method="S256",
        verify=Software(sandbox).context,
    )


def test_authlib_logs_in_with_private_key_jwt(sandbox: Sandbox) -> None:
    pem = sandbox.pki.paths(Use.PSC, STRUCTURE).key.read_text()
    client = client_for(sandbox, "amarre-dui", "private_key_jwt", pem)
    endpoint = f"{sandbox.https_url}{REALM}/protocol/openid-connect/token"
    # Left to itself authlib asks for one hour, which the provider refuses.
    expires = int(sandbox.clock.now().timestamp()) + 60
    client.register_client_auth_method(PrivateKeyJWT(endpoint, claims={"exp": expires}, headers={"kid": "1"}))
    with client:
        assert log_in(sandbox, client)["SubjectNameID"] == LOIC


def test_authlib_logs_in_with_a_secret(sandbox: Sandbox) -> None:
    secret = client_secret(sandbox.settings.data_dir)
    client = client_for(sandbox, "amarre-dui-secret", "client_secret_basic", secret)
    with client:
        assert log_in(sandbox, client)["SubjectNameID"] == LOIC


def test_an_assertion_presented_twice_is_refused(sandbox: Sandbox) -> None:
    key = RSAKey.import_key(sandbox.pki.paths(Use.PSC, STRUCTURE).key.read_bytes())
    now = int(sandbox.clock.now().timestamp())
    claims = {"iss": "amarre-dui", "sub": "amarre-dui", "aud": f"{sandbox.https_url}{REALM}",
              "jti": "unique-1", "exp": now + 60}  # fmt: skip
    form = {
        "client_assertion_type": "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
        "client_assertion": jwt.encode({"alg": "RS256"}, claims, key),
        "grant_type": "authorization_code",
        "code": "inconnu",
    }
    # The first presentation passes the authentication and fails on the code; the second does not pass.
    assert Software(sandbox).token(**form)[1]["error"] == "invalid_grant"
    assert Software(sandbox).token(**form)[1]["error"] == "invalid_client"


def test_an_assertion_signed_by_another_key_is_refused(sandbox: Sandbox) -> None:
    other = RSAKey.import_key(sandbox.pki.paths(Use.PSC, "1990000002").key.read_bytes())
    now = int(sandbox.clock.now().timestamp())
    claims = {"iss": "amarre-dui", "sub": "amarre-dui", "aud": f"{sandbox.https_url}{REALM}",
              "jti": "unique-2", "exp": now + 60}  # fmt: skip
    form = {
        "client_assertion_type": "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
        "client_assertion": jwt.encode({"alg": "RS256"}, claims, other),
        "grant_type": "authorization_code",
        "code": "inconnu",
    }
    assert Software(sandbox).token(**form)[1]["error"] == "invalid_client"


def test_a_wrong_secret_is_refused(sandbox: Sandbox) -> None:
    pair = base64.b64encode(b"amarre-dui-secret:faux").decode()
    status, answer = Software(sandbox).request(
        "POST",
        "/protocol/openid-connect/token",
        {"grant_type": "authorization_code", "code": "x"},
        {"authorization": f"Basic {pair}"},
    )
    assert (status, answer["error"]) == (401, "invalid_client")
