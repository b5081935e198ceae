"""What the DMP may refuse, and what we refuse to send it, explained.

Sources: SEL-MP-037 (DMP codes), observed answers of the national service. XDS codes are explained in
``amarre.interop.xds.errors``. Any code beginning with DMP that is not listed gets the generic sentence: the
complete list is not public.
"""

from __future__ import annotations

from amarre.interop.common.errors import AmarreError, Contact, Effect, Fault, Phase, Retry


class DmpError(AmarreError):
    """Base of the DMP's own refusals."""

    phase = Phase.REMOTE
    fault = Fault.OURS
    retry = Retry.AFTER_FIX
    contact = Contact.SUPPORT
    data_state = "Rien n'a été déposé. Le document reste dans le dossier."


class DmpAbsent(DmpError):
    """TD0.2 answered NF: no DMP. Not a failure: the person has none, or opposed its creation."""

    code = "DMP-001"
    fault = Fault.DATA
    retry = Retry.NEVER
    contact = Contact.DPO
    what = "Cette personne n'a pas de DMP, ou s'y est opposée."
    advice = "Vous pouvez envoyer le document par messagerie sécurisée à un professionnel."


class DmpClosed(DmpError):
    """The DMP is closed."""

    code = "DMP-002"
    fault = Fault.DATA
    retry = Retry.NEVER
    contact = Contact.DPO
    what = "Le DMP de cette personne est fermé à sa demande."
    advice = "Ne proposez pas de le rouvrir. Vous pouvez envoyer le document par messagerie sécurisée."


class DmpCertificateRefused(DmpError):
    """DMPInvalidCertificate: usually the authentication certificate was used to sign."""

    code = "DMP-010"
    contact = Contact.ADMINISTRATEUR
    what = "Le certificat de l'établissement utilisé pour signer n'est pas accepté par le DMP."
    advice = (
        "Il faut le certificat de signature, pas celui d'authentification. Vérifiez le certificat dans les"
        " réglages de l'établissement, puis relancez."
    )


class DmpRightsDenied(DmpError):
    """DMPAccessDeniedByRightsService: the national rights matrix forbids it."""

    code = "DMP-011"
    retry = Retry.NEVER
    contact = Contact.PILOTE_DUI
    what = (
        "La profession indiquée n'a pas le droit de faire cela pour ce type de document (matrice"
        " d'habilitation)."
    )
    advice = (
        "Vérifiez la profession de l'auteur et le type du document. Le droit est fixé au niveau national."
    )


class DmpStructureUnknown(DmpError):
    """Structure not found or inactive, or professional not linked to it."""

    code = "DMP-012"
    contact = Contact.ADMINISTRATEUR
    what = "Le DMP ne reconnaît pas l'établissement, ou ne le rattache pas au certificat utilisé."
    advice = "Vérifiez le numéro FINESS (ou SIRET) dans les réglages : il doit être celui du certificat."


class DmpRoleMissing(DmpError):
    """The speciality or role is missing from the VIHF."""

    code = "DMP-013"
    fault = Fault.DATA
    contact = Contact.ADMINISTRATEUR
    what = "La profession ou la spécialité de l'auteur n'est pas complète."
    advice = "Complétez la fiche du professionnel (profession, puis spécialité ou rôle), puis relancez."


class DmpAssertionRefused(DmpError):
    """The identification block was refused for another reason (often the clock)."""

    code = "DMP-014"
    contact = Contact.ADMINISTRATEUR
    what = "Le DMP a refusé l'identification de l'établissement jointe à l'envoi."
    advice = "Vérifiez l'heure du serveur et les dates du certificat de signature, puis relancez."


class DmpRequestRefused(DmpError):
    """A SOAP fault ``Sender`` without a code known to us: our request is at fault."""

    code = "DMP-020"
    what = "Le DMP a refusé l'envoi : erreur technique d'échange."
    advice = "Ouvrez les détails et transmettez-les au support : c'est une anomalie du logiciel."


class DmpUnavailable(DmpError):
    """A SOAP fault ``Receiver``, or an HTTP 5xx: nothing was done on a query."""

    code = "DMP-021"
    fault = Fault.THEIRS
    retry = Retry.LATER
    what = "Le DMP est momentanément indisponible."
    advice = "Vous n'avez rien à faire : Amarre réessaiera."


class DmpUnexpectedAnswer(DmpError):
    """The answer is not the one that goes with the request."""

    code = "DMP-022"
    phase = Phase.READ
    fault = Fault.THEIRS
    retry = Retry.LATER
    what = "La réponse du DMP ne correspond pas à la demande."
    advice = "Amarre réessaiera. Si cela dure, transmettez l'identifiant au support."


class DmpAnswerToAnother(DmpError):
    """RelatesTo names another request: a mixed-up answer is never believed."""

    code = "DMP-023"
    phase = Phase.READ
    fault = Fault.THEIRS
    retry = Retry.LATER
    what = "La réponse reçue du DMP est celle d'une autre demande. Elle a été ignorée."
    advice = "Amarre réessaiera. Si cela se répète, prévenez le support."


class DmpOtherRefusal(DmpError):
    """Any other DMP code."""

    code = "DMP-099"
    fault = Fault.THEIRS
    what = "Le DMP a refusé pour une raison qu'Amarre ne connaît pas ({remote})."
    advice = "Ouvrez les détails et transmettez-les au support."


class DmpOutcomeUnknown(DmpError):
    """The deposit left and no readable answer came back."""

    code = "DMP-030"
    phase = Phase.WAIT
    fault = Fault.THEIRS
    retry = Retry.LATER
    effect = Effect.UNKNOWN
    what = "L'envoi au DMP attend sa confirmation : la réponse n'est pas arrivée ou n'est pas lisible."
    data_state = "On ne sait pas encore si le document est déposé."
    advice = "Vous n'avez rien à faire : Amarre demande au DMP s'il a le document avant tout nouvel envoi."


