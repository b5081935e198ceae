"""What may prevent the copy of an identity document from being kept or seen."""

from __future__ import annotations

from amarre.dui.usagers.errors import UsagerError
from amarre.interop.common.errors import Contact, Retry


class CopiesNotKept(UsagerError):
    """The establishment did not choose to keep copies."""

    code = "USA-060"
    what = "Votre établissement ne garde pas de copie des pièces d'identité."
    advice = "Notez la pièce sans image : son type, le jour et votre nom suffisent."


class CopyTooManyPages(UsagerError):
    """More pages than a document has. Parameter: `limit`."""

    code = "USA-061"
    what = "Une copie compte {limit} pages au plus."
    advice = "Gardez les pages qui portent l'identité : recto, verso."


class CopyPdfRefused(UsagerError):
    """No reader of PDF in this installation."""

    code = "USA-062"
    what = "Un PDF ne peut pas être pris ici."
    advice = "Prenez la pièce en photo, ou enregistrez le scan en JPEG ou en PNG."


class CopyUnreadable(UsagerError):
    """The file is gone or was changed, or the installation's secret is another one."""

    code = "USA-063"
    retry = Retry.NEVER
    contact = Contact.ADMINISTRATEUR
    what = "Cette copie ne s'ouvre plus : son fichier a disparu, ou n'est plus celui qui a été gardé."
    advice = "Demandez de nouveau la pièce si vous en avez besoin, et prévenez l'administrateur."


class CopyErased(UsagerError):
    """The copy was erased already."""

    code = "USA-064"
    http_status = 410
    retry = Retry.NEVER
    what = "Cette copie a été effacée."
    advice = "Le type de la pièce, le jour et le nom de qui l'a vue restent dans l'identité."
