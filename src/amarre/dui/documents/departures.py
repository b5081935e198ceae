"""What left with the documents of some dossiers, and what to do for each when the identity was wrong."""

from __future__ import annotations

from collections.abc import Collection

from django.db.models import Q
from django.urls import reverse

from amarre.dui.access.scope import system_scope
from amarre.dui.documents.models import DmpDeposit, MailedDocument, MssanteMessage
from amarre.dui.exchanges.enums import State
from amarre.dui.usagers.departures import Departure

# Left, or may have, given up in doubt included: what never left the house has nothing to be undone.
LEFT = Q(exchange__state__in=(State.ENVOYE, State.ACCEPTE, State.INCONNU)) | Q(exchange__outcome_unknown=True)
_DEPOSIT = (
    "Vérifiez à qui est ce document. S’il concerne une autre personne, demandez au DMP sa suppression avec "
    "cette référence, puis déposez-le dans le bon dossier."
)
_DOUBT = "Vérifiez d’abord, dans « Envois », si le service l’a reçu. "
_MESSAGE = (
    "Appelez le destinataire : qu’il détruise le message et ne l’intègre pas au dossier. Citez la référence, "
    "puis envoyez le bon document."
)
_USAGER = (
    "Le message est dans l’espace santé de la personne à qui est cette INS. Prévenez-la, et prévenez le "
    "délégué à la protection des données."
)


def departures(dossier_ids: Collection[int]) -> list[Departure]:
    """Return the deposits and the messages of these dossiers. Three queries."""
    with system_scope("what left about dossiers whose identity is under procedure"):
        return [*_deposits(dossier_ids), *_messages(dossier_ids)]


def _deposits(dossier_ids: Collection[int]) -> list[Departure]:
    rows = DmpDeposit.objects.filter(LEFT, version__document__dossier__in=dossier_ids).select_related(
        "exchange", "version__document"
    )
    found = []
    for row in rows:
        document = row.version.document
        certain = row.exchange.state == State.ACCEPTE
        found.append(
            Departure(
                at=row.accepted_at or row.requested_at,
                kind="Dépôt au DMP",
                title=f"{document.title}, version {row.version.number}",
                destination="DMP",
                reference=f"{row.exchange.reference} / {row.version.unique_id}",
                carried_ins=row.identity_qualified,
                certain=certain,
                to_do=("" if certain else _DOUBT) + _DEPOSIT,
                url=reverse("exchanges:show_exchange", kwargs={"exchange_id": row.exchange_id}),
            )
        )
    return found


def _messages(dossier_ids: Collection[int]) -> list[Departure]:
    rows = list(MssanteMessage.objects.filter(LEFT, dossier__in=dossier_ids).select_related("exchange"))
    attached: dict[int, list[MailedDocument]] = {}
    for one in MailedDocument.objects.filter(message__in=rows).select_related("version__document"):
        attached.setdefault(one.message_id, []).append(one)
    return [_message(row, attached.get(row.pk, [])) for row in rows]


def _message(row: MssanteMessage, attached: list[MailedDocument]) -> Departure:
    certain = row.exchange.state == State.ACCEPTE
    to_usager = row.audience == MssanteMessage.Audience.USAGER
    titles = ", ".join(f"{one.version.document.title} (v{one.version.number})" for one in attached)
    return Departure(
        at=row.accepted_at or row.requested_at,
        kind="Message MSSanté",
        title=titles or "Message sans document",
        destination=row.recipient_name,
        reference=f"{row.exchange.reference} / {row.message_id}",
        carried_ins=to_usager or any(one.version.identity_qualified for one in attached),
        certain=certain,
        to_do=("" if certain else _DOUBT) + (_USAGER if to_usager else _MESSAGE),
        url=reverse("exchanges:show_exchange", kwargs={"exchange_id": row.exchange_id}),
    )
