"""Why a file is refused at the entrance: the words for each verdict of the reader."""

from __future__ import annotations

from amarre.dui.intake.apart.limits import MAX_DOCUMENT_BYTES, MAX_PAGES, MIB
from amarre.dui.intake.apart.verdicts import Reason
from amarre.dui.intake.errors import IntakeError
from amarre.interop.common.errors import Retry
from amarre.interop.common.pictures import MAX_PIXELS

_SCAN = "Imprimez-le puis numérisez-le en PDF, ou photographiez chaque page."
_SAVE_AS_PDF = "Ouvrez-le, enregistrez-le en PDF, puis importez ce PDF."


class FileRefused(IntakeError):
    """Base of the verdicts on a file: nothing of it is kept."""

    data_state = "Rien n'est entré dans le dossier : le fichier n'est pas gardé."


class UnknownFormat(FileRefused):
    """None of the formats read."""

    code = "REC-010"
    what = "Ce fichier n'est ni un PDF, ni une image JPEG ou PNG, ni un texte ODT ou DOCX."
    advice = _SAVE_AS_PDF


class HeicPicture(FileRefused):
    """The format some telephones keep their pictures in."""

    code = "REC-011"
    what = "Cette photo est au format HEIC, que les autres services ne lisent pas."
    advice = "Réglez le téléphone sur « Le plus compatible » (JPEG), ou exportez la photo en JPEG."


class TiffPicture(FileRefused):
    """The format of some scanners."""

    code = "REC-012"
    what = "Cette image est au format TIFF."
    advice = "Réglez le scanner sur PDF, ou exportez l'image en JPEG."


class EmptyFile(FileRefused):
    """No byte."""

    code = "REC-013"
    what = "Ce fichier est vide."
    advice = "Vérifiez qu'il s'ouvre sur votre poste, puis choisissez-le de nouveau."


class BrokenFile(FileRefused):
    """It begins as a document and does not go on as one."""

    code = "REC-014"
    what = "Ce fichier est abîmé ou incomplet."
    advice = "Redemandez-le à l'expéditeur, ou " + _SCAN[0].lower() + _SCAN[1:]


class LockedPdf(FileRefused):
    """A password is asked to open it."""

    code = "REC-015"
    what = "Ce PDF est protégé par un mot de passe."
    advice = "Ouvrez-le avec son mot de passe, imprimez-le en PDF sans mot de passe, puis importez ce PDF."


class TwoFilesInOne(FileRefused):
    """A PDF that is also an archive, a program or a page: a trap."""

    code = "REC-016"
    retry = Retry.NEVER
    what = "Ce fichier est à la fois un PDF et autre chose : c'est souvent un piège."
    advice = "Ne l'ouvrez pas sur votre poste. Prévenez votre responsable informatique."


class PdfLaunchesProgram(FileRefused):
    """An action that starts a program."""

    code = "REC-017"
    retry = Retry.NEVER
    what = "Ce PDF cherche à lancer un programme : c'est un piège."
    advice = "Ne l'ouvrez pas sur votre poste. Prévenez votre responsable informatique."


class DynamicForm(FileRefused):
    """The pages are made by a program (XFA): without it they hold « please wait »."""

    code = "REC-018"
    what = "Ce PDF est un formulaire dynamique : ses pages n'existent que dans le logiciel qui l'a fait."
    advice = "Ouvrez-le, imprimez-le en PDF, puis importez ce PDF."


class PdfPortfolio(FileRefused):
    """An envelope of several documents."""

    code = "REC-019"
    what = "Ce PDF est une enveloppe qui contient d'autres fichiers."
    advice = "Enregistrez chaque document à part, puis importez-les un par un."


class TooManyPages(FileRefused):
    """More pages than one document holds."""

    code = "REC-020"
    what = f"Ce document a plus de {MAX_PAGES} pages."
    advice = "Découpez-le, puis importez chaque partie."


