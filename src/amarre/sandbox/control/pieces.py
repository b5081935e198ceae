"""The pieces every control page is made of: frame, facts, chips, tables, lists of exchanges."""

from __future__ import annotations

from collections.abc import Sequence
from zoneinfo import ZoneInfo

from amarre.sandbox.control.html import Child, Html, join, tag
from amarre.sandbox.journal import Exchange
from amarre.sandbox.service import Verdict

PARIS = ZoneInfo("Europe/Paris")
TITLES = {
    "insi": "INSi, téléservice de l'identité nationale de santé",
    "dmp": "DMP, dossier médical partagé",
    "psc": "Pro Santé Connect",
    "annuaire": "Annuaire Santé",
    "mssante": "MSSanté, messagerie sécurisée",
    "inconnu": "Adresses inconnues",
}
# Transactions of the DMP as people say them; the other services name their operations in words.
TRANSACTIONS = {
    "TD0.2": "existence d'un DMP",
    "TD0.3 ajout": "déclarer une autorisation",
    "TD0.3 suppression": "retirer une autorisation",
    "TD1.3a": "données administratives",
    "TD2.1": "dépôt d'un document",
    "TD3.1": "recherche de documents",
    "TD3.1b": "recherche par numéro",
    "TD3.2": "lecture d'un document",
    "TD3.3a masquer": "masquer un document",
    "TD3.3a démasquer": "démasquer un document",
    "TD3.3b": "rendre un document visible",
    "TD3.3c": "supprimer un document",
    "TD3.3d": "archiver un document",
}


def operation(verdict: Verdict) -> str:
    """Return what was asked, in words, with its code when it has one."""
    words = TRANSACTIONS.get(verdict.operation)
    return f"{words} ({verdict.operation})" if words else verdict.operation or "échange"


def layout(title: str, *content: Child) -> Html:
    """The page around the content, with the banner that says it is no real service."""
    head = tag(
        "head",
        tag("meta", charset="utf-8"),
        tag("meta", name="viewport", content="width=device-width, initial-scale=1"),
        tag("title", f"{title} · Amarre, bac à sable"),
        tag("link", rel="stylesheet", href="/bac-a-sable/style.css"),
    )
    banner = tag(
        "p",
        tag("strong", "Bac à sable."),
        " Services simulés, personnes fictives. Cette page ne fait pas partie du service réel.",
    )
    body = tag(
        "body",
        tag("a", "Aller au contenu", href="#contenu", class_="saut"),
        tag("header", banner),
        tag("main", tag("h1", title), *content, id="contenu"),
    )
    return tag("html", head, body, lang="fr")


def exchange_list(exchanges: list[Exchange], *, with_service: bool) -> Html:
    """The exchanges, newest first; a line each on a desk, a card each on a telephone."""
    if not exchanges:
        return tag("p", "Rien n'a été reçu.")
    return tag("ol", *[_exchange_line(item, with_service) for item in exchanges], class_="echanges")


def _exchange_line(item: Exchange, with_service: bool) -> Html:
    when = item.at.astimezone(PARIS)
    service = TITLES.get(item.service, item.service).partition(",")[0]
    words = operation(item.verdict)
    label = f"{service} : {words}" if with_service else words[:1].upper() + words[1:]
    return tag(
        "li",
        tag("time", when.strftime("%H:%M:%S"), datetime=when.isoformat(timespec="seconds")),
        chip(item.verdict.accepted),
        tag("a", label, href=f"/bac-a-sable/echanges/{item.id}"),
        tag("span", item.verdict.summary, class_="suite"),
    )


def table(label: str, heads: tuple[str, ...], rows: Sequence[Sequence[Child]]) -> Html:
    """A table that scrolls by itself; each cell repeats its head, for a narrow screen."""
    lines = [
        tag("tr", *[tag("td", cell, data_titre=head) for head, cell in zip(heads, row, strict=True)])
        for row in rows
    ]
    head = tag("thead", tag("tr", *[tag("th", title, scope="col") for title in heads]))
    inner = tag("table", head, tag("tbody", *lines), class_="large")
    return tag("div", inner, class_="defile", tabindex="0", role="region", aria_label=label)


def facts(values: dict[str, str]) -> Html:
    """Labels and values; the values are data, shown letter for letter."""
    return tag("dl", *[join(tag("dt", key), tag("dd", value or "—")) for key, value in values.items()])


def chip(good: bool, yes: str = "accepté", no: str = "refusé") -> Html:
    """A verdict in one word and one colour."""
    return tag("span", yes if good else no, class_="puce ok" if good else "puce danger")


def folded(title: str, *content: Child) -> Html:
    """A part that opens by itself, without any script."""
    return tag("details", tag("summary", title), *content)
