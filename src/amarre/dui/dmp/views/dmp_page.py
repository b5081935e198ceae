"""What the pages of the tab « DMP » share: the dossier, and who would read it."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from amarre.dui.access.actors import actor_of
from amarre.dui.access.permissions import Permission
from amarre.dui.accounts.models import User
from amarre.dui.dmp.reading.control import ReadingSituation
from amarre.dui.usagers.dossier_page import dossier_context, get_dossier
from amarre.dui.usagers.models import Dossier

TAB = "dmp"


def situation_of(request: HttpRequest, dossier: Dossier) -> ReadingSituation:
    """Return who would read this dossier in scope. Raises TypeError for a request without account."""
    if not isinstance(request.user, User):
        raise TypeError("reading a DMP needs a person")
    return ReadingSituation.of(dossier, request.user, actor_of(request))


def reading_dossier(request: HttpRequest, dossier_id: int) -> tuple[Dossier, ReadingSituation]:
    """Return the dossier of a page that reads the DMP, and who reads. Raises the access errors."""
    dossier = get_dossier(request, dossier_id, Permission.CONSULT_DMP)
    return dossier, situation_of(request, dossier)


def dmp_context(request: HttpRequest, dossier: Dossier) -> dict[str, Any]:
    """Return the banner and the tabs, « DMP » being the current one."""
    return dossier_context(request, dossier, TAB)
