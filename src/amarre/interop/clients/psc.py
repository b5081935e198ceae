"""Client of Pro Santé Connect: discovery, exchange of the code, UserInfo, logout address.

The caller keeps the `Metadata` (it changes rarely) and the `AuthorizationRequest` (in the browser's session).
Nothing is retried: an authorization code lives once.
"""

from __future__ import annotations

from joserfc.jwk import KeySet

from amarre.interop.common.clock import Clock, IdSource
from amarre.interop.psc import decode, encode, rules
from amarre.interop.psc.errors import ServiceUnavailable
from amarre.interop.psc.model import (
    AuthorizationRequest,
    IdentityToken,
    Login,
    Metadata,
    ProfessionalIdentity,
    PscProfile,
    TokenSet,
)
from amarre.interop.transport.http import Deadlines, HttpRequest, HttpResponse, HttpTransport

# A person is waiting in front of the login page: shorter than a deposit.
LOGIN_DEADLINES = Deadlines(connect=3.0, first_byte=8.0, whole=10.0)
SERVICE = "Pro Santé Connect"


class PscClient:
    """One declared client of Pro Santé Connect over one transport (TLS, with its client certificate)."""

    def __init__(
        self,
        transport: HttpTransport,
        profile: PscProfile,
        clock: Clock,
        ids: IdSource,
        deadlines: Deadlines = LOGIN_DEADLINES,
    ) -> None:
        self._transport = transport
        self._profile = profile
        self._clock = clock
        self._ids = ids
        self._deadlines = deadlines

    def _send(self, request: HttpRequest) -> HttpResponse:
        return self._transport.send(request, self._deadlines)

    def _get(self, url: str, label: str, headers: dict[str, str] | None = None) -> HttpResponse:
        return self._send(
            HttpRequest("GET", url, headers or {"accept": "application/json"}, b"", SERVICE, label)
        )

    def discover(self) -> Metadata:
        """Read the discovery document. Raises TransportError, and the errors of `parse_discovery`."""
        response = self._get(self._profile.discovery_url, "psc-decouverte")
        if response.status != 200:
            raise ServiceUnavailable(remote_code=str(response.status))
        return decode.parse_discovery(response.body, self._profile)

    def authorization_request(self, metadata: Metadata) -> AuthorizationRequest:
        """Return a new login: the address for the browser, and the values to keep until it comes back."""
        return encode.authorization_request(metadata, self._profile, self._ids)

    def signing_keys(self, metadata: Metadata) -> KeySet:
        """Read the provider's signature keys. Raises TransportError, ServiceUnavailable, MalformedAnswer."""
        response = self._get(metadata.jwks_uri, "psc-cles")
        if response.status != 200:
            raise ServiceUnavailable(remote_code=str(response.status))
        return rules.parse_keys(response.body)

    def exchange_code(
        self, metadata: Metadata, *, code: str, code_verifier: str, nonce: str
    ) -> tuple[TokenSet, IdentityToken]:
        """Exchange an authorization code and check the ID token wholly.

        Raises TransportError, CodeRefused, ClientRefused and every error of `rules.check_identity_token`.
        """
        built = encode.token_request(
            metadata, self._profile, code=code, code_verifier=code_verifier, clock=self._clock, ids=self._ids
        )
        response = self._send(
            HttpRequest("POST", built.url, built.headers, built.body, SERVICE, "psc-jetons")
        )
        tokens = decode.parse_token_response(response.status, response.body)
        identity = rules.check_identity_token(
            tokens.id_token,
            keys=self.signing_keys(metadata),
            profile=self._profile,
            nonce=nonce,
            access_token=tokens.access_token,
            now=self._clock.now(),
        )
        return tokens, identity

    def userinfo(self, metadata: Metadata, tokens: TokenSet, identity: IdentityToken) -> ProfessionalIdentity:
        """Read the professional who logged in.

        Raises TransportError, AccessTokenRefused, SubjectMismatch, IdentityMissing, MalformedAnswer.
        """
        headers = {
            "authorization": f"Bearer {tokens.access_token}",
            "accept": "application/json, application/jwt",
        }
        response = self._get(metadata.userinfo_endpoint, "psc-userinfo", headers)
        decode.check_userinfo_status(response.status, response.body)
        content_type = response.headers.get("content-type", "")
        signed = content_type.lower().startswith("application/jwt")
        keys = self.signing_keys(metadata) if signed else KeySet([])
        claims = rules.userinfo_claims(content_type, response.body, keys=keys, profile=self._profile)
        rules.check_same_subject(claims, identity)
        return decode.parse_professional(claims)

    def login(self, metadata: Metadata, *, code: str, code_verifier: str, nonce: str) -> Login:
        """Exchange the code, check the ID token, read UserInfo: the whole end of a login."""
        tokens, identity = self.exchange_code(metadata, code=code, code_verifier=code_verifier, nonce=nonce)
        professional = self.userinfo(metadata, tokens, identity)
        return Login(identity_token=identity, tokens=tokens, professional=professional)

    def end_session_url(self, metadata: Metadata, *, id_token: str = "", state: str = "") -> str:
        """Return the address that ends the person's Pro Santé Connect session, "" when there is none."""
        return encode.end_session_url(metadata, self._profile, id_token=id_token, state=state)
