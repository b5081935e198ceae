"""What the interface shows from here: whom to call, the entry « Réglages »."""

from __future__ import annotations

from django.http import HttpRequest

from amarre.dui.access.actors import place_of
from amarre.dui.access.permissions import Permission
from amarre.dui.organisations.selectors import contact_for
from amarre.dui.web import navigation, shell
from amarre.interop.common.errors import Contact


def _contact(request: HttpRequest, role: Contact) -> shell.ContactCard | None:
    place = place_of(request)
    return contact_for(place.essms_id, role) if place else None


def register() -> None:
    """Register with the interface shell."""
    shell.provide_contacts(_contact)
    navigation.register(
        navigation.Entry(
            key="reglages",
            label="Réglages",
            icon="reglage",
            url_name="organisations:settings",
            permission=Permission.CONFIGURE_ESSMS,
            order=80,
            group=navigation.Group.MORE,
        )
    )
