"""Faults of the INSi teleservice and answers that cannot be believed, one class per cause.

Sources: SEL-MP-043 (families siram_10 data, siram_40 availability, siram_100 rights) and faults met on the
qualification server by implementers. INSi only reads: a search has no effect at the service, whatever
happens.
"""

from __future__ import annotations

from amarre.interop.common.errors import AmarreError, Contact, Effect, Fault, Phase, Retry


class InsiError(AmarreError):
    """Base of the INSi errors."""

    phase = Phase.REMOTE
    fault = Fault.THEIRS
    retry = Retry.NEVER
    effect = Effect.NONE
    contact = Contact.SUPPORT
    data_state = "L'identité garde son statut. Rien n'a été enregistré à partir de cette réponse."


class SoftwareNotAuthorised(InsiError):
    """desir_550: the authorisation number (IDAM) is unknown."""

    code = "INSI-001"
    fault = Fault.OURS
    retry = Retry.AFTER_FIX
    contact = Contact.ADMINISTRATEUR
    what = "INSi ne reconnaît pas le numéro d'autorisation du logiciel."
    advice = "Vérifiez le numéro d'autorisation CNDA dans les réglages de l'établissement."


class CertificateNotAllowed(InsiError):
    """desir_560: the common name of the certificate is neither INSI-MANU nor INSI-AUTO."""

    code = "INSI-002"
    fault = Fault.OURS
    retry = Retry.AFTER_FIX
    contact = Contact.ADMINISTRATEUR
    what = "Le certificat de l'établissement ne donne pas accès à INSi."
    advice = "Installez un certificat logiciel dont le nom est exactement INSI-MANU ou INSI-AUTO."


class AccessRefused(InsiError):
    """Any other fault of the rights family (siram_100)."""

    code = "INSI-003"
    fault = Fault.OURS
    retry = Retry.AFTER_FIX
    contact = Contact.ADMINISTRATEUR
    what = "INSi refuse l'accès à l'établissement (code {remote})."
    advice = "Vérifiez le certificat et le numéro d'autorisation, puis transmettez le code au support."


class GatewayUnavailable(InsiError):
    """desir_1020: the gateway answers that the service behind it is unavailable."""

    code = "INSI-004"
    retry = Retry.LATER
    what = "INSi est momentanément indisponible."
    advice = "Poursuivez l'admission : l'identité reste à son statut et Amarre refera la recherche."


class SearchTechnicalError(InsiError):
    """insi_102: technical error of the search by traits. It does not mean that nobody was found."""

    code = "INSI-005"
    retry = Retry.LATER
    what = "INSi n'a pas pu terminer la recherche. Cela ne veut pas dire que la personne est inconnue."
    advice = "Poursuivez l'admission : Amarre refera la recherche. Ne modifiez pas les traits pour autant."


class TeleserviceUnavailable(InsiError):
    """insi_111: the teleservices are unavailable."""

    code = "INSI-006"
    retry = Retry.LATER
    what = "Les téléservices de l'Assurance maladie sont indisponibles."
    advice = "Poursuivez l'admission : Amarre refera la recherche quand le service sera rétabli."


class ServiceUnavailable(InsiError):
    """Any other fault of the availability family (siram_40), or an HTTP 5xx without an envelope."""

    code = "INSI-007"
    retry = Retry.LATER
    what = "INSi n'a pas pu répondre (code {remote})."
    advice = "Poursuivez l'admission : Amarre refera la recherche. Si cela dure, prévenez le support."


class BirthNameMissing(InsiError):
    """insi_19: the birth name is mandatory."""

    code = "INSI-008"
    fault = Fault.DATA
    retry = Retry.AFTER_FIX
    contact = Contact.REFERENT_IDENTITE
    what = "INSi refuse la recherche : le nom de naissance manque."
    advice = "Complétez le nom de naissance d'après le document d'identité, puis relancez."


class SexRefused(InsiError):
    """insi_24: the sex is missing or is neither F nor M."""

    code = "INSI-009"
    fault = Fault.DATA
    retry = Retry.AFTER_FIX
    contact = Contact.REFERENT_IDENTITE
    what = "INSi refuse la recherche : le sexe n'est pas renseigné ou n'est pas F ou M."
    advice = "Complétez le sexe d'après le document d'identité, puis relancez."


class DataRefused(InsiError):
    """Any other fault of the data family (siram_10)."""

    code = "INSI-010"
    fault = Fault.DATA
    retry = Retry.AFTER_FIX
    contact = Contact.REFERENT_IDENTITE
    what = "INSi refuse la recherche : un trait d'identité n'a pas la forme attendue (code {remote})."
    advice = "Relisez les traits d'après le document d'identité, puis relancez."


class UnexplainedFault(InsiError):
    """A fault of a family nobody described."""

    code = "INSI-011"
    what = "INSi a répondu par une anomalie inconnue (code {remote})."
    advice = "Ne relancez pas. Transmettez l'identifiant au support, qui interrogera le GIE SESAM-Vitale."


class HttpRefused(InsiError):
    """An HTTP 3xx or 4xx without an envelope: wrong address, or an equipment in between."""

    code = "INSI-012"
    fault = Fault.OURS
    retry = Retry.AFTER_FIX
    contact = Contact.ADMINISTRATEUR
    what = "L'adresse d'INSi répond, mais refuse la demande (HTTP {status})."
    advice = "Vérifiez l'adresse du service dans les réglages et les équipements du réseau."


class AnswerInvalid(InsiError):
    """An envelope whose content is not a result of INSi, or lacks what the result must hold."""

    code = "INSI-013"
    phase = Phase.READ
    what = "La réponse d'INSi est incomplète ou illisible : {reason}."
    advice = "Ne saisissez pas cette INS à la main. Transmettez l'identifiant au support."


class AnswerDoesNotMatch(InsiError):
    """The answer concerns another request or another person: it is never stored."""

    code = "INSI-014"
    phase = Phase.READ
    contact = Contact.REFERENT_IDENTITE
    what = "La réponse d'INSi ne correspond pas à la demande ({traits})."
    data_state = "Elle a été écartée : rien n'a été enregistré dans le dossier."
    advice = "N'attribuez pas cette identité. Relancez la recherche ; si cela se répète, prévenez le support."


class CallForbidden(InsiError):
    """The identity is douteuse or fictive: INSi must not be called."""

    code = "INSI-015"
    phase = Phase.BUILD
    fault = Fault.DATA
    retry = Retry.AFTER_FIX
    contact = Contact.REFERENT_IDENTITE
    what = "Cette identité est signalée douteuse ou fictive : INSi ne doit pas être appelé."
    data_state = "Aucune demande n'est partie."
    advice = "Levez d'abord le doute avec le référent identitovigilance, puis relancez la recherche."


# Exact codes first, then the family of the code: (fault code) → class, (siram family) → class.
BY_CODE: dict[str, type[InsiError]] = {
    "desir_550": SoftwareNotAuthorised,
    "desir_560": CertificateNotAllowed,
    "desir_1020": GatewayUnavailable,
    "insi_102": SearchTechnicalError,
    "insi_111": TeleserviceUnavailable,
    "insi_19": BirthNameMissing,
    "insi_24": SexRefused,
}
BY_FAMILY: dict[str, type[InsiError]] = {
    "siram_10": DataRefused,
    "siram_40": ServiceUnavailable,
    "siram_100": AccessRefused,
}
