"""The page of one exchange: what is wrong and how to mend it, what is right, what was read, the bytes."""

from __future__ import annotations

from amarre.sandbox.control.html import Child, Html, join, tag
from amarre.sandbox.control.pieces import (
    PARIS,
    TITLES,
    chip,
    facts,
    folded,
    layout,
    operation,
)
from amarre.sandbox.control.readable import readable
from amarre.sandbox.journal import Exchange
from amarre.sandbox.service import Remark
from amarre.sandbox.words import counted

# Beginning of a rule → the part of the exchange it looks at, in the order of the page.
FAMILIES = {
    "http": "Transport",
    "tls": "Transport",
    "mtom": "Message",
    "soap": "Message",
    "wsa": "Adressage (WS-Addressing)",
    "vihf": "Identification (VIHF)",
    "rights": "Droits",
    "td02": "Demande d'existence",
    "auth": "Autorisation",
    "query": "Recherche",
    "retrieve": "Lecture",
    "update": "Changement",
    "xds": "Lot et fiches (XDS)",
    "cda": "Document (CDA)",
    "xades": "Signature du lot",
}


def exchange(item: Exchange) -> Html:
    """Return the page."""
    verdict = item.verdict
    home = "/bac-a-sable/" if item.service == "inconnu" else f"/bac-a-sable/services/{item.service}"
    blocking = [one for one in verdict.remarks if not one.passed and one.blocking]
    warnings = [one for one in verdict.remarks if not one.passed and not one.blocking]
    kept = [one for one in verdict.remarks if one.passed]
    return layout(
        f"Échange n° {item.id}",
        tag("p", tag("a", "← Échanges reçus", href=home)),
        _banner(item, len(blocking), len(warnings), len(kept)),
        _broken("À corriger", blocking, "danger"),
        _broken("À regarder (le service réel n'est pas connu pour refuser)", warnings, "attention"),
        join(tag("h2", "Ce qui a été compris"), facts(verdict.decoded)) if verdict.decoded else None,
        tag("h2", "Contrôles respectés"),
        _kept(kept) if kept else tag("p", "Aucun contrôle n'est respecté, ou aucun n'a été fait."),
        tag("h2", "Circonstances"),
        facts(_circumstances(item)),
        _bytes("Demande reçue", "requete", item, item.request, item.request_size, item.request_headers),
        _bytes("Réponse faite", "reponse", item, item.response, item.response_size, item.response_headers),
    )


def _banner(item: Exchange, broken: int, warned: int, kept: int) -> Html:
    """The verdict, its reason, and how many checks say so."""
    verdict = item.verdict
    words = operation(verdict)
    counts = [counted(broken, "contrôle") + " à corriger"] if broken else []
    counts += [counted(warned, "avertissement")] if warned else []
    counts += [counted(kept, "contrôle", "respecté")] if kept else []
    return tag(
        "section",
        tag("p", chip(verdict.accepted), " ", tag("strong", f"{words[:1].upper()}{words[1:]}")),
        tag("p", verdict.summary, class_="verdict"),
        tag("p", " · ".join(counts), class_="suite") if counts else None,
        class_="bandeau ok" if verdict.accepted else "bandeau danger",
        aria_label="Verdict",
    )


def _broken(title: str, remarks: list[Remark], tone: str) -> Html | None:
    """What is wrong, one card each: what was expected, what was received, how to mend, who says so."""
    if not remarks:
        return None
    return join(tag("h2", title), *[_card(remark, tone) for remark in remarks])


def _card(remark: Remark, tone: str) -> Html:
    rows: dict[str, Child] = {}
    if remark.expected and remark.expected != remark.sentence:
        rows["Attendu"] = tag("span", remark.expected)
    if remark.received:
        rows["Reçu"] = tag("code", remark.received)
    elif remark.expected:
        rows["Reçu"] = tag("span", "rien, ou rien de lisible")
    if remark.mend:
        rows["Corriger"] = tag("strong", remark.mend)
    rows["Source"] = tag("span", remark.source, " ", tag("code", remark.rule))
    return tag(
        "article",
        tag("h3", remark.sentence),
        tag("dl", *[join(tag("dt", key), tag("dd", value)) for key, value in rows.items()]),
        class_=f"constat {tone}",
    )


def _kept(remarks: list[Remark]) -> Html:
    """What is right, folded, by part of the exchange."""
    groups: dict[str, list[Remark]] = {}
    for remark in remarks:
        groups.setdefault(FAMILIES.get(remark.rule.partition(".")[0], "Contrôles"), []).append(remark)
    parts = [
        join(tag("h3", name), tag("ul", *[_kept_line(remark) for remark in found], class_="respectes"))
        for name, found in groups.items()
    ]
    return folded(f"Voir les {len(remarks)} contrôles respectés", *parts)


def _kept_line(remark: Remark) -> Html:
    received = tag("code", remark.received) if remark.received else None
    # A service that gives no sentence of success says what it expected.
    words = tag("span", remark.sentence)
    source = tag("span", f"{remark.source} · {remark.rule}", class_="suite")
    return tag("li", chip(True, "respecté"), words, received, source)


def _circumstances(item: Exchange) -> dict[str, str]:
    return {
        "Reçu le": item.at.astimezone(PARIS).strftime("%d/%m/%Y à %H:%M:%S"),
        "Service": TITLES.get(item.service, item.service),
        "Adresse": item.address,
        "Réponse": f"HTTP {item.status}" if item.status else "aucune",
        "Situation jouée": item.scenario or "normale",
        "Certificat présenté": item.certificate or "aucun",
    }


def _bytes(title: str, side: str, item: Exchange, data: bytes, size: int, headers: dict[str, str]) -> Html:
    """One side of the exchange: its headers, its content made readable, and the link to the bytes."""
    note = f"{size} octets."
    if len(data) < size:
        note += f" Le bac à sable n'en garde que {len(data)}."
    link = tag("a", "Télécharger les octets", href=f"/bac-a-sable/echanges/{item.id}/{side}")
    lines = "\n".join(f"{key}: {value}" for key, value in headers.items())
    parts = readable(headers.get("content-type", ""), data)
    shown = [(f"{title} : En-têtes", lines)] if lines else []
    shown += [(f"{title} : {name}", text) for name, text in parts]
    blocks = [
        join(
            tag("h3", name.partition(" : ")[2]),
            tag("pre", text, tabindex="0", role="region", aria_label=name),
        )
        for name, text in shown
    ]
    return tag("section", tag("h2", title), tag("p", note, " ", link), folded("Lire le contenu", *blocks))
