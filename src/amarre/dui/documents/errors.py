"""What may prevent a document from being filed, read or sent."""

from __future__ import annotations

from amarre.interop.common.errors import AmarreError, Contact, Fault, Phase, Retry


class DocumentError(AmarreError):
    """Base of the document failures."""

    phase = Phase.BUILD
    fault = Fault.OURS
    retry = Retry.AFTER_FIX
    contact = Contact.SUPPORT
    data_state = "Rien n'est parti. Le texte saisi est gardé."


class DocumentMissing(DocumentError):
    """The stored bytes are not where they should be."""

    code = "DOC-010"
    contact = Contact.ADMINISTRATEUR
    what = "Le fichier de ce document est introuvable dans le stockage."
    data_state = "La fiche du document est intacte, son fichier manque."
    advice = "L'administrateur doit restaurer le fichier depuis la dernière sauvegarde."


class DocumentCorrupted(DocumentError):
    """The stored bytes are not those that were filed."""

    code = "DOC-011"
    contact = Contact.ADMINISTRATEUR
    what = "Le fichier de ce document a changé depuis qu'il a été classé."
    data_state = "Le fichier n'est ni affiché ni envoyé."
    advice = "L'administrateur doit restaurer le fichier depuis la dernière sauvegarde."


class ConnectorIncomplete(DocumentError):
    """A setting of the establishment is missing to make the document."""

    code = "DOC-012"
    contact = Contact.ADMINISTRATEUR
    what = "Il manque un réglage de l'établissement pour faire ce document : {missing}."
    advice = "Complétez les « Réglages de l'établissement », puis recommencez."


class AuthorIncomplete(DocumentError):
    """The author's profession is unknown: a document must say it."""

    code = "DOC-013"
    fault = Fault.DATA
    contact = Contact.ADMINISTRATEUR
    what = "La profession de l'auteur ({author}) n'est pas renseignée dans ses habilitations."
    advice = "L'administrateur complète l'habilitation de l'auteur, puis l'auteur valide de nouveau."


class DocumentNotConform(DocumentError):
    """Our own checks found a fault that would make the document refused."""

    code = "DOC-014"
    what = "Le document ne passe pas le contrôle avant envoi : {finding}"
    advice = "{advice}"


class CertificateNotUsable(DocumentError):
    """A file of a certificate is missing or unreadable: seen before anything is asked."""

    code = "DOC-015"
    contact = Contact.ADMINISTRATEUR
    what = "Le certificat « {purpose} » de l'établissement est inutilisable : {reason}."
    data_state = "Rien n'a quitté Amarre. Le document reste dans le dossier."
    advice = "L'administrateur remplace les fichiers du certificat dans les réglages, puis vous recommencez."


class IdentityChanged(DocumentError):
    """The identity is no longer the one printed on the PDF to be filed."""

    code = "DOC-016"
    fault = Fault.DATA
    contact = Contact.REFERENT_IDENTITE
    http_status = 409
    what = "L'identité de la personne a changé depuis que ce document a été préparé."
    data_state = "Rien n'est classé. Le document préparé est gardé."
    advice = "Rouvrez le document : sa page de garde sera refaite, vous la relirez, puis vous validerez."


class VersionHeld(AmarreError):
    """Base of what holds a version back, wherever it would go."""

    phase = Phase.BUILD
    fault = Fault.DATA
    retry = Retry.AFTER_FIX
    contact = Contact.PILOTE_DUI
    data_state = "Rien n'a quitté Amarre. Le document reste dans le dossier."


class CertificateExpired(VersionHeld):
    """The certificate's last day is past."""

    code = "DMP-065"
    fault = Fault.OURS
    contact = Contact.ADMINISTRATEUR
    what = "Le certificat « {purpose} » de l'établissement a expiré le {day}."
    advice = "L'administrateur installe le nouveau certificat dans les réglages, puis vous relancez l'envoi."


class AlreadyReplaced(VersionHeld):
    """A later version exists: the version asked is not the current one."""

    code = "DMP-071"
    what = "Une version plus récente de ce document existe."
    advice = "Déposez la version la plus récente, depuis la page du document."
