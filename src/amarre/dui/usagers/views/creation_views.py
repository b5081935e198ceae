"""« Ouvrir un dossier »: search first, then « C'est cette personne » or the creation form.

One address, several steps by POST: what is typed never travels in an address, and every step is a whole page
without script. Source: RNIV 1, recherche d'antériorité: creation is offered from the results only.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from amarre.dui.access.actors import actor_of
from amarre.dui.access.errors import OutOfScope
from amarre.dui.access.permissions import Permission
from amarre.dui.access.policy import get_visible, require
from amarre.dui.audit.services.record import record_reading
from amarre.dui.core.actor import Actor
from amarre.dui.core.clock import today
from amarre.dui.organisations.models import Essms
from amarre.dui.usagers import card_stash
from amarre.dui.usagers.forms.scan_form import SOURCE, ScannedSearchForm, scanned_values
from amarre.dui.usagers.forms.traits_forms import CreateDossierForm, EntryForm, PreviousSearchForm
from amarre.dui.usagers.models import Dossier, Identity
from amarre.dui.usagers.presenters import status_key, strict_traits, usual_name
from amarre.dui.usagers.selectors.look_alikes import LETTERS, LookAlike, identity_of_organisme, look_alikes
from amarre.dui.usagers.services.create_dossier import create_dossier
from amarre.dui.usagers.services.request_insi_search import request_insi_search
from amarre.dui.usagers.vitale import card_readers
from amarre.interop.common.errors import AmarreError
from amarre.interop.ins import ScannedIdentity
from amarre.interop.ins.insi import VitaleBeneficiary

# An identity shown by the search may be chosen during one hour, by whom it was shown to.
CHOICE_SECONDS = 3600
VITALE = "vitale"
SOURCE_WORDS = {SOURCE: "Datamatrix INS lu", VITALE: "carte Vitale lue"}
_SALT = "amarre.usagers.look_alike"


@require_http_methods(["GET", "HEAD", "POST"])
def create_person(request: HttpRequest) -> HttpResponse:
    """Lead from the search to the dossier."""
    actor = actor_of(request)
    require(actor, Permission.WRITE_IDENTITE)
    steps = {"chercher": _search, "aucune": _offer_form, "creer": _create, "reprendre": _take_up}
    step = steps.get(request.POST.get("etape", ""))
    if step is None:
        return render(request, "usagers/create_search.html", search_context(PreviousSearchForm()))
    return step(request, actor)


def _search(request: HttpRequest, actor: Actor) -> HttpResponse:
    form = PreviousSearchForm(request.POST)
    if not form.is_valid():
        return render(request, "usagers/create_search.html", search_context(form), status=422)
    found = _found(actor, form)
    if not found["found"]:
        return _offer_form(request, actor)
    return render(request, "usagers/create_results.html", {"form": form, **found})


def _found(actor: Actor, form: PreviousSearchForm) -> dict[str, Any]:
    """Return what the results show for a search that was read; traced."""
    typed = form.cleaned_data
    found, more = look_alikes(
        actor, names=form.names, first_name=typed["prenom"], birth=typed["date_naissance"]
    )
    record_reading(actor, "identity.searched", details={"results": len(found)})
    nameless = not form.names and not typed["prenom"]
    return {"found": [_choice(actor, one) for one in found], "more": more, "is_nameless": nameless}


def begin_from_scan(request: HttpRequest, actor: Actor, scanned: ScannedIdentity) -> HttpResponse:
    """Go on from a Datamatrix: the search before creation by what it says, then the form begun with it."""
    require(actor, Permission.WRITE_IDENTITE)
    values = scanned_values(scanned)
    found, more = look_alikes(
        actor,
        names=(values["nom"],),
        first_name=values["prenom"],
        birth=scanned.traits.date_naissance,
        matricule=scanned.ins.matricule.base,
    )
    record_reading(actor, "identity.searched", details={"results": len(found)})
    if not found:
        return _form_begun(request, values, nobody_found=True)
    context = {
        "form": ScannedSearchForm(initial=values),
        "found": [_choice(actor, one) for one in found],
        "more": more,
        "is_scanned": True,
    }
    return render(request, "usagers/create_results.html", context)


def begin_from_card(
    request: HttpRequest, actor: Actor, person: VitaleBeneficiary, token: str
) -> HttpResponse:
    """Go on from a carte Vitale: the search before creation by what it says, then the form begun with it.

    `token` finds what INSi will be asked with, once the dossier is open.
    """
    form = PreviousSearchForm(
        {
            "nom": person.nom_naissance,
            "nom_utilise": person.nom_utilise,
            "prenom": person.prenom,
            "date_naissance": "/".join(reversed(person.date_naissance.split("-"))),
        }
    )
    if not form.is_valid():
        # A card may say no birth date of the calendar: a person completes what it says.
        return render(request, "usagers/create_search.html", search_context(form), status=422)
    found = _found(actor, form)
    values = {**form.data, "source": VITALE, "carte": token}
    if not found["found"]:
        return _form_begun(request, values, nobody_found=True)
    context = {"form": ScannedSearchForm(initial=values), **found, "is_card": True}
    return render(request, "usagers/create_results.html", context)


def search_context(form: PreviousSearchForm) -> dict[str, Any]:
    """Return what the page of the search before creation shows."""
    return {"form": form, "reads_cards": card_readers() is not None}


def _choice(actor: Actor, found: LookAlike) -> dict[str, Any]:
    """Return one identity as the results show it: traits only."""
    identity = found.identity
    return {
        "name": usual_name(identity),
        "likeness": found.likeness.value,
        "status": status_key(identity),
        "homonym": identity.is_homonyme,
        "traits": strict_traits(identity),
        "dossier_id": found.dossier_id,
        "token": signing.dumps([actor.user_id, actor.essms_id, identity.pk], salt=_SALT),
    }


def _offer_form(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Show the creation form, begun with what was typed in the search."""
    return _form_begun(request, request.POST, nobody_found=request.POST["etape"] == "chercher")


