"""Pro Santé Connect: the login of health and social care professionals (OpenID Connect)."""

from amarre.interop.psc.codes import AuthMode
from amarre.interop.psc.decode import parse_authorization_response, parse_discovery, parse_professional
from amarre.interop.psc.encode import authorization_request, end_session_url, token_request
from amarre.interop.psc.model import (
    Activity,
    AuthorizationRequest,
    BackChannelRequest,
    ClientAuthentication,
    Exercice,
    IdentityToken,
    Login,
    Metadata,
    OtherId,
    PrivateKeyJwtAuthentication,
    ProfessionalIdentity,
    PscProfile,
    SecretAuthentication,
    TlsClientAuthentication,
    TokenSet,
)
from amarre.interop.psc.rules import check_identity_token, parse_keys

__all__ = [
    "Activity",
    "AuthMode",
    "AuthorizationRequest",
    "BackChannelRequest",
    "ClientAuthentication",
    "Exercice",
    "IdentityToken",
    "Login",
    "Metadata",
    "OtherId",
    "PrivateKeyJwtAuthentication",
    "ProfessionalIdentity",
    "PscProfile",
    "SecretAuthentication",
    "TlsClientAuthentication",
    "TokenSet",
    "authorization_request",
    "check_identity_token",
    "end_session_url",
    "parse_authorization_response",
    "parse_discovery",
    "parse_keys",
    "parse_professional",
    "token_request",
]
