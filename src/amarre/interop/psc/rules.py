"""Checks of signed tokens: signature by a pinned algorithm and a published key, then every claim.

Sources: OpenID Connect Core 1.0 §3.1.3.7 (ID token), §3.1.3.6 (`at_hash`), §5.3.2 (UserInfo); RFC 8725 (JWT
best practices: fixed algorithms, no key taken from the token's own header).
"""

from __future__ import annotations

import base64
import binascii
import datetime
import hashlib
from typing import Any

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, KeySet, RSAKey

from amarre.interop.psc import codes
from amarre.interop.psc.decode import Json, auth_mode, read_json, same_secret
from amarre.interop.psc.errors import (
    AcrRefused,
    ClockSkew,
    IdentityTokenExpired,
    MalformedAnswer,
    NonceMismatch,
    SignatureRefused,
    SubjectMismatch,
    TokenSubstituted,
    WrongAudience,
    WrongIssuer,
)
from amarre.interop.psc.model import IdentityToken, PscProfile

_HASHES = {"256": hashlib.sha256, "384": hashlib.sha384, "512": hashlib.sha512}


def parse_keys(body: bytes) -> KeySet:
    """Read the provider's JWKS, keeping only its asymmetric signature keys that have a `kid`.

    A symmetric key published by mistake, or an encryption key, is never tried on a signature.
    Raises MalformedAnswer when it is no JWKS or when no usable key is left. Source: RFC 7517 §5.
    """
    document = read_json(body, "clés de signature")
    rows = document.get("keys")
    keys: list[RSAKey | ECKey] = []
    for row in rows if isinstance(rows, list) else []:
        if not isinstance(row, dict) or not row.get("kid") or row.get("use", "sig") != "sig":
            continue
        try:
            match row.get("kty"):
                case "RSA":
                    keys.append(RSAKey.import_key(row))
                case "EC":
                    keys.append(ECKey.import_key(row))
        except (JoseError, ValueError, TypeError, KeyError):
            # One unreadable key must not hide the good ones.
            continue
    if not keys:
        raise MalformedAnswer(part="clés de signature")
    return KeySet(list(keys))


def knows_key_of(token: str, keys: KeySet) -> bool:
    """Tell whether the token names a published key; when not, the caller may read the JWKS once more."""
    kid = _header(token).get("kid")
    return isinstance(kid, str) and any(key.kid == kid for key in keys.keys)


def _header(token: str) -> Json:
    """Return the header of a compact JWT, unverified. Raises SignatureRefused when it is none."""
    if len(token) > codes.MAX_TOKEN_CHARACTERS or token.count(".") != 2:
        raise SignatureRefused()
    part = token.split(".", 1)[0]
    try:
        return read_json(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)), "jeton")
    except (MalformedAnswer, ValueError, binascii.Error) as error:
        raise SignatureRefused() from error


def verified_claims(token: str, keys: KeySet, profile: PscProfile) -> tuple[Json, str]:
    """Return the claims of a signed token and its algorithm.

    The algorithm must be one of the profile's, the key one of `keys` named by `kid`; `jku`, `x5u`, `jwk` and
    `x5c` of the header are not even looked at. Raises SignatureRefused.
    """
    header = _header(token)
    algorithm = header.get("alg")
    if algorithm not in profile.algorithms or "crit" in header or not knows_key_of(token, keys):
        raise SignatureRefused(remote_code=str(algorithm)[:16])
    try:
        decoded = jwt.decode(token, keys, algorithms=list(profile.algorithms))
    except (JoseError, ValueError, TypeError) as error:
        raise SignatureRefused(remote_code=str(algorithm)[:16]) from error
    return decoded.claims, str(algorithm)


def _instant(claims: Json, name: str) -> datetime.datetime:
    value: Any = claims.get(name)
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise MalformedAnswer(part=f"jeton sans {name}")
    try:
        return datetime.datetime.fromtimestamp(value, datetime.UTC)
    except (ValueError, OverflowError, OSError) as error:
        raise MalformedAnswer(part=f"jeton sans {name}") from error


