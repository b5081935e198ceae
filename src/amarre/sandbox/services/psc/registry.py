"""The clients declared to the simulated Pro Santé Connect, and how each proves who it is."""

from __future__ import annotations

import base64
import hashlib
import os
import secrets
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from urllib.parse import unquote_plus

from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID

from amarre.cast import ASSOCIATION
from amarre.sandbox.context import SandboxContext
from amarre.sandbox.pki import COMMON_NAMES, Use
from amarre.sandbox.service import SandboxRequest
from amarre.sandbox.services.psc import jws
from amarre.sandbox.services.psc.rules import Checks, Rule

# Where the DUI waits for the browser, under the address of the settings.
RETURN_PATH = "/connexion/retour/"
AFTER_LOGOUT_PATH = "/connexion/"
ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
MAX_ASSERTION_SECONDS = 300
SKEW_SECONDS = 60


class Method(StrEnum):
    """Ways to authenticate that the provider announces."""

    PRIVATE_KEY_JWT = "private_key_jwt"
    BASIC = "client_secret_basic"
    TLS = "tls_client_auth"


@dataclass(frozen=True, slots=True)
class Client:
    """One declared client."""

    client_id: str
    method: Method
    redirect_uris: tuple[str, ...]
    post_logout_redirect_uris: tuple[str, ...]


def declared_clients(dui_url: str) -> dict[str, Client]:
    """Return the clients by identifier: one per method, with the same return address."""
    names = {
        "amarre-dui": Method.PRIVATE_KEY_JWT,
        "amarre-dui-secret": Method.BASIC,
        "amarre-dui-mtls": Method.TLS,
    }
    return {
        name: Client(name, method, (f"{dui_url}{RETURN_PATH}",), (f"{dui_url}{AFTER_LOGOUT_PATH}",))
        for name, method in names.items()
    }


def thumbprint(certificate: x509.Certificate) -> str:
    """Return `x5t#S256` of a certificate (RFC 8705 §3.1)."""
    der = certificate.public_bytes(serialization.Encoding.DER)
    return jws.b64url(hashlib.sha256(der).digest())


def client_secret(data_dir: Path) -> str:
    """Return the secret of `amarre-dui-secret`, drawn once and kept in `<data>/psc/client-secret`."""
    path = data_dir / "psc" / "client-secret"
    if not path.exists():
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(secrets.token_urlsafe(32))
    return path.read_text(encoding="ascii")


class ClientAuthenticator:
    """Checks who calls the direct channel, by the method declared for that client."""

    def __init__(
        self, context: SandboxContext, clients: dict[str, Client], audiences: tuple[str, ...]
    ) -> None:
        self._context = context
        self._clients = clients
        self._audiences = audiences

    def authenticate(self, request: SandboxRequest, form: dict[str, str], checks: Checks) -> Client | None:
        """Return the client that proved who it is, None otherwise; every rule looked at is noted."""
        certificate = request.client_certificate
        if not checks.keep(Rule.CERTIFICATE, certificate is not None and _is_for_psc(certificate)):
            return None
        name, password = _basic(request.headers.get("authorization", ""))
        client = self._clients.get(name or form.get("client_id", "") or _issuer_of(form))
        if not checks.keep(Rule.CLIENT, client is not None) or client is None:
            return None
        match client.method:
            case Method.BASIC:
                expected = client_secret(self._context.settings.data_dir)
                proved = checks.keep(
                    Rule.AUTHENTICATION, secrets.compare_digest(password.encode(), expected.encode())
                )
            case Method.TLS:
                # The certificate was checked above: it is the proof.
                proved = checks.keep(Rule.AUTHENTICATION, not name and "client_assertion" not in form)
            case Method.PRIVATE_KEY_JWT:
                proved = self._assertion(client, request, form, checks)
        return client if proved else None

    def _assertion(
        self, client: Client, request: SandboxRequest, form: dict[str, str], checks: Checks
    ) -> bool:
        if not checks.keep(Rule.AUTHENTICATION, form.get("client_assertion_type") == ASSERTION_TYPE):
            return False
        try:
            header, claims, signing_input, signature = jws.read(form.get("client_assertion", ""))
        except jws.NotAToken:
            return checks.keep(Rule.ASSERTION_SIGNATURE, False)
        signed = header.get("alg") == "RS256" and jws.verified(signing_input, signature, self.declared_key())
        if not checks.keep(Rule.ASSERTION_SIGNATURE, signed):
            return False
        now = int(request.received_at.timestamp())
        expires, audience = claims.get("exp"), claims.get("aud")
        right = (
            claims.get("iss") == claims.get("sub") == client.client_id
            and any(
                item in self._audiences for item in (audience if isinstance(audience, list) else [audience])
            )
            and isinstance(expires, int)
            and now - SKEW_SECONDS < expires <= now + MAX_ASSERTION_SECONDS + SKEW_SECONDS
        )
        if not checks.keep(Rule.ASSERTION_CLAIMS, right):
            return False
        identifier = claims.get("jti")
        fresh = isinstance(identifier, str) and bool(identifier)
        fresh = fresh and self._context.store.put_new("psc", f"jti/{client.client_id}/{identifier}", b"")
        return checks.keep(Rule.ASSERTION_ONCE, fresh)

    def declared_key(self) -> rsa.RSAPublicKey:
        """Return the key declared for `private_key_jwt`: that of the association's « psc » certificate."""
        paths = self._context.pki.paths(Use.PSC, f"1{ASSOCIATION.finess_ej}")
        key = x509.load_pem_x509_certificate(paths.certificate.read_bytes()).public_key()
        if not isinstance(key, rsa.RSAPublicKey):
            raise TypeError("the declared key is not an RSA key")
        return key


def _is_for_psc(certificate: x509.Certificate) -> bool:
    names = certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
    return bool(names) and names[0].value == COMMON_NAMES[Use.PSC]


def _basic(header: str) -> tuple[str, str]:
    """Return identifier and secret of an HTTP Basic header, "" when there is none (RFC 6749 §2.3.1)."""
    scheme, _, value = header.partition(" ")
    if scheme.lower() != "basic":
        return "", ""
    try:
        name, _, password = base64.b64decode(value, validate=True).decode().partition(":")
    except ValueError:
        return "", ""
    return unquote_plus(name), unquote_plus(password)


def _issuer_of(form: dict[str, str]) -> str:
    """Return the client an assertion names, unverified (RFC 7521 §4.2: `client_id` is optional)."""
    try:
        _, claims, _, _ = jws.read(form.get("client_assertion", ""))
    except jws.NotAToken:
        return ""
    return str(claims.get("iss", ""))
