"""What may prevent a correspondent from being found or kept."""

from __future__ import annotations

from amarre.interop.common.errors import AmarreError, Contact, Fault, Phase, Retry


class DirectoryError(AmarreError):
    """Base of the failures of the directory. A search changes nothing anywhere."""

    phase = Phase.BUILD
    fault = Fault.OURS
    retry = Retry.AFTER_FIX
    contact = Contact.ADMINISTRATEUR
    data_state = "Rien n'est modifié, rien n'est parti."


class AnnuaireNotConfigured(DirectoryError):
    """A setting needed to call the directory is missing."""

    code = "ANN-101"
    what = "L'Annuaire Santé ne peut pas être appelé : il manque {missing} dans les réglages."
    advice = "L'administrateur complète les « Réglages de l'établissement », puis vous relancez la recherche."


class KeyUnreadable(DirectoryError):
    """The file named in the settings holds no key."""

    code = "ANN-102"
    what = "Le fichier de la clé d'accès à l'Annuaire Santé est absent, illisible ou vide."
    advice = "L'administrateur replace le fichier nommé dans les réglages, puis vous relancez la recherche."


class EntryGone(DirectoryError):
    """The entry was shown a moment ago and is no longer published."""

    code = "ANN-103"
    fault = Fault.DATA
    contact = Contact.DESTINATAIRE
    what = "Ce correspondant n'est plus publié dans l'Annuaire Santé."
    advice = "Relancez la recherche, ou appelez-le pour connaître sa nouvelle adresse."


class DirectorySilent(DirectoryError):
    """No answer came. A search is not kept: the person asks again."""

    code = "ANN-104"
    phase = Phase.WAIT
    fault = Fault.THEIRS
    retry = Retry.LATER
    contact = Contact.PILOTE_DUI
    # `cause` is the sentence of the failure itself: silence, cut, page of a proxy… are told apart.
    what = "La recherche dans l'Annuaire Santé n'a pas abouti. {cause}"
    advice = "Choisissez un correspondant déjà connu, ou relancez la recherche dans quelques minutes."
