"""Why a DMP is not opened from here, explained. Nothing was asked of the DMP when one of these is raised."""

from __future__ import annotations

from amarre.interop.common.errors import AmarreError, Contact, Fault, Phase, Retry


class ReadingHeld(AmarreError):
    """Base of what holds a reading back."""

    phase = Phase.BUILD
    fault = Fault.DATA
    retry = Retry.AFTER_FIX
    contact = Contact.PILOTE_DUI
    data_state = "Rien n'a été demandé au DMP."


class ReadingNotConfigured(ReadingHeld):
    """The establishment chose no way of reading."""

    code = "DMP-180"
    fault = Fault.OURS
    contact = Contact.ADMINISTRATEUR
    what = "Cet établissement ne consulte pas encore le DMP depuis Amarre."
    advice = (
        "Le certificat de l'établissement permet de déposer, pas de lire. Pour lire, l'éditeur demande "
        "l'ouverture d'AIR au CNDA, puis l'administrateur la choisit dans les réglages. En attendant, ouvrez "
        "le DMP en ligne avec votre carte."
    )


class PersonNotInformed(ReadingHeld):
    """Nothing was noted of what the person was told."""

    code = "DMP-181"
    contact = Contact.DPO
    what = "Rien n'est noté : la personne n'a pas encore été informée sur son DMP."
    advice = "Informez-la, demandez-lui si l'équipe peut consulter son DMP, puis notez sa réponse."


class AgreementNotAsked(ReadingHeld):
    """Informed, not opposed, but nobody asked whether the team may read."""

    code = "DMP-182"
    contact = Contact.DPO
    what = "La personne n'a pas encore dit si l'équipe peut consulter son DMP."
    advice = "Ne pas s'opposer ne suffit pas pour lire. Demandez-lui son accord, puis notez sa réponse."


class AgreementRefused(ReadingHeld):
    """The person refused that the team reads."""

    code = "DMP-183"
    retry = Retry.NEVER
    contact = Contact.DPO
    what = "La personne refuse que l'équipe consulte son DMP."
    advice = "Respectez son choix. Elle peut changer d'avis : vous noteriez alors sa nouvelle réponse."


class PersonOpposedToReading(ReadingHeld):
    """The person opposes the DMP as a whole."""

    code = "DMP-184"
    retry = Retry.NEVER
    contact = Contact.DPO
    what = "La personne s'oppose : son DMP n'est ni alimenté ni consulté d'ici."
    advice = "Respectez son choix. Elle peut changer d'avis : vous noteriez alors sa nouvelle réponse."


class CardNotFound(ReadingHeld):
    """No card of this person is in the reader."""

    code = "DMP-185"
    fault = Fault.OURS
    contact = Contact.ADMINISTRATEUR
    what = "Amarre ne trouve pas votre carte de professionnel."
    advice = "Vérifiez qu'elle est dans le lecteur. Sans lecteur sur ce poste, ouvrez le DMP en ligne."


class WebNotConfigured(ReadingHeld):
    """The address of the DMP's site is not set."""

    code = "DMP-186"
    fault = Fault.OURS
    contact = Contact.ADMINISTRATEUR
    what = "L'adresse du DMP en ligne n'est pas dans les réglages de l'établissement."
    advice = "L'administrateur la renseigne dans les « Réglages de l'établissement »."


class DocumentNotThere(ReadingHeld):
    """The DMP does not show a document of that number any more."""

    code = "DMP-187"
    http_status = 404
    phase = Phase.REMOTE
    what = "Le DMP ne montre pas ce document : il a été supprimé, masqué ou remplacé."
    data_state = "Rien n'a été lu ni gardé."
    advice = "Relancez la recherche : elle donne la liste d'aujourd'hui."


class ReadCopyGone(ReadingHeld):
    """The bytes read are not kept any more: another session, or too long ago."""

    code = "DMP-188"
    http_status = 410
    what = "Ce document a été lu il y a trop longtemps : Amarre ne le garde pas entre deux sessions."
    data_state = "Rien n'est perdu : il est toujours au DMP."
    advice = "Rouvrez-le depuis la liste des documents du DMP."


class UnknownFormat(ReadingHeld):
    """The document is of a format that is not shown."""

    code = "DMP-189"
    phase = Phase.READ
    retry = Retry.NEVER
    what = "Ce document du DMP a un format qu'Amarre n'affiche pas ({media})."
    data_state = "Rien n'a été gardé."
    advice = "Ouvrez-le dans le DMP en ligne."
