"""Why a message is not built, and why a report is not read.

MssanteError
├── AddressMalformed          MSS-001
├── AddressOutsideMssante     MSS-002
├── NoRecipient               MSS-003
├── MixedRecipients           MSS-004
├── MessageTooLarge           MSS-005
├── PdfMissing                MSS-006
├── MaskingForbids            MSS-007
├── HeaderForbidden           MSS-008
├── SenderIncomplete          MSS-009
├── CitizenNeedsQualifiedIns  MSS-010
├── DocumentsMissing          MSS-011
└── ReportTooLarge            MSS-020
"""

from __future__ import annotations

from amarre.interop.common.errors import AmarreError, Contact, Fault, Phase, Retry


class MssanteError(AmarreError):
    """Base of the refusals met before a message leaves."""

    phase = Phase.BUILD
    fault = Fault.DATA
    retry = Retry.AFTER_FIX
    data_state = "Le message n'est pas parti. Le document est gardé."
    contact = Contact.SUPPORT


class AddressMalformed(MssanteError):
    """The text is not an e-mail address."""

    code = "MSS-001"
    what = "L'adresse du destinataire n'est pas une adresse de messagerie lisible."
    advice = "Choisissez le destinataire dans l'annuaire plutôt que de saisir son adresse."


class AddressOutsideMssante(MssanteError):
    """The domain is not one of the accepted MSSanté domains."""

    code = "MSS-002"
    what = "Le domaine « {domain} » n'est pas un domaine MSSanté accepté par cette installation."
    advice = "Choisissez dans l'annuaire une adresse MSSanté du destinataire, pas une adresse ordinaire."
    contact = Contact.ADMINISTRATEUR


class NoRecipient(MssanteError):
    """The message has no recipient."""

    code = "MSS-003"
    what = "Aucun destinataire n'est choisi."
    advice = "Choisissez au moins un destinataire dans l'annuaire."


class MixedRecipients(MssanteError):
    """Professionals and an usager are in the same message; masking rules differ: two messages are needed."""

    code = "MSS-004"
    what = "Le message s'adresse à la fois à des professionnels et à un usager."
    advice = "Faites deux envois : l'un aux professionnels, l'autre à l'usager."


class MessageTooLarge(MssanteError):
    """The message is larger than the limit of the operator or of Mon espace santé."""

    code = "MSS-005"
    what = "Le message est trop volumineux : {size} octets, {limit} au plus."
    advice = "Envoyez moins de documents à la fois, ou un document plus léger."


class PdfMissing(MssanteError):
    """Each CDA needs its readable copy."""

    code = "MSS-006"
    fault = Fault.OURS
    what = "La copie lisible (PDF) du document « {label} » manque."
    advice = "Produisez de nouveau le document, puis renvoyez-le."


class MaskingForbids(MssanteError):
    """The visibility chosen for the document forbids this kind of recipient."""

    code = "MSS-007"
    what = "La visibilité choisie pour le document interdit cet envoi : {reason}."
    advice = "Changez de destinataire, ou revoyez la visibilité du document avec son auteur."


class HeaderForbidden(MssanteError):
    """A value would break a header: line break, control character, unusable Message-ID."""

    code = "MSS-008"
    fault = Fault.OURS
    what = "Le champ « {field} » du message contient un caractère interdit ou une forme invalide."
    advice = "Corrigez ce champ. S'il n'a pas été saisi à la main, transmettez l'identifiant au support."


class SenderIncomplete(MssanteError):
    """A setting of the sender is missing: mailbox, label, answer address, product number (NIL)."""

    code = "MSS-009"
    fault = Fault.OURS
    what = "Le réglage « {setting} » de la messagerie de l'établissement manque."
    advice = "Complétez les réglages de la messagerie, puis relancez l'envoi."
    contact = Contact.ADMINISTRATEUR


class CitizenNeedsQualifiedIns(MssanteError):
    """A citizen address exists only for a qualified identity."""

    code = "MSS-010"
    what = "L'adresse de cet usager ne peut pas être formée : son identité n'est pas qualifiée."
    advice = "Faites qualifier l'identité, puis relancez l'envoi."
    contact = Contact.REFERENT_IDENTITE


class DocumentsMissing(MssanteError):
    """An archive without any document."""

    code = "MSS-011"
    fault = Fault.OURS
    what = "L'archive à envoyer ne contient aucun document."
    advice = "Choisissez le document à envoyer, puis relancez l'envoi."


class ReportTooLarge(MssanteError):
    """A received report is larger than what we read."""

    code = "MSS-020"
    phase = Phase.READ
    fault = Fault.THEIRS
    retry = Retry.NEVER
    what = "Un avis reçu dans la boîte est trop volumineux pour être lu ({size} octets)."
    data_state = "L'avis reste dans la boîte ; l'envoi qu'il concerne garde son état."
    advice = "Ouvrez la boîte avec votre messagerie habituelle pour lire cet avis."
