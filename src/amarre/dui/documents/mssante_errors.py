"""What may hold a message back, and what a returned one says. Codes follow the kit's (MSS-0xx, MSS-1xx)."""

from __future__ import annotations

from amarre.interop.common.errors import AmarreError, Contact, Effect, Fault, Phase, Retry


class MessageHeld(AmarreError):
    """Base of what holds a message back."""

    phase = Phase.BUILD
    fault = Fault.DATA
    retry = Retry.AFTER_FIX
    contact = Contact.PILOTE_DUI
    data_state = "Rien n'a quitté Amarre. Le document reste dans le dossier."


class MssanteNotConfigured(MessageHeld):
    """A setting of the establishment is missing."""

    code = "MSS-201"
    fault = Fault.OURS
    contact = Contact.ADMINISTRATEUR
    what = (
        "La messagerie MSSanté ne peut pas servir : il manque {missing} dans les réglages de l'établissement."
    )
    advice = "L'administrateur complète les « Réglages de l'établissement », puis vous envoyez le document."


class RecipientWithoutAddress(MessageHeld):
    """The directory publishes no MSSanté address for this correspondent."""

    code = "MSS-202"
    contact = Contact.DESTINATAIRE
    what = "L'annuaire ne publie pas d'adresse MSSanté pour {name}."
    advice = "Cherchez la boîte de sa structure dans l'annuaire, ou appelez son secrétariat."


class AddressNotPublished(MessageHeld):
    """The address asked for is not one of the entry's."""

    code = "MSS-203"
    what = "L'adresse choisie n'est pas une de celles que l'annuaire publie pour {name}."
    advice = "Choisissez une des adresses proposées, ou relisez ce correspondant dans l'annuaire."


class SeveralUsagers(MessageHeld):
    """A message is about one usager (Référentiel socle MSSanté #2, ECO.2.1.2)."""

    code = "MSS-204"
    fault = Fault.OURS
    contact = Contact.SUPPORT
    what = "Les documents choisis concernent plusieurs personnes."
    advice = "Faites un message pour chaque personne."


class VersionsDisagree(MessageHeld):
    """Some versions carry the INS, others do not: their metadata name the person in two ways."""

    code = "MSS-205"
    what = "Certains des documents choisis portent l'INS, d'autres non."
    advice = "Envoyez-les séparément, ou faites valider une nouvelle version de ceux qui ne la portent pas."


class DocumentOfFormerTraits(MessageHeld):
    """The document carries an INS or traits that are no longer those of the identity."""

    code = "MSS-206"
    contact = Contact.REFERENT_IDENTITE
    what = "L'identité de la personne a changé depuis que ce document a été fait."
    advice = (
        "L'auteur du document en valide une nouvelle version, avec l'identité actuelle, puis vous l'envoyez."
    )


class CitizenOpposed(MessageHeld):
    """The last decision recorded is an opposition."""

    code = "MSS-207"
    retry = Retry.NEVER
    contact = Contact.DPO
    what = "La personne s'oppose à recevoir ses documents dans Mon espace santé."
    advice = (
        "Remettez-lui le document en main propre. Si elle change d'avis, notez sa réponse dans le dossier."
    )


class TextMissing(MessageHeld):
    """A message says something."""

    code = "MSS-208"
    what = "Le texte du message est vide."
    advice = "Écrivez quelques mots pour le destinataire, puis envoyez."


class IdentityChangedSince(MessageHeld):
    """The INS of the person is no longer that of the frozen message."""

    code = "MSS-209"
    contact = Contact.REFERENT_IDENTITE
    what = "L'INS de la personne a changé depuis que ce message a été préparé."
    advice = "L'auteur du document en valide une nouvelle version, avec l'INS actuelle, puis vous l'envoyez."


class MessageUnconfirmed(MessageHeld):
    """Sent twice without an answer, and no trace of it in the mailbox: a person decides."""

    code = "MSS-210"
    phase = Phase.WAIT
    fault = Fault.THEIRS
    retry = Retry.LATER
    effect = Effect.UNKNOWN
    what = "L'opérateur MSSanté n'a confirmé aucun des deux envois de ce message."
    data_state = "Le message est gardé. Il est peut-être déjà arrivé."
    advice = (
        "Amarre cherche encore un avis de remise, sans renvoyer. Si c'est urgent, appelez le destinataire."
    )


class MessageReturned(MessageHeld):
    """The message was taken, then could not be delivered."""

    code = "MSS-220"
    phase = Phase.REMOTE
    contact = Contact.DESTINATAIRE
    what = "Le message {to} est revenu : {reason}."
    data_state = "Rien n'a été remis, le document est gardé."
    advice = "{advice}"


class DocumentNotFiled(MessageHeld):
    """Delivered, and the software of the recipient could not file the document."""

    code = "MSS-221"
    phase = Phase.REMOTE
    contact = Contact.DESTINATAIRE
    what = "Le logiciel du destinataire n'a pas rangé le document envoyé {to} : {reason}."
    data_state = "Le message est remis, le document est gardé."
    advice = "{advice}"
