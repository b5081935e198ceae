"""A browser and a software made of the standard library only: neither shares a line with the kit."""

from __future__ import annotations

import base64
import hashlib
import http.client
import json
import re
import secrets
import ssl
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from amarre.cast import ASSOCIATION
from amarre.sandbox.app import Sandbox
from amarre.sandbox.pki import Use

RETURN = "http://localhost:8000/connexion/retour/"
REALM = "/auth/realms/esante-wallet"
STRUCTURE = f"1{ASSOCIATION.finess_ej}"


def b64url(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


class Browser:
    """Follows the authorization pages over plain HTTP, one request at a time, no redirection followed."""

    def __init__(self, sandbox: Sandbox) -> None:
        self.origin = sandbox.plain_url

    def request(
        self,
        method: str,
        url: str,
        form: dict[str, str] | None = None,
        extra: dict[str, str] | None = None,
    ) -> tuple[int, dict[str, str], str]:
        parts = urlsplit(url)
        connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=10)
        body = urlencode(form).encode() if form is not None else None
        headers = {"content-type": "application/x-www-form-urlencoded"} if body else {}
        target = parts.path + (f"?{parts.query}" if parts.query else "")
        connection.request(method, target, body, headers | (extra or {}))
        response = connection.getresponse()
        text = response.read().decode()
        connection.close()
        return response.status, {k.lower(): v for k, v in response.getheaders()}, text

    def log_in(self, url: str, name_id: str, *, accept: bool = True) -> str:
        """Go through the pages; return the address to which the browser is sent back."""
        status, headers, text = self.request("GET", url)
        if status == 303:
            return headers["location"]
        assert status == 200, text
        found = re.search(r'name="demande" value="([0-9a-f]+)"', text)
        assert found
        form = {"demande": found[1], "identifiant": name_id}
        status, _, text = self.request("POST", f"{self.origin}/auth/identification", form)
        assert "Valider dans l’application e-CPS" in text
        form = {"demande": found[1], "choix": "valider" if accept else "refuser"}
        status, headers, _ = self.request("POST", f"{self.origin}/auth/validation", form)
        assert status == 303
        return headers["location"]


class Software:
    """Calls the direct channel with a client certificate."""

    def __init__(self, sandbox: Sandbox, use: Use = Use.PSC, structure: str = STRUCTURE) -> None:
        self.sandbox = sandbox
        paths = sandbox.pki.paths(use, structure)
        self.context = ssl.create_default_context(cafile=str(paths.authorities))
        self.context.load_cert_chain(paths.certificate, paths.key)

    def request(
        self,
        method: str,
        path: str,
        form: dict[str, str] | None = None,
        headers: dict[str, str] | None = None,
    ) -> tuple[int, dict[str, Any]]:
        parts = urlsplit(self.sandbox.https_url)
        connection = http.client.HTTPSConnection(
            parts.hostname or "", parts.port, context=self.context, timeout=10
        )
        body = urlencode(form).encode() if form is not None else None
        kind = {"content-type": "application/x-www-form-urlencoded"} if body else {}
        connection.request(method, REALM + path, body, kind | (headers or {}))
        response = connection.getresponse()
        data = response.read()
        connection.close()
        return response.status, json.loads(data)

    def token(self, **form: str) -> tuple[int, dict[str, Any]]:
        return self.request("POST", "/protocol/openid-connect/token", form)


def authorization(**changes: str) -> tuple[dict[str, str], str]:
    """Return the parameters of a right request (client `amarre-dui-mtls`) and its PKCE verifier."""
    verifier = secrets.token_urlsafe(48)
    values = {
        "response_type": "code",
        "client_id": "amarre-dui-mtls",
        "redirect_uri": RETURN,
        "scope": "openid scope_all",
        "acr_values": "eidas1",
        "state": secrets.token_urlsafe(24),
        "nonce": secrets.token_urlsafe(24),
        "code_challenge": b64url(hashlib.sha256(verifier.encode()).digest()),
        "code_challenge_method": "S256",
    }
    return {**values, **changes}, verifier


def address(sandbox: Sandbox, values: dict[str, str]) -> str:
    return f"{sandbox.plain_url}/auth?{urlencode(values)}"


def returned(location: str) -> dict[str, str]:
    """Return the query of the address a browser is sent back to."""
    return {name: found[0] for name, found in parse_qs(urlsplit(location).query).items()}
