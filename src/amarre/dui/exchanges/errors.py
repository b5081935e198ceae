"""Failures of the outbox itself."""

from __future__ import annotations

from amarre.interop.common.errors import AmarreError, Contact, Effect, Fault, Phase, Retry


class ExchangeError(AmarreError):
    """Base of the outbox failures."""

    phase = Phase.BUILD
    fault = Fault.OURS
    retry = Retry.NEVER
    contact = Contact.SUPPORT
    data_state = "Rien n'est parti et rien n'est perdu."


class IllegalTransition(ExchangeError):
    """An event that cannot happen in this state."""

    code = "EXC-001"
    fault = Fault.DATA
    contact = Contact.PILOTE_DUI
    # A second press, a page left open, a colleague quicker: the page is out of date, nothing is broken.
    http_status = 409
    data_state = "L'envoi n'est pas modifié."
    what = "Cet envoi est « {state} » : l'action demandée n'est plus possible."
    advice = "Rechargez la page pour voir où en est l'envoi."


class OutsideTransaction(ExchangeError):
    """The outbox row must be written in the transaction of the act."""

    code = "EXC-002"
    what = "L'envoi a été demandé hors de l'enregistrement de l'acte."
    advice = "Transmettez l'identifiant au support : c'est un défaut du logiciel."


class UnknownKind(ExchangeError):
    """No handler is registered for this kind of exchange."""

    code = "EXC-003"
    # Once the update is complete, the exchange may be resumed.
    retry = Retry.AFTER_FIX
    what = "Amarre ne sait pas traiter cet envoi ({kind})."
    advice = "Transmettez l'identifiant au support : une mise à jour est peut-être incomplète."


class Unexpected(ExchangeError):
    """A defect of ours while processing an exchange: its traceback is in the technical log."""

    code = "EXC-004"
    phase = Phase.SEND
    effect = Effect.UNKNOWN
    retry = Retry.LATER
    what = "Le traitement de cet envoi s'est interrompu de façon imprévue."
    data_state = "L'envoi est gardé, son résultat est inconnu."
    advice = "Amarre vérifie si le service l'a reçu, puis réessaie. Si cela revient, appelez le support."


class StillUnknown(ExchangeError):
    """Attempts are exhausted and the outcome is still unknown."""

    code = "EXC-005"
    phase = Phase.WAIT
    fault = Fault.THEIRS
    effect = Effect.UNKNOWN
    retry = Retry.AFTER_FIX
    contact = Contact.PILOTE_DUI
    what = "Après {attempts} tentatives, le service n'a pas confirmé cet envoi."
    data_state = "L'envoi est gardé. Il est peut-être déjà arrivé."
    advice = "Réessayez quand le service répond de nouveau : Amarre vérifiera d'abord s'il l'a reçu."


class StaleLease(ExchangeError):
    """Another worker took this exchange over: this one's result is refused."""

    code = "EXC-006"
    phase = Phase.READ
    effect = Effect.UNKNOWN
    what = "Un autre traitement a repris cet envoi."
    advice = "Rien à faire : le traitement en cours donnera le résultat."


class AlreadyLeft(ExchangeError):
    """Too late to cancel: bytes left, or may have left."""

    code = "EXC-010"
    fault = Fault.DATA
    contact = Contact.PILOTE_DUI
    http_status = 409
    what = "Cet envoi est « {state} » : il est trop tard pour l'annuler."
    data_state = "L'envoi n'est pas modifié. Il est peut-être déjà arrivé."
    advice = "Attendez la réponse du service. Un document arrivé au DMP se supprime ensuite, depuis le DMP."


class CancelledByPerson(ExchangeError):
    """A person cancelled an exchange that had not left."""

    code = "EXC-011"
    fault = Fault.DATA
    contact = Contact.PILOTE_DUI
    what = "Cet envoi a été annulé avant de partir, par {name}."
    advice = "Si c'était une erreur, refaites l'envoi depuis le document."


class DeclinedByColleague(ExchangeError):
    """The second person, whose agreement was needed, said no."""

    code = "EXC-012"
    fault = Fault.DATA
    contact = Contact.PILOTE_DUI
    what = "{name} n'a pas approuvé cet envoi : « {reason} »."
    advice = "Voyez ensemble ce qu'il faut corriger, puis validez une nouvelle version."


class NothingToResume(ExchangeError):
    """The list was out of date: somebody resumed or closed them already."""

    code = "EXC-013"
    fault = Fault.DATA
    contact = Contact.PILOTE_DUI
    http_status = 409
    what = "Aucun envoi n'est arrêté pour cette cause."
    data_state = "Rien n'est modifié."
    advice = "Rechargez la page : un collègue les a peut-être déjà repris."


class ApproverIsAuthor(ExchangeError):
    """The agreement must come from a second person."""

    code = "EXC-014"
    fault = Fault.DATA
    contact = Contact.PILOTE_DUI
    http_status = 403
    what = "Vous avez demandé cet envoi : une autre personne doit l'approuver."
    data_state = "L'envoi attend toujours."
    advice = "Demandez à un collègue qui a le droit d'approuver les dépôts."


class RecordingForbidden(ExchangeError):
    """Exchanges are kept in clear for fictitious persons only."""

    code = "EXC-009"
    retry = Retry.AFTER_FIX
    contact = Contact.ADMINISTRATEUR
    what = "L'enregistrement des échanges est demandé alors que l'établissement est en production."
    advice = "L'administrateur retire le réglage AMARRE_RECORD_DIR, puis relance l'envoi."
