"""What every page of a dossier begins with: the dossier in scope, a trace of the reading, the banner.

dossier = open_dossier(request, dossier_id, Permission.READ_PROJET, "projet.consulted")
context = dossier_context(request, dossier, tab="projet") | {...}
"""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from amarre.dui.access.actors import actor_of
from amarre.dui.access.errors import OutOfScope
from amarre.dui.access.permissions import Permission
from amarre.dui.access.policy import require
from amarre.dui.audit.services.record import record_reading
from amarre.dui.core.clock import today
from amarre.dui.usagers.models import Dossier
from amarre.dui.usagers.presenters import banner
from amarre.dui.web import dossier_tabs


def get_dossier(request: HttpRequest, dossier_id: int, permission: Permission) -> Dossier:
    """Return the dossier if the actor may; raises the access errors (another establishment: OutOfScope)."""
    actor = actor_of(request)
    rows = Dossier.objects.visible_to(actor).select_related("identity", "essms")
    dossier = rows.filter(pk=dossier_id).first()
    if dossier is None:
        raise OutOfScope
    require(actor, permission, dossier)
    return dossier


def open_dossier(request: HttpRequest, dossier_id: int, permission: Permission, verb: str) -> Dossier:
    """Return the dossier and trace its reading under `verb`."""
    dossier = get_dossier(request, dossier_id, permission)
    record_reading(
        actor_of(request), verb, subject=dossier, dossier_id=dossier.pk, usager_id=dossier.identity_id
    )
    return dossier


def dossier_context(request: HttpRequest, dossier: Dossier, tab: str) -> dict[str, Any]:
    """Return what the banner and its tabs need; `tab` is the key of the current one."""
    return {
        "dossier": dossier,
        "identite": banner(dossier, today(dossier.essms.zone)),
        "tabs": dossier_tabs.links(request, dossier, tab),
    }
