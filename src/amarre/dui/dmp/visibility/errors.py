"""Why a change of a document at the DMP is not asked, or cannot be made, explained."""

from __future__ import annotations

from amarre.interop.common.errors import AmarreError, Contact, Fault, Phase, Retry


class ChangeHeld(AmarreError):
    """Base of what holds a change back."""

    phase = Phase.BUILD
    fault = Fault.DATA
    retry = Retry.AFTER_FIX
    contact = Contact.PILOTE_DUI
    data_state = "Rien n'a changé au DMP."


class NotAtDmp(ChangeHeld):
    """The deposit is not accepted, or the document was deleted since."""

    code = "DMP-190"
    retry = Retry.NEVER
    what = "Ce document n'est pas au DMP : il n'y a rien à changer."
    advice = "Regardez où en est son dépôt, sur la page du document."


class ChangeAlreadyAsked(ChangeHeld):
    """Another change of the same document is under way."""

    code = "DMP-191"
    retry = Retry.LATER
    what = "Un changement de ce document est déjà en cours."
    advice = "Attendez sa réponse : elle arrive en général en quelques secondes."


class ChangeWithoutMeaning(ChangeHeld):
    """The document is already as asked."""

    code = "DMP-192"
    retry = Retry.NEVER
    what = "Le document est déjà dans cet état au DMP."
    advice = "Rechargez la page du document : elle dit qui peut le lire."


class ChangeReasonMissing(ChangeHeld):
    """A change is asked with its reason."""

    code = "DMP-193"
    http_status = 422
    what = "Écrivez pourquoi ce document doit changer au DMP."
    advice = "Quelques mots suffisent, par exemple « à la demande de la personne ». Ils restent au journal."


class LoginTooOld(ChangeHeld):
    """The change waited so long that the login of who asked it proves nothing any more."""

    code = "DMP-194"
    what = "La demande a attendu trop longtemps : votre connexion ne vaut plus pour le DMP."
    advice = "Reconnectez-vous, puis demandez à nouveau le changement depuis la page du document."


class DocumentNotShown(ChangeHeld):
    """The DMP does not show the document to who would change it."""

    code = "DMP-195"
    phase = Phase.REMOTE
    what = "Le DMP ne montre pas ce document : il a été supprimé, ou masqué."
    advice = "Demandez un contrôle de réception, puis vérifiez avec la personne dans Mon espace santé."


class OnlyForMinors(ChangeHeld):
    """Legal representatives are those of a minor."""

    code = "DMP-196"
    retry = Retry.NEVER
    what = "Cacher un document aux représentants légaux ne concerne que les mineurs."
    advice = "Choisissez un autre public, ou vérifiez la date de naissance de la personne."


class OnlyItsAuthor(ChangeHeld):
    """The right is limited to the author's own documents."""

    code = "DMP-197"
    retry = Retry.NEVER
    what = "Seul l'auteur du document peut faire cela au DMP : {author}."
    advice = "Demandez-lui de le faire depuis la page du document."
