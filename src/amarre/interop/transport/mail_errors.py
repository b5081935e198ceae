"""What may go wrong with a mail server. What HTTPS meets too (reach, trust, certificate) is in errors.py.

TransportError
└── MailTransportError
    ├── MailServerSlow, MailConnectionCut      before acceptance: nothing left
    ├── MailOutcomeUnknown                     after the content left: ask the mailbox before resending
    ├── EncryptionUnavailable, LoginRefused, SenderRefused
    ├── MailboxUnknown, RecipientRefused, TemporaryRefusal, MailboxFull
    ├── MailTooLarge, MessageRefused
    └── MailProtocolError, FolderUnavailable
"""

from __future__ import annotations

from amarre.interop.common.errors import Contact, Effect, Fault, Phase, Retry
from amarre.interop.transport.errors import TransportError


class MailTransportError(TransportError):
    """Base of the mail failures."""

    data_state = "Le message n'est pas parti. Il est gardé."


class MailServerSlow(MailTransportError):
    """The server stopped answering before the content left."""

    code = "MSS-101"
    phase = Phase.WAIT
    what = "{service} met trop de temps à répondre (plus de {seconds} secondes)."
    advice = "Poursuivez votre travail : Amarre réessaiera."


class MailConnectionCut(MailTransportError):
    """The server closed the connection before the content left."""

    code = "MSS-102"
    phase = Phase.READ
    what = "{service} a coupé la liaison avant de prendre le message."
    advice = "Poursuivez votre travail : Amarre réessaiera."


class MailOutcomeUnknown(MailTransportError):
    """The whole content left and no answer came."""

    code = "MSS-103"
    phase = Phase.WAIT
    effect = Effect.UNKNOWN
    what = "Le message est parti, mais {service} n'a pas confirmé l'avoir pris."
    data_state = "On ne sait pas encore si le destinataire le recevra. Le message est gardé."
    advice = "N'envoyez pas une seconde fois : Amarre cherche d'abord le message dans la boîte d'envoi."


class EncryptionUnavailable(MailTransportError):
    """The server does not offer STARTTLS: nothing is sent in clear."""

    code = "MSS-104"
    phase = Phase.CONNECT
    retry = Retry.AFTER_FIX
    contact = Contact.ADMINISTRATEUR
    what = "{service} ne propose pas de liaison chiffrée."
    advice = "L'administrateur doit vérifier le nom et le port du serveur auprès de l'opérateur."


class LoginRefused(MailTransportError):
    """TLS succeeded, the mailbox did not open for our certificate or token."""

    code = "MSS-105"
    phase = Phase.REMOTE
    fault = Fault.OURS
    retry = Retry.AFTER_FIX
    contact = Contact.ADMINISTRATEUR
    what = "{service} n'ouvre pas la boîte de l'établissement avec ce certificat."
    advice = "L'administrateur doit demander à l'opérateur si ce certificat est rattaché à cette boîte."


class SenderRefused(MailTransportError):
    """The operator refuses our sender address."""

    code = "MSS-106"
    phase = Phase.REMOTE
    fault = Fault.OURS
    retry = Retry.AFTER_FIX
    contact = Contact.ADMINISTRATEUR
    what = "{service} refuse l'adresse d'expédition de l'établissement."
    advice = "L'administrateur doit vérifier que la boîte des réglages est celle du certificat."


class MailboxUnknown(MailTransportError):
    """The recipient's mailbox does not exist (550, 5.1.x)."""

    code = "MSS-107"
    phase = Phase.REMOTE
    fault = Fault.DATA
    retry = Retry.AFTER_FIX
    contact = Contact.DESTINATAIRE
    what = "La boîte du destinataire n'existe pas."
    advice = "Cherchez une autre adresse du destinataire dans l'annuaire, ou appelez-le."


class MailboxFull(MailTransportError):
    """The recipient's mailbox is full (452 or 552 with 5.2.2 or 4.2.2)."""

    code = "MSS-108"
    phase = Phase.REMOTE
    what = "La boîte du destinataire est pleine."
    advice = "Prévenez le destinataire. Amarre réessaiera."
    contact = Contact.DESTINATAIRE


class RecipientRefused(MailTransportError):
    """The operator refuses the recipient for another reason (5xx)."""

    code = "MSS-109"
    phase = Phase.REMOTE
    fault = Fault.DATA
    retry = Retry.AFTER_FIX
    what = "{service} refuse ce destinataire (code {status})."
    advice = "Vérifiez l'adresse dans l'annuaire. Si elle est exacte, transmettez l'identifiant au support."
    contact = Contact.SUPPORT


class TemporaryRefusal(MailTransportError):
    """A 4xx answer: the operator asks to come back."""

    code = "MSS-110"
    phase = Phase.REMOTE
    what = "{service} demande de réessayer plus tard (code {status})."
    advice = "Poursuivez votre travail : Amarre réessaiera."


class MailTooLarge(MailTransportError):
    """The message is larger than the operator accepts."""

    code = "MSS-111"
    phase = Phase.SEND
    fault = Fault.DATA
    retry = Retry.AFTER_FIX
    contact = Contact.SUPPORT
    what = "Le message dépasse la taille admise par {service}."
    advice = "Envoyez un document plus léger, ou moins de documents à la fois."


class MessageRefused(MailTransportError):
    """The operator read the content and refused it (5xx after DATA)."""

    code = "MSS-112"
    phase = Phase.REMOTE
    fault = Fault.OURS
    retry = Retry.AFTER_FIX
    contact = Contact.SUPPORT
    what = "{service} a lu le message et l'a refusé (code {status})."
    advice = "Transmettez l'identifiant au support, avec le motif affiché sur la page de l'envoi."


class MailProtocolError(MailTransportError):
    """The peer does not speak the protocol (a web page, a truncated line)."""

    code = "MSS-113"
    phase = Phase.READ
    contact = Contact.ADMINISTRATEUR
    what = "Ce qui répond à l'adresse de {service} n'est pas un serveur de messagerie."
    advice = "L'administrateur doit vérifier le nom et le port du serveur auprès de l'opérateur."


class FolderUnavailable(MailTransportError):
    """A folder of the mailbox cannot be opened, searched or written."""

    code = "MSS-114"
    phase = Phase.REMOTE
    contact = Contact.SUPPORT
    what = "Le dossier « {folder} » de la boîte ne répond pas aux demandes d'Amarre."
    data_state = "Aucun message n'a été envoyé ni perdu."
    advice = "Amarre réessaiera. Si cela dure, transmettez l'identifiant au support."
