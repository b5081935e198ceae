"""What may go wrong between two machines, by phase.

TransportError
├── before anything left: ServiceUnreachable, ServerNotTrusted, CertificateUnusable
├── ClientCertificateRefused (the server closed because of our certificate)
└── after the request left: AnswerLate, AnswerLost (effect unknown), AnswerTooLarge
"""

from __future__ import annotations

from amarre.interop.common.errors import AmarreError, Contact, Effect, Fault, Phase, Retry


class TransportError(AmarreError):
    """Base of the transport failures."""

    fault = Fault.THEIRS
    retry = Retry.LATER
    contact = Contact.PILOTE_DUI
    data_state = "Rien n'est perdu : la demande est gardée."


class ServiceUnreachable(TransportError):
    """No connection could be opened (name, route, port, TLS time-out)."""

    code = "TRA-001"
    phase = Phase.CONNECT
    what = "{service} ne répond pas."
    advice = "Poursuivez votre travail, Amarre rappellera le service. Rien n'est parti."


class ServerNotTrusted(TransportError):
    """The server's certificate does not chain to the authority we trust, or names another host."""

    code = "TRA-002"
    phase = Phase.CONNECT
    retry = Retry.AFTER_FIX
    contact = Contact.ADMINISTRATEUR
    what = "{service} présente un certificat que l'établissement ne reconnaît pas."
    advice = (
        "Ne forcez pas l'envoi. L'administrateur doit vérifier l'adresse du service "
        "et l'autorité de confiance."
    )


class CertificateUnusable(TransportError):
    """Our certificate or key file is missing, unreadable, mismatched or expired."""

    code = "TRA-003"
    phase = Phase.BUILD
    fault = Fault.OURS
    retry = Retry.AFTER_FIX
    contact = Contact.ADMINISTRATEUR
    what = "Le certificat de l'établissement est inutilisable ({reason})."
    advice = "L'administrateur doit remplacer le fichier du certificat dans les réglages de l'établissement."


class ClientCertificateRefused(TransportError):
    """The server ended the TLS session because it does not accept our certificate."""

    code = "TRA-004"
    phase = Phase.CONNECT
    fault = Fault.OURS
    retry = Retry.AFTER_FIX
    contact = Contact.ADMINISTRATEUR
    what = "{service} refuse le certificat de l'établissement."
    advice = (
        "L'administrateur doit vérifier que le certificat est celui de ce service, "
        "et qu'il n'est ni expiré ni révoqué."
    )


class AnswerLate(TransportError):
    """The request left but no answer came before the deadline."""

    code = "TRA-005"
    phase = Phase.WAIT
    effect = Effect.UNKNOWN
    what = "{service} n'a pas répondu en {seconds} secondes."
    data_state = "La demande est partie, son résultat est inconnu. Elle est gardée."
    advice = "N'envoyez pas une seconde fois : Amarre vérifie d'abord si le service l'a reçue."


class AnswerLost(TransportError):
    """The connection was cut after the request left, before a whole answer came."""

    code = "TRA-006"
    phase = Phase.READ
    effect = Effect.UNKNOWN
    what = "{service} a coupé la liaison avant la fin de sa réponse."
    data_state = "La demande est partie, son résultat est inconnu. Elle est gardée."
    advice = "N'envoyez pas une seconde fois : Amarre vérifie d'abord si le service l'a reçue."


class AnswerTooLarge(TransportError):
    """The answer is larger than the limit."""

    code = "TRA-007"
    phase = Phase.READ
    retry = Retry.NEVER
    effect = Effect.UNKNOWN
    contact = Contact.SUPPORT
    what = "{service} a renvoyé une réponse anormalement longue (plus de {limit} Mo)."
    data_state = "La réponse n'a pas été lue. La demande est gardée."
    advice = "Transmettez l'identifiant au support : un équipement du réseau modifie peut-être les réponses."


class InjectionForbidden(TransportError):
    """Prepared answers were asked for where real people are: they exist for authorisation tests only."""

    code = "TRA-008"
    phase = Phase.BUILD
    fault = Fault.OURS
    retry = Retry.AFTER_FIX
    contact = Contact.ADMINISTRATEUR
    what = "Des réponses préparées ne peuvent pas remplacer celles du service dans cet environnement."
    data_state = "Rien n'est parti, rien n'a été remplacé."
    advice = "Retirez les réponses préparées des réglages : elles ne servent qu'aux tests d'autorisation."


class InjectionUnreadable(TransportError):
    """A file of prepared answers is missing, too long, or not where it should be."""

    code = "TRA-009"
    phase = Phase.BUILD
    fault = Fault.OURS
    retry = Retry.AFTER_FIX
    contact = Contact.ADMINISTRATEUR
    what = "Un fichier de réponse préparée est absent ou illisible : {name}."
    data_state = "Rien n'est parti, aucune réponse n'a été remplacée."
    advice = "Placez dans le dossier les fichiers fournis pour la session de tests, sans les renommer."
