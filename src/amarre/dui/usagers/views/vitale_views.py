"""« Carte Vitale »: read it, choose the person present, ask INSi with it; or begin a dossier from it.

Nothing of this exists where no reader is configured. What the card says only triggers the question: the
identity is what INSi answers, compared and decided as any other answer (SEL-MP-043, WS_INS1).
"""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from amarre.dui.access.actors import actor_of
from amarre.dui.access.permissions import Permission
from amarre.dui.access.policy import require
from amarre.dui.audit.services.record import record_reading
from amarre.dui.core.actor import Actor
from amarre.dui.usagers import card_stash
from amarre.dui.usagers.dossier_page import dossier_context, get_dossier
from amarre.dui.usagers.errors import CardChanged, NoCardReader
from amarre.dui.usagers.forms.vitale_forms import BeneficiaryForm, SlotForm
from amarre.dui.usagers.models import Dossier
from amarre.dui.usagers.services.request_insi_search import request_insi_search
from amarre.dui.usagers.views.creation_views import begin_from_card
from amarre.dui.usagers.vitale import CardReaders, card_readers
from amarre.interop.common.errors import AmarreError
from amarre.interop.ins.insi import VitaleBeneficiary, VitaleCard, choose, vitale_query

READ, CHOSEN = "lire", "choisir"


@require_http_methods(["GET", "HEAD", "POST"])
def ask_with_card(request: HttpRequest, dossier_id: int) -> HttpResponse:
    """Ask INSi about the person of a dossier, with their carte Vitale."""
    dossier = get_dossier(request, dossier_id, Permission.WRITE_IDENTITE)
    return _steps(request, _readers(), dossier)


@require_http_methods(["GET", "HEAD", "POST"])
def begin_with_card(request: HttpRequest) -> HttpResponse:
    """Begin a dossier with a carte Vitale."""
    require(actor_of(request), Permission.WRITE_IDENTITE)
    return _steps(request, _readers(), None)


def _readers() -> CardReaders:
    readers = card_readers()
    if readers is None:
        raise NoCardReader
    return readers


def _steps(request: HttpRequest, readers: CardReaders, dossier: Dossier | None) -> HttpResponse:
    step = request.POST.get("etape", "")
    if step not in (READ, CHOSEN):
        return _page(request, dossier, SlotForm(slots=readers.slots()))
    form = SlotForm(request.POST, slots=readers.slots())
    if not form.is_valid():
        return _page(request, dossier, form, status=422)
    slot = form.cleaned_data["slot"]
    try:
        card = readers.read(slot)
    except AmarreError as error:
        said = error.explanation()
        form.add_error("slot", f"{said.what} {said.advice}")
        return _page(request, dossier, form, status=422)
    actor = actor_of(request)
    if step == READ:
        _trace(actor, dossier, card)
        return _page(request, dossier, BeneficiaryForm(slot=slot, card=card), people=True)
    return _chosen(request, actor, dossier, slot, card)


def _chosen(
    request: HttpRequest, actor: Actor, dossier: Dossier | None, slot: str, card: VitaleCard
) -> HttpResponse:
    form = BeneficiaryForm(request.POST, slot=slot, card=card)
    if not form.is_valid():
        if request.POST.get("person"):
            raise CardChanged
        return _page(request, dossier, form, people=True, status=422)
    person: VitaleBeneficiary = choose(card, form.rank)
    query = vitale_query(card, person)
    if dossier is None:
        return begin_from_card(request, actor, person, card_stash.put(actor, query))
    request_insi_search(dossier=dossier, actor=actor, card=query)
    return redirect(reverse("usagers:show_identity", kwargs={"dossier_id": dossier.pk}) + "#insi")


def _trace(actor: Actor, dossier: Dossier | None, card: VitaleCard) -> None:
    record_reading(
        actor,
        "identity.card_read",
        dossier_id=dossier.pk if dossier else None,
        usager_id=dossier.identity_id if dossier else None,
        details={"persons": len(card.beneficiaries)},
    )


def _page(
    request: HttpRequest,
    dossier: Dossier | None,
    form: SlotForm | BeneficiaryForm,
    *,
    people: bool = False,
    status: int = 200,
) -> HttpResponse:
    context = {"form": form, "people": people, "step": CHOSEN if people else READ}
    if dossier is not None:
        context |= dossier_context(request, dossier, "identite")
    return render(request, "usagers/vitale.html", context, status=status)
