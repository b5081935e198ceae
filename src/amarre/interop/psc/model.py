"""Shapes of a Pro Santé Connect login: settings, requests, tokens, and the professional found at the end."""

from __future__ import annotations

import datetime
from dataclasses import dataclass, field

from amarre.interop.psc import codes


@dataclass(frozen=True, slots=True)
class SecretAuthentication:
    """`client_secret_basic`: the secret given by the ANS, sent in the Authorization header."""

    secret: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class PrivateKeyJwtAuthentication:
    """`private_key_jwt` (RFC 7523): a short signed assertion at each call. `pem`: PKCS#8 private key."""

    pem: bytes = field(repr=False)
    key_id: str
    algorithm: str = "RS256"
    lifetime: datetime.timedelta = datetime.timedelta(seconds=60)


@dataclass(frozen=True, slots=True)
class TlsClientAuthentication:
    """`tls_client_auth` (RFC 8705): the TLS client certificate of the transport is the proof."""


ClientAuthentication = SecretAuthentication | PrivateKeyJwtAuthentication | TlsClientAuthentication


@dataclass(frozen=True, slots=True)
class PscProfile:
    """One declared client of Pro Santé Connect.

    `accepted_acr` and `algorithms` are pinned here, never read from the provider. Raises ValueError when an
    algorithm is not asymmetric or the list of accepted levels is empty.
    """

    issuer: str
    discovery_url: str
    client_id: str
    redirect_uri: str
    authentication: ClientAuthentication
    post_logout_redirect_uri: str = ""
    scope: str = codes.SCOPES
    requested_acr: str = codes.REQUESTED_ACR
    accepted_acr: tuple[str, ...] = codes.ACCEPTED_ACR
    algorithms: tuple[str, ...] = codes.DEFAULT_ALGORITHMS
    skew: datetime.timedelta = datetime.timedelta(seconds=60)
    # Ask for a new proof even when a Pro Santé Connect session is open (`prompt=login`): on a shared post,
    # that session may be the previous person's. Support by the real service is unconfirmed.
    fresh_login: bool = True

    def __post_init__(self) -> None:
        if not self.algorithms or not set(self.algorithms) <= codes.ASYMMETRIC_ALGORITHMS:
            raise ValueError("only asymmetric signature algorithms can be accepted")
        if not self.accepted_acr:
            raise ValueError("at least one level of authentication must be accepted")


@dataclass(frozen=True, slots=True)
class Metadata:
    """The part of the discovery document that a login uses. Empty strings: not offered."""

    issuer: str
    authorization_endpoint: str
    token_endpoint: str
    userinfo_endpoint: str
    jwks_uri: str
    end_session_endpoint: str = ""
    introspection_endpoint: str = ""
    iss_parameter_supported: bool = False


@dataclass(frozen=True, slots=True)
class AuthorizationRequest:
    """A login that starts: `url` is for the browser, the other values stay in its server-side session."""

    url: str
    state: str = field(repr=False)
    nonce: str = field(repr=False)
    code_verifier: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class BackChannelRequest:
    """A form to post to the provider: headers (names in lower case) and body, ready to send."""

    url: str
    headers: dict[str, str]
    body: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class TokenSet:
    """What the token endpoint gave. Tokens never appear in a representation, hence never in a log."""

    access_token: str = field(repr=False)
    id_token: str = field(repr=False)
    refresh_token: str = field(repr=False)
    expires_in: int
    refresh_expires_in: int


@dataclass(frozen=True, slots=True)
class IdentityToken:
    """The claims of an ID token whose signature and claims were all checked."""

    issuer: str
    subject: str
    subject_name_id: str
    acr: str
    session_id: str
    auth_mode: codes.AuthMode
    issued_at: datetime.datetime
    expires_at: datetime.datetime


@dataclass(frozen=True, slots=True)
class OtherId:
    """One more identifier of the professional (`otherIds`): value and register (RPPS, ADELI, EDIT…)."""

    identifiant: str
    origine: str


@dataclass(frozen=True, slots=True)
class Activity:
    """One place of work of an exercise (`activities`). Every member may be an empty string."""

    numero_finess_site: str
    numero_finess_etablissement_juridique: str
    numero_siret_site: str
    identifiant_technique: str
    ancien_identifiant: str
    raison_sociale: str
    code_mode_exercice: str
    code_secteur: str
    code_role: str
    code_genre: str


@dataclass(frozen=True, slots=True)
class Exercice:
    """One profession exercised, with its places of work. "À rôle" professionals have profession 99."""

    code_profession: str
    code_categorie: str
    code_civilite: str
    nom: str
    prenom: str
    code_type_savoir_faire: str
    code_savoir_faire: str
    activities: tuple[Activity, ...]


@dataclass(frozen=True, slots=True)
class ProfessionalIdentity:
    """The person who logged in, from UserInfo.

    `subject_name_id` is the national identifier of the account (TRE_G08 form: "8" + RPPS, "0" + ADELI, …) and
    the only key to compare; `rpps` has 11 digits or is empty; `subject` differs between environments.
    """

    subject: str
    subject_name_id: str
    family_name: str
    given_name: str
    rpps: str
    civilite: str
    secteur_activite: str
    palier_authentification: str
    auth_mode: codes.AuthMode
    other_ids: tuple[OtherId, ...] = ()
    exercices: tuple[Exercice, ...] = ()

    def structure_numbers(self) -> frozenset[str]:
        """Return every FINESS (site and legal entity) and SIRET of the activities, empty values left out."""
        numbers: set[str] = set()
        for exercice in self.exercices:
            for activity in exercice.activities:
                numbers |= {
                    activity.numero_finess_site,
                    activity.numero_finess_etablissement_juridique,
                    activity.numero_siret_site,
                }
        return frozenset(numbers - {""})


@dataclass(frozen=True, slots=True)
class Login:
    """A finished login: checked identity token, tokens, and the professional."""

    identity_token: IdentityToken
    tokens: TokenSet
    professional: ProfessionalIdentity
