"""The first page, the page of a service, and the short messages. No script; each works alone on a phone."""

from __future__ import annotations

import json
from dataclasses import dataclass

from amarre.sandbox.control.html import Html, join, tag
from amarre.sandbox.control.pieces import TITLES, exchange_list, facts, folded, layout, table
from amarre.sandbox.journal import Exchange
from amarre.sandbox.service import GuideTable
from amarre.sandbox.settings import ADDRESS_LABELS
from amarre.sandbox.words import counted


@dataclass(frozen=True, slots=True)
class Panel:
    """What the page shows of one service."""

    name: str
    scenarios: dict[str, str]
    active: str
    remaining: int | None

    @property
    def title(self) -> str:
        """Its name for people."""
        return TITLES.get(self.name, self.name)


def overview(panels: list[Panel], exchanges: list[Exchange], addresses: dict[str, str]) -> Html:
    """The first page: the last exchanges, the services and their situation, the addresses, the reset."""
    reset = tag(
        "form",
        tag("button", "Tout effacer et revenir à la normale", type="submit", class_="discret"),
        method="post",
        action="/bac-a-sable/reinitialiser",
    )
    return layout(
        "Bac à sable des services nationaux",
        tag("p", "Ce que chaque service simulé a reçu, ce qu'il en pense, et la situation qu'il joue."),
        tag("h2", "Services"),
        tag("ul", *[_line(item) for item in panels], class_="liste"),
        tag("h2", "Derniers échanges"),
        exchange_list(exchanges, with_service=True),
        tag("h2", "Adresses"),
        facts({ADDRESS_LABELS.get(name, name): address for name, address in addresses.items()}),
        tag("h2", "Recommencer"),
        tag("p", "Efface les échanges, les documents et les messages reçus. Les certificats restent."),
        reset,
    )


def service(
    panel: Panel, exchanges: list[Exchange], state: object, guide: tuple[GuideTable, ...] = ()
) -> Html:
    """The page of one service: situation, exchanges, how to meet each situation, what it holds."""
    held = json.dumps(state, ensure_ascii=False, indent=1)
    return layout(
        panel.title,
        tag("p", tag("a", "← Tous les services", href="/bac-a-sable/")),
        tag("p", _situation(panel)),
        _form(panel),
        tag("h2", "Échanges reçus"),
        exchange_list(exchanges, with_service=False),
        *[_guide(item) for item in guide],
        None
        if state is None
        else folded(
            "Ce que le service détient",
            tag("pre", held, tabindex="0", role="region", aria_label="Ce que le service détient"),
        ),
    )


def _guide(item: GuideTable) -> Html:
    """One table of the guide of a service, folded."""
    return join(
        tag("h2", item.title),
        tag("p", item.intro),
        folded(f"Voir les {len(item.rows)} lignes", table(item.title, item.heads, item.rows)),
    )


def message(title: str, sentence: str) -> Html:
    """A page with one sentence."""
    back = tag("a", "Retour au bac à sable", href="/bac-a-sable/")
    return layout(title, tag("p", sentence), tag("p", back))


def _line(panel: Panel) -> Html:
    """One service in the list of the first page."""
    link = tag("a", panel.title, href=f"/bac-a-sable/services/{panel.name}")
    return tag("li", link, " ", _situation(panel))


def _situation(panel: Panel) -> Html:
    if not panel.active:
        return tag("span", "Fonctionne normalement", class_="puce ok")
    left = "" if panel.remaining is None else f" Encore {counted(panel.remaining, 'échange')}."
    text = panel.scenarios.get(panel.active, panel.active)
    return tag("span", f"{text}{left}", class_="puce attention")


def _form(panel: Panel) -> Html:
    """The form that chooses the situation of a service."""
    choices = [tag("option", "Fonctionne normalement", value="", selected=not panel.active)]
    for name, text in panel.scenarios.items():
        choices.append(tag("option", f"{text} ({name})", value=name, selected=name == panel.active))
    return tag(
        "form",
        tag("input", type="hidden", name="service", value=panel.name),
        tag("label", "Situation à jouer", for_="situation"),
        tag("select", *choices, id="situation", name="situation"),
        tag("label", "Nombre d'échanges (vide : jusqu'à nouvel ordre)", for_="nombre"),
        tag("input", id="nombre", name="nombre", inputmode="numeric", pattern="[0-9]*", autocomplete="off"),
        tag("button", "Jouer cette situation", type="submit"),
        method="post",
        action="/bac-a-sable/situation",
        class_="bloc",
    )