class DmpDifferentContent(DmpError):
    """The DMP holds another content under our identifier."""

    code = "DMP-031"
    retry = Retry.NEVER
    what = "Le DMP contient sous ce numéro un document différent du nôtre."
    data_state = "Le document du DMP n'a pas été modifié. Le vôtre reste dans le dossier."
    advice = "Ne relancez pas : prévenez le support sans attendre."


class DmpSubmissionError(DmpError):
    """Base of what is refused before anything leaves."""

    phase = Phase.BUILD
    fault = Fault.DATA
    data_state = "Rien n'a quitté Amarre. Le document reste dans le dossier."


class DmpTypeNotAccepted(DmpSubmissionError):
    """A code of the document is not in the DMP's own value set."""

    code = "DMP-040"
    contact = Contact.PILOTE_DUI
    what = "Le DMP n'accepte pas cette valeur : {attribute}, code {value}."
    advice = "Choisissez une valeur acceptée par le DMP (type de document, ou réglages de l'établissement)."


class DmpDocumentTooLarge(DmpSubmissionError):
    """Over the size limit of the settings."""

    code = "DMP-041"
    contact = Contact.PILOTE_DUI
    what = "Le document est trop volumineux pour le DMP ({size} Ko, {limit} Ko au plus)."
    advice = "Réduisez les images du document, ou déposez-le en plusieurs parties."


class DmpIdentityMismatch(DmpSubmissionError):
    """The document does not carry the identity it is sent for."""

    code = "DMP-042"
    retry = Retry.NEVER
    contact = Contact.REFERENT_IDENTITE
    what = "Le document ne porte pas l'INS de la personne pour qui il est envoyé."
    advice = "Ne relancez pas. Vérifiez l'identité, puis validez une nouvelle version du document."


class DmpIdentifierOutsideRoot(DmpSubmissionError):
    """The document's identifier is not a legal OID under the establishment's root."""

    code = "DMP-043"
    fault = Fault.OURS
    contact = Contact.ADMINISTRATEUR
    what = "Le numéro du document n'est pas un OID de l'établissement."
    advice = "Vérifiez l'OID racine dans les réglages de l'établissement, puis validez à nouveau le document."


class DmpModeNotAllowed(DmpSubmissionError):
    """The transaction is not open to this mode of authentication."""

    code = "DMP-044"
    fault = Fault.OURS
    retry = Retry.NEVER
    contact = Contact.PILOTE_DUI
    what = (
        "Cette action n'est pas permise avec le mode d'accès au DMP de l'établissement ({transaction},"
        " {mode})."
    )
    advice = "Utilisez l'accès web au DMP avec votre carte ou votre e-CPS."


class DmpCertificateStructureMismatch(DmpSubmissionError):
    """The OU of the signature certificate is not the Struct_IdNat of the settings."""

    code = "DMP-045"
    fault = Fault.OURS
    contact = Contact.ADMINISTRATEUR
    what = "Le certificat de signature n'est pas celui de l'établissement."
    advice = (
        "Le champ OU du certificat doit être l'identifiant national de l'établissement. Vérifiez les"
        " réglages."
    )


class DmpFrozenUnreadable(DmpSubmissionError):
    """The frozen submission kept in the outbox cannot be read back."""

    code = "DMP-046"
    fault = Fault.OURS
    retry = Retry.NEVER
    what = "L'envoi préparé n'est plus lisible."
    advice = "Prévenez le support, puis validez à nouveau le document pour préparer un nouvel envoi."


class DmpAuthorStructureMismatch(DmpSubmissionError):
    """No author of the document belongs to the establishment that deposits it (mode INDIRECTE)."""

    code = "DMP-047"
    contact = Contact.PILOTE_DUI
    what = "Aucun auteur du document n'est rattaché à l'établissement qui le dépose."
    advice = "Vérifiez l'établissement choisi et l'auteur, puis validez à nouveau le document."


_BY_CODE: dict[str, type[DmpError]] = {
    "DMPClosed": DmpClosed,
    "DMPInvalidCertificate": DmpCertificateRefused,
    "DMPAccessDeniedByRightsService": DmpRightsDenied,
}

# Words of the service's own sentence, lower case → cause, when it gives no usable code.
_BY_WORDS: tuple[tuple[str, type[DmpError]], ...] = (
    ("not a valid signature certificate", DmpCertificateRefused),
    ("certificat ayant signé le vihf", DmpCertificateRefused),
    ("aucune spécialité dans le vihf", DmpRoleMissing),
    ("structure introuvable", DmpStructureUnknown),
    ("ps et structure non liés", DmpStructureUnknown),
    ("aucun authorinstitution", DmpAuthorStructureMismatch),
    ("message addressing property", DmpRequestRefused),
    ("vihf", DmpAssertionRefused),
    ("assertion", DmpAssertionRefused),
)


def error_for(code: str, text: str, *, sender: bool | None = None) -> DmpError:
    """Return the explained error of a DMP code and its text; `sender` tells a SOAP fault's side when
    known.
    """
    cls = _BY_CODE.get(code)
    if cls is None:
        lowered = text.lower()
        cls = next((found for words, found in _BY_WORDS if words in lowered), None)
    if cls is None and not code.startswith("DMP"):
        cls = {True: DmpRequestRefused, False: DmpUnavailable}.get(sender) if sender is not None else None
    if cls is None:
        known = code if code.isalnum() and len(code) <= 60 else "sans code"
        return DmpOtherRefusal(remote_code=known, remote_text=text, remote=known)
    return cls(remote_code=code, remote_text=text)
