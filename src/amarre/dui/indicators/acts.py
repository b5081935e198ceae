"""What counts: the only place that says which acts and which dossiers enter a number.

An act counts when the service accepted it (`accepted_at`), in the establishment's own environment, inside the
period, for a dossier that is neither a test nor a fictive identity; a message that came back as rejected does
not. Source: requirement TBB.1 and `definitions.NOT_COUNTED`.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from amarre.dui.access.scope import system_scope
from amarre.dui.documents.models import DmpDeposit, Document, MailedDocument, MssanteMessage
from amarre.dui.exchanges.enums import Receipt
from amarre.dui.indicators.periods import Period
from amarre.dui.usagers.models import Dossier

PROFESSIONNEL = MssanteMessage.Audience.PROFESSIONNEL
USAGER = MssanteMessage.Audience.USAGER


@dataclass(frozen=True, slots=True)
class Lens:
    """One establishment, its environment, one period; `author_id` keeps the acts one person asked for."""

    essms_id: int
    environment: str
    period: Period
    author_id: int | None = None


def deposits(lens: Lens) -> QuerySet[DmpDeposit]:
    """Return the deposits the DMP accepted."""
    with system_scope("acts of an establishment whose reader was checked"):
        rows = DmpDeposit.objects.filter(
            _counted_dossiers(lens, "version__document__dossier__"), _accepted(lens)
        )
    return rows.filter(_asked_by(lens))


def messages(lens: Lens) -> QuerySet[MssanteMessage]:
    """Return the messages the MSSanté operator accepted and that did not come back."""
    with system_scope("acts of an establishment whose reader was checked"):
        rows = MssanteMessage.objects.filter(_counted_dossiers(lens, "dossier__"), _accepted(lens))
    return rows.filter(_asked_by(lens)).exclude(exchange__receipt=Receipt.REJETE)


def with_document(rows: QuerySet[MssanteMessage]) -> QuerySet[Any]:
    """Annotate messages with `carries`: at least one document is attached."""
    with system_scope("attachments of messages in scope"):
        return rows.annotate(carries=Exists(MailedDocument.objects.filter(message=OuterRef("pk"))))


def file_active(essms_id: int, on: datetime.date) -> QuerySet[Dossier]:
    """Return the dossiers present on a day: entered, not left before (rule « présence »)."""
    with system_scope("dossiers of an establishment whose reader was checked"):
        return Dossier.objects.filter(
            Q(left_on=None) | Q(left_on__gte=on),
            essms_id=essms_id,
            entered_on__lte=on,
            is_test=False,
            joined_to=None,
            identity__is_fictive=False,
        )


def documents_behind(code: str, lens: Lens) -> QuerySet[Document]:
    """Return the documents of TBB1.1, TBB1.1a or TBB1.1b."""
    accepted = deposits(lens)
    # Subqueries that stand alone: an engine makes each list once, instead of once per document.
    deposited = Q(pk__in=accepted.values("version__document"))
    qualified = Q(pk__in=accepted.filter(identity_qualified=True).values("version__document"))
    conditions = {"TBB1.1": deposited, "TBB1.1a": qualified, "TBB1.1b": deposited & ~qualified}
    with system_scope("documents of an establishment whose reader was checked"):
        return Document.objects.filter(conditions[code], dossier__essms_id=lens.essms_id)


def messages_behind(code: str, lens: Lens) -> QuerySet[MssanteMessage]:
    """Return the messages of TBB1.2, TBB1.2a or TBB1.2b."""
    audiences = {"TBB1.2": (PROFESSIONNEL, USAGER), "TBB1.2a": (PROFESSIONNEL,), "TBB1.2b": (USAGER,)}
    return messages(lens).filter(audience__in=audiences[code])


def dossiers_with_status(code: str, essms_id: int, on: datetime.date) -> QuerySet[Dossier]:
    """Return the dossiers of INS.Q, V, R or P in the file active of the day `on`."""
    insi, checked = INS_STATES[code]
    return file_active(essms_id, on).filter(
        identity__traits_from_insi=insi, identity__coherence_checked=checked
    )


def dossiers_behind(code: str, lens: Lens) -> QuerySet[Dossier]:
    """Return the dossiers of TBB1.3a, 3b, 3c or TBB1.4."""
    fed = Q(pk__in=deposits(lens).values("version__document__dossier"))
    to_professional, to_usager = (_mailed(lens, audience) for audience in (PROFESSIONNEL, USAGER))
    conditions = {
        "TBB1.3a": fed,
        "TBB1.3b": to_professional,
        "TBB1.3c": to_usager,
        "TBB1.4": fed & to_professional & to_usager,
    }
    with system_scope("dossiers of an establishment whose reader was checked"):
        return Dossier.objects.filter(conditions[code], essms_id=lens.essms_id)


# Status = (traits obtained from INSi, document checked): the two axes of the RNIV.
INS_STATES: dict[str, tuple[bool, bool]] = {
    "INS.Q": (True, True),
    "INS.V": (False, True),
    "INS.R": (True, False),
    "INS.P": (False, False),
}


def _mailed(lens: Lens, audience: str) -> Q:
    sent = with_document(messages(lens).filter(audience=audience)).filter(carries=True)
    return Q(pk__in=sent.values("dossier"))


def _counted_dossiers(lens: Lens, path: str) -> Q:
    return Q(
        **{
            f"{path}essms_id": lens.essms_id,
            f"{path}is_test": False,
            f"{path}identity__is_fictive": False,
        }
    )


def _accepted(lens: Lens) -> Q:
    condition = Q(environment=lens.environment, accepted_at__isnull=False)
    if lens.period.start is not None:
        condition &= Q(accepted_at__gte=lens.period.start)
    if lens.period.end is not None:
        condition &= Q(accepted_at__lt=lens.period.end)
    return condition


def _asked_by(lens: Lens) -> Q:
    return Q() if lens.author_id is None else Q(exchange__created_by_id=lens.author_id)
