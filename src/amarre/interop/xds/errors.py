"""XDS refusals, explained.

Source: IHE ITI TF-3 §4.2.4 (error codes). One class per cause a person would treat differently; codes that
ask for the same treatment share a class. The context given by the registry stays in ``remote_text``: it may
quote what was sent.
"""

from __future__ import annotations

from amarre.interop.common.errors import AmarreError, Contact, Effect, Fault, Phase, Retry
from amarre.interop.xds.model import RegistryError


class XdsError(AmarreError):
    """Base of the refusals of a registry or repository."""

    phase = Phase.REMOTE
    fault = Fault.OURS
    retry = Retry.AFTER_FIX
    contact = Contact.SUPPORT
    data_state = "Le document n'a pas été enregistré. Il reste dans le dossier."


class XdsUnreadableAnswer(XdsError):
    """The answer is not one this call expects. `defect` says in French what is wrong with it."""

    code = "XDS-001"
    phase = Phase.READ
    fault = Fault.THEIRS
    retry = Retry.LATER
    effect = Effect.UNKNOWN
    what = "La réponse du service de partage n'a pas la forme prévue : {defect}."
    data_state = "On ne sait pas encore si le service a enregistré quelque chose."
    advice = "Amarre interroge le service avant tout nouvel envoi. Si cela dure, prévenez le support."


class XdsMetadataRefused(XdsError):
    """XDSRegistryMetadataError, XDSRepositoryMetadataError, XDSMissingDocumentMetadata."""

    code = "XDS-010"
    fault = Fault.DATA
    what = "Le service refuse une information qui décrit le document{attribute}."
    advice = (
        "Les détails nomment l'information. Si elle vient du document ou d'une fiche, corrigez-la, puis"
        " validez une nouvelle version. Sinon transmettez les détails au support."
    )


class XdsDocumentMissing(XdsError):
    """XDSMissingDocument: metadata arrived without the bytes of the document."""

    code = "XDS-011"
    retry = Retry.LATER
    what = "Le document n'est pas arrivé jusqu'au service, seule sa description y est parvenue."
    advice = "Amarre réessaiera. Si cela dure, un équipement du réseau modifie peut-être les envois."


class XdsDuplicateInMessage(XdsError):
    """…DuplicateUniqueIdInMessage: one identifier is used twice in the same submission."""

    code = "XDS-012"
    retry = Retry.NEVER
    what = "Le même identifiant a servi deux fois dans un seul envoi."
    advice = (
        "Ne relancez pas : transmettez l'identifiant de l'envoi au support, c'est une anomalie du logiciel."
    )


class XdsDuplicateUniqueId(XdsError):
    """XDSDuplicateUniqueIdInRegistry: the identifier is already known. With the same bytes it is a
    success.
    """

    code = "XDS-013"
    retry = Retry.NEVER
    # The registry holds something under this identifier: query, never resend.
    effect = Effect.UNKNOWN
    what = "Ce document a déjà été envoyé."
    data_state = "Un document portant ce numéro existe déjà dans le service."
    advice = "Amarre vérifie que c'est bien le même. Ne renvoyez pas le document."


class XdsNonIdenticalHash(XdsError):
    """XDSNonIdenticalHash: another content is already known under the identifier."""

    code = "XDS-014"
    retry = Retry.NEVER
    what = "Un document différent a déjà été envoyé sous le même numéro."
    advice = "Ne relancez pas. Validez une nouvelle version du document : elle recevra un nouveau numéro."


class XdsUnknownPatient(XdsError):
    """XDSUnknownPatientId."""

    code = "XDS-020"
    fault = Fault.DATA
    contact = Contact.REFERENT_IDENTITE
    what = "Le service ne connaît pas l'identité nationale de santé (INS) utilisée."
    advice = (
        "Vérifiez dans la fiche que l'INS est qualifiée, et que ce n'est pas une identité de test utilisée"
        " avec le vrai service (ou l'inverse)."
    )


