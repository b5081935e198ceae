"""Failures of the control of reception."""

from __future__ import annotations

from amarre.interop.common.errors import AmarreError, Contact, Fault, Phase, Retry


class ReceptionError(AmarreError):
    """Base of the control of reception: it only asks, nothing is ever deposited by it."""

    phase = Phase.BUILD
    fault = Fault.DATA
    retry = Retry.AFTER_FIX
    contact = Contact.PILOTE_DUI
    data_state = "Rien n'est modifié, ni ici ni au DMP."


class NothingToAsk(ReceptionError):
    """No deposit in the period, or all are being asked about."""

    code = "DMP-084"
    http_status = 409
    what = "Il n'y a rien à demander au DMP pour ces dépôts."
    advice = "Une question est peut-être déjà en cours : rechargez la page dans une minute."


class NotAbsent(ReceptionError):
    """Noting that a document is gone needs the DMP's own answer."""

    code = "DMP-085"
    http_status = 409
    what = "Le dernier contrôle ne dit pas que ce document est absent du DMP."
    advice = "Redemandez d'abord au DMP, puis notez ce que la personne vous a dit."


class NothingToCorrect(ReceptionError):
    """Correcting a state needs the DMP's own answer."""

    code = "DMP-086"
    http_status = 409
    what = "Le dernier contrôle ne dit pas que le DMP en sait plus que nous."
    advice = "Redemandez d'abord au DMP."
