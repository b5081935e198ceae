"""Compact JWS with RS256, from RFC 7515 and RFC 7518 §3.3, independent of the library the kit uses."""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa

Json = dict[str, Any]


class NotAToken(ValueError):
    """The text is no compact JWS."""


def b64url(data: bytes) -> str:
    """Return base64url without padding (RFC 7515 §2)."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode("ascii")


def from_b64url(text: str) -> bytes:
    """Return the bytes of base64url without padding. Raises NotAToken."""
    try:
        return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except (ValueError, binascii.Error) as error:
        raise NotAToken(text[:20]) from error


def _signing_input(header: Json, claims: Json) -> str:
    return ".".join(b64url(json.dumps(part, separators=(",", ":")).encode()) for part in (header, claims))


def sign(header: Json, claims: Json, key: rsa.RSAPrivateKey) -> str:
    """Return a compact JWS signed with RS256."""
    text = _signing_input({"alg": "RS256", "typ": "JWT", **header}, claims)
    return f"{text}.{b64url(key.sign(text.encode(), padding.PKCS1v15(), hashes.SHA256()))}"


def unsigned(header: Json, claims: Json, signature: bytes = b"") -> str:
    """Return a JWS with the given header and any signature: only for situations that a client must refuse."""
    return f"{_signing_input(header, claims)}.{b64url(signature)}"


def read(token: str) -> tuple[Json, Json, bytes, bytes]:
    """Return header, claims, signing input and signature, unverified. Raises NotAToken."""
    parts = token.split(".")
    if len(parts) != 3:
        raise NotAToken("three parts expected")
    try:
        header, claims = json.loads(from_b64url(parts[0])), json.loads(from_b64url(parts[1]))
    except ValueError as error:
        raise NotAToken("header or claims are not JSON") from error
    if not isinstance(header, dict) or not isinstance(claims, dict):
        raise NotAToken("header or claims are no object")
    return header, claims, f"{parts[0]}.{parts[1]}".encode(), from_b64url(parts[2])


def verified(signing_input: bytes, signature: bytes, key: rsa.RSAPublicKey) -> bool:
    """Tell whether the RS256 signature is right."""
    try:
        key.verify(signature, signing_input, padding.PKCS1v15(), hashes.SHA256())
    except InvalidSignature:
        return False
    return True


def public_jwk(key: rsa.RSAPublicKey) -> Json:
    """Return the public key as a JWK whose `kid` is its thumbprint (RFC 7517, RFC 7638)."""
    numbers = key.public_numbers()
    modulus = b64url(numbers.n.to_bytes((numbers.n.bit_length() + 7) // 8, "big"))
    exponent = b64url(numbers.e.to_bytes((numbers.e.bit_length() + 7) // 8, "big"))
    members = json.dumps({"e": exponent, "kty": "RSA", "n": modulus}, separators=(",", ":"), sort_keys=True)
    kid = b64url(hashlib.sha256(members.encode()).digest())
    return {"kty": "RSA", "use": "sig", "alg": "RS256", "kid": kid, "n": modulus, "e": exponent}
