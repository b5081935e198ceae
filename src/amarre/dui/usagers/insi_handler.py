"""The outbox's handler of INSi searches.

Asking INSi has no effect there: after a lost answer, the question is simply asked again.
"""

from __future__ import annotations

from django.urls import reverse

from amarre.dui.access.scope import system_scope
from amarre.dui.audit.services.record import record
from amarre.dui.core.actor import system_actor
from amarre.dui.core.clock import now
from amarre.dui.exchanges.handlers import Description, Job, Outcome
from amarre.dui.exchanges.models import Exchange
from amarre.dui.organisations.models import ConnectorProfile
from amarre.dui.usagers.connector import insi_client
from amarre.dui.usagers.errors import CardToReadAgain
from amarre.dui.usagers.models import InsiSearch
from amarre.dui.usagers.services.open_discrepancy import open_for_search
from amarre.dui.usagers.services.request_insi_search import CARD_PART, KIND
from amarre.dui.usagers.traits_json import individual_to_json, traits_from_json
from amarre.dui.usagers.vitale import query_from_bytes
from amarre.interop.clients.insi import InsiOutcome, OutcomeKind
from amarre.interop.ins.insi import search_criteria

SUMMARIES = {
    OutcomeKind.FOUND: "Une identité trouvée",
    OutcomeKind.NOT_FOUND: "Aucune identité trouvée",
    OutcomeKind.SEVERAL: "Plusieurs identités trouvées",
}


class InsiSearchHandler:
    """Plays one search: a short series of calls, one answer."""

    kind = KIND
    service = "insi"
    service_label = "INSi"
    has_receipts = False
    recognises_resends = True
    is_quiet = False

    def send(self, job: Job) -> Outcome:
        """Ask INSi; the answer is carried to `apply`. Raises the transport and INSi errors."""
        with system_scope("worker: the search it holds"):
            search = InsiSearch.objects.select_related("identity").get(exchange_id=job.exchange_id)
            profile = ConnectorProfile.objects.select_related("essms").get(essms_id=job.essms_id)
            client = insi_client(profile)
        # The state of now: an identity marked douteuse or fictive since it was queued is not sent.
        criteria = search_criteria(
            traits_from_json(search.sent_traits),
            search.identity.state,
            send_place=search.means != InsiSearch.Means.NO_PLACE,
        )
        if search.means == InsiSearch.Means.VITALE:
            if CARD_PART not in job.parts:
                raise CardToReadAgain
            outcome = client.search_by_vitale(query_from_bytes(job.parts[CARD_PART]))
        else:
            outcome = client.search_by_traits(criteria)
        outcome.raise_if_failed()
        return Outcome(SUMMARIES[outcome.kind], {"outcome": outcome.kind.value}, carried=outcome)

    def find(self, job: Job) -> Outcome | None:
        """A question leaves nothing behind: there is nothing to find, it may be asked again."""
        return None

    def apply(self, exchange: Exchange, outcome: Outcome) -> None:
        """Keep what INSi answered beside the typed traits, until a person decides."""
        answer: InsiOutcome = outcome.carried
        with system_scope("worker: the search it holds"):
            search = InsiSearch.objects.select_related("identity", "dossier").get(exchange=exchange)
        search.outcome = answer.kind.value
        search.answered_at = now()
        search.calls = len(answer.calls)
        search.message_ids = [call.message_id for call in answer.calls]
        search.returned = individual_to_json(answer.individual) if answer.individual else {}
        search.save()
        _forget_card(exchange)
        worker = system_actor("worker", essms_id=exchange.essms_id)
        record(
            worker,
            "insi.answered",
            subject=search,
            dossier_id=search.dossier_id,
            usager_id=search.identity_id,
            exchange_id=exchange.reference,
            details={"outcome": search.outcome, "calls": search.calls},
        )
        with system_scope("worker: the écart its answer reveals"):
            open_for_search(search, worker)

    def failed(self, exchange: Exchange) -> None:
        """Close the search: the person may ask again once the cause is mended."""
        with system_scope("worker: the search it holds"):
            search = InsiSearch.objects.get(exchange=exchange)
        search.outcome = InsiSearch.Outcome.FAILED
        search.answered_at = now()
        search.save()
        _forget_card(exchange)

    def describe(self, exchange: Exchange) -> Description:
        """Return how the search is shown among the exchanges."""
        url = reverse("usagers:show_identity", kwargs={"dossier_id": exchange.dossier_id})
        return Description("Recherche INSi", "INSi", url)


def _forget_card(exchange: Exchange) -> None:
    """Keep nothing of a carte Vitale once the question is over: it bears the insured person's number."""
    exchange.parts.filter(name=CARD_PART).delete()
