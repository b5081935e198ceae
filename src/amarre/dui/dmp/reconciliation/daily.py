"""The daily passage: what was deposited lately, and what did not agree, is asked about again."""

from __future__ import annotations

import datetime

from django.db.models import F, Q

from amarre.dui.access.scope import system_scope
from amarre.dui.core.actor import system_actor
from amarre.dui.core.clock import now
from amarre.dui.dmp.models import DepositReception
from amarre.dui.dmp.reconciliation.asking import ASKED_AT_ONCE, ask_about
from amarre.dui.documents.models import DmpDeposit
from amarre.dui.exchanges.enums import State
from amarre.dui.organisations.models import ConnectorProfile

PASSAGE_SECONDS = 3_600
# A deposit is asked about once it has had time to be filed there, then daily as long as it does not agree.
SETTLED_AFTER = datetime.timedelta(hours=1)
ASKED_AGAIN_AFTER = datetime.timedelta(hours=20)
FIRST_QUESTION_WITHIN = datetime.timedelta(days=7)
WATCHED_FOR = datetime.timedelta(days=30)
DISAGREES = (
    DepositReception.Finding.ABSENT,
    DepositReception.Finding.RECENT,
    DepositReception.Finding.INCONNU,
)


def control_reception() -> int:
    """Queue the questions of the day, for every establishment; return how many."""
    with system_scope("worker: deposits of every establishment"):
        profiles = list(ConnectorProfile.objects.exclude(dmp_url=""))
        return sum(_of_one(profile) for profile in profiles)


def _of_one(profile: ConnectorProfile) -> int:
    """Queue those of one establishment: only what was deposited where it deposits today."""
    at = now()
    never = Q(reception=None, requested_at__gt=at - FIRST_QUESTION_WITHIN)
    again = Q(
        reception__finding__in=DISAGREES,
        reception__gone_noted_at=None,
        reception__asked_at__lt=at - ASKED_AGAIN_AFTER,
        requested_at__gt=at - WATCHED_FOR,
    )
    believed = Q(exchange__state=State.ACCEPTE) | Q(
        exchange__state=State.A_REFAIRE, exchange__outcome_unknown=True
    )
    due = (
        DmpDeposit.objects.filter(
            never | again,
            believed,
            exchange__essms=profile.essms_id,
            environment=profile.environment,
            exchange__finished_at__lt=at - SETTLED_AFTER,
        )
        .select_related("exchange", "version")
        .order_by(F("reception__asked_at").asc(nulls_first=True), "pk")
    )
    return ask_about(due[:ASKED_AT_ONCE], system_actor("worker", essms_id=profile.essms_id))
