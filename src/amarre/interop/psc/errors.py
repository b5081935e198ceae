"""What can go wrong when a professional logs in with Pro Santé Connect, each cause with its own sentence."""

from __future__ import annotations

from amarre.interop.common.errors import AmarreError, Contact, Effect, Fault, Phase, Retry

_NOBODY = "Personne n'est connecté sur ce poste. Aucun dossier n'a été ouvert."


class PscError(AmarreError):
    """Base of the errors of Pro Santé Connect."""


class StateMismatch(PscError):
    """The answer does not belong to a login started by this browser, or that login was already used."""

    code = "PSC-001"
    phase = Phase.READ
    fault = Fault.DATA
    retry = Retry.AFTER_FIX
    what = "La réponse de Pro Santé Connect ne correspond à aucune connexion commencée dans ce navigateur."
    data_state = _NOBODY
    advice = "Recommencez depuis la page de connexion, sans ouvrir un lien reçu ni revenir en arrière."


class CodeRefused(PscError):
    """`invalid_grant`: the authorization code was already used, is too old, or is not for this request."""

    code = "PSC-002"
    phase = Phase.REMOTE
    fault = Fault.THEIRS
    retry = Retry.AFTER_FIX
    what = "Pro Santé Connect refuse ce code de connexion : il a déjà servi ou il est trop ancien."
    data_state = _NOBODY
    advice = "Recommencez depuis la page de connexion."


class IdentityTokenExpired(PscError):
    """The ID token's `exp` is behind our clock, tolerance included."""

    code = "PSC-003"
    phase = Phase.READ
    fault = Fault.THEIRS
    retry = Retry.AFTER_FIX
    what = "Le jeton d'identité reçu de Pro Santé Connect est déjà expiré."
    data_state = _NOBODY
    advice = "Recommencez. Si cela se répète, faites vérifier l'heure du serveur Amarre."


class ClockSkew(PscError):
    """The ID token was issued in our future: the two clocks differ by more than the tolerance."""

    code = "PSC-004"
    phase = Phase.READ
    fault = Fault.OURS
    retry = Retry.AFTER_FIX
    what = "L'heure du serveur Amarre retarde de {seconds} secondes sur celle de Pro Santé Connect."
    data_state = _NOBODY
    advice = "Faites remettre le serveur Amarre à l'heure, puis recommencez."
    contact = Contact.ADMINISTRATEUR


class WrongAudience(PscError):
    """The token was made for another software (`aud` or `azp`)."""

    code = "PSC-005"
    phase = Phase.READ
    fault = Fault.THEIRS
    retry = Retry.NEVER
    what = "Le jeton reçu de Pro Santé Connect était destiné à un autre logiciel."
    data_state = _NOBODY
    advice = "Ne recommencez pas sur ce poste avant d'avoir prévenu l'assistance."


class WrongIssuer(PscError):
    """The answer or the token comes from another provider than the configured one (mix-up)."""

    code = "PSC-006"
    phase = Phase.READ
    fault = Fault.THEIRS
    retry = Retry.NEVER
    what = "La réponse ne vient pas du service Pro Santé Connect déclaré pour cet établissement."
    data_state = _NOBODY
    advice = "Ne recommencez pas sur ce poste avant d'avoir prévenu l'assistance."


class NonceMismatch(PscError):
    """The ID token carries another nonce: it was made for another login."""

    code = "PSC-007"
    phase = Phase.READ
    fault = Fault.THEIRS
    retry = Retry.AFTER_FIX
    what = "Le jeton reçu de Pro Santé Connect appartient à une autre tentative de connexion."
    data_state = _NOBODY
    advice = "Fermez les autres onglets de connexion, puis recommencez."


class SignatureRefused(PscError):
    """Unsigned token, algorithm not registered, unknown key or wrong signature."""

    code = "PSC-008"
    phase = Phase.READ
    fault = Fault.THEIRS
    retry = Retry.NEVER
    what = "La signature du jeton reçu de Pro Santé Connect n'est pas valable."
    data_state = _NOBODY
    advice = "Ne recommencez pas sur ce poste avant d'avoir prévenu l'assistance."


class AcrRefused(PscError):
    """The level of authentication (`acr`) is absent or not in the accepted list."""

    code = "PSC-009"
    phase = Phase.READ
    fault = Fault.DATA
    retry = Retry.AFTER_FIX
    what = "Le moyen de connexion utilisé n'atteint pas le niveau de sécurité demandé."
    data_state = _NOBODY
    advice = "Recommencez avec l'application e-CPS ou avec votre carte CPS."


class LoginCancelled(PscError):
    """`access_denied`: the person refused or did not confirm in time."""

    code = "PSC-010"
    phase = Phase.REMOTE
    fault = Fault.DATA
    retry = Retry.LATER
    what = "La connexion a été annulée, ou elle n'a pas été confirmée à temps dans l'application e-CPS."
    data_state = _NOBODY
    advice = "Recommencez et confirmez la demande sur votre téléphone."


