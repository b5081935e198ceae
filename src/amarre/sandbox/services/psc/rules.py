"""The rules by which the simulated Pro Santé Connect judges a client, each with its source."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum

from amarre.sandbox.service import Remark

PSC = "Pro Santé Connect, documentation technique (ANS)"
CORE = "OpenID Connect Core 1.0"


class Rule(Enum):
    """Identifier, source, sentence when kept, sentence when broken."""

    CLIENT = (
        "RFC 6749 §4.1.2.1",
        "Le client est déclaré.",
        "Le client n'est pas déclaré à Pro Santé Connect.",
    )
    REDIRECT = (
        "RFC 6749 §3.1.2.3",
        "L'adresse de retour est celle qui a été déclarée.",
        "L'adresse de retour n'est pas, au caractère près, une adresse déclarée.",
    )
    RESPONSE_TYPE = (f"{CORE} §3.1.2.1", "Le flux demandé est « code ».", "Seul le flux « code » est ouvert.")
    SINGLE = ("RFC 6749 §3.1", "Aucun paramètre n'est répété.", "Un paramètre est répété.")
    SCOPE = (PSC, "La portée contient openid et scope_all.", "La portée doit contenir openid et scope_all.")
    ACR = (PSC, "Le niveau eidas1 est demandé.", "acr_values doit valoir eidas1.")
    STATE = (
        f"{PSC} ; RFC 6749 §10.12",
        "Un state d'au moins 128 bits protège le retour.",
        "Le state est absent ou trop court (22 caractères au moins).",
    )
    NONCE = (
        f"{CORE} §3.1.2.1",
        "Un nonce d'au moins 128 bits lie le jeton à la demande.",
        "Le nonce est absent ou trop court (22 caractères au moins).",
    )
    PKCE_CHALLENGE = (
        "RFC 7636 §4.3",
        "Le défi PKCE est de méthode S256.",
        "Le défi PKCE est absent, ou n'est pas de méthode S256.",
    )
    FORM = (
        "RFC 6749 §4.1.3",
        "La demande est un formulaire envoyé en POST.",
        "La demande doit être un formulaire envoyé en POST (application/x-www-form-urlencoded).",
    )
    CERTIFICATE = (
        "Référentiel Pro Santé Connect, EXI PSC 24",
        "Le canal direct présente un certificat client d'usage « psc ».",
        "Le canal direct doit présenter un certificat client d'usage « psc ».",
    )
    AUTHENTICATION = (
        "RFC 6749 §2.3 ; RFC 7523 §3",
        "Le client prouve son identité par la méthode déclarée.",
        "Le client ne prouve pas son identité par la méthode déclarée.",
    )
    ASSERTION_SIGNATURE = (
        "RFC 7523 §3 (9)",
        "L'assertion du client est signée en RS256 par la clé déclarée.",
        "L'assertion du client n'est pas signée en RS256 par la clé déclarée.",
    )
    ASSERTION_CLAIMS = (
        "RFC 7523 §3 (1) à (4)",
        "iss et sub nomment le client, aud nomme ce service, exp est proche et à venir.",
        "iss et sub doivent nommer le client, aud ce service, exp être à venir, à 5 minutes au plus.",
    )
    ASSERTION_ONCE = (
        "RFC 7523 §3 (7)",
        "L'identifiant jti de l'assertion n'a jamais servi.",
        "L'identifiant jti de l'assertion est absent ou a déjà servi.",
    )
    GRANT = (
        PSC,
        "Le type d'échange est authorization_code.",
        "Seul l'échange authorization_code est ouvert.",
    )
    CODE_KNOWN = ("RFC 6749 §4.1.3", "Le code a été émis ici.", "Le code est inconnu.")
    CODE_ONCE = ("RFC 6749 §4.1.2", "Le code sert pour la première fois.", "Le code a déjà servi.")
    CODE_FRESH = ("RFC 6749 §4.1.2", "Le code a moins d'une minute.", "Le code a plus d'une minute.")
    CODE_CLIENT = (
        "RFC 6749 §5.2",
        "Le code a été émis à ce client.",
        "Le code a été émis à un autre client.",
    )
    CODE_REDIRECT = (
        "RFC 6749 §4.1.3",
        "L'adresse de retour est celle de la demande.",
        "L'adresse de retour n'est pas celle de la demande.",
    )
    PKCE_VERIFIER = (
        "RFC 7636 §4.6",
        "Le vérificateur PKCE correspond au défi.",
        "Le vérificateur PKCE ne correspond pas au défi.",
    )
    BEARER = (
        "RFC 6750 §2.1",
        "Le jeton d'accès est valable.",
        "Le jeton d'accès est absent, inconnu ou expiré.",
    )
    BOUND = (
        "RFC 8705 §3",
        "Le jeton est présenté avec le certificat qui l'a obtenu.",
        "Le jeton est présenté avec un autre certificat que celui qui l'a obtenu.",
    )
    LOGOUT_CLIENT = (
        "OpenID Connect RP-Initiated Logout 1.0 §2",
        "La demande de déconnexion nomme un client déclaré.",
        "La demande de déconnexion doit donner id_token_hint, ou client_id.",
    )
    LOGOUT_REDIRECT = (
        "OpenID Connect RP-Initiated Logout 1.0 §3",
        "L'adresse après déconnexion est déclarée.",
        "L'adresse après déconnexion n'est pas déclarée.",
    )

    @property
    def source(self) -> str:
        """Document and section."""
        return self.value[0]


@dataclass(slots=True)
class Checks:
    """Collects the remarks of one exchange."""

    remarks: list[Remark] = field(default_factory=list)

    def keep(self, rule: Rule, passed: bool) -> bool:
        """Note the result of a rule and return it."""
        sentence = rule.value[1] if passed else rule.value[2]
        self.remarks.append(Remark(rule=rule.name, source=rule.source, passed=passed, sentence=sentence))
        return passed

    def broken(self) -> str:
        """Return the sentences of the broken rules, "" when all are kept."""
        return " ".join(item.sentence for item in self.remarks if not item.passed)
