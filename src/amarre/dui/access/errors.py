"""Refusals of the policy, explained.

AccessError
├── NotAllowed       ACC-001  the role does not give this right
├── OutOfScope       ACC-002  not in the person's establishment, or absent: the same answer for both
├── ReasonRequired   ACC-003  the right asks for a reason
├── NoActiveEssms    ACC-004  the person acts for no establishment
└── NotAMember       ACC-005  the person asks to act for an establishment that is not theirs
"""

from __future__ import annotations

from amarre.interop.common.errors import AmarreError, Contact, Fault, Phase, Retry


class AccessError(AmarreError):
    """Base of the refusals; `http_status` is the answer's."""

    phase = Phase.BUILD
    fault = Fault.DATA
    retry = Retry.AFTER_FIX
    http_status = 403
    data_state = "Rien n’est modifié."
    contact = Contact.ADMINISTRATEUR


class NotAllowed(AccessError):
    """The roles of the person do not give this right. Parameter: `right`, its French label."""

    code = "ACC-001"
    what = "Votre fonction ne permet pas cette action : {right}."
    advice = "Si vous en avez besoin pour accompagner la personne, demandez l’accès."


class OutOfScope(AccessError):
    """The object is not in the establishment the person acts for, or does not exist."""

    code = "ACC-002"
    http_status = 404
    what = "Cette page n’existe pas, ou n’est pas dans votre établissement."
    advice = "Vérifiez l’établissement affiché en haut du menu, puis cherchez la personne."
    contact = Contact.PILOTE_DUI


class ReasonRequired(AccessError):
    """The right is given against a reason, which is written in the trace. Parameter: `right`."""

    code = "ACC-003"
    what = "Cette lecture demande un motif : {right}."
    advice = "Indiquez pourquoi vous en avez besoin. Le motif est gardé avec votre nom."


class NoActiveEssms(AccessError):
    """The person has no role in force in any establishment."""

    code = "ACC-004"
    what = "Votre compte n’est rattaché à aucun établissement."
    advice = "Demandez à être rattaché à votre établissement, avec votre fonction."


class NotAMember(AccessError):
    """The establishment asked for is not one of the person's."""

    code = "ACC-005"
    http_status = 404
    what = "Cet établissement n’est pas dans votre liste."
    advice = "Choisissez un établissement de la liste, ou demandez à y être rattaché."
