"""The direct channel: discovery, keys, tokens, UserInfo, introspection, all behind a client certificate."""

from __future__ import annotations

import hashlib
import json
import os
import secrets
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from amarre.sandbox.context import SandboxContext
from amarre.sandbox.service import SandboxRequest, SandboxResponse, Verdict
from amarre.sandbox.services.psc import jws, situations
from amarre.sandbox.services.psc.authorization import NAME, single_values
from amarre.sandbox.services.psc.people import Holder
from amarre.sandbox.services.psc.registry import Client, ClientAuthenticator, Method, thumbprint
from amarre.sandbox.services.psc.rules import Checks, Rule

Json = dict[str, Any]
Answer = tuple[SandboxResponse, Verdict]

CODE_SECONDS = 60
TOKEN_SECONDS = 120


class BackChannel:
    """Everything under the realm's path on the mutual-TLS port."""

    def __init__(
        self, context: SandboxContext, clients: dict[str, Client], people: dict[str, Holder], issuer: str
    ) -> None:
        self._context = context
        self._people = people
        self._issuer = issuer
        self._protocol = f"{issuer}/protocol/openid-connect"
        self._authenticator = ClientAuthenticator(context, clients, (issuer, f"{self._protocol}/token"))
        self._signer = _signer(context.settings.data_dir)
        realm = urlsplit(issuer).path
        protocol = f"{realm}/protocol/openid-connect"
        self._routes: dict[tuple[str, str], Callable[[SandboxRequest], Answer]] = {
            ("GET", f"{realm}/.well-known/wallet-openid-configuration"): self._discovery,
            ("GET", f"{protocol}/certs"): self._certs,
            ("POST", f"{protocol}/token"): self._token,
            ("GET", f"{protocol}/userinfo"): self._userinfo,
            ("POST", f"{protocol}/userinfo"): self._userinfo,
            ("POST", f"{protocol}/token/introspect"): self._introspect,
        }

    def handle(self, request: SandboxRequest) -> Answer:
        """Answer a software."""
        route = self._routes.get((request.method, request.path))
        if route is None:
            verdict = Verdict(
                False, "inconnue", "Pro Santé Connect n'a rien à cette adresse ou par cette méthode."
            )
            return _json(404, {"error": "Not Found"}), verdict
        return route(request)

    def discovery_document(self) -> Json:
        """Return the metadata of this provider. Only what it really does is announced."""
        return {
            "issuer": self._issuer,
            "authorization_endpoint": f"{self._context.plain_url}/auth",
            "token_endpoint": f"{self._protocol}/token",
            "introspection_endpoint": f"{self._protocol}/token/introspect",
            "userinfo_endpoint": f"{self._protocol}/userinfo",
            "jwks_uri": f"{self._protocol}/certs",
            "end_session_endpoint": f"{self._context.plain_url}{urlsplit(self._protocol).path}/logout",
            "response_types_supported": ["code"],
            "response_modes_supported": ["query"],
            "grant_types_supported": ["authorization_code"],
            "subject_types_supported": ["public"],
            "scopes_supported": ["openid", "scope_all", "profile", "identity", "rpps"],
            # The real document says the same: the value is not to be relied on.
            "acr_values_supported": ["0", "0"],
            "id_token_signing_alg_values_supported": ["RS256"],
            "token_endpoint_auth_methods_supported": [str(item) for item in Method],
            "token_endpoint_auth_signing_alg_values_supported": ["RS256"],
            "code_challenge_methods_supported": ["S256"],
            "tls_client_certificate_bound_access_tokens": True,
            "authorization_response_iss_parameter_supported": True,
        }

    def _discovery(self, request: SandboxRequest) -> Answer:
        return _json(200, self.discovery_document()), Verdict(True, "découverte", "Le document est donné.")

    def _certs(self, request: SandboxRequest) -> Answer:
        return _json(200, {"keys": [self._signer.jwk]}), Verdict(
            True, "clés", "Les clés publiques sont données."
        )

    def _token(self, request: SandboxRequest) -> Answer:
        checks = Checks()
        kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
        if not checks.keep(Rule.FORM, kind == "application/x-www-form-urlencoded"):
            return _refused(400, "invalid_request", checks, "jetons")
        form, single = single_values(request.body.decode("utf-8", "replace"))
        if not checks.keep(Rule.SINGLE, single):
            return _refused(400, "invalid_request", checks, "jetons")
        client = self._authenticator.authenticate(request, form, checks)
        if client is None:
            return _refused(401, "invalid_client", checks, "jetons")
        if not checks.keep(Rule.GRANT, form.get("grant_type") == "authorization_code"):
            return _refused(400, "unsupported_grant_type", checks, "jetons")
        state = self._redeem(request, form, client, checks)
        if state is None:
            return _refused(400, "invalid_grant", checks, "jetons")
        holder = self._people[state["holder"]]
        decoded = {"Client": client.client_id, "Personne": f"{holder.given_name} {holder.family_name}"}
        verdict = Verdict(True, "jetons", "Les jetons sont donnés.", tuple(checks.remarks), decoded)
        return _json(200, self._issue(request, form, state, client)), verdict

    def _redeem(
        self, request: SandboxRequest, form: dict[str, str], client: Client, checks: Checks
    ) -> Json | None:
        """Return what the code stands for, None when a rule is broken. A replayed code ends its tokens."""
        code = form.get("code", "")
        raw = self._context.store.get(NAME, f"code/{code}")
        if not checks.keep(Rule.CODE_KNOWN, raw is not None) or raw is None:
            return None
        if not checks.keep(Rule.CODE_ONCE, self._context.store.put_new(NAME, f"used/{code}", b"")):
            for key in self._context.store.keys(NAME, f"issued/{code}/"):
                self._context.store.delete(NAME, f"access/{key.rpartition('/')[2]}")
            return None
        state: Json = json.loads(raw)
        aged = self._context.scenarios.active(NAME) in situations.ON_CODE
        if aged:
            self._context.scenarios.consume(NAME)
        age = request.received_at.timestamp() - state["code_at"]
        fresh = checks.keep(Rule.CODE_FRESH, not aged and age <= CODE_SECONDS)
        same = checks.keep(Rule.CODE_CLIENT, state["client_id"] == client.client_id)
        back = checks.keep(Rule.CODE_REDIRECT, form.get("redirect_uri") == state["redirect_uri"])
        digest = jws.b64url(hashlib.sha256(form.get("code_verifier", "").encode()).digest())
        pkce = checks.keep(Rule.PKCE_VERIFIER, secrets.compare_digest(digest, state["code_challenge"]))
        return state if fresh and same and back and pkce else None

    def _issue(self, request: SandboxRequest, form: dict[str, str], state: Json, client: Client) -> Json:
        """Return the token response. The access token is bound to the certificate of this very call."""
        situation = self._context.scenarios.active(NAME)
        if situation in situations.ON_TOKEN:
            self._context.scenarios.consume(NAME)
        holder = self._people[state["holder"]]
        if situation == "compte-inconnu":
            holder = situations.unknown_holder()
        common = self._common_claims(holder, state, client, int(request.received_at.timestamp()))
        certificate = request.client_certificate
        bound = thumbprint(certificate) if certificate else ""
        access_token = self._access_token(common, holder, state, bound)
        digest = hashlib.sha256(access_token.encode()).digest()
        identity = {
            **common,
            "jti": str(self._context.ids.uuid()),
            "typ": "ID",
            "aud": client.client_id,
            "at_hash": jws.b64url(digest[:16]),
            "SubjectNameID": holder.subject_name_id,
            "given_name": holder.given_name,
            "family_name": holder.family_name,
        }
        kept = {
            "holder": holder.subject_name_id,
            "exp": common["exp"],
            "bound": bound,
            "client": client.client_id,
            "scope": state["scope"],
        }
        self._context.store.put_many(
            NAME,
            {
                f"access/{digest.hex()}": json.dumps(kept).encode(),
                f"issued/{form['code']}/{digest.hex()}": b"",
            },
        )
        claims = situations.spoil_claims(situation, identity)
        return {
            "access_token": access_token,
            "expires_in": TOKEN_SECONDS,
            "token_type": "Bearer",
            "id_token": situations.sign_identity(situation, claims, self._signer),
            "not-before-policy": 0,
            "session_state": common["session_state"],
            "scope": state["scope"],
        }

    def _common_claims(self, holder: Holder, state: Json, client: Client, now: int) -> Json:
        """Return the claims that the access token and the ID token share."""
        session = self._context.ids.uuid().hex
        return {
            "iss": self._issuer,
            "sub": holder.subject,
            "azp": client.client_id,
            "iat": now,
            "exp": now + TOKEN_SECONDS,
            "auth_time": int(state["code_at"]),
            "nonce": state["nonce"],
            "session_state": session,
            "sid": session,
            # "eidas1" is asked and "eidas3" answered: seen in the real sandbox environment.
            "acr": "eidas3",
            "authMode": "MOBILE",
            "preferred_username": holder.subject_name_id,
        }

    def _access_token(self, common: Json, holder: Holder, state: Json, bound: str) -> str:
        """Return the access token: it names no audience, as the real one."""
        claims = {
            **common,
            "jti": str(self._context.ids.uuid()),
            "typ": "Bearer",
            "scope": state["scope"],
            "cnf": {"x5t#S256": bound},
            "otherIds": holder.claims["otherIds"],
        }
        return jws.sign({"kid": self._signer.jwk["kid"]}, claims, self._signer.key)

    def _access(self, token: str, request: SandboxRequest) -> Json | None:
        raw = self._context.store.get(NAME, f"access/{hashlib.sha256(token.encode()).hexdigest()}")
        kept: Json | None = json.loads(raw) if raw else None
        return kept if kept and kept["exp"] > request.received_at.timestamp() else None

    def _holder(self, name_id: str) -> Holder:
        return self._people.get(name_id) or situations.unknown_holder()

    def _userinfo(self, request: SandboxRequest) -> Answer:
        checks = Checks()
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        kept = self._access(token, request) if scheme.lower() == "bearer" else None
        if not checks.keep(Rule.BEARER, kept is not None) or kept is None:
            return _refused(401, "invalid_token", checks, "UserInfo")
        certificate = request.client_certificate
        held = certificate is not None and thumbprint(certificate) == kept["bound"]
        if not checks.keep(Rule.BOUND, held):
            return _refused(401, "invalid_token", checks, "UserInfo")
        situation = self._context.scenarios.active(NAME)
        if situation in situations.ON_USERINFO:
            self._context.scenarios.consume(NAME)
        holder = self._holder(kept["holder"])
        claims: Json = {"sub": holder.subject, "authMode": "MOBILE", **holder.claims}
        claims = situations.spoil_userinfo(situation, claims)
        decoded = {"Personne": f"{holder.given_name} {holder.family_name}"}
        verdict = Verdict(True, "UserInfo", "L'identité est donnée.", tuple(checks.remarks), decoded)
        if situation == "userinfo-signe":
            signed = {**claims, "iss": self._issuer, "aud": kept["client"]}
            body = jws.sign({"kid": self._signer.jwk["kid"]}, signed, self._signer.key).encode()
            return SandboxResponse(200, {"content-type": "application/jwt"}, body), verdict
        return _json(200, claims), verdict

    def _introspect(self, request: SandboxRequest) -> Answer:
        """Tell whether an access token lives (RFC 7662), with `SubjectNameID` as the real service."""
        checks = Checks()
        try:
            form, _ = single_values(request.body.decode("utf-8", "replace"))
        except ValueError:
            form = {}
        if self._authenticator.authenticate(request, form, checks) is None:
            return _refused(401, "invalid_client", checks, "introspection")
        kept = self._access(form.get("token", ""), request)
        answer: Json = {"active": False}
        if kept is not None:
            holder = self._holder(kept["holder"])
            answer = {
                "active": True,
                "iss": self._issuer,
                "sub": holder.subject,
                "client_id": kept["client"],
                "username": holder.subject_name_id,
                "SubjectNameID": holder.subject_name_id,
                "scope": kept["scope"],
                "exp": kept["exp"],
                "token_type": "Bearer",
                "cnf": {"x5t#S256": kept["bound"]},
            }
        sentence = "Le jeton est actif." if kept else "Le jeton n'est pas actif."
        return _json(200, answer), Verdict(True, "introspection", sentence, tuple(checks.remarks))


def _json(status: int, value: Json) -> SandboxResponse:
    headers = {"content-type": "application/json", "cache-control": "no-store", "pragma": "no-cache"}
    return SandboxResponse(status, headers, json.dumps(value, ensure_ascii=False).encode())


def _refused(status: int, error: str, checks: Checks, operation: str) -> Answer:
    response = _json(status, {"error": error, "error_description": checks.broken()})
    if status == 401:
        challenge = {"www-authenticate": f'Bearer error="{error}"'}
        response = SandboxResponse(status, response.headers | challenge, response.body)
    return response, Verdict(False, operation, f"Refusé ({error}). {checks.broken()}", tuple(checks.remarks))


def _signer(data_dir: Path) -> situations.Signer:
    """Return the provider's signature key, made at the first start and kept in `<data>/psc/signature.key`."""
    path = data_dir / "psc" / "signature.key"
    if path.exists():
        key = serialization.load_pem_private_key(path.read_bytes(), password=None)
        if not isinstance(key, rsa.RSAPrivateKey):
            raise TypeError("the provider's key is not an RSA key")
        return situations.Signer(key, jws.public_jwk(key.public_key()))
    made = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    pem = made.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(pem)
    return situations.Signer(made, jws.public_jwk(made.public_key()))