class XdsPatientMismatch(XdsError):
    """XDSPatientIdDoesNotMatch: set and document do not concern the same person."""

    code = "XDS-021"
    retry = Retry.NEVER
    what = "Le document et l'envoi ne concernent pas la même personne. L'envoi est bloqué."
    advice = "Ne relancez pas. Prévenez le support sans attendre : le mauvais fichier a pu être joint."


class XdsDocumentNotFound(XdsError):
    """XDSDocumentUniqueIdError, XDSRegistryDeprecatedDocumentError on a read."""

    code = "XDS-030"
    fault = Fault.DATA
    what = "Ce document est introuvable : il a été supprimé ou remplacé."
    data_state = "Rien n'a changé dans le dossier."
    advice = "Actualisez la liste des documents."


class XdsReplaceRefused(XdsError):
    """UnresolvedReferenceException, XDSReplaceFailed: the version to replace is not the current one."""

    code = "XDS-031"
    what = "La version à remplacer n'est plus la version en cours dans le service."
    advice = "Relancez l'envoi : Amarre cherchera d'abord la version en cours."


class XdsWrongRepository(XdsError):
    """XDSUnknownRepositoryId."""

    code = "XDS-032"
    what = "Le service ne reconnaît pas l'endroit où ce document serait rangé."
    data_state = "Rien n'a changé dans le dossier."
    advice = "Actualisez la liste des documents. Si cela se répète, prévenez le support."


class XdsOtherDocument(XdsError):
    """A repository answered with a document that was not asked for."""

    code = "XDS-033"
    phase = Phase.READ
    fault = Fault.THEIRS
    retry = Retry.LATER
    what = "Le service a renvoyé un autre document que celui demandé. Il n'a pas été ouvert."
    data_state = "Rien n'a changé dans le dossier."
    advice = "Demandez à nouveau le document. Si cela se répète, prévenez le support sans attendre."


class XdsQueryRefused(XdsError):
    """XDSUnknownStoredQuery, XDSStoredQueryMissingParam, XDSStoredQueryParamNumber."""

    code = "XDS-040"
    retry = Retry.NEVER
    what = "Le service n'a pas compris la recherche."
    data_state = "Rien n'a changé dans le dossier."
    advice = "Ne relancez pas : transmettez l'identifiant au support, c'est une anomalie du logiciel."


class XdsTooManyResults(XdsError):
    """XDSTooManyResults."""

    code = "XDS-041"
    fault = Fault.DATA
    what = "La recherche donne trop de résultats."
    data_state = "Rien n'a changé dans le dossier."
    advice = "Réduisez la période ou choisissez un type de document."


class XdsBusy(XdsError):
    """XDSRegistryBusy, XDSRepositoryBusy, XDSRegistryNotAvailable, XDSRegistryOutOfResources."""

    code = "XDS-050"
    fault = Fault.THEIRS
    retry = Retry.LATER
    what = "Le service de partage est momentanément surchargé."
    advice = "Vous n'avez rien à faire : Amarre réessaiera."


class XdsUpdateRefused(XdsError):
    """XDSMetadataUpdateError, XDSMetadataUpdateOperationError, XDSMetadataVersionError."""

    code = "XDS-060"
    what = "Le document a changé dans le service depuis votre dernière lecture. La modification est refusée."
    data_state = "Rien n'a changé dans le service ni dans le dossier."
    advice = "Actualisez la liste des documents, puis recommencez."


class XdsInternalFailure(XdsError):
    """XDSRegistryError, XDSRepositoryError: the service failed without saying why."""

    code = "XDS-070"
    fault = Fault.THEIRS
    retry = Retry.LATER
    what = "Le service de partage n'a pas pu traiter la demande."
    advice = "Amarre réessaiera. Si cela dure, transmettez l'identifiant au support."


class XdsUnknownRefusal(XdsError):
    """Any other code, or a failure without any code."""

    code = "XDS-099"
    fault = Fault.THEIRS
    what = "Le service de partage a refusé pour une raison qu'Amarre ne connaît pas ({remote})."
    advice = "Ouvrez les détails et transmettez-les au support."


