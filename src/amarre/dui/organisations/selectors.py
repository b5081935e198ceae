"""Read models of the organisations."""

from __future__ import annotations

from amarre.dui.core.scoping import internal_scope
from amarre.dui.organisations.models import EssmsContact
from amarre.dui.web.shell import ContactCard
from amarre.interop.common.errors import Contact


def contact_for(essms_id: int, role: Contact) -> ContactCard | None:
    """Return who holds `role` in an establishment, or None when nobody was named."""
    with internal_scope("contacts of the establishment the person acts for"):
        row = EssmsContact.objects.filter(essms_id=essms_id, role=role.value).first()
    return ContactCard(row.person_name, row.phone) if row else None
