"""The DMP's own site for professionals, opened on this person: always offered, whatever the connector."""

from __future__ import annotations

from amarre.dui.access.permissions import Permission
from amarre.dui.access.policy import require
from amarre.dui.audit.services.record import record_reading
from amarre.dui.dmp.reading.control import ReadingSituation, web_points
from amarre.dui.documents.control import require_clear
from amarre.dui.documents.identity import open_gate
from amarre.interop.dmp import WebLink, web_link


def open_online(situation: ReadingSituation) -> WebLink:
    """Return the link, which holds the matricule: it is followed, never shown, kept or logged. Traced.

    Raises the access errors, what holds the reading back, DmpWebAddressWrong.
    """
    require(situation.actor, Permission.CONSULT_DMP, situation.dossier)
    require_clear(web_points(situation))
    dossier = situation.dossier
    link = web_link(situation.profile.dmp_web_url, open_gate(dossier.identity, situation.profile))
    record_reading(
        situation.actor,
        "dmp.opened_online",
        subject=dossier,
        dossier_id=dossier.pk,
        usager_id=dossier.identity_id,
    )
    return link
