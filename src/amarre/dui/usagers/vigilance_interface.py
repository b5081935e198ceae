"""What identitovigilance gives to the frame: its entry of the menu, its counters of « Ma journée »."""

from __future__ import annotations

from django.http import HttpRequest
from django.urls import reverse

from amarre.dui.access.actors import actor_of
from amarre.dui.access.permissions import Permission
from amarre.dui.exchanges.handlers import register_periodic
from amarre.dui.organisations import settings_pages
from amarre.dui.usagers.selectors import discrepancies, duplicates, vigilance
from amarre.dui.usagers.services.evidence_copies import purge_due_copies
from amarre.dui.usagers.services.forget_words import forget_unused_words
from amarre.dui.usagers.services.propose_duplicates import catch_up
from amarre.dui.web import navigation, to_do
from amarre.dui.web.chips import Tone

CATCH_UP_SECONDS = 60
FORGET_SECONDS = 86_400
PURGE_SECONDS = 3_600


def register() -> None:
    """Register everything; called once, when the application is ready."""
    register_periodic("usagers.duplicates", CATCH_UP_SECONDS, catch_up)
    register_periodic("usagers.unused_words", FORGET_SECONDS, forget_unused_words)
    register_periodic("usagers.evidence_copies", PURGE_SECONDS, purge_due_copies)
    settings_pages.register(
        settings_pages.SettingsPage(
            "copies-de-pieces",
            "Copies des pièces d’identité",
            "Garder ou non une image de la pièce contrôlée, et combien de temps.",
            "usagers:vigilance:choose_copies",
            20,
        )
    )
    navigation.register(
        navigation.Entry(
            key="identitovigilance",
            label="Identités",
            icon="identite",
            url_name="usagers:vigilance:show_vigilance",
            permission=Permission.QUALIFY_IDENTITE,
            order=15,
            counter=_count_waiting,
            prefix="usagers:vigilance:",
        )
    )
    for item in _to_do():
        to_do.register(item)


def _to_do() -> list[to_do.ToDo]:
    right = Permission.QUALIFY_IDENTITE
    return [
        to_do.ToDo(
            "collisions",
            "Collisions à traiter",
            "Deux personnes sont peut-être mêlées : contrôlez chaque point.",
            lambda request: vigilance.open_collisions(actor_of(request)).count(),
            lambda: reverse("usagers:vigilance:show_vigilance") + "#collisions",
            right,
            order=8,
            tone=Tone.DANGER,
            icon="alerte",
        ),
        to_do.ToDo(
            "ecarts",
            "Écarts d’identité",
            "Comparez la base, la pièce et INSi, puis décidez.",
            _count_discrepancies,
            lambda: reverse("usagers:vigilance:list_discrepancies"),
            right,
            order=11,
            icon="identite",
        ),
        to_do.ToDo(
            "doublons",
            "Doublons possibles",
            "Dites si ce sont deux personnes, ou une seule.",
            _count_duplicates,
            lambda: reverse("usagers:vigilance:list_duplicates"),
            right,
            order=12,
            icon="personnes",
        ),
        to_do.ToDo(
            "provisoires-anciennes",
            "Identités provisoires depuis longtemps",
            "Relancez : il manque la pièce d’identité et l’INS.",
            lambda request: vigilance.late_provisional(actor_of(request)).count(),
            lambda: f"{reverse('usagers:list_people')}?statut={vigilance.PROVISIONAL}",
            right,
            order=13,
            icon="horloge",
        ),
    ]


def _count_discrepancies(request: HttpRequest) -> int:
    return discrepancies.open_discrepancies(actor_of(request)).count()


def _count_duplicates(request: HttpRequest) -> int:
    return duplicates.waiting_pairs(actor_of(request)).count()


def _count_waiting(request: HttpRequest) -> int:
    """Count both in one query: the menu is on every page."""
    actor = actor_of(request)
    opened = discrepancies.open_discrepancies(actor).values("pk")
    return opened.union(duplicates.waiting_pairs(actor).values("pk"), all=True).count()
