"""Fixed words of Pro Santé Connect: parameters, levels of authentication, algorithms, environments.

Sources: "Pro Santé Connect, documentation technique" (ANS, industriels.esante.gouv.fr), OpenID Connect
Core 1.0, RFC 7636 (PKCE), RFC 7523 (private_key_jwt), RFC 9207 (`iss` of the authorization response).
"""

from __future__ import annotations

from enum import StrEnum
from typing import Final

DISCOVERY_SUFFIX: Final = "/.well-known/wallet-openid-configuration"

# Published environments: issuer by environment. The discovery address is always configured, never guessed.
ISSUERS: Final = {
    "bas": "https://auth.bas.psc.esante.gouv.fr/auth/realms/esante-wallet",
    "production": "https://auth.esw.esante.gouv.fr/auth/realms/esante-wallet",
}

SCOPES: Final = "openid scope_all"
REQUESTED_ACR: Final = "eidas1"
# `eidas1` is asked, and tokens of the sandbox environment ("bac à sable") were seen with `eidas3`.
ACCEPTED_ACR: Final = ("eidas1", "eidas2", "eidas3")

# Asymmetric algorithms only: with a symmetric one, whoever knows the client secret could forge an identity.
ASYMMETRIC_ALGORITHMS: Final = frozenset(
    {"RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384"}
)
DEFAULT_ALGORITHMS: Final = ("RS256",)

CLIENT_ASSERTION_TYPE: Final = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"

# An authorization code flow answers with tokens of a few kilobytes; what is far above is not read.
MAX_TOKEN_CHARACTERS: Final = 65_536


class AuthMode(StrEnum):
    """How the person proved who she is (claim `authMode`). MOBILE is expected for e-CPS (unconfirmed)."""

    CARD = "CARD"
    MOBILE = "MOBILE"
    UNKNOWN = ""


class OidcError(StrEnum):
    """Error words of RFC 6749 §4.1.2.1, §5.2, OpenID Connect Core §3.1.2.6 with a sentence of their own."""

    ACCESS_DENIED = "access_denied"
    INVALID_GRANT = "invalid_grant"
    INVALID_CLIENT = "invalid_client"
    UNAUTHORIZED_CLIENT = "unauthorized_client"
    SERVER_ERROR = "server_error"
    TEMPORARILY_UNAVAILABLE = "temporarily_unavailable"
