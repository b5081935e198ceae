"""What the interface shows from the deposits: entries of the menu, what waits for a person."""

from __future__ import annotations

from django.http import HttpRequest
from django.urls import reverse

from amarre.dui.access.actors import actor_of
from amarre.dui.access.permissions import Permission
from amarre.dui.dmp.proposals import count_proposals, count_to_approve
from amarre.dui.dmp.reconciliation.selectors import count_disagreements
from amarre.dui.web import navigation, to_do
from amarre.dui.web.chips import Tone


def register() -> None:
    """Register with the interface shell."""
    _register_menu()
    _register_to_do()


def _register_menu() -> None:
    navigation.register(
        navigation.Entry(
            key="depots",
            label="Dépôts au DMP",
            icon="depot",
            url_name="dmp:list_proposals",
            permission=Permission.FEED_DMP,
            order=42,
            prefix="dmp:",
        )
    )
    navigation.register(
        navigation.Entry(
            key="pret-dmp",
            label="Prêt pour le DMP ?",
            icon="coche",
            url_name="dmp:readiness",
            permission=Permission.CONFIGURE_ESSMS,
            order=82,
            group=navigation.Group.MORE,
            prefix="dmp:readiness",
        )
    )


def _register_to_do() -> None:
    to_do.register(
        to_do.ToDo(
            key="documents-a-deposer",
            label="Documents à déposer au DMP",
            sentence="Validés, pas encore déposés. Déposez ceux qui sont prêts, ou écartez-les.",
            count=_proposals,
            url=lambda: reverse("dmp:list_proposals"),
            permission=Permission.FEED_DMP,
            order=30,
            icon="depot",
        )
    )
    to_do.register(
        to_do.ToDo(
            key="depots-a-valider",
            label="Dépôts à valider",
            sentence="Un collègue attend votre accord avant que le document parte au DMP.",
            count=_to_approve,
            url=lambda: reverse("dmp:list_approvals"),
            permission=Permission.APPROVE_DMP,
            order=20,
            icon="ecrit",
        )
    )
    to_do.register(
        to_do.ToDo(
            key="reception-en-desaccord",
            label="Dépôts que le DMP ne voit pas comme nous",
            sentence="Absents du DMP, ou présents sans que nous le sachions. Voyez le contrôle de réception.",
            count=_disagreements,
            url=lambda: reverse("dmp:reception") + "?periode=90",
            permission=Permission.RETRY_ENVOIS,
            order=6,
            tone=Tone.DANGER,
            icon="cycle",
        )
    )


def _proposals(request: HttpRequest) -> int:
    return count_proposals(actor_of(request))


def _to_approve(request: HttpRequest) -> int:
    return count_to_approve(actor_of(request))


def _disagreements(request: HttpRequest) -> int:
    return count_disagreements(actor_of(request))
