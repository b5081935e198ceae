"""The pages of the control page, as HTML. No script; each works alone on a phone and with a keyboard."""

from __future__ import annotations

import json
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from amarre.sandbox.control.html import Child, Html, join, tag
from amarre.sandbox.journal import Exchange
from amarre.sandbox.service import Remark
from amarre.sandbox.settings import ADDRESS_LABELS

PARIS = ZoneInfo("Europe/Paris")
SHOWN_BYTES = 40_000
TITLES = {
    "insi": "INSi, téléservice de l'identité nationale de santé",
    "dmp": "DMP, dossier médical partagé",
    "psc": "Pro Santé Connect",
    "annuaire": "Annuaire Santé",
    "mssante": "MSSanté, messagerie sécurisée",
    "inconnu": "Adresses inconnues",
}


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
    return _layout(
        "Bac à sable des services nationaux",
        tag("p", "Ce que chaque service simulé a reçu, ce qu'il en pense, et la situation qu'il joue."),
        tag("h2", "Services"),
        tag("ul", *[_line(item) for item in panels], class_="liste"),
        tag("h2", "Derniers échanges"),
        _table(exchanges),
        tag("h2", "Adresses"),
        _facts({ADDRESS_LABELS.get(name, name): address for name, address in addresses.items()}),
        tag("h2", "Recommencer"),
        tag("p", "Efface les échanges, les documents et les messages reçus. Les certificats restent."),
        reset,
    )


def service(panel: Panel, exchanges: list[Exchange], state: object) -> Html:
    """The page of one service: situation, exchanges, what it holds (`state`: JSON-ready, or None)."""
    held = json.dumps(state, ensure_ascii=False, indent=1)
    return _layout(
        panel.title,
        tag("p", tag("a", "← Tous les services", href="/bac-a-sable/")),
        tag("p", _situation(panel)),
        _form(panel),
        tag("h2", "Échanges reçus"),
        _table(exchanges),
        None
        if state is None
        else tag(
            "details",
            tag("summary", "Ce que le service détient"),
            tag("pre", held, tabindex="0", role="region", aria_label="Ce que le service détient"),
        ),
    )


def exchange(item: Exchange) -> Html:
    """The page of one exchange: verdict, checks, decoded content, bytes."""
    verdict = item.verdict
    facts = {
        "Reçu le": item.at.astimezone(PARIS).strftime("%d/%m/%Y à %H:%M:%S"),
        "Service": TITLES.get(item.service, item.service),
        "Opération": verdict.operation,
        "Adresse": item.address,
        "Réponse": str(item.status) if item.status else "aucune",
        "Situation jouée": item.scenario or "normale",
        "Certificat présenté": item.certificate or "aucun",
    }
    home = "/bac-a-sable/" if item.service == "inconnu" else f"/bac-a-sable/services/{item.service}"
    return _layout(
        f"Échange n° {item.id}",
        tag("p", tag("a", "← Échanges reçus", href=home)),
        tag("p", _chip(verdict.accepted), " ", verdict.summary, class_="verdict"),
        _facts(facts),
        tag("h2", "Contrôles"),
        _remarks(verdict.remarks),
        join(tag("h2", "Contenu décodé"), _facts(verdict.decoded)) if verdict.decoded else None,
        _bytes("Demande reçue", "requete", item, item.request, item.request_size, item.request_headers),
        _bytes("Réponse faite", "reponse", item, item.response, item.response_size, item.response_headers),
    )


def message(title: str, sentence: str) -> Html:
    """A page with one sentence."""
    back = tag("a", "Retour au bac à sable", href="/bac-a-sable/")
    return _layout(title, tag("p", sentence), tag("p", back))


def _line(panel: Panel) -> Html:
    """One service in the list of the first page."""
    link = tag("a", panel.title, href=f"/bac-a-sable/services/{panel.name}")
    return tag("li", link, " ", _situation(panel))