def _form_begun(request: HttpRequest, values: Mapping[str, str], *, nobody_found: bool) -> HttpResponse:
    source = values.get("source", "") if values.get("source") in SOURCE_WORDS else ""
    initial = {
        **_begun_names(values, was_read=bool(source)),
        "prenoms": values.get("prenoms", ""),
        "sexe": values.get("sexe", ""),
        "date_naissance": values.get("date_naissance", ""),
        "lieu_naissance": values.get("lieu_naissance", ""),
        "entered_on": today(),
        "source": source,
        "carte": values.get("carte", ""),
    }
    context = {"form": CreateDossierForm(initial=initial), "nobody_found": nobody_found}
    return render(request, "usagers/create_form.html", context)


def _begun_names(values: Mapping[str, str], *, was_read: bool) -> dict[str, str]:
    """Return the names to begin the form with. First letters typed in the search begin nothing."""
    names = {
        "nom_naissance": values.get("nom", ""),
        "nom_utilise": values.get("nom_utilise", ""),
        "premier_prenom": values.get("prenom", ""),
    }
    return {key: name for key, name in names.items() if was_read or len(name.strip()) > LETTERS}


def _create(request: HttpRequest, actor: Actor) -> HttpResponse:
    form = CreateDossierForm(request.POST)
    if not form.is_valid() or form.traits is None:
        return render(request, "usagers/create_form.html", {"form": form}, status=422)
    dossier = create_dossier(
        essms=_essms(actor),
        traits=form.traits,
        entered_on=form.cleaned_data["entered_on"],
        actor=actor,
        lieu_libelle=form.cleaned_data["lieu_libelle"],
        source=SOURCE_WORDS.get(form.cleaned_data["source"], ""),
    )
    messages.success(request, f"Le dossier {dossier.number} est ouvert. L'identité est enregistrée.")
    if form.cleaned_data["carte"]:
        _ask_with_card(request, actor, dossier, form.cleaned_data["carte"])
    return redirect("usagers:show_identity", dossier_id=dossier.pk)


def _ask_with_card(request: HttpRequest, actor: Actor, dossier: Dossier, token: str) -> None:
    """Ask INSi with the card that began the dossier; the dossier is open whatever happens."""
    card = card_stash.take(actor, token)
    if card is None:
        messages.warning(request, "La lecture de la carte Vitale date trop : relisez-la pour appeler INSi.")
        return
    try:
        request_insi_search(dossier=dossier, actor=actor, card=card)
    except AmarreError as error:
        said = error.explanation()
        messages.warning(request, f"INSi n’est pas appelé : {said.what} {said.advice}")


def _take_up(request: HttpRequest, actor: Actor) -> HttpResponse:
    """« C'est cette personne »: open a dossier here for an identity the organisme has."""
    identity = _chosen(request, actor)
    form = EntryForm(request.POST if "entered_on" in request.POST else None, initial={"entered_on": today()})
    if not form.is_bound or not form.is_valid():
        context = {
            "name": usual_name(identity),
            "traits": strict_traits(identity),
            "status": status_key(identity),
            "form": form,
            "token": request.POST["identite"],
        }
        return render(request, "usagers/create_take_up.html", context, status=422 if form.is_bound else 200)
    dossier = create_dossier(
        essms=_essms(actor), traits=identity.traits, entered_on=form.cleaned_data["entered_on"], actor=actor
    )
    messages.success(request, f"Le dossier {dossier.number} est ouvert, avec l'identité de l'organisme.")
    return redirect("usagers:show_dossier", dossier_id=dossier.pk)


def _chosen(request: HttpRequest, actor: Actor) -> Identity:
    """Return the identity of the results that was chosen; raises OutOfScope for any other."""
    try:
        user_id, essms_id, identity_id = signing.loads(
            request.POST.get("identite", ""), salt=_SALT, max_age=CHOICE_SECONDS
        )
    except signing.BadSignature:
        raise OutOfScope from None
    if (user_id, essms_id) != (actor.user_id, actor.essms_id):
        raise OutOfScope
    identity = identity_of_organisme(actor, identity_id)
    if identity is None:
        raise OutOfScope
    return identity


def _essms(actor: Actor) -> Essms:
    return get_visible(actor, Essms, pk=actor.essms_id)
