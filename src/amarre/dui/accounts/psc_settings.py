"""Settings of Pro Santé Connect: addresses, declared client and its proof. The sandbox is only an address."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from amarre.dui.core.env import Env

DISCOVERY_SUFFIX = "/.well-known/wallet-openid-configuration"
RETURN_PATH = "/connexion/retour/"
AFTER_LOGOUT_PATH = "/connexion/"


@dataclass(frozen=True, slots=True)
class PscSettings:
    """One declared client of Pro Santé Connect. An empty `issuer` means: not configured yet."""

    issuer: str
    discovery_url: str
    client_id: str
    # private_key_jwt, client_secret_basic or tls_client_auth.
    authentication: str
    public_url: str
    ca_file: str
    cert_file: str
    key_file: str
    assertion_key_id: str
    client_secret: str = field(repr=False)
    accepted_acr: tuple[str, ...]
    algorithms: tuple[str, ...]
    # Shared computers: ask for a new proof at each login, even when a Pro Santé Connect session is open.
    fresh_login: bool = True

    @property
    def redirect_uri(self) -> str:
        """Address declared for the return of the browser."""
        return f"{self.public_url}{RETURN_PATH}"

    @property
    def post_logout_redirect_uri(self) -> str:
        """Address declared for the return after logout."""
        return f"{self.public_url}{AFTER_LOGOUT_PATH}"


def sandbox_defaults(sandbox_data: Path, structure: str) -> dict[str, str]:
    """Return the values that lead to a sandbox running on this machine with its default ports."""
    pki = sandbox_data / "pki"
    return {
        "AMARRE_PSC_ISSUER": "https://localhost:8443/auth/realms/esante-wallet",
        "AMARRE_PSC_CLIENT_ID": "amarre-dui",
        "AMARRE_PSC_CA_FILE": str(pki / "ca.pem"),
        "AMARRE_PSC_CERT_FILE": str(pki / "clients" / structure / "psc.pem"),
        "AMARRE_PSC_KEY_FILE": str(pki / "clients" / structure / "psc.key"),
        "AMARRE_PUBLIC_URL": "http://localhost:8000",
    }


def psc_settings(env: Env, defaults: Mapping[str, str] | None = None) -> PscSettings:
    """Read the settings of Pro Santé Connect; `defaults` replace the empty ones (demonstration)."""
    given = defaults or {}

    def text(name: str, default: str, help: str) -> str:
        return env.text(name, given.get(name, default), help=help)

    issuer = text("AMARRE_PSC_ISSUER", "", "Issuer of Pro Santé Connect, to the letter.").rstrip("/")
    discovery = text("AMARRE_PSC_DISCOVERY_URL", "", "Discovery document; by default under the issuer.")
    authentication = text("AMARRE_PSC_AUTHENTICATION", "private_key_jwt", "How Amarre proves who it is.")
    return PscSettings(
        issuer=issuer,
        discovery_url=discovery or (f"{issuer}{DISCOVERY_SUFFIX}" if issuer else ""),
        client_id=text("AMARRE_PSC_CLIENT_ID", "", "Identifier of the declared client."),
        authentication=authentication,
        public_url=text("AMARRE_PUBLIC_URL", "", "Address people type.").rstrip("/"),
        ca_file=text("AMARRE_PSC_CA_FILE", "", "Authorities to trust for the direct channel."),
        cert_file=text("AMARRE_PSC_CERT_FILE", "", "Client certificate (EXI PSC 24)."),
        key_file=text("AMARRE_PSC_KEY_FILE", "", "Its key; it also signs private_key_jwt."),
        assertion_key_id=text("AMARRE_PSC_KEY_ID", "amarre-psc-1", "`kid` of private_key_jwt."),
        client_secret=(
            env.secret("AMARRE_PSC_CLIENT_SECRET", help="Secret given by the ANS.")
            if authentication == "client_secret_basic"
            else ""
        ),
        accepted_acr=tuple(
            env.words("AMARRE_PSC_ACCEPTED_ACR", "eidas1,eidas2,eidas3", help="Accepted levels.")
        ),
        algorithms=tuple(env.words("AMARRE_PSC_ALGORITHMS", "RS256", help="Accepted signatures.")),
        fresh_login=env.boolean(
            "AMARRE_PSC_FRESH_LOGIN", True, help="New proof at each login (shared posts)."
        ),
    )
