"""The checks of signed tokens, one forged token at a time. Keys are made here, joserfc signs."""

from __future__ import annotations

import base64
import datetime
import hashlib
import json
from typing import Any

import pytest
from joserfc import jwt
from joserfc.jwk import ECKey, KeySet, OctKey, RSAKey

from amarre.interop.psc import PscProfile, TlsClientAuthentication, check_identity_token, errors, parse_keys
from amarre.interop.psc.rules import userinfo_claims

NOW = datetime.datetime(2026, 11, 20, 9, 30, tzinfo=datetime.UTC)
STAMP = int(NOW.timestamp())
ISSUER = "https://psc.example/auth/realms/esante-wallet"
ACCESS = "jeton-d-acces"
KEY = RSAKey.generate_key(2048, {"kid": "k1", "use": "sig"})
OTHER = RSAKey.generate_key(2048, {"kid": "k1", "use": "sig"})
PROFILE = PscProfile(
    issuer=ISSUER,
    discovery_url=f"{ISSUER}/.well-known/wallet-openid-configuration",
    client_id="amarre",
    redirect_uri="https://dui.example/connexion/retour/",
    authentication=TlsClientAuthentication(),
)


def jwks(*keys: Any) -> bytes:
    return json.dumps({"keys": [key.as_dict(private=False) for key in keys]}).encode()


KEYS = parse_keys(jwks(KEY))


def claims(**changes: Any) -> dict[str, Any]:
    half = hashlib.sha256(ACCESS.encode()).digest()[:16]
    right = {
        "iss": ISSUER, "aud": "amarre", "azp": "amarre", "sub": "f:1:899700000021", "iat": STAMP,
        "exp": STAMP + 120, "nonce": "n" * 32, "acr": "eidas3", "sid": "s1",
        "SubjectNameID": "899700000021",
        "at_hash": base64.urlsafe_b64encode(half).rstrip(b"=").decode(),
    }  # fmt: skip
    return {name: value for name, value in (right | changes).items() if value is not None}


def token(header: dict[str, Any] | None = None, key: Any = KEY, **changes: Any) -> str:
    head = {"alg": "RS256", "kid": "k1"} | (header or {})
    return jwt.encode(head, claims(**changes), key, algorithms=[head["alg"]])


def check(value: str, keys: KeySet = KEYS, nonce: str = "n" * 32, access: str = ACCESS) -> Any:
    return check_identity_token(value, keys=keys, profile=PROFILE, nonce=nonce, access_token=access, now=NOW)


def test_a_right_token_gives_its_identity() -> None:
    found = check(token())
    assert (found.subject_name_id, found.acr, found.session_id) == ("899700000021", "eidas3", "s1")


@pytest.mark.parametrize("seconds", [-59, 59])
def test_clocks_may_differ_by_a_minute(seconds: int) -> None:
    check(token(iat=STAMP + seconds, exp=STAMP + seconds + 120))
    check(token(iat=STAMP - 200, exp=STAMP - 59))


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"iss": ISSUER + "/"}, errors.WrongIssuer),
        ({"iss": "https://PSC.example/auth/realms/esante-wallet"}, errors.WrongIssuer),
        ({"iss": None}, errors.WrongIssuer),
        ({"aud": "autre"}, errors.WrongAudience),
        ({"aud": None}, errors.WrongAudience),
        ({"aud": ["amarre", "autre"], "azp": None}, errors.WrongAudience),
        ({"azp": "autre"}, errors.WrongAudience),
        ({"aud": {"amarre": 1}}, errors.WrongAudience),
        ({"exp": STAMP - 60}, errors.IdentityTokenExpired),
        ({"iat": STAMP + 61}, errors.ClockSkew),
        ({"nbf": STAMP + 61}, errors.ClockSkew),
        ({"exp": None}, errors.MalformedAnswer),
        ({"exp": True}, errors.MalformedAnswer),
        ({"exp": "demain"}, errors.MalformedAnswer),
        ({"exp": 1e300}, errors.MalformedAnswer),
        ({"nonce": "autre"}, errors.NonceMismatch),
        ({"nonce": None}, errors.NonceMismatch),
        ({"nonce": ["n" * 32]}, errors.NonceMismatch),
        ({"acr": None}, errors.AcrRefused),
        ({"acr": "eidas0"}, errors.AcrRefused),
        ({"acr": "0"}, errors.AcrRefused),
        ({"at_hash": "AAAA"}, errors.TokenSubstituted),
        ({"sub": ""}, errors.MalformedAnswer),
    ],
)
def test_each_wrong_claim_has_its_own_refusal(
    changes: dict[str, Any], expected: type[errors.PscError]
) -> None:
    with pytest.raises(expected):
        check(token(**changes))