def _check_addressee(claims: Json, profile: PscProfile) -> None:
    audience = claims.get("aud")
    audiences = audience if isinstance(audience, list) else [audience]
    if profile.client_id not in audiences:
        raise WrongAudience()
    authorized = claims.get("azp")
    # Several audiences without `azp` leave open for whom the token was made.
    if authorized != profile.client_id and (authorized is not None or len(audiences) > 1):
        raise WrongAudience()


def _check_times(claims: Json, profile: PscProfile, now: datetime.datetime) -> None:
    issued, expires = _instant(claims, "iat"), _instant(claims, "exp")
    if issued > now + profile.skew:
        raise ClockSkew(seconds=int((issued - now).total_seconds()))
    if expires <= now - profile.skew:
        raise IdentityTokenExpired()
    if "nbf" in claims and _instant(claims, "nbf") > now + profile.skew:
        raise ClockSkew(seconds=int((_instant(claims, "nbf") - now).total_seconds()))


def _check_access_token_hash(claims: Json, access_token: str, algorithm: str) -> None:
    expected = claims.get("at_hash")
    if expected is None:
        return
    digest = _HASHES[algorithm[-3:]](access_token.encode()).digest()
    half = base64.urlsafe_b64encode(digest[: len(digest) // 2]).rstrip(b"=").decode("ascii")
    if not same_secret(half, str(expected)):
        raise TokenSubstituted()


def check_identity_token(
    token: str,
    *,
    keys: KeySet,
    profile: PscProfile,
    nonce: str,
    access_token: str,
    now: datetime.datetime,
) -> IdentityToken:
    """Check an ID token wholly and return its identity. `now` is aware.

    In order: signature, issuer (exact), audience and `azp`, times (± the profile's skew), nonce, `acr`,
    `at_hash`. Raises the error of the first check that fails. Source: OpenID Connect Core 1.0 §3.1.3.7.
    """
    claims, algorithm = verified_claims(token, keys, profile)
    if claims.get("iss") != profile.issuer:
        raise WrongIssuer()
    _check_addressee(claims, profile)
    _check_times(claims, profile, now)
    found_nonce = claims.get("nonce")
    if not nonce or not isinstance(found_nonce, str) or not same_secret(found_nonce, nonce):
        raise NonceMismatch()
    if claims.get("acr") not in profile.accepted_acr:
        raise AcrRefused(remote_code=str(claims.get("acr"))[:32])
    _check_access_token_hash(claims, access_token, algorithm)
    subject = claims.get("sub")
    if not isinstance(subject, str) or not subject:
        raise MalformedAnswer(part="jeton sans sub")
    name_id = claims.get("SubjectNameID") or claims.get("preferred_username") or ""
    return IdentityToken(
        issuer=profile.issuer,
        subject=subject,
        subject_name_id=str(name_id),
        acr=str(claims["acr"]),
        session_id=str(claims.get("sid") or claims.get("session_state") or ""),
        auth_mode=auth_mode(claims),
        issued_at=_instant(claims, "iat"),
        expires_at=_instant(claims, "exp"),
    )


def userinfo_claims(content_type: str, body: bytes, *, keys: KeySet, profile: PscProfile) -> Json:
    """Return the claims of a UserInfo answer, JSON or signed (`application/jwt`).

    A signed one must come from the issuer and, if it names an audience, be ours.
    Raises MalformedAnswer, SignatureRefused, WrongIssuer, WrongAudience. Source: OIDC Core §5.3.2.
    """
    if content_type.split(";")[0].strip().lower() != "application/jwt":
        return read_json(body, "informations du professionnel")
    claims, _ = verified_claims(body.decode("ascii", "replace").strip(), keys, profile)
    if claims.get("iss") != profile.issuer:
        raise WrongIssuer()
    if "aud" in claims:
        _check_addressee(claims, profile)
    return claims


def check_same_subject(claims: Json, identity_token: IdentityToken) -> None:
    """Raise SubjectMismatch unless UserInfo and ID token speak of one person (`sub`, and name identifier)."""
    name_id = claims.get("SubjectNameID") or claims.get("preferred_username") or ""
    both = identity_token.subject_name_id and name_id
    if claims.get("sub") != identity_token.subject or (both and name_id != identity_token.subject_name_id):
        raise SubjectMismatch()
