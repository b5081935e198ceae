"""The DMP's own site for professionals, simulated: it judges the link that leads there.

Source: SEL-MP-037 (TD0.9, TD0.10). The real site asks for a card or an e-CPS; this one asks for nothing, on
this machine only.
"""

from __future__ import annotations

from urllib.parse import unquote

from amarre.sandbox.control.html import Child, tag
from amarre.sandbox.service import SandboxRequest, SandboxResponse, Verdict
from amarre.sandbox.services.dmp.people import Person, find_by_ins
from amarre.sandbox.services.dmp.rules import Judge
from amarre.sandbox.services.dmp.verdicts import verdict_of

PREFIX = "/dmp-en-ligne"
STYLE_PATH = f"{PREFIX}/style.css"
PAGES = frozenset(
    {
        "TableauDeBord", "DossierPatient", "Documents", "ParcoursDeSoins", "HistoriqueAcces",
        "VolontesEtDroits", "CarnetVaccination",
    }
)  # fmt: skip
MARK = "FICTIF : bac à sable d'Amarre. Ce n'est pas le DMP."
STYLE = """\
:root{color-scheme:light dark;--fond:#f4f7f8;--texte:#0f2a35;--alerte:#7a4b00;--fond-alerte:#fff4dc}
@media (prefers-color-scheme:dark){:root{--fond:#0a1f28;--texte:#eaf1f3;--alerte:#ffdf9e;
--fond-alerte:#3a2a08}}
body{margin:0;background:var(--fond);color:var(--texte);font:1rem/1.5 system-ui,sans-serif}
main{max-width:46rem;margin:0 auto;padding:1rem}h1{font-size:1.5rem;line-height:1.25}
.fictif{background:var(--fond-alerte);color:var(--alerte);padding:.5rem 1rem;text-align:center}
"""
_HEADERS = {
    "content-type": "text/html; charset=utf-8",
    "content-security-policy": "default-src 'none'; style-src 'self'; frame-ancestors 'none'",
    "cache-control": "no-store",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
}


def handle(request: SandboxRequest) -> tuple[SandboxResponse, Verdict | None]:
    """Answer a browser."""
    if request.path == STYLE_PATH:
        return SandboxResponse(200, {"content-type": "text/css; charset=utf-8"}, STYLE.encode()), None
    parts = [unquote(part) for part in request.path.removeprefix(PREFIX).strip("/").split("/")]
    judge = Judge()
    page, ins = (parts[1], parts[2]) if len(parts) == 3 else ("", "")
    right = len(parts) == 3 and parts[0] == "AccesDirect" and page in PAGES
    judge.check("web.page", right, received=page)
    person = find_by_ins(ins)
    judge.check("web.ins", person is not None, received=ins)
    referrer = request.headers.get("referer", "")
    judge.check("web.referrer", not referrer, received=referrer)
    verdict = verdict_of(judge, "Accès web", {"Page": page}, "Le lien est suivi")
    return SandboxResponse(404 if judge.refused else 200, _HEADERS, _page(page, person, judge)), verdict


def _page(page: str, person: Person | None, judge: Judge) -> bytes:
    if judge.refused or person is None:
        sentences: list[Child] = [tag("p", failure.sentence, role="alert") for failure in judge.failures]
        return _html("Page introuvable", *sentences)
    return _html(
        f"{person.usager.premier_prenom} {person.usager.nom_naissance}",
        tag("p", f"Ici s'ouvrirait le DMP de cette personne, page {page}."),
        tag("p", "Le vrai site demande d'abord votre carte ou votre e-CPS."),
    )


def _html(title: str, *body: Child) -> bytes:
    head = tag(
        "head",
        tag("meta", charset="utf-8"),
        tag("meta", name="viewport", content="width=device-width, initial-scale=1"),
        tag("title", "DMP en ligne (FICTIF)"),
        tag("link", rel="stylesheet", href=STYLE_PATH),
    )
    banner = tag("section", tag("b", MARK), class_="fictif", aria_label="Environnement")
    content = tag("body", banner, tag("main", tag("h1", title), *body))
    return ("<!doctype html>" + tag("html", head, content, lang="fr")).encode()
