"""What may hold a deposit back before anything leaves, one class for each cause.

The codes follow those of the kit's own DMP refusals (DMP-0xx).
"""

from __future__ import annotations

from amarre.interop.common.errors import AmarreError, Contact, Fault, Phase, Retry


class DepositHeld(AmarreError):
    """Base of what holds a deposit back."""

    phase = Phase.BUILD
    fault = Fault.DATA
    retry = Retry.AFTER_FIX
    contact = Contact.PILOTE_DUI
    data_state = "Rien n'a quitté Amarre. Le document reste dans le dossier."


class InformationMissing(DepositHeld):
    """Nothing recorded about the information of the person (L. 1110-12 and R. 1111-26 CSP and following)."""

    code = "DMP-060"
    what = "Il n'est pas noté que la personne a été informée du dépôt au DMP."
    advice = "Informez-la, notez sa réponse dans le dossier, puis déposez le document."


class PersonOpposed(DepositHeld):
    """The last decision recorded is an opposition."""

    code = "DMP-061"
    retry = Retry.NEVER
    contact = Contact.DPO
    what = "La personne s'oppose au dépôt de ses documents au DMP."
    advice = "Ne déposez pas. Si elle change d'avis, notez sa nouvelle réponse dans le dossier."


class DocumentWithoutIns(DepositHeld):
    """The version was made when the identity was not qualified."""

    code = "DMP-062"
    what = "Ce document a été fait avant que l'identité soit qualifiée : il ne porte pas l'INS."
    advice = "Son auteur en valide une nouvelle version : elle portera l'INS et pourra être déposée."


class TypeNotForDmp(DepositHeld):
    """The type is not in the DMP's value set (JDV_J66)."""

    code = "DMP-063"
    retry = Retry.NEVER
    what = "Le DMP n'accepte pas ce type de document ({type_code})."
    advice = "Envoyez-le par messagerie sécurisée à un professionnel, ou remettez-le à la personne."


class DmpNotConfigured(DepositHeld):
    """A setting of the establishment is missing."""

    code = "DMP-064"
    fault = Fault.OURS
    contact = Contact.ADMINISTRATEUR
    what = "Le DMP ne peut pas être appelé : il manque {missing} dans les réglages de l'établissement."
    advice = "L'administrateur complète les « Réglages de l'établissement », puis vous déposez le document."


class EarlierVersionPending(DepositHeld):
    """An earlier version is on its way and its outcome is not known yet: this one goes after it."""

    code = "DMP-066"
    retry = Retry.LATER
    what = "La version {number} est encore en cours de dépôt."
    data_state = "Rien n'est encore déposé. Le document attend dans Amarre."
    advice = "Vous n'avez rien à faire : la nouvelle version partira après elle et prendra sa place."


class DepositorRoleUnknown(DepositHeld):
    """The profession of the person who deposits is not in JDV_J65."""

    code = "DMP-067"
    contact = Contact.ADMINISTRATEUR
    what = "Votre profession ({profession}) n'est pas de celles que le DMP connaît."
    advice = "Demandez à un collègue soignant ou éducatif de déposer, ou faites corriger votre habilitation."


class AccessForbiddenByPerson(DepositHeld):
    """TD0.2 answered INTERDIT: the person refused the establishment."""

    code = "DMP-068"
    phase = Phase.REMOTE
    retry = Retry.NEVER
    contact = Contact.DPO
    what = "La personne a interdit à votre établissement l'accès à son DMP."
    data_state = "Rien n'a été déposé. Le document reste dans le dossier."
    advice = "Respectez son choix. Vous pouvez lui remettre le document en main propre."


class ExistenceUnanswered(DepositHeld):
    """TD0.2 gave no answer: it changes nothing at the DMP, so nothing was deposited."""

    code = "DMP-069"
    phase = Phase.WAIT
    fault = Fault.THEIRS
    retry = Retry.LATER
    # `cause` is the sentence of the failure itself: silence, cut, page of a proxy… are told apart.
    what = "Amarre n'a pas pu savoir si la personne a un DMP. {cause}"
    data_state = "Rien n'est encore déposé. Le document attend dans Amarre."
    advice = "Vous n'avez rien à faire : Amarre redemandera, puis déposera."


class IdentityChanged(DepositHeld):
    """The INS of the person is no longer the one of the frozen deposit."""

    code = "DMP-070"
    contact = Contact.REFERENT_IDENTITE
    what = "L'INS de la personne a changé depuis que ce dépôt a été préparé."
    advice = "L'auteur du document en valide une nouvelle version, avec l'INS actuelle, puis vous la déposez."


class EarlierVersionUnknown(DepositHeld):
    """An earlier version was given up while nobody knew whether it had arrived."""

    code = "DMP-072"
    what = "On ne sait pas encore si la version {number} est arrivée au DMP."
    advice = "Relancez d'abord son dépôt depuis « Envois » : Amarre demandera au DMP s'il l'a reçue."


class ReplacedVersionNotFound(DepositHeld):
    """The DMP said it had accepted the earlier version, and does not find it any more."""

    code = "DMP-073"
    phase = Phase.REMOTE
    what = "Le DMP ne retrouve pas la version {number}, que celle-ci doit remplacer."
    advice = (
        "Demandez à la personne si elle l'a supprimée de son DMP. Si oui, notez-le sur la page « Contrôle de "
        "réception », puis relancez ce dépôt."
    )


class ReplacedVersionUnanswered(DepositHeld):
    """TD3.1b about the version to replace gave no answer: it changes nothing, so nothing was deposited."""

    code = "DMP-074"
    phase = Phase.WAIT
    fault = Fault.THEIRS
    retry = Retry.LATER
    what = "Amarre n'a pas pu demander au DMP le numéro de la version {number}, à remplacer. {cause}"
    data_state = "Rien n'est encore déposé. Le document attend dans Amarre."
    advice = "Vous n'avez rien à faire : Amarre redemandera, puis déposera."


class LaterVersionLeft(DepositHeld):
    """A later version is at the DMP, or may be: this one would stand beside it as if it were current."""

    code = "DMP-075"
    what = "La version {number}, plus récente, est déjà partie au DMP : celle-ci ne part plus."
    advice = "Il n'y a rien à déposer : classez cet envoi sans suite."
