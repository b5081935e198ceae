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


class RecordingForbidden(ExchangeError):
    """Exchanges are kept in clear for fictitious persons only."""

    code = "EXC-009"
    retry = Retry.AFTER_FIX
    contact = Contact.ADMINISTRATEUR
    what = "L'enregistrement des échanges est demandé alors que l'établissement est en production."
    advice = "L'administrateur retire le réglage AMARRE_RECORD_DIR, puis relance l'envoi."
