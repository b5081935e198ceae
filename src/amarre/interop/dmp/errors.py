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
        "Il faut le certificat de signature, pas celui d'authentification. L'administrateur vérifie les deux"
        " dans les réglages de l'établissement, puis vous relancez."
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
    advice = (
        "L'administrateur vérifie le numéro FINESS (ou SIRET) dans les réglages : il doit être celui du"
        " certificat."
    )


class DmpRoleMissing(DmpError):
    """The speciality or role is missing from the VIHF."""

    code = "DMP-013"
    fault = Fault.DATA
    contact = Contact.ADMINISTRATEUR
    what = "La profession ou la spécialité de l'auteur n'est pas complète."
    advice = (
        "L'administrateur complète la fiche du professionnel (profession, puis spécialité ou rôle), puis vous"
        " relancez."
    )


class DmpAssertionRefused(DmpError):
    """The identification block was refused for another reason (often the clock)."""

    code = "DMP-014"
    contact = Contact.ADMINISTRATEUR
    what = "Le DMP refuse la preuve de qui envoie, ou sa date."
    advice = (
        "L'administrateur vérifie l'heure du serveur et les dates du certificat de signature, puis vous"
        " relancez."
    )


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
    """The answer is not the one that goes with the request. `defect` says in French why."""

    code = "DMP-022"
    phase = Phase.READ
    fault = Fault.THEIRS
    retry = Retry.LATER
    what = "La réponse du DMP ne correspond pas à la demande : {defect}."
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
    """The deposit left and no readable answer came back. `cause` is the sentence of what happened."""

    code = "DMP-030"
    phase = Phase.WAIT
    fault = Fault.THEIRS
    retry = Retry.LATER
    effect = Effect.UNKNOWN
    what = "L'envoi au DMP attend sa confirmation. {cause}"
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
    advice = (
        "Un type de document se change en validant une nouvelle version. Le reste, l'administrateur le"
        " corrige dans les réglages de l'établissement."
    )


class DmpDocumentTooLarge(DmpSubmissionError):
    """Over the size limit of the settings."""

    code = "DMP-041"
    contact = Contact.PILOTE_DUI
    what = "Le document est trop volumineux pour le DMP ({size} Ko, {limit} Ko au plus)."
    advice = (
        "Faites-en une version plus légère (moins de pages numérisées, en noir et blanc), ou plusieurs"
        " documents. Tel quel, remettez-le à la personne."
    )


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
    what = "Le numéro du document n'est pas de ceux de l'établissement."
    advice = (
        "L'administrateur vérifie l'OID racine (le début de tous les numéros de documents) dans les réglages,"
        " puis l'auteur valide une nouvelle version."
    )


class DmpModeNotAllowed(DmpSubmissionError):
    """The transaction is not open to this mode of authentication."""

    code = "DMP-044"
    fault = Fault.OURS
    retry = Retry.NEVER
    contact = Contact.PILOTE_DUI
    what = "Votre accès au DMP ne permet pas l'action « {act} »."
    advice = "Ouvrez le DMP en ligne, avec votre carte ou votre e-CPS."


