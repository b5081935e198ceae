"""Pages of what went wrong, in five parts: what, your data, what to do, whom to call, what to copy."""

from __future__ import annotations

import secrets
from dataclasses import replace

from django.core.exceptions import DisallowedHost
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme

from amarre.dui.web import shell
from amarre.dui.web.pages import wants_fragment
from amarre.interop.common.errors import AmarreError, Contact, Explanation, Fault

# Pages of the frame itself; the errors of the exchanges carry their own sentences.
BAD_REQUEST = Explanation(
    code="WEB-400",
    what="La demande est arrivée incomplète.",
    data_state="Rien n'est modifié.",
    advice="Revenez à la page d'avant, puis recommencez.",
    contact=Contact.PILOTE_DUI,
    reference="WEB-400",
)
FORBIDDEN = Explanation(
    code="WEB-403",
    what="Vous n'avez pas accès à cette page.",
    data_state="Rien n'est caché par erreur : elle est réservée à d'autres fonctions ou à une autre équipe.",
    advice="Si vous en avez besoin pour accompagner la personne, demandez l'accès.",
    contact=Contact.ADMINISTRATEUR,
    reference="WEB-403",
)
CSRF = Explanation(
    code="WEB-403-JETON",
    what="Cette page a été ouverte il y a trop longtemps.",
    data_state="Rien n'est enregistré. Votre texte est encore là si vous revenez en arrière.",
    advice="Revenez à la page d'avant, copiez votre texte, rechargez la page, puis recommencez.",
    contact=Contact.PILOTE_DUI,
    reference="WEB-403-JETON",
)
NOT_FOUND = Explanation(
    code="WEB-404",
    what="Cette page n'existe pas, ou n'est pas dans vos dossiers.",
    data_state="Rien n'est modifié.",
    advice="Vérifiez l'adresse, ou cherchez la personne depuis le haut de la page.",
    contact=Contact.PILOTE_DUI,
    reference="WEB-404",
)
TOO_LARGE = Explanation(
    code="WEB-413",
    what="Le fichier est trop gros.",
    data_state="Rien n'est enregistré.",
    advice="Envoyez un fichier plus petit : pour une photo, choisissez une qualité moyenne.",
    contact=Contact.PILOTE_DUI,
    reference="WEB-413",
)
BROKEN = Explanation(
    code="WEB-500",
    what="Amarre a rencontré un défaut sur cette page.",
    data_state="Ce qui était enregistré l'est toujours. Le dernier geste, peut-être pas.",
    advice="Revenez à la page d'avant et vérifiez votre dernier geste. Si le défaut revient, appelez.",
    contact=Contact.SUPPORT,
    reference="WEB-500",
)
UNAVAILABLE = Explanation(
    code="WEB-503",
    what="Amarre ne peut pas lire sa base en ce moment.",
    data_state="Vos dossiers sont intacts. Ce que vous venez d'envoyer n'est pas enregistré.",
    advice="Attendez une minute, puis rechargez la page. Gardez votre texte de côté.",
    contact=Contact.SUPPORT,
    reference="WEB-503",
)

UNREACHED = Explanation(
    code="WEB-RESEAU",
    what="Amarre ne répond pas : pas de réseau, ou serveur arrêté.",
    data_state="Ce qui était enregistré l'est toujours. Votre dernier geste n'est pas parti.",
    advice="Gardez cette page ouverte. Quand le réseau revient, recommencez le dernier geste.",
    contact=Contact.PILOTE_DUI,
    reference="WEB-RESEAU",
)

STATUS_BY_FAULT = {Fault.DATA: 422, Fault.THEIRS: 502, Fault.OURS: 500}
TARGET = "#messages"


def new_reference(code: str) -> str:
    """Return an identifier to copy, found again in the logs: ``WEB-500-9F2C1187``."""
    return f"{code}-{secrets.token_hex(4).upper()}"


def tone_of(status: int) -> str:
    """Return the tone of the message: red is for our defects and refusals by a service."""
    return "dan" if status >= 500 or status == 422 else "att"


def _page_before(request: HttpRequest) -> str:
    """Return the address of the page where the act was refused, if it is ours and another one, or nothing."""
    before = request.META.get("HTTP_REFERER", "")
    try:
        here = {request.build_absolute_uri(), request.build_absolute_uri("/")}
    except DisallowedHost:
        return ""
    ours = url_has_allowed_host_and_scheme(before, {request.get_host()}, require_https=request.is_secure())
    return before if ours and before not in here else ""


def explained(request: HttpRequest, explanation: Explanation, status: int) -> HttpResponse:
    """Render `explanation` as a page, or, for htmx, as an alert at the top of the page that asked."""
    context = {
        "explication": explanation,
        "contact": shell.contact(request, explanation.contact),
        "tone": tone_of(status),
        "page_avant_url": _page_before(request),
    }
    if not wants_fragment(request):
        return render(request, "web/erreurs/erreur.html", context, status=status)
    response = render(request, "web/_alerte.html", context, status=status)
    response.headers["HX-Retarget"] = TARGET
    response.headers["HX-Reswap"] = "innerHTML show:top"
    return response


def explained_alone(explanation: Explanation, status: int) -> HttpResponse:
    """Render `explanation` without session nor database, for when they may be what is broken."""
    contact = shell.ContactCard(shell.ROLES[explanation.contact])
    context = {"explication": explanation, "contact": contact, "tone": "dan"}
    return render(None, "web/erreurs/seule.html", context, status=status)


def status_of(error: AmarreError) -> int:
    """Return the HTTP status of a typed error: its ``http_status``, else by whose fault it is."""
    given = getattr(error, "http_status", None)
    return given if isinstance(given, int) else STATUS_BY_FAULT[error.fault]


def with_reference(explanation: Explanation) -> Explanation:
    """Return `explanation` with a fresh identifier to copy."""
    return replace(explanation, reference=new_reference(explanation.code))
