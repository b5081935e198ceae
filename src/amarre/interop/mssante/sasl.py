"""SASL initial responses of personal and organisational mailboxes (Pro Santé Connect access token)."""

from __future__ import annotations

import re

from amarre.interop.mssante.addresses import normalise
from amarre.interop.mssante.errors import HeaderForbidden

_TOKEN = re.compile(r"[A-Za-z0-9._~+/=-]+")  # RFC 6750 §2.1, b64token


def xoauth2(mailbox: str, access_token: str) -> bytes:
    """Return the XOAUTH2 string, not yet in base64 (Référentiel #2, ECO.1.2.1).

    Raises AddressMalformed, or HeaderForbidden when the token has characters no bearer token has.
    """
    return f"user={normalise(mailbox)}\x01auth=Bearer {_token(access_token)}\x01\x01".encode("ascii")


def oauthbearer(mailbox: str, host: str, port: int, access_token: str) -> bytes:
    """Return the OAUTHBEARER string, not yet in base64 (RFC 7628 §3.1). Same errors as `xoauth2`."""
    if not re.fullmatch(r"[A-Za-z0-9.:\[\]-]+", host):
        raise HeaderForbidden(field="serveur")
    start = f"n,a={normalise(mailbox)},\x01host={host}\x01port={port}"
    return f"{start}\x01auth=Bearer {_token(access_token)}\x01\x01".encode("ascii")


def _token(value: str) -> str:
    if not _TOKEN.fullmatch(value):
        raise HeaderForbidden(field="jeton")
    return value
