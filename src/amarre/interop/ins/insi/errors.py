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


class CardAssertionIncomplete(InsiError):
    """The card's assertion lacks what SEL-MP-043 asks for. `missing` names it in French."""

    code = "INSI-016"
    phase = Phase.BUILD
    fault = Fault.OURS
    retry = Retry.AFTER_FIX
    contact = Contact.ADMINISTRATEUR
    what = "La carte du professionnel ne peut pas servir à appeler INSi : {missing}."
    data_state = "Aucune demande n'est partie."
    advice = "Complétez la fiche du professionnel ou de l'établissement, ou servez-vous d'une autre carte."


class CardKeyUnusable(InsiError):
    """The card (or the software key in its place) did not sign, or its certificate is not RSA."""

    code = "INSI-017"
    phase = Phase.BUILD
    fault = Fault.OURS
    retry = Retry.AFTER_FIX
    contact = Contact.ADMINISTRATEUR
    what = "La clé de la carte du professionnel n'a pas pu signer la demande à INSi."
    data_state = "La demande n'a pas été envoyée."
    advice = "Retirez la carte, insérez-la à nouveau et ressaisissez son code, puis recommencez."


class QuotaExceeded(InsiError):
    """HTTP 429: more requests than the service accepts. The real quotas are not public (unconfirmed)."""

    code = "INSI-018"
    retry = Retry.LATER
    what = "INSi reçoit trop de demandes de l'établissement et demande d'attendre {seconds} secondes."
    data_state = "La demande n'a pas été traitée. Elle est gardée."
    advice = "Poursuivez votre travail : Amarre ralentit de lui-même et refera la demande."


class VitaleCardUnreadable(InsiError):
    """The reader gave no card, or what it gave is not the content of a carte Vitale."""

    code = "INSI-019"
    phase = Phase.BUILD
    fault = Fault.DATA
    retry = Retry.LATER
    what = "La carte Vitale n'a pas pu être lue : {reason}."
    data_state = "Rien n'a été demandé à INSi à partir de cette carte."
    advice = "Insérez la carte à nouveau. Sinon, cherchez l'identité par ses traits."


class VitaleBeneficiaryNotChosen(InsiError):
    """A card holds several persons and nobody said which one is present."""

    code = "INSI-020"
    phase = Phase.BUILD
    fault = Fault.DATA
    retry = Retry.AFTER_FIX
    contact = Contact.REFERENT_IDENTITE
    what = "La carte Vitale porte {count} bénéficiaires : il faut choisir la personne présente."
    data_state = "Rien n'est parti vers INSi."
    advice = "Choisissez la personne dans la liste de la carte, puis relancez la recherche."


class VerificationNotOfficial(InsiError):
    """Verification was asked of something else than the sandbox: its official format is not known."""

    code = "INSI-021"
    phase = Phase.BUILD
    fault = Fault.OURS
    retry = Retry.AFTER_FIX
    contact = Contact.ADMINISTRATEUR
    what = (
        "La vérification d'identités ne fonctionne qu'avec le bac à sable : son format officiel n'est pas"
        " encore connu d'Amarre."
    )
    data_state = "Aucune identité n'est partie."
    advice = "Attendez la version d'Amarre qui portera le format officiel, ou essayez avec le bac à sable."


class VerificationForbidden(InsiError):
    """An identity without an INS has nothing to verify."""

    code = "INSI-022"
    phase = Phase.BUILD
    fault = Fault.DATA
    retry = Retry.AFTER_FIX
    contact = Contact.REFERENT_IDENTITE
    what = "Cette identité est au statut « {status} » : elle n'a pas d'INS à vérifier."
    data_state = "Aucune vérification n'est partie."
    advice = "Recherchez d'abord l'INS par le téléservice, à la venue de la personne."


class VerificationAnswerInvalid(InsiError):
    """An answer about verification that cannot be believed."""

    code = "INSI-023"
    phase = Phase.READ
    what = "La réponse à une vérification d'identités est incomplète ou illisible : {reason}."
    data_state = "Elle a été écartée : aucun statut n'a changé."
    advice = "Relancez la vérification. Si cela se répète, transmettez l'identifiant au support."


class VerificationRefused(InsiError):
    """The service refused a verification or a lot; `remote` is its code."""

    code = "INSI-024"
    fault = Fault.DATA
    retry = Retry.AFTER_FIX
    what = "La demande de vérification est refusée (code {remote})."
    data_state = "Aucune identité n'a été vérifiée par cette demande."
    advice = "Transmettez l'identifiant au support : la demande ne respecte pas ce que le service attend."


class LotUnknown(InsiError):
    """The ticket of a lot is not known any more: results are kept a limited time."""

    code = "INSI-025"
    fault = Fault.DATA
    retry = Retry.AFTER_FIX
    what = "Le lot de vérification n'existe plus chez le service : ses résultats ont été effacés."
    data_state = "Les résultats déjà reçus sont gardés. Les autres identités restent à vérifier."
    advice = "Relancez la vérification : seules les identités sans résultat seront redemandées."


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