def _situation(panel: Panel) -> Html:
    if not panel.active:
        return tag("span", "Fonctionne normalement", class_="puce ok")
    left = "" if panel.remaining is None else f" Encore {panel.remaining} échange(s)."
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


def _table(exchanges: list[Exchange]) -> Html:
    """The list of exchanges, newest first."""
    if not exchanges:
        return tag("p", "Rien n'a été reçu.")
    header = _head("Heure", "Service", "Opération", "Verdict", "Explication")
    rows = [
        tag(
            "tr",
            tag("td", item.at.astimezone(PARIS).strftime("%H:%M:%S")),
            tag("td", item.service),
            tag("td", tag("a", item.verdict.operation or "échange", href=f"/bac-a-sable/echanges/{item.id}")),
            tag("td", _chip(item.verdict.accepted)),
            tag("td", item.verdict.summary),
        )
        for item in exchanges
    ]
    return _scroll("Échanges reçus", tag("table", header, tag("tbody", *rows)))


def _head(*titles: str) -> Html:
    return tag("thead", tag("tr", *[tag("th", title, scope="col") for title in titles]))


def _remarks(remarks: tuple[Remark, ...]) -> Html:
    """The checks of one exchange: what is wrong, then what is right, folded."""
    if not remarks:
        return tag("p", "Aucun contrôle n'a été fait sur cet échange.")
    broken = [item for item in remarks if not item.passed]
    kept = [item for item in remarks if item.passed]
    return join(
        _checks("Contrôles non respectés", broken)
        if broken
        else tag("p", "Tous les contrôles sont respectés."),
        tag(
            "details",
            tag("summary", f"{len(kept)} contrôle(s) respecté(s)"),
            _checks("Contrôles respectés", kept),
            open=not broken,
        )
        if kept
        else None,
    )


def _checks(label: str, remarks: list[Remark]) -> Html:
    rows = [
        tag(
            "tr",
            tag("td", _result(item)),
            tag("td", item.sentence, tag("br"), tag("code", item.rule)),
            tag("td", item.source),
        )
        for item in remarks
    ]
    return _scroll(label, tag("table", _head("Résultat", "Contrôle", "Source"), tag("tbody", *rows)))


def _result(remark: Remark) -> Html:
    if not remark.passed and not remark.blocking:
        return tag("span", "avertissement", class_="puce attention")
    return _chip(remark.passed, "respecté", "non respecté")


def _bytes(title: str, side: str, item: Exchange, data: bytes, size: int, headers: dict[str, str]) -> Html:
    """The headers and the bytes of one side, escaped, with the link that gives them whole."""
    text = data[:SHOWN_BYTES].decode("utf-8", "backslashreplace")
    note = f"{size} octets."
    if len(data) < size:
        note += f" Le bac à sable n'en garde que {len(data)}."
    if len(data) > SHOWN_BYTES:
        note += f" Les {SHOWN_BYTES} premiers sont affichés."
    link = tag("a", "Télécharger les octets", href=f"/bac-a-sable/echanges/{item.id}/{side}")
    lines = "\n".join(f"{key}: {value}" for key, value in headers.items())
    return tag(
        "section",
        tag("h2", title),
        tag("p", note, " ", link),
        tag("pre", f"{lines}\n\n{text}" if lines else text, tabindex="0", role="region", aria_label=title),
    )


def _facts(values: dict[str, str]) -> Html:
    return tag("dl", *[join(tag("dt", key), tag("dd", value or "—")) for key, value in values.items()])


def _chip(good: bool, yes: str = "accepté", no: str = "refusé") -> Html:
    return tag("span", yes if good else no, class_="puce ok" if good else "puce danger")


def _scroll(label: str, table: Html) -> Html:
    return tag("div", table, class_="defile", tabindex="0", role="region", aria_label=label)


def _layout(title: str, *content: Child) -> Html:
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
