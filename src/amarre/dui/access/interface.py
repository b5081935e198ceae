"""What the interface shows from here: who is logged in, where, in which role."""

from __future__ import annotations

from django.http import HttpRequest

from amarre.dui.access.actors import place_of
from amarre.dui.access.permissions import Permission
from amarre.dui.access.roles import Role
from amarre.dui.core.actor import Actor
from amarre.dui.web import dossier_tabs, navigation, shell


def _actor_card(request: HttpRequest) -> shell.ActorCard | None:
    actor, place = getattr(request, "actor", None), place_of(request)
    if not isinstance(actor, Actor):
        return None
    roles = ", ".join(role.label for role in Role if role in actor.roles)
    job = place.job if place and place.job else roles
    return shell.ActorCard(actor.name, job, place.name if place else "", place.city if place else "")


def register() -> None:
    """Register with the interface shell."""
    shell.provide_actor(_actor_card)
    dossier_tabs.register(
        dossier_tabs.Tab("journal", "Journal", "access:journal_of_dossier", Permission.READ_JOURNAL_ACCES, 90)
    )
    navigation.register(
        navigation.Entry(
            key="journal-des-acces",
            label="Journal des accès",
            icon="oeil",
            url_name="access:journal",
            permission=Permission.READ_JOURNAL_ACCES,
            order=70,
            group=navigation.Group.MORE,
            prefix="access:journal",
        )
    )
    navigation.register(
        navigation.Entry(
            key="etablissements",
            label="Mes établissements",
            icon="maison",
            url_name="access:essms_list",
            order=90,
            group=navigation.Group.MORE,
            prefix="access:essms",
        )
    )
