"""Bytes sealed by the installation's secret and a token of their own: either alone opens nothing."""

from __future__ import annotations

import secrets

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

_NONCE_BYTES = 12


class SealBroken(ValueError):
    """The bytes were changed, belong to something else, or the secret is no longer the same."""


def new_token() -> str:
    """Return a token nobody can guess (256 bits, URL-safe)."""
    return secrets.token_urlsafe(32)


def seal(clear: bytes, *, token: str, purpose: bytes, owner: bytes) -> bytes:
    """Return `clear` sealed (AES-256-GCM); `owner` is authenticated with it and is not in it."""
    nonce = secrets.token_bytes(_NONCE_BYTES)
    return nonce + AESGCM(_key(settings.SECRET_KEY, token, purpose)).encrypt(nonce, clear, owner)


def unseal(sealed: bytes, *, token: str, purpose: bytes, owner: bytes) -> bytes:
    """Return the bytes, also when the secret was renewed since (SECRET_KEY_FALLBACKS). Raises SealBroken."""
    nonce, body = sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:]
    for secret in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS):
        try:
            return AESGCM(_key(str(secret), token, purpose)).decrypt(nonce, body, owner)
        except (InvalidTag, ValueError):
            continue
    raise SealBroken


def _key(secret: str, token: str, purpose: bytes) -> bytes:
    derivation = HKDF(hashes.SHA256(), 32, salt=token.encode(), info=purpose)
    return derivation.derive(secret.encode())
