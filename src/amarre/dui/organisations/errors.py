"""Refusals of the organisations.

OrganisationsError
└── SettingsChanged      ORG-001  someone changed the settings after this page was opened
"""

from __future__ import annotations

from amarre.interop.common.errors import AmarreError, Contact, Fault, Phase, Retry


class OrganisationsError(AmarreError):
    """Base of the refusals; `http_status` is the answer's."""

    phase = Phase.BUILD
    fault = Fault.DATA
    retry = Retry.AFTER_FIX
    http_status = 409
    contact = Contact.ADMINISTRATEUR


class SettingsChanged(OrganisationsError):
    """The settings are no longer those the page showed: storing them all would undo a colleague's change."""

    code = "ORG-001"
    what = "Quelqu’un a changé ces réglages depuis que vous avez ouvert cette page."
    data_state = "Votre saisie est encore ici, pas enregistrée."
    advice = (
        "Ouvrez les réglages dans une nouvelle fenêtre, reportez ici ce qui a changé, puis enregistrez de "
        "nouveau : votre saisie les remplacera."
    )
