"""Every point of « Prêt pour le DMP ? » of an establishment, in the order of the page.

Those that refuse every deposit come from `blocking` and `people`: the deposit asks the same functions.
"""

from __future__ import annotations

import datetime

from django.db.models import Count, Q
from django.urls import reverse

from amarre.dui.core.clock import now
from amarre.dui.dmp.models import ConnectionTest, DepositRule, DmpChange, Preparation
from amarre.dui.dmp.readiness.blocking import blocking_prerequisites
from amarre.dui.dmp.readiness.findings import Finding, Place
from amarre.dui.dmp.readiness.guidance import guidance
from amarre.dui.dmp.readiness.people import judge_depositors
from amarre.dui.dmp.rules import Moment, accepted_types, rule_for, stored_rules
from amarre.dui.documents.control import PointState
from amarre.dui.documents.models import DmpDeposit
from amarre.dui.exchanges.models import Circuit
from amarre.dui.organisations.connector_state import Connector, connector_states
from amarre.dui.organisations.selectors import certificates_of
from amarre.dui.usagers.models import Dossier
from amarre.dui.web.dates import day
from amarre.interop.common.errors import Explanation

# Our clock against the service's: beyond, it is said (reliability rule 13 of the project).
SKEW_SECONDS = 30
STALE_TEST = datetime.timedelta(days=30)
# Key of the deletion among the changes of `dmp.visibility`.
DELETION = "supprimer"
# Steps that happen outside the software: a person notes when they were done.
NOTED = ("oid_declared", "trial_deletion", "masked_minor", "notice")


def establishment_findings(place: Place) -> list[Finding]:
    """Return every point, in the order of the page; needs a scope."""
    noted = {row.key: row for row in Preparation.objects.filter(essms=place.essms).select_related("noted_by")}
    test = ConnectionTest.objects.filter(essms=place.essms).select_related("tested_by").first()
    found = [
        *blocking_prerequisites(place),
        _judge_test(place, test),
        _judge_clock(test),
        judge_depositors(place),
        _judge_insi(place),
        _judge_qualified(place),
        _judge_rules(place),
        Finding.good("pdfa", "PDF/A, traits sur chaque page, Datamatrix sur la première."),
        *_judge_trials(place),
        _judge_deletion(place, noted.get("trial_deletion")),
        *(_judge_noted(key, noted.get(key)) for key in NOTED if key != "trial_deletion"),
    ]
    order = list(guidance())
    return sorted(found, key=lambda finding: order.index(finding.key))


def _judge_test(place: Place, test: ConnectionTest | None) -> Finding:
    if test is None or test.environment != place.profile.environment:
        return Finding.look("tls", "Pas encore testée depuis Amarre.")
    when = f"le {day(test.tested_at)}, par {test.tested_by}"
    if not test.answered:
        said = Explanation(**test.explanation).what if test.explanation else "Le DMP n'a pas répondu."
        return Finding.look("tls", f"{said} Testée {when}.")
    if now() - test.tested_at > STALE_TEST:
        return Finding.look("tls", f"Le DMP a répondu, mais le test date : {when}.")
    return Finding.good("tls", f"Le DMP a répondu, {when}.")


def _judge_clock(test: ConnectionTest | None) -> Finding:
    if test is None or test.clock_skew_ms is None:
        return Finding.look("clock", "Pas encore mesurée : elle l'est à chaque test de la liaison.")
    seconds = abs(test.clock_skew_ms) / 1_000
    side = "avance" if test.clock_skew_ms > 0 else "retard"
    if seconds > SKEW_SECONDS:
        return Finding.look("clock", f"Le serveur a {seconds:.0f} secondes de {side} sur le DMP.")
    return Finding.good("clock", "Le serveur et le DMP ont la même heure, à quelques secondes près.")


def _judge_insi(place: Place) -> Finding:
    states = connector_states(place.profile, certificates_of(place.profile), now())
    state = next(one for one in states if one.connector is Connector.INSI)
    url, action = reverse("organisations:settings"), "Voir les réglages"
    if state.missing or state.warnings:
        return Finding.look("insi", " ".join([*state.missing, *state.warnings]), url=url, action=action)
    circuit = Circuit.objects.filter(essms=place.essms, service="insi").first()
    if circuit is None or circuit.last_success_at is None:
        return Finding.look("insi", "Réglé, mais INSi n'a pas encore répondu à cet établissement.")
    return Finding.good("insi", f"Dernière réponse le {day(circuit.last_success_at)}.")


def _judge_qualified(place: Place) -> Finding:
    qualified = Q(identity__traits_from_insi=True, identity__coherence_checked=True)
    present = Dossier.objects.filter(essms=place.essms, left_on=None, joined_to=None)
    counts = present.aggregate(total=Count("pk"), qualified=Count("pk", filter=qualified))
    total, done = counts["total"], counts["qualified"]
    if not total:
        return Finding.look("qualified", "Aucun dossier ouvert pour l'instant.")
    share = f"{done} sur {total} ({round(100 * done / total)} %)."
    if not done:
        return Finding.look("qualified", f"{share} Seule une identité qualifiée part au DMP.")
    return Finding.good("qualified", share)


def _judge_rules(place: Place) -> Finding:
    url, action = reverse("dmp:list_rules"), "Voir les règles"
    if not DepositRule.objects.filter(essms=place.essms).exists():
        return Finding.look(
            "rules", "Règles de départ : tout est proposé, une personne décide.", url=url, action=action
        )
    stored = stored_rules(place.essms.pk)
    leaving = [kind for kind in accepted_types() if rule_for(stored, kind.code.code).moment != Moment.JAMAIS]
    detail = f"{len(leaving)} types de documents peuvent être déposés."
    return Finding("rules", PointState.GOOD, detail, url=url, action=action)


def _judge_trials(place: Place) -> list[Finding]:
    """The last deposit and the last replacement that this environment accepted."""
    accepted = DmpDeposit.objects.filter(
        exchange__essms=place.essms, environment=place.profile.environment, accepted_at__isnull=False
    ).order_by("-accepted_at")
    replaced = accepted.filter(exchange__result__replaced=True)
    found = []
    for key, rows, nothing in (
        ("trial_deposit", accepted, "Aucun dépôt accepté pour l'instant dans cet environnement."),
        ("trial_replacement", replaced, "Aucun remplacement accepté pour l'instant dans cet environnement."),
    ):
        last = rows.values_list("accepted_at", flat=True).first()
        found.append(Finding.good(key, f"Le {day(last)}.") if last else Finding.look(key, nothing))
    return found


def _judge_deletion(place: Place, row: Preparation | None) -> Finding:
    """The last deletion that the DMP made for us; one made on its own site is noted by hand."""
    deleted = DmpChange.objects.filter(
        exchange__essms=place.essms,
        deposit__environment=place.profile.environment,
        change=DELETION,
        applied_at__isnull=False,
    )
    last = deleted.order_by("-applied_at").values_list("applied_at", flat=True).first()
    return Finding.good("trial_deletion", f"Le {day(last)}.") if last else _judge_noted("trial_deletion", row)


def _judge_noted(key: str, row: Preparation | None) -> Finding:
    if row is None:
        return Finding(key, PointState.LOOK, "Pas encore noté.", noted=key)
    detail = f"Fait le {day(row.done_on)}, noté par {row.noted_by}."
    return Finding(key, PointState.GOOD, f"{detail} {row.note}".strip(), noted=key)
