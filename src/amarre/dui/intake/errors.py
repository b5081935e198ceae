"""What may prevent a document written elsewhere from entering a dossier."""

from __future__ import annotations

from amarre.interop.common.errors import AmarreError, Contact, Fault, Phase, Retry


class IntakeError(AmarreError):
    """Base of the refusals at the entrance."""

    phase = Phase.READ
    fault = Fault.DATA
    retry = Retry.AFTER_FIX
    contact = Contact.PILOTE_DUI
    data_state = "Rien n'est entré dans le dossier."


class NotThisPerson(IntakeError):
    """The person of the document is not the person of the dossier."""

    code = "REC-001"
    retry = Retry.NEVER
    contact = Contact.REFERENT_IDENTITE
    what = "Ce document concerne une autre personne que celle du dossier : {differing}."
    advice = "Ouvrez le dossier de la bonne personne, ou demandez au référent identitovigilance."


class PersonToConfirm(IntakeError):
    """Nothing proves that it is the person of the dossier: somebody must look."""

    code = "REC-002"
    http_status = 409
    contact = Contact.REFERENT_IDENTITE
    what = "Ce document ne prouve pas à lui seul qu'il concerne la personne du dossier."
    advice = "Comparez l'identité du document à celle du dossier, confirmez, puis classez."


class NeitherCdaNorPdf(IntakeError):
    """A received file is kept in two formats only."""

    code = "REC-003"
    what = "Ce fichier reçu n'est ni un CDA ni un PDF : Amarre ne sait pas l'afficher."
    advice = "Demandez à l'expéditeur un document CDA ou PDF."


class NotItsValidator(IntakeError):
    """Somebody else answers for it."""

    code = "REC-040"
    http_status = 403
    data_state = "Le document reste à valider."
    what = "Ce document est à valider par {responsible}."
    advice = "Prévenez cette personne : elle le trouvera dans « Documents à valider »."


class AlreadyDecided(IntakeError):
    """Validated or refused meanwhile."""

    code = "REC-041"
    http_status = 409
    data_state = "Rien n'a été modifié."
    what = "Ce document a déjà été {decision} par {who}."
    advice = "Rechargez la page pour voir où il en est."


class ChangedSinceRead(IntakeError):
    """What would be filed is not what was read."""

    code = "REC-042"
    http_status = 409
    data_state = "Rien n'est classé. Le document reste à valider."
    what = "Le document, ou l'identité de la personne, a changé depuis que vous avez ouvert cette page."
    advice = "Relisez l'aperçu à jour, puis validez."


class RefusalWithoutReason(IntakeError):
    """Whoever brought it must know what to do."""

    code = "REC-043"
    data_state = "Le document reste à valider."
    what = "Un refus demande un motif."
    advice = "Écrivez pourquoi vous le refusez : la personne qui l'a apporté le lira."


class FilesGone(IntakeError):
    """The files between the two pages of the import were not kept longer, or belong to another session."""

    code = "REC-044"
    http_status = 409
    what = "Les fichiers envoyés ne sont plus en attente : ils ne sont gardés qu'une heure."
    advice = "Choisissez-les de nouveau."


class OutsideAuthorOnly(IntakeError):
    """Only the author of the house answers for what they wrote."""

    code = "REC-045"
    http_status = 403
    data_state = "Le document reste à valider."
    what = "Ce document a été écrit par {author}, qui travaille ici : cette personne seule le valide."
    advice = "Prévenez-la : elle le trouvera dans « Documents à valider »."


class FileTooDemanding(IntakeError):
    """Reading it went over the time or the memory that one file is given."""

    code = "REC-025"
    data_state = "Rien n'est entré dans le dossier : le fichier n'est pas gardé."
    what = "La lecture de ce fichier demande trop de temps ou de mémoire : elle a été arrêtée."
    advice = "Imprimez-le puis numérisez-le en PDF, ou photographiez chaque page."


class UploadTooLarge(IntakeError):
    """More bytes at once than the site takes."""

    code = "REC-026"
    http_status = 413
    what = "Vos fichiers dépassent {limit} Mo au total."
    advice = "Envoyez-les en plusieurs fois, ou numérisez en noir et blanc à 200 points par pouce."


class TooManyFiles(IntakeError):
    """More files at once than one document holds."""

    code = "REC-027"
    what = "Vous avez choisi plus de {limit} fichiers pour un seul document."
    advice = "Choisissez un PDF, ou {limit} photos au plus."


class ReadersBusy(IntakeError):
    """Every reader of the site is at work."""

    code = "REC-028"
    http_status = 503
    fault = Fault.OURS
    what = "Beaucoup de fichiers arrivent en même temps : le vôtre n'a pas pu être lu."
    advice = "Réessayez dans une minute."


class ConverterMissing(IntakeError):
    """LibreOffice is not installed beside the site: texts of an office are not converted."""

    code = "REC-036"
    contact = Contact.ADMINISTRATEUR
    what = "Amarre ne convertit pas les textes ODT et DOCX sur cette installation."
    data_state = "Rien n'est entré dans le dossier : le fichier n'est pas gardé."
    advice = "Ouvrez le texte, enregistrez-le en PDF, puis importez ce PDF."


class ConversionFailed(IntakeError):
    """LibreOffice gave nothing, or took too long."""

    code = "REC-037"
    what = "Ce texte n'a pas pu être converti en PDF."
    data_state = "Rien n'est entré dans le dossier : le fichier n'est pas gardé."
    advice = "Ouvrez-le, enregistrez-le en PDF, puis importez ce PDF."