class ProviderRefused(PscError):
    """Any other error that Pro Santé Connect names; `remote_code` keeps it."""

    code = "PSC-011"
    phase = Phase.REMOTE
    fault = Fault.OURS
    retry = Retry.AFTER_FIX
    what = "Pro Santé Connect refuse la demande de connexion d'Amarre."
    data_state = _NOBODY
    advice = "Prévenez l'administrateur : les réglages de Pro Santé Connect sont à vérifier."
    contact = Contact.ADMINISTRATEUR


class ClientRefused(PscError):
    """`invalid_client` or `unauthorized_client`: our secret, key or certificate is not accepted."""

    code = "PSC-012"
    phase = Phase.REMOTE
    fault = Fault.OURS
    retry = Retry.AFTER_FIX
    what = "Pro Santé Connect ne reconnaît pas ce logiciel : son secret, sa clé ou son certificat est refusé."
    data_state = _NOBODY
    advice = "Prévenez l'administrateur : la déclaration du logiciel à Pro Santé Connect est à vérifier."
    contact = Contact.ADMINISTRATEUR


class ServiceUnavailable(PscError):
    """Status 5xx, `server_error` or `temporarily_unavailable`."""

    code = "PSC-013"
    phase = Phase.REMOTE
    fault = Fault.THEIRS
    retry = Retry.LATER
    effect = Effect.NONE
    what = "Pro Santé Connect est indisponible."
    data_state = _NOBODY
    advice = "Recommencez dans quelques minutes."


class MalformedAnswer(PscError):
    """An answer that cannot be read: not JSON, a required member missing, of the wrong type or too long."""

    code = "PSC-014"
    phase = Phase.READ
    fault = Fault.THEIRS
    retry = Retry.LATER
    what = "La réponse de Pro Santé Connect est illisible ({part})."
    data_state = _NOBODY
    advice = "Recommencez. Si cela se répète, prévenez l'assistance."


class DiscoveryMismatch(PscError):
    """The discovery document describes another issuer, or sends the back channel to another host."""

    code = "PSC-015"
    phase = Phase.READ
    fault = Fault.OURS
    retry = Retry.AFTER_FIX
    what = "L'adresse de découverte réglée dans Amarre ne décrit pas le service attendu ({part})."
    data_state = _NOBODY
    advice = "Prévenez l'administrateur : l'émetteur et l'adresse de découverte sont à vérifier."
    contact = Contact.ADMINISTRATEUR


class SubjectMismatch(PscError):
    """UserInfo speaks of another person than the ID token (OpenID Connect Core, §5.3.2)."""

    code = "PSC-016"
    phase = Phase.READ
    fault = Fault.THEIRS
    retry = Retry.NEVER
    what = "Pro Santé Connect a renvoyé les informations d'une autre personne."
    data_state = _NOBODY
    advice = "Ne recommencez pas avant d'avoir prévenu l'assistance."


class IdentityMissing(PscError):
    """Neither `SubjectNameID` nor `preferred_username`: the account cannot be found."""

    code = "PSC-017"
    phase = Phase.READ
    fault = Fault.THEIRS
    retry = Retry.AFTER_FIX
    what = "Pro Santé Connect n'a pas donné votre identifiant national de professionnel."
    data_state = _NOBODY
    advice = "Vérifiez sur le portail e-CPS que votre compte est complet, puis recommencez."


class AccessTokenRefused(PscError):
    """UserInfo answered 401: the access token expired meanwhile, or is bound to another certificate."""

    code = "PSC-018"
    phase = Phase.REMOTE
    fault = Fault.THEIRS
    retry = Retry.AFTER_FIX
    what = "Pro Santé Connect n'accepte plus le jeton qu'il vient de donner."
    data_state = _NOBODY
    advice = "Recommencez depuis la page de connexion."


class LoginTooOld(PscError):
    """The browser came back after the login request's life was over."""

    code = "PSC-019"
    phase = Phase.READ
    fault = Fault.DATA
    retry = Retry.AFTER_FIX
    what = "La connexion a été commencée il y a plus de {minutes} minutes."
    data_state = _NOBODY
    advice = "Recommencez depuis la page de connexion."


class TokenSubstituted(PscError):
    """The access token is not the one the ID token vouches for (`at_hash`)."""

    code = "PSC-020"
    phase = Phase.READ
    fault = Fault.THEIRS
    retry = Retry.NEVER
    what = "Les deux jetons reçus de Pro Santé Connect ne vont pas ensemble."
    data_state = _NOBODY
    advice = "Ne recommencez pas sur ce poste avant d'avoir prévenu l'assistance."
