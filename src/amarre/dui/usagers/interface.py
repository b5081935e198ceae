"""What usagers give to the frame: menu, tabs, search, counters of « Ma journée », links of the chain."""

from __future__ import annotations

from django.http import HttpRequest
from django.urls import reverse

from amarre.dui.access.actors import actor_of
from amarre.dui.access.permissions import Permission
from amarre.dui.core.clock import today
from amarre.dui.usagers import chain
from amarre.dui.usagers.chain_links import identity_progress, information_progress
from amarre.dui.usagers.selectors import people, recall_queue
from amarre.dui.web import dossier_tabs, navigation, shell, to_do
from amarre.dui.web.chips import Tone


def register() -> None:
    """Register everything; called once, when the application is ready."""
    _register_menu()
    _register_to_do()
    chain.register(chain.ChainLink("identite", "Identité", 10, Permission.READ_IDENTITE, identity_progress))
    chain.register(
        chain.ChainLink(
            "information", "Information sur le DMP", 20, Permission.READ_IDENTITE, information_progress
        )
    )


def _register_menu() -> None:
    navigation.register(
        navigation.Entry(
            key="ma-journee",
            label="Ma journée",
            icon="journee",
            url_name="usagers:home",
            order=1,
            phone=navigation.Phone.FIRST,
            phone_label="Journée",
            prefix="usagers:home",
        )
    )
    navigation.register(
        navigation.Entry(
            key="personnes",
            label="Personnes",
            icon="personnes",
            url_name="usagers:list_people",
            permission=Permission.READ_IDENTITE,
            order=10,
            phone=navigation.Phone.SECOND,
            prefix="usagers:",
            argument="dossier_id",
        )
    )
    dossier_tabs.register(
        dossier_tabs.Tab("resume", "Résumé", "usagers:show_dossier", Permission.READ_IDENTITE, 10)
    )
    dossier_tabs.register(
        dossier_tabs.Tab("identite", "Identité", "usagers:show_identity", Permission.READ_IDENTITE, 20)
    )
    shell.provide_search(
        shell.SearchForm(
            "usagers:search_people",
            "Chercher une personne",
            "Nom, naissance ou INS",
            Permission.READ_IDENTITE,
        )
    )


def _register_to_do() -> None:
    to_do.register(
        to_do.ToDo(
            "insi-a-decider",
            "Réponses d’INSi à décider",
            "Comparez les traits, puis reprenez l’INS ou mettez la réponse de côté.",
            _count_to_decide,
            lambda: _people_url(people.TO_DECIDE),
            Permission.QUALIFY_IDENTITE,
            order=10,
            icon="identite",
        )
    )
    to_do.register(
        to_do.ToDo(
            "insi-a-appeler",
            "INSi à appeler aujourd’hui",
            "Ces personnes sont attendues aujourd’hui et n’ont pas d’INS.",
            lambda request: recall_queue.count_expected(actor_of(request), today()),
            lambda: reverse("usagers:list_recalls"),
            Permission.WRITE_IDENTITE,
            order=15,
            icon="identite",
        )
    )
    for key, label, sentence, order in (
        ("recuperee", "Identités récupérées", "Il reste à contrôler une pièce d’identité.", 20),
        ("validee", "Identités validées", "Il reste à récupérer l’INS auprès d’INSi.", 21),
        ("provisoire", "Identités provisoires", "Contrôlez une pièce d’identité et appelez INSi.", 22),
    ):
        to_do.register(_status_to_do(key, label, sentence, order))


def _status_to_do(key: str, label: str, sentence: str, order: int) -> to_do.ToDo:
    def count(request: HttpRequest) -> int:
        return people.filtered(actor_of(request), key).count()

    return to_do.ToDo(
        f"identite-{key}",
        label,
        sentence,
        count,
        lambda: _people_url(key),
        Permission.WRITE_IDENTITE,
        order=order,
        tone=Tone.NEUTRAL,
        icon=f"ins-{_ICONS[key]}",
    )


_ICONS = {"recuperee": "recup", "validee": "vali", "provisoire": "prov"}


def _count_to_decide(request: HttpRequest) -> int:
    return people.to_decide(actor_of(request)).count()


def _people_url(key: str) -> str:
    return f"{reverse('usagers:list_people')}?statut={key}"
