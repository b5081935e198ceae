"""Logins that Pro Santé Connect accepted and Amarre refuses, and sessions that ended.

AccountError
├── UnknownAccount       PSC-030  nobody in Amarre has this identifier
├── ClosedAccount        PSC-031  the account was closed
├── NoWorkplace          PSC-032  no role in force in any establishment
├── NotConfigured        PSC-033  the installation has no Pro Santé Connect settings
├── ServiceSilent        PSC-034  the service does not answer, or too late
├── SessionClosed        SES-001  twenty minutes without activity, or closed from elsewhere
└── SessionClosedKept    SES-002  the same, and what was sent is kept
"""

from __future__ import annotations

from amarre.interop.common.errors import AmarreError, Contact, Fault, Phase, Retry

_NOBODY = "Aucune session n’est ouverte. Aucun dossier n’a été lu."


class AccountError(AmarreError):
    """Base of the refusals of accounts; `http_status` is the answer's."""

    phase = Phase.BUILD
    fault = Fault.DATA
    retry = Retry.AFTER_FIX
    http_status = 403
    contact = Contact.PILOTE_DUI


class UnknownAccount(AccountError):
    """No account has this SubjectNameID. None is created: a person of the establishment decides."""

    code = "PSC-030"
    what = "Pro Santé Connect vous a reconnu, mais vous n’avez pas de compte dans Amarre."
    data_state = "Aucun compte n’est créé. Aucun dossier n’a été lu."
    advice = "Demandez l’ouverture de votre compte, en donnant votre numéro RPPS."


class ClosedAccount(AccountError):
    """The account was closed (departure, suspension)."""

    code = "PSC-031"
    what = "Votre compte dans Amarre est fermé."
    data_state = _NOBODY
    advice = "Si vous travaillez toujours dans l’établissement, demandez sa réouverture."


class NoWorkplace(AccountError):
    """The account has no role in force in any establishment."""

    code = "PSC-032"
    what = "Vous n’avez de fonction dans aucun établissement d’Amarre à ce jour."
    data_state = _NOBODY
    advice = "Demandez à être rattaché à votre établissement, avec votre fonction et vos dates."


class NotConfigured(AccountError):
    """Issuer, client, certificate or address is missing in the settings. Parameter: `part`."""

    code = "PSC-033"
    fault = Fault.OURS
    http_status = 503
    what = "Pro Santé Connect n’est pas réglé sur cette installation ({part})."
    data_state = _NOBODY
    advice = "L’administrateur doit compléter les réglages de Pro Santé Connect."
    contact = Contact.ADMINISTRATEUR


class ServiceSilent(AccountError):
    """The transport failed: nothing is kept and nothing will be called again, the person starts again."""

    code = "PSC-034"
    phase = Phase.WAIT
    fault = Fault.THEIRS
    retry = Retry.LATER
    http_status = 503
    # `cause` is the sentence of the failure itself: silence, cut, late answer are told apart.
    what = "La connexion par Pro Santé Connect n'a pas abouti. {cause}"
    data_state = "Personne n’est connecté. Les dossiers déjà enregistrés sont intacts."
    advice = "Attendez quelques minutes, puis recommencez. Le reste d’Amarre n’est pas en cause."


class SessionClosed(AccountError):
    """The server closed the session."""

    code = "SES-001"
    what = "Votre session est fermée : {minutes} minutes sans activité, ou fermeture à distance."
    data_state = "Ce qui était enregistré l’est toujours. Un texte non enregistré est perdu."
    advice = "Reconnectez-vous : vous reviendrez à la page que vous lisiez."


class SessionClosedKept(AccountError):
    """The server closed the session; what the person was sending is kept for them."""

    code = "SES-002"
    what = (
        "Votre session s’est fermée avant l’envoi : {minutes} minutes sans activité, ou fermeture à distance."
    )
    data_state = "Rien n’est encore enregistré, mais ce que vous aviez écrit est gardé une heure."
    advice = "Reconnectez-vous, sur ce même poste : vous pourrez le relire, puis le renvoyer."