ERROR_CLASSES: dict[str, type[XdsError]] = {
    "XDSRegistryMetadataError": XdsMetadataRefused,
    "XDSRepositoryMetadataError": XdsMetadataRefused,
    "XDSMissingDocumentMetadata": XdsMetadataRefused,
    "XDSMissingDocument": XdsDocumentMissing,
    "XDSRegistryDuplicateUniqueIdInMessage": XdsDuplicateInMessage,
    "XDSRepositoryDuplicateUniqueIdInMessage": XdsDuplicateInMessage,
    "XDSDuplicateUniqueIdInRegistry": XdsDuplicateUniqueId,
    "XDSNonIdenticalHash": XdsNonIdenticalHash,
    "XDSUnknownPatientId": XdsUnknownPatient,
    "XDSPatientIdDoesNotMatch": XdsPatientMismatch,
    "XDSDocumentUniqueIdError": XdsDocumentNotFound,
    "XDSRegistryDeprecatedDocumentError": XdsReplaceRefused,
    "XDSUnknownRepositoryId": XdsWrongRepository,
    "XDSReplaceFailed": XdsReplaceRefused,
    "UnresolvedReferenceException": XdsReplaceRefused,
    "XDSUnknownStoredQuery": XdsQueryRefused,
    "XDSStoredQueryMissingParam": XdsQueryRefused,
    "XDSStoredQueryParamNumber": XdsQueryRefused,
    "XDSTooManyResults": XdsTooManyResults,
    "XDSRegistryBusy": XdsBusy,
    "XDSRepositoryBusy": XdsBusy,
    "XDSRegistryNotAvailable": XdsBusy,
    "XDSRegistryOutOfResources": XdsBusy,
    "XDSRegistryError": XdsInternalFailure,
    "XDSRepositoryError": XdsInternalFailure,
    "XDSMetadataUpdateError": XdsUpdateRefused,
    "XDSMetadataUpdateOperationError": XdsUpdateRefused,
    "XDSMetadataVersionError": XdsUpdateRefused,
}

# Attributes a person can correct, as the registry names them → what the screen calls them. Longest first.
ATTRIBUTE_LABELS: dict[str, str] = {
    "healthcareFacilityTypeCode": "secteur d'activité de l'établissement",
    "practiceSettingCode": "cadre d'exercice de l'établissement",
    "confidentialityCode": "visibilité du document",
    "contentTypeCode": "activité de l'établissement",
    "authorInstitution": "établissement de l'auteur",
    "authorSpecialty": "profession de l'auteur",
    "authorPerson": "auteur",
    "serviceStartTime": "date de l'acte",
    "serviceStopTime": "date de fin de l'acte",
    "creationTime": "date du document",
    "sourcePatientId": "numéro de dossier de la personne",
    "formatCode": "format du document",
    "classCode": "classe du document",
    "typeCode": "type du document",
    "patientId": "identité nationale de santé",
    "uniqueId": "numéro du document",
    "title": "titre du document",
}


def attribute_in(context: str) -> str:
    """Return the French name of the metadata attribute a codeContext mentions, "" when none is recognised."""
    lowered = context.lower()
    return next((label for name, label in ATTRIBUTE_LABELS.items() if name.lower() in lowered), "")


def error_from(item: RegistryError) -> XdsError:
    """Return the explained error of a ``rs:RegistryError``."""
    cls = ERROR_CLASSES.get(item.code, XdsUnknownRefusal)
    if cls is XdsMetadataRefused:
        label = attribute_in(item.context)
        return cls(remote_code=item.code, remote_text=item.context, attribute=f" : {label}" if label else "")
    if cls is XdsUnknownRefusal:
        # A code is a short token; anything longer is not repeated in a sentence.
        remote = item.code if item.code.isalnum() and len(item.code) <= 60 else "sans code"
        return cls(remote_code=remote, remote_text=item.context, remote=remote)
    return cls(remote_code=item.code, remote_text=item.context)
