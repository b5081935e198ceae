"""Models of the organisations."""

from __future__ import annotations

from amarre.dui.organisations.models.connector_profile import ConnectorCertificate, ConnectorProfile
from amarre.dui.organisations.models.essms import Essms, EssmsContact, OrganismeGestionnaire, Unite
from amarre.dui.organisations.models.letterhead import Letterhead

__all__ = [
    "ConnectorCertificate",
    "ConnectorProfile",
    "Essms",
    "EssmsContact",
    "Letterhead",
    "OrganismeGestionnaire",
    "Unite",
]