def forge(header: dict[str, Any], signature: bytes = b"") -> str:
    parts = [json.dumps(header).encode(), json.dumps(claims()).encode(), signature]
    return ".".join(base64.urlsafe_b64encode(part).rstrip(b"=").decode() for part in parts)


@pytest.mark.parametrize(
    "forged",
    [
        forge({"alg": "none"}),
        forge({"alg": "none", "kid": "k1"}),
        forge({"alg": "None", "kid": "k1"}),
        forge({"kid": "k1"}, b"x"),
        forge({"alg": ["RS256"], "kid": "k1"}, b"x"),
        forge({"alg": "RS256", "kid": 1}, b"x"),
        forge({"alg": "RS256", "kid": "k1"}, b"\x00" * 256),
        jwt.encode({"alg": "HS256", "kid": "k1"}, claims(), OctKey.import_key(b"k" * 64)),
        token(key=OTHER),
        token({"kid": "k2"}),
        token({"alg": "RS512"}),
        token({"alg": "PS256"}),
        token({"jku": "https://pirate.example/jwks", "kid": "pirate"}, key=OTHER),
        token({"jwk": OTHER.as_dict(private=False)}, key=OTHER),
        "",
        "a.b",
        "a.b.c",
        "é.é.é",
        "a" * 70_000,
    ],
)
def test_a_token_that_is_not_signed_by_the_published_key_is_refused(forged: str) -> None:
    with pytest.raises(errors.SignatureRefused):
        check(forged)


def test_a_symmetric_algorithm_cannot_even_be_configured() -> None:
    for algorithm in ("HS256", "none", ""):
        with pytest.raises(ValueError, match="asymmetric"):
            PscProfile(**{**_fields(), "algorithms": (algorithm,)})
    with pytest.raises(ValueError, match="level"):
        PscProfile(**{**_fields(), "accepted_acr": ()})


def _fields() -> dict[str, Any]:
    names = ("issuer", "discovery_url", "client_id", "redirect_uri", "authentication")
    return {name: getattr(PROFILE, name) for name in names}


def test_only_asymmetric_signature_keys_are_read() -> None:
    published = json.loads(jwks(KEY))
    published["keys"] += [
        {"kty": "oct", "kid": "s", "k": "AAAA", "use": "sig"},
        {"kty": "RSA", "kid": "abime", "n": "!", "e": "AQAB"},
        {**published["keys"][0], "kid": "chiffrement", "use": "enc"},
        {name: value for name, value in published["keys"][0].items() if name != "kid"},
        ECKey.generate_key("P-256", {"kid": "ec"}).as_dict(private=False),
        "texte",
    ]
    found = {key.kid for key in parse_keys(json.dumps(published).encode()).keys}
    assert found == {"k1", "ec"}


@pytest.mark.parametrize("body", [b"", b"[]", b"{}", b'{"keys": {}}', b'{"keys": []}', b"<html>"])
def test_a_key_set_without_a_usable_key_is_refused(body: bytes) -> None:
    with pytest.raises(errors.MalformedAnswer):
        parse_keys(body)


def test_a_signed_userinfo_must_be_ours() -> None:
    def read(**changes: Any) -> Any:
        body = token(**changes).encode()
        return userinfo_claims("application/jwt;charset=utf-8", body, keys=KEYS, profile=PROFILE)

    assert read()["SubjectNameID"] == "899700000021"
    with pytest.raises(errors.WrongIssuer):
        read(iss="https://autre.example")
    with pytest.raises(errors.WrongAudience):
        read(aud="autre")
    with pytest.raises(errors.SignatureRefused):
        read(key=OTHER)
