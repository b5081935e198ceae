"""Read models of the organisations."""

from __future__ import annotations

import hashlib

from amarre.dui.core.clock import now
from amarre.dui.core.scoping import internal_scope
from amarre.dui.organisations.certificates import CertificateFacts, read_certificate
from amarre.dui.organisations.connector_state import ConnectorState, connector_states
from amarre.dui.organisations.models import (
    ConnectorCertificate,
    ConnectorProfile,
    Essms,
    EssmsContact,
    Letterhead,
)
from amarre.dui.web.shell import ContactCard
from amarre.interop.common.errors import Contact


def contact_for(essms_id: int, role: Contact) -> ContactCard | None:
    """Return who holds `role` in an establishment, or None when nobody was named."""
    with internal_scope("contacts of the establishment the person acts for"):
        rows = EssmsContact.objects.filter(essms_id=essms_id, role=role.value)
        found = rows.values_list("person_name", "phone").first()
    return ContactCard(*found) if found else None


def profile_of(essms: Essms) -> ConnectorProfile:
    """Return the connector profile of an establishment; an empty one, not stored, when it has none yet."""
    with internal_scope("connector profile of an establishment already reached"):
        found = ConnectorProfile.objects.filter(essms=essms).first()
    profile = found or ConnectorProfile(essms=essms)
    profile.essms = essms
    return profile


def settings_mark(essms: Essms) -> str:
    """Return what a page keeps of the stored settings, to know when it comes back whether they changed."""
    with internal_scope("settings of an establishment already reached"):
        rows = [
            list(found.order_by("pk").values_list())
            for found in (
                Essms.objects.filter(pk=essms.pk),
                ConnectorProfile.objects.filter(essms=essms),
                ConnectorCertificate.objects.filter(profile__essms=essms),
                EssmsContact.objects.filter(essms=essms),
            )
        ]
    return hashlib.sha256(repr(rows).encode()).hexdigest()[:32]


def letterhead_of(essms: Essms) -> Letterhead:
    """Return the letterhead of an establishment; an empty one, not stored, when it has none yet."""
    with internal_scope("letterhead of an establishment already reached"):
        found = Letterhead.objects.filter(essms=essms).first()
    letterhead = found or Letterhead(essms=essms)
    letterhead.essms = essms
    return letterhead


def certificates_of(profile: ConnectorProfile) -> dict[str, CertificateFacts]:
    """Return the facts of the certificates of a profile, by purpose."""
    if not profile.pk:
        return {}
    return {row.purpose: read_certificate(row.certificate_file) for row in profile.certificates.all()}


def states_of(essms: Essms) -> list[ConnectorState]:
    """Return the state of each connector of an establishment."""
    profile = profile_of(essms)
    return connector_states(profile, certificates_of(profile), now())
