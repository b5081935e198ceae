"""Refusals of the indicators, explained."""

from __future__ import annotations

from amarre.interop.common.errors import AmarreError, Contact, Fault, Phase, Retry


class IndicatorsError(AmarreError):
    """Base of the refusals."""

    phase = Phase.BUILD
    fault = Fault.DATA
    retry = Retry.AFTER_FIX
    contact = Contact.PILOTE_DUI
    data_state = "Aucun relevé n'est écrit, aucun n'est modifié."


class MonthNotClosed(IndicatorsError):
    """A snapshot was asked for a month that is not over. Parameter: `month`."""

    code = "IND-001"
    what = "Le mois demandé ({month}) n'est pas terminé : son relevé serait faux."
    advice = "Attendez le premier jour du mois suivant, ou demandez un mois terminé."


class UnknownMonth(IndicatorsError):
    """A month was not written as « 2026-10 »."""

    code = "IND-002"
    what = "Le mois demandé n'est pas écrit comme prévu."
    advice = "Écrivez l'année puis le mois, par exemple 2026-10."
