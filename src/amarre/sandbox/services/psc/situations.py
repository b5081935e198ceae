"""Situations of the simulated Pro Santé Connect: what it does wrong on purpose."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from cryptography.hazmat.primitives import hashes, hmac
from cryptography.hazmat.primitives.asymmetric import rsa

from amarre.sandbox.services.psc import jws
from amarre.sandbox.services.psc.people import Holder

Json = dict[str, Any]

# Situations met at the end of the authorization pages.
ON_RETURN = {
    "refus-e-cps": "La demande de connexion est refusée dans l'application e-CPS (access_denied).",
    "state-faux": "Le retour vers le logiciel porte un autre state.",
    "emetteur-du-retour-faux": "Le retour vers le logiciel nomme un autre émetteur (paramètre iss).",
}
# Situations met in the ID token.
ON_TOKEN = {
    "jeton-expire": "Le jeton d'identité est expiré depuis dix minutes.",
    "horloge-en-avance": "Le jeton d'identité est émis dix minutes dans le futur.",
    "mauvaise-audience": "Le jeton d'identité est destiné à un autre logiciel.",
    "emetteur-faux": "Le jeton d'identité nomme un autre émetteur.",
    "nonce-faux": "Le jeton d'identité porte un autre nonce.",
    "acr-absent": "Le jeton d'identité ne dit pas le niveau d'authentification.",
    "cle-inconnue": "Le jeton d'identité est signé par une clé qui n'est pas publiée.",
    "signature-fausse": "La signature du jeton d'identité est fausse.",
    "sans-signature": "Le jeton d'identité n'est pas signé (alg none).",
    "hs256": "Le jeton d'identité est signé en HS256 avec la clé publique pour secret.",
    "jeton-d-acces-substitue": "Le jeton d'accès n'est pas celui que le jeton d'identité annonce.",
}
# Situation met when the code is exchanged.
ON_CODE = {"code-perime": "Le code est refusé comme périmé (invalid_grant)."}
# Situations met in UserInfo.
ON_USERINFO = {
    "compte-inconnu": "La personne connectée n'a pas de compte dans Amarre.",
    "autre-personne": "UserInfo parle d'une autre personne que le jeton d'identité.",
    "sans-identifiant": "UserInfo ne donne pas l'identifiant national.",
    "userinfo-signe": "UserInfo est signé (application/jwt) : la connexion doit réussir.",
    "sans-activite": "UserInfo ne donne aucune activité : la connexion doit réussir.",
}
ALL = ON_RETURN | ON_CODE | ON_TOKEN | ON_USERINFO

# Somebody who holds an e-CPS and works nowhere in the cast.
UNKNOWN_NAME_ID = "899700000187"


@dataclass(frozen=True, slots=True)
class Signer:
    """The provider's signature key and the JWK it publishes."""

    key: rsa.RSAPrivateKey
    jwk: Json


def spoil_claims(situation: str, claims: Json) -> Json:
    """Return the ID token claims as the situation wants them."""
    now = claims["iat"]
    changes: dict[str, Json] = {
        "jeton-expire": {"iat": now - 720, "exp": now - 600},
        "horloge-en-avance": {"iat": now + 600, "exp": now + 720},
        "mauvaise-audience": {"aud": "un-autre-logiciel", "azp": "un-autre-logiciel"},
        "emetteur-faux": {"iss": "https://autre-fournisseur.example/auth/realms/esante-wallet"},
        "nonce-faux": {"nonce": "0" * 64},
        "jeton-d-acces-substitue": {"at_hash": jws.b64url(b"\x00" * 16)},
    }
    changed = {**claims, **changes.get(situation, {})}
    if situation == "acr-absent":
        del changed["acr"]
    return changed


def sign_identity(situation: str, claims: Json, signer: Signer) -> str:
    """Sign the ID token, or do it wrongly as the situation wants."""
    kid = signer.jwk["kid"]
    match situation:
        case "sans-signature":
            return jws.unsigned({"alg": "none", "kid": kid}, claims)
        case "hs256":
            # The classic confusion: the public key, known to everybody, used as an HMAC secret.
            text, _, _ = jws.unsigned({"alg": "HS256", "kid": kid}, claims).rpartition(".")
            code = hmac.HMAC(signer.jwk["n"].encode(), hashes.SHA256())
            code.update(text.encode())
            return f"{text}.{jws.b64url(code.finalize())}"
        case "signature-fausse":
            return jws.unsigned({"alg": "RS256", "kid": kid}, claims, b"\x01" * 256)
        case "cle-inconnue":
            return jws.sign({"kid": "cle-retiree"}, claims, signer.key)
    return jws.sign({"kid": kid}, claims, signer.key)


def unknown_holder() -> Holder:
    """Return somebody who holds an e-CPS and has no account anywhere."""
    claims: Json = {
        "SubjectNameID": UNKNOWN_NAME_ID,
        "preferred_username": UNKNOWN_NAME_ID,
        "family_name": "INCONNUE",
        "given_name": "Personne",
        "otherIds": [{"identifiant": UNKNOWN_NAME_ID, "origine": "RPPS", "qualite": 1}],
        "SubjectRefPro": {"codeCivilite": "", "exercices": []},
    }
    return Holder(UNKNOWN_NAME_ID, "INCONNUE", "Personne", "", "Professionnelle", "nulle part", claims, False)


def spoil_userinfo(situation: str, claims: Json) -> Json:
    """Return the UserInfo claims as the situation wants them."""
    match situation:
        case "autre-personne":
            return {**claims, "sub": "f:00000000-0000-0000-0000-000000000000:autre"}
        case "sans-identifiant":
            return {
                key: value
                for key, value in claims.items()
                if key not in ("SubjectNameID", "preferred_username")
            }
        case "sans-activite":
            reference = {**claims["SubjectRefPro"], "exercices": []}
            return {**claims, "SubjectRefPro": reference}
    return claims
