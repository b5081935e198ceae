"""``/style/``: every component in every state, for developers. Served by demonstration and tests only."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils import timezone
from django.views.decorators.http import require_safe

from amarre.dui.web import charts, chips, shell, steps
from amarre.dui.web.context_processors import Frame, Summary
from amarre.dui.web.dossier_tabs import TabLink
from amarre.dui.web.forms import CameraFileInput, FrenchDateField
from amarre.dui.web.navigation import Group, Link, Phone
from amarre.dui.web.pages import page
from amarre.interop.common.errors import Contact, Explanation

TABS = ("Identité", "Contacts", "Projet", "Journal", "Santé", "Documents", "Messages", "Accès")
MONTHS = ("juin", "juil.", "août", "sept.", "oct.", "nov.")
FAMILY_NAMES = {"identite": "Identité", "echange": "Échange", "accuse": "Accusé", "etape": "Étape"}
TARGETS = (
    ("Dossiers actifs", (71.0, 76.0, 82.0, 88.0, 94.0, 96.4), 80),
    ("Projet personnalisé", (48.0, 55.0, 61.0, 70.0, 75.0, 78.6), 80),
    ("Documents déposés", (None, 6.0, 19.0, 35.0, 46.4, 52.4), 50),
)


class SampleForm(forms.Form):
    """One field of each kind."""

    name = forms.CharField(label="Nom de naissance", help_text="Comme sur la pièce, en capitales ou non.")
    used_name = forms.CharField(label="Nom utilisé", required=False)
    birth = FrenchDateField(label="Date de naissance", help_text="Par exemple : 21/06/1936.")
    sex = forms.ChoiceField(
        label="Sexe", choices=[("F", "Féminin"), ("M", "Masculin")], widget=forms.RadioSelect
    )
    document = forms.ChoiceField(
        label="Pièce présentée", choices=[("", "Choisir"), ("cni", "Carte d’identité")]
    )
    photo = forms.FileField(label="Photo de la pièce", required=False, widget=CameraFileInput())
    note = forms.CharField(label="Remarque", required=False, widget=forms.Textarea(attrs={"rows": 3}))
    seen = forms.BooleanField(label="J’ai vu la pièce originale")


def banner() -> dict[str, Any]:
    """Return the identity banner of a published test identity."""
    return {
        "name": "Catarina TCHITCHI",
        "details": "90 ans, chambre 108, Les Aulnes",
        "initials": "CT",
        "status": "QUALIFIEE",
        "traits": [
            ("Nom de naissance", "TCHITCHI"),
            ("1er prénom de naissance", "CATARINA"),
            ("Sexe", "F"),
            ("Date de naissance", "21/06/1936"),
            ("Lieu de naissance", "Lempdes (63193)"),
        ],
        "alerts": [("Allergie : pénicilline", "alerte", "dan"), ("Risque de chute", "alerte", "att")],
        "matricule_url": "#matricule",
    }


def checks(blocked: bool) -> list[dict[str, str]]:
    """Return the checks before sending, with or without a blocking one."""
    identity = (
        {
            "state": "bloquant",
            "label": "Identité validée, pas encore qualifiée",
            "url": "#",
            "action": "Traiter",
        }
        if blocked
        else {"state": "bon", "label": "Identité qualifiée", "detail": "Pièce vue le 17/11/2026."}
    )
    return [
        identity,
        {"state": "bon", "label": "Document validé par son auteur", "detail": "Hier à 16 h 20."},
        {
            "state": "regarder",
            "label": "Un destinataire sans accusé récent",
            "detail": "Le document partira.",
        },
        {"state": "bon", "label": "Personne informée, pas d'opposition", "detail": "Notée le 02/11/2026."},
    ]


def error() -> Explanation:
    """Return an explanation in five parts."""
    return Explanation(
        code="INSI-000",
        what="INSi ne répond pas.",
        data_state="L'identité est enregistrée, en provisoire.",
        advice="Poursuivez l'admission. Amarre rappellera INSi à 10 h 30.",
        contact=Contact.PILOTE_DUI,
        reference="INS-9F2C-1187",
    )


def tiles() -> list[dict[str, Any]]:
    """Return indicator tiles: reached, not yet, nothing to divide by, a count."""
    shown: list[dict[str, Any]] = [
        {
            "title": title,
            "value": values[-1],
            "target": target,
            "gauge": charts.Gauge(values[-1] or 0, target),
            "trend": "hausse",
            "trend_text": "+3,6 points en un mois",
            "url": "#",
            "link_text": "Voir les dossiers",
        }
        for title, values, target in TARGETS
    ]
    shown.append(
        {
            "title": "Messagerie",
            "value": None,
            "trend_text": "Aucun dossier actif",
            "url": "#",
            "link_text": "Voir la règle",
        }
    )
    shown.append({"title": "Documents déposés", "count": 131, "url": "#", "link_text": "Voir les 131 actes"})
    return shown


def months_table() -> dict[str, Any]:
    """Return the table that doubles the small multiples."""
    return {
        "caption": "Part des dossiers actifs, par mois",
        "columns": [{"label": "Cible"}, *({"label": month, "numeric": True} for month in MONTHS)],
        "rows": [
            {"cells": [{"text": title}, *({"text": charts.percent(v), "numeric": True} for v in values)]}
            for title, values, _ in TARGETS
        ],
    }


def waiting() -> dict[str, Any]:
    """Return a waiting block that never ends; its poll answers the same block."""
    return {
        "id": "appel",
        "title": "Appel à INSi en cours",
        "text": "INSi répond en général en 15 secondes. 9 secondes écoulées.",
        "value": 9,
        "max": 15,
        "seconds": 5,
        "poll_url": "/style/attente/",
        "reload_url": "/style/",
    }


def exchanges() -> list[list[steps.Step]]:
    """Return exchanges in their different states."""
    times = {"À valider": "10 h 02", "En file": "10 h 02", "Envoyé": "10 h 03", "Refusé": "10 h 03"}
    return [
        steps.stepper(steps.MESSAGE, "Envoyé", times),
        steps.stepper(steps.DEPOSIT, "Accepté", times),
        steps.stepper(steps.DEPOSIT, "Envoyé", times, broken="Refusé"),
        steps.stepper(steps.DEPOSIT, "Envoyé", times, broken="Issue inconnue", mark=steps.Mark.UNKNOWN),
    ]


def sample_frame(request: HttpRequest) -> Frame:
    """Return the frame as a carer sees it, without account nor database."""
    frame = Frame(request)
    frame.actor = shell.ActorCard("Inès Carvalho", "Aide-soignante", "EHPAD La Roselière", "Unité Les Aulnes")
    frame.links = [
        Link("Ma journée", "journee", "#jour", False, 0, Group.WORK, Phone.FIRST, "Journée"),
        Link("Mes personnes", "personnes", "#gens", True, 0, Group.WORK, Phone.SECOND, "Personnes"),
        Link("Écrits à faire", "ecrit", "#ecrits", False, 2, Group.WORK, Phone.NONE, ""),
        Link("Écrire", "plus", "#ecrire", False, 0, Group.WORK, Phone.WRITE, "Écrire"),
        Link("Envois", "envoyer", "#envois", False, 1, Group.MORE, Phone.FOURTH, "Envois"),
    ]
    frame.services_summary = Summary("DMP ne répond pas", "refus", "am-dan")
    frame.search = shell.SearchForm("web:style", "Chercher une personne", "Nom, date de naissance ou INS")
    frame.help = shell.ContactCard("Julie Prat, pilote du DUI", "01 99 00 12 00", "de 8 h à 18 h")
    return frame


def context(request: HttpRequest) -> dict[str, Any]:
    """Return what the page shows."""
    invalid = SampleForm({"name": "", "birth": "32/13/1936", "sex": "X"})
    invalid.is_valid()
    now = timezone.now()
    return {
        "web": sample_frame(request),
        "identite": banner(),
        "provisoire": {
            **banner(),
            "name": "Ola TCHITCHI",
            "status": "PROVISOIRE",
            "homonym": True,
            "alerts": [],
            "matricule_url": "",
        },
        "tabs": [TabLink(name, name, f"#{name}", name == "Journal") for name in TABS],
        "banner_actions": [("Étiquette", "impression", "#"), ("Transmission", "plus", "#")],
        "chips": [(FAMILY_NAMES[family], family, list(table)) for family, table in chips.FAMILIES.items()],
        "exchanges": exchanges(),
        "points": checks(blocked=False),
        "blocked_points": checks(blocked=True),
        "error": error(),
        "contact": shell.ContactCard("Julie Prat", "01 99 00 12 00", "de 8 h à 18 h"),
        "technical": ["19/11, 11 h 06. Délai dépassé après 30 s", "19/11, 11 h 11. Délai dépassé après 30 s"],
        "form": SampleForm(initial={"name": "TCHITCHI"}, prefix="bon"),
        "block_form": SampleForm(prefix="bloc"),
        "invalid_form": invalid,
        "tiles": tiles(),
        "multiples": [charts.multiple(t, MONTHS, v, target, counted=2) for t, v, target in TARGETS],
        "table": months_table(),
        "people": {**months_table(), "caption": "Liste avec pages"},
        "pager": {"previous_url": "?avant=1", "next_url": "?apres=1", "text": "25 personnes sur 132"},
        "attente": waiting(),
        "services": [
            shell.ServiceState("INSi", shell.Availability.AVAILABLE, "Disponible, dernier appel à 8 h 40"),
            shell.ServiceState("MSSanté", shell.Availability.SLOW, "Réponses lentes depuis 7 h 30"),
            shell.ServiceState(
                "DMP", shell.Availability.DOWN, "Ne répond pas depuis 8 h 12. 3 dépôts attendent."
            ),
            shell.ServiceState("Annuaire Santé", shell.Availability.UNKNOWN, "Pas encore appelé"),
        ],
        "moments": [now, now - dt.timedelta(days=1), now - dt.timedelta(days=40)],
        "icons": ICONS,
    }


ICONS = (
    "journee personnes personne agenda transmission ecrit document message indicateur identite chantier "
    "recherche plus menu coche croix ok alerte refus info horloge cadenas chevron bas hausse stable baisse "
    "envoyer depot horsligne copie impression aide telephone carte certificat cycle oeil soin repas activite "
    "pilule maison sortir afaire fichier import reglage projet ins-prov ins-recup ins-vali ins-qual"
).split()


@login_not_required
@require_safe
def guide(request: HttpRequest) -> HttpResponse:
    """Show every component."""
    return render(request, "web/style/guide.html", context(request))


@login_not_required
@require_safe
def waiting_again(request: HttpRequest) -> HttpResponse:
    """Answer the poll of the waiting block: the page, or the block alone for htmx."""
    return page(request, "web/style/guide.html", "web/composants/attente.html", context(request))


@login_not_required
@require_safe
def door(request: HttpRequest) -> HttpResponse:
    """Show the layout of the login page."""
    return render(request, "web/style/porte.html")


@login_not_required
@require_safe
def confirmation(request: HttpRequest) -> HttpResponse:
    """Show the confirmation page."""
    values = {
        "title": "Clôturer le dossier d'Odette LEFEVRE",
        "consequences": [
            "Le dossier sort de la file active et des indicateurs du mois.",
            "Il reste lisible 20 ans par les personnes autorisées.",
            "Les 2 envois en file partiront quand même.",
        ],
        "submit": "Clôturer le dossier",
        "cancel_url": "/style/",
    }
    return render(request, "web/confirmer.html", values)


urlpatterns = [
    path("style/", guide, name="style"),
    path("style/attente/", waiting_again, name="style_waiting"),
    path("style/porte/", door, name="style_door"),
    path("style/confirmer/", confirmation, name="style_confirmation"),
]
