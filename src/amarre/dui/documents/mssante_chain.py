"""The last link of the chain of a dossier: a document sent by MSSanté, and what came back."""

from __future__ import annotations

from django.http import HttpRequest
from django.urls import reverse

from amarre.dui.access.scope import system_scope
from amarre.dui.documents.chain_link import newest_version
from amarre.dui.documents.models import MssanteMessage
from amarre.dui.documents.mssante_recipients import to_whom
from amarre.dui.exchanges.enums import Receipt, State
from amarre.dui.usagers.chain import LinkProgress, LinkState
from amarre.dui.usagers.models import Dossier
from amarre.dui.web.dates import day

_SAID = (
    "recipient_name", "requested_at", "exchange__state", "exchange__outcome_unknown", "exchange__receipt",
    "exchange__receipt_at",
)  # fmt: skip
_WORDS = {
    Receipt.REMIS.value: "remis",
    Receipt.LU.value: "lu",
}


def message_progress(request: HttpRequest, dossier: Dossier) -> LinkProgress:
    """Return whether a document of `dossier` was sent, and whether it arrived."""
    with system_scope("messages of a dossier in scope"):
        messages = MssanteMessage.objects.filter(dossier=dossier).select_related("exchange")
        last = messages.only(*_SAID).first()
    url = reverse("documents:list_messages", kwargs={"dossier_id": dossier.pk})
    if last is None:
        return _nothing_sent(request, dossier)
    exchange, to = last.exchange, to_whom(last.recipient_name)
    if exchange.receipt == Receipt.REJETE:
        return LinkProgress(LinkState.TO_DO, f"Le message {to} est revenu.", url, "Voir le message")
    if exchange.state == State.A_REFAIRE and exchange.outcome_unknown:
        sentence = f"On ne sait pas si le message {to} est arrivé."
        return LinkProgress(LinkState.TO_DO, sentence, url, "Voir le message")
    if exchange.state in (State.REFUSE, State.A_REFAIRE):
        return LinkProgress(LinkState.TO_DO, f"Le message {to} n’est pas parti.", url, "Voir le message")
    if exchange.state == State.ANNULE:
        return LinkProgress(LinkState.TO_DO, f"Message {to} annulé avant de partir.", url, "Voir le message")
    if exchange.state != State.ACCEPTE:
        return LinkProgress(LinkState.GOING, f"Message {to} en cours d’envoi.", url)
    word = _WORDS.get(exchange.receipt, "envoyé")
    at = exchange.receipt_at if exchange.receipt and exchange.receipt_at else last.requested_at
    return LinkProgress(LinkState.DONE, f"Message {to} : {word} le {day(at)}.", url)


def _nothing_sent(request: HttpRequest, dossier: Dossier) -> LinkProgress:
    version = newest_version(request, dossier)
    if version is None:
        return LinkProgress(LinkState.TO_DO, "Aucun document à envoyer pour l’instant.")
    place = {"dossier_id": dossier.pk, "document_id": version.document_id}
    send = reverse("documents:send_document", kwargs=place)
    return LinkProgress(LinkState.TO_DO, "Aucun message envoyé.", send, "Envoyer le document")
