"""What we send to Pro Santé Connect: the browser's address, the token request, the logout address."""

from __future__ import annotations

import base64
import hashlib
from urllib.parse import quote_plus, urlencode

from joserfc import jwt
from joserfc.jwk import ECKey, RSAKey

from amarre.interop.common.clock import Clock, IdSource
from amarre.interop.psc import codes
from amarre.interop.psc.model import (
    AuthorizationRequest,
    BackChannelRequest,
    Metadata,
    PrivateKeyJwtAuthentication,
    PscProfile,
    SecretAuthentication,
)


def _random(ids: IdSource) -> str:
    """Return 64 hexadecimal characters holding 244 random bits (two UUIDs of version 4)."""
    return ids.uuid().hex + ids.uuid().hex


def code_challenge(code_verifier: str) -> str:
    """Return the S256 challenge of a PKCE verifier. Source: RFC 7636 §4.2."""
    digest = hashlib.sha256(code_verifier.encode("ascii")).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode("ascii")


def authorization_request(metadata: Metadata, profile: PscProfile, ids: IdSource) -> AuthorizationRequest:
    """Return the address where the browser goes, with fresh state, nonce and PKCE verifier.

    Source: OpenID Connect Core 1.0 §3.1.2.1, with `acr_values` as Pro Santé Connect requires.
    """
    state, nonce, verifier = _random(ids), _random(ids), _random(ids)
    parameters = {
        "response_type": "code",
        "client_id": profile.client_id,
        "redirect_uri": profile.redirect_uri,
        "scope": profile.scope,
        "acr_values": profile.requested_acr,
        "state": state,
        "nonce": nonce,
        "code_challenge": code_challenge(verifier),
        "code_challenge_method": "S256",
    }
    if profile.fresh_login:
        parameters["prompt"] = "login"
    query = urlencode(parameters)
    separator = "&" if "?" in metadata.authorization_endpoint else "?"
    return AuthorizationRequest(
        url=f"{metadata.authorization_endpoint}{separator}{query}",
        state=state,
        nonce=nonce,
        code_verifier=verifier,
    )


def client_assertion(
    authentication: PrivateKeyJwtAuthentication, *, client_id: str, audience: str, clock: Clock, ids: IdSource
) -> str:
    """Return a signed assertion that proves who the client is. Source: RFC 7523 §2.2, OIDC Core §9.

    Its `jti` is never used twice and it lives one minute, so that a stolen one is worth nothing.
    """
    now = int(clock.now().timestamp())
    claims = {
        "iss": client_id,
        "sub": client_id,
        "aud": audience,
        "jti": str(ids.uuid()),
        "iat": now,
        "exp": now + int(authentication.lifetime.total_seconds()),
    }
    header = {"alg": authentication.algorithm, "kid": authentication.key_id, "typ": "JWT"}
    key_class = ECKey if authentication.algorithm.startswith("ES") else RSAKey
    return jwt.encode(
        header, claims, key_class.import_key(authentication.pem), algorithms=[authentication.algorithm]
    )


def token_request(
    metadata: Metadata, profile: PscProfile, *, code: str, code_verifier: str, clock: Clock, ids: IdSource
) -> BackChannelRequest:
    """Return the form that exchanges an authorization code. Source: RFC 6749 §4.1.3, RFC 7636 §4.5."""
    form = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": profile.redirect_uri,
        "code_verifier": code_verifier,
    }
    headers = {"content-type": "application/x-www-form-urlencoded", "accept": "application/json"}
    authentication = profile.authentication
    if isinstance(authentication, SecretAuthentication):
        # Both halves are form-encoded before Base64 (RFC 6749 §2.3.1).
        pair = f"{quote_plus(profile.client_id)}:{quote_plus(authentication.secret)}"
        headers["authorization"] = "Basic " + base64.b64encode(pair.encode()).decode("ascii")
    else:
        form["client_id"] = profile.client_id
    if isinstance(authentication, PrivateKeyJwtAuthentication):
        form["client_assertion_type"] = codes.CLIENT_ASSERTION_TYPE
        form["client_assertion"] = client_assertion(
            authentication,
            client_id=profile.client_id,
            audience=metadata.token_endpoint,
            clock=clock,
            ids=ids,
        )
    return BackChannelRequest(
        url=metadata.token_endpoint, headers=headers, body=urlencode(form).encode("ascii")
    )


def end_session_url(metadata: Metadata, profile: PscProfile, *, id_token: str = "", state: str = "") -> str:
    """Return the address that ends the Pro Santé Connect session, "" when the provider offers none.

    Without `id_token` (when it was not kept), the client is named by `client_id` and the provider asks the
    person to confirm. Source: OpenID Connect RP-Initiated Logout 1.0 §2.
    """
    if not metadata.end_session_endpoint:
        return ""
    query = {"id_token_hint": id_token} if id_token else {"client_id": profile.client_id}
    if profile.post_logout_redirect_uri:
        query["post_logout_redirect_uri"] = profile.post_logout_redirect_uri
    if state:
        query["state"] = state
    return f"{metadata.end_session_endpoint}?{urlencode(query)}"