class DmpCertificateStructureMismatch(DmpSubmissionError):
    """The OU of the signature certificate is not the Struct_IdNat of the settings."""

    code = "DMP-045"
    fault = Fault.OURS
    contact = Contact.ADMINISTRATEUR
    what = "Le certificat de signature n'est pas au nom de l'établissement."
    advice = (
        "L'administrateur installe, dans les réglages, le certificat délivré à cet établissement : son champ"
        " OU est « 1 » suivi du FINESS, ou « 3 » suivi du SIRET."
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


class DmpReadingNeedsProfessional(DmpModeNotAllowed):
    """Mode INDIRECTE gives an establishment no right to read or to change the visibility."""

    code = "DMP-148"
    what = "Le certificat de l'établissement sert à déposer au DMP : il ne permet pas l'action « {act} »."
    advice = "Un professionnel de santé peut le faire avec sa carte, ou dans le DMP en ligne."


class DmpDepositNeedsEstablishment(DmpModeNotAllowed):
    """Mode AIR gives no right to deposit."""

    code = "DMP-149"
    what = (
        "La connexion forte d'un professionnel (AIR) permet de consulter le DMP, pas d'y déposer un document."
    )
    advice = "Déposez le document au nom de l'établissement, avec son certificat."


class DmpProfessionNotAllowed(DmpModeNotAllowed):
    """The transaction is open to health professionals only, in this mode."""

    code = "DMP-150"
    what = "Au DMP, l'action « {act} » est réservée aux professionnels de santé."
    advice = "Demandez à un professionnel de santé de l'équipe de la faire."


class DmpNotOwnDocument(DmpSubmissionError):
    """The right is limited to the author's own documents, or to those of the structure."""

    code = "DMP-151"
    fault = Fault.OURS
    retry = Retry.NEVER
    contact = Contact.PILOTE_DUI
    what = "Vous ne pouvez faire cela que sur vos propres documents ou ceux de votre établissement."
    data_state = "Rien n'a changé au DMP."
    advice = "Adressez-vous à l'auteur du document, ou à son établissement."


class DmpStrongLoginNeeded(DmpSubmissionError):
    """Mode AIR without a strong local login."""

    code = "DMP-152"
    fault = Fault.OURS
    contact = Contact.PILOTE_DUI
    what = "Consulter le DMP demande une connexion forte, et la vôtre ne l'est pas."
    data_state = "Rien n'a été demandé au DMP."
    advice = "Reconnectez-vous avec Pro Santé Connect, puis recommencez."


class DmpCardUnusable(DmpSubmissionError):
    """The card did not sign: absent, blocked, or a key that is not its certificate's."""

    code = "DMP-153"
    fault = Fault.OURS
    contact = Contact.ADMINISTRATEUR
    what = "La carte n'a pas pu signer la demande."
    data_state = "Rien n'a été demandé au DMP."
    advice = (
        "Vérifiez que la carte est dans le lecteur et que son code est bon. Amarre ne réessaie jamais un code"
        " de lui-même."
    )


class DmpCardHolderMismatch(DmpSubmissionError):
    """The certificate of the card is not the actor's."""

    code = "DMP-154"
    fault = Fault.OURS
    contact = Contact.ADMINISTRATEUR
    what = "La carte présentée n'est pas celle de la personne connectée."
    data_state = "Rien n'a été demandé au DMP."
    advice = "Utilisez votre propre carte, ou reconnectez-vous avec elle."


class DmpReadError(DmpError):
    """Base of what is wrong with a document the DMP gave back."""

    phase = Phase.READ
    fault = Fault.THEIRS
    retry = Retry.LATER
    data_state = "Rien n'a été enregistré dans le dossier."


class DmpDocumentAltered(DmpReadError):
    """The bytes received are not those whose hash or size the registry gives."""

    code = "DMP-160"
    what = "Le document reçu du DMP n'est pas celui que le DMP annonce : son empreinte ou sa taille diffère."
    advice = "Demandez à nouveau le document. Si cela se répète, prévenez le support."


class DmpDocumentOfAnother(DmpReadError):
    """The document received concerns another person."""

    code = "DMP-161"
    retry = Retry.NEVER
    contact = Contact.REFERENT_IDENTITE
    what = "Le document reçu du DMP concerne une autre personne. Il n'a pas été ouvert."
    advice = "Ne recommencez pas. Prévenez la personne référente en identitovigilance."


class DmpListOfAnother(DmpReadError):
    """A document of the list belongs to another person."""

    code = "DMP-162"
    retry = Retry.NEVER
    contact = Contact.REFERENT_IDENTITE
    what = "La liste reçue du DMP contient un document d'une autre personne. Elle n'est pas affichée."
    advice = "Ne recommencez pas. Prévenez la personne référente en identitovigilance."


class DmpChangeUnknown(DmpReadError):
    """A change left and no readable answer came back. `cause` is the sentence of what happened."""

    code = "DMP-163"
    phase = Phase.WAIT
    effect = Effect.UNKNOWN
    what = "La demande de changement est partie, et on ne sait pas si elle est faite. {cause}"
    data_state = "On ne sait pas encore si le document a changé au DMP."
    advice = "Actualisez la liste des documents avant de recommencer : elle dira si le changement est fait."


class DmpChangeImpossible(DmpSubmissionError):
    """The change asked for does not go with the state of the document."""

    code = "DMP-164"
    contact = Contact.PILOTE_DUI
    what = "Ce changement n'est pas possible : {cause}."
    data_state = "Rien n'a changé au DMP."
    advice = "Actualisez la liste des documents, puis choisissez une action proposée."


class DmpAccessForbidden(DmpError):
    """The person forbade the access."""

    code = "DMP-165"
    fault = Fault.DATA
    retry = Retry.NEVER
    contact = Contact.DPO
    what = "La personne vous a refusé l'accès à son DMP."
    data_state = "Rien n'a été lu ni changé au DMP."
    advice = "N'insistez pas : seule la personne peut changer cela dans Mon espace santé."


class DmpAuthorisationMissing(DmpError):
    """No authorisation, or an expired one."""

    code = "DMP-166"
    fault = Fault.DATA
    contact = Contact.PILOTE_DUI
    what = "Vous n'avez pas, ou plus, l'autorisation de consulter ce DMP."
    data_state = "Rien n'a été lu ni changé au DMP."
    advice = "Recueillez l'accord de la personne, notez-le, puis déclarez votre accès."


class DmpBreakGlassRefused(DmpError):
    """The person opposed emergency access."""

    code = "DMP-167"
    fault = Fault.DATA
    retry = Retry.NEVER
    contact = Contact.DPO
    what = "La personne s'est opposée à l'accès en urgence à son DMP."
    data_state = "Rien n'a été lu au DMP."
    advice = "N'insistez pas. Joignez un proche ou son médecin traitant."


class DmpWebAddressWrong(DmpSubmissionError):
    """The address of the DMP's site for professionals is not an https address."""

    code = "DMP-155"
    fault = Fault.OURS
    contact = Contact.ADMINISTRATEUR
    what = "L'adresse de l'accès web au DMP n'est pas correcte dans les réglages."
    data_state = "Rien n'a été ouvert."
    advice = "Elle doit commencer par https:// et ne contenir que le nom du site."


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


# The same, about rights. Words unconfirmed for the real service: when none is met, the code decides.
_RIGHTS_WORDS: tuple[tuple[str, type[DmpError]], ...] = (
    ("bris de glace", DmpBreakGlassRefused),
    ("a interdit l'accès", DmpAccessForbidden),
    ("aucune autorisation", DmpAuthorisationMissing),
    ("autorisation expirée", DmpAuthorisationMissing),
)


def error_for(code: str, text: str, *, sender: bool | None = None) -> DmpError:
    """Return the explained error of a DMP code and its text; `sender` tells a SOAP fault's side when
    known.
    """
    lowered = text.lower()
    cls = _BY_CODE.get(code)
    if cls is DmpRightsDenied:
        # This code says nothing of the cause: its sentence may.
        cls = next((found for words, found in _RIGHTS_WORDS if words in lowered), cls)
    if cls is None:
        cls = next((found for words, found in (*_RIGHTS_WORDS, *_BY_WORDS) if words in lowered), None)
    if cls is None and not code.startswith("DMP"):
        cls = {True: DmpRequestRefused, False: DmpUnavailable}.get(sender) if sender is not None else None
    if cls is None:
        known = code if code.isalnum() and len(code) <= 60 else "sans code"
        return DmpOtherRefusal(remote_code=known, remote_text=text, remote=known)
    return cls(remote_code=code, remote_text=text)