class FileTooComplex(FileRefused):
    """Made of more objects than a document needs."""

    code = "REC-021"
    what = "Ce fichier contient beaucoup trop d'éléments pour être lu."
    advice = _SCAN


class TooManyPixels(FileRefused):
    """A picture larger than any paper needs."""

    code = "REC-022"
    what = f"Cette image dépasse {MAX_PIXELS // 1_000_000} millions de points."
    advice = "Numérisez à 300 points par pouce au plus, ou réduisez l'image."


class DocumentTooHeavy(FileRefused):
    """Converted, it would be too large to leave."""

    code = "REC-023"
    what = (
        f"Converti, ce document pèserait plus de {MAX_DOCUMENT_BYTES // MIB} Mo : il ne pourrait pas partir."
    )
    advice = "Découpez-le, ou numérisez-le en noir et blanc à 200 points par pouce."


class NotConvertible(FileRefused):
    """No way of converting gave a PDF/A-1."""

    code = "REC-024"
    what = "Ce document n'a pas pu être mis au format d'archive demandé par les échanges (PDF/A-1)."
    advice = _SCAN


class OfficeBroken(FileRefused):
    """The archive is not what it says."""

    code = "REC-030"
    what = "Ce texte (ODT ou DOCX) est abîmé, ou sa composition est anormale."
    advice = _SAVE_AS_PDF


class OfficeBomb(FileRefused):
    """Unpacked, it would fill the machine."""

    code = "REC-031"
    what = "Déplié, ce texte (ODT ou DOCX) serait beaucoup trop grand."
    advice = _SAVE_AS_PDF


class OfficeWithMacros(FileRefused):
    """It holds programs."""

    code = "REC-032"
    what = "Ce texte contient des macros, c'est-à-dire des programmes."
    advice = "Demandez-le en PDF à son auteur, sans ouvrir les macros."


class OfficeLocked(FileRefused):
    """A password is asked to open it."""

    code = "REC-033"
    what = "Ce texte est protégé par un mot de passe."
    advice = _SAVE_AS_PDF


class OldOffice(FileRefused):
    """The binary formats of before 2007, or a DOCX under password: both look the same from outside."""

    code = "REC-034"
    what = "Ce fichier est un ancien document Word (.doc), ou un document protégé par un mot de passe."
    advice = _SAVE_AS_PDF


class OtherOffice(FileRefused):
    """A spreadsheet or slides."""

    code = "REC-035"
    what = "Ce fichier est un tableur ou un diaporama."
    advice = _SAVE_AS_PDF


_REFUSALS: dict[Reason, type[FileRefused]] = {
    Reason.UNKNOWN_FORMAT: UnknownFormat,
    Reason.HEIC: HeicPicture,
    Reason.TIFF: TiffPicture,
    Reason.EMPTY: EmptyFile,
    Reason.BROKEN: BrokenFile,
    Reason.ENCRYPTED: LockedPdf,
    Reason.POLYGLOT: TwoFilesInOne,
    Reason.LAUNCH: PdfLaunchesProgram,
    Reason.DYNAMIC_FORM: DynamicForm,
    Reason.PORTFOLIO: PdfPortfolio,
    Reason.TOO_MANY_PAGES: TooManyPages,
    Reason.TOO_COMPLEX: FileTooComplex,
    Reason.TOO_MANY_PIXELS: TooManyPixels,
    Reason.TOO_HEAVY: DocumentTooHeavy,
    Reason.NOT_CONVERTIBLE: NotConvertible,
    Reason.OFFICE_BROKEN: OfficeBroken,
    Reason.OFFICE_BOMB: OfficeBomb,
    Reason.OFFICE_MACROS: OfficeWithMacros,
    Reason.OFFICE_ENCRYPTED: OfficeLocked,
    Reason.OLD_OFFICE: OldOffice,
    Reason.OTHER_OFFICE: OtherOffice,
}


def refusal_of(reason: Reason) -> FileRefused:
    """Return the error that says `reason` to a person."""
    return _REFUSALS[reason]()
