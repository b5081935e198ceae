"""« Tester maintenant »: does the DMP answer this establishment? Traced, outside any transaction."""

from __future__ import annotations

from dataclasses import asdict

from django.db import transaction

from amarre.dui.access.permissions import Permission
from amarre.dui.access.policy import require
from amarre.dui.access.scope import system_scope
from amarre.dui.accounts.models import User
from amarre.dui.audit.services.record import record
from amarre.dui.core.actor import Actor
from amarre.dui.core.clock import now
from amarre.dui.dmp.connector import Reached, dmp_client, reach_dmp
from amarre.dui.dmp.depositors import depositor
from amarre.dui.dmp.models import ConnectionTest
from amarre.dui.dmp.readiness.fictive_person import fictive_person
from amarre.dui.dmp.readiness.people import depositing_people
from amarre.dui.documents.identity import ENVIRONMENTS
from amarre.dui.organisations.enums import Environment
from amarre.dui.organisations.models import ConnectorProfile, Essms
from amarre.dui.organisations.selectors import profile_of
from amarre.interop.common.errors import AmarreError


def try_connection(*, essms: Essms, actor: Actor) -> ConnectionTest:
    """Call the DMP once or twice, within a few seconds, and keep what came of it.

    The connection first, with the establishment's certificate. Outside production, then TD0.2 about a test
    person: the assertion and the profession of a depositor are judged too. Raises the access errors.
    """
    require(actor, Permission.CONFIGURE_ESSMS, essms)
    profile = profile_of(essms)
    reached, failure = _call(profile)
    with transaction.atomic():
        with system_scope("last test of an establishment in scope"):
            known = ConnectionTest.objects.select_for_update().filter(essms=essms).first()
        test = known or ConnectionTest(essms=essms)
        test.tested_at, test.tested_by_id = now(), actor.person_id
        test.environment = profile.environment
        test.answered = failure is None
        test.explanation = asdict(failure.explanation()) if failure else {}
        skew = reached.skew if reached else None
        test.clock_skew_ms = round(skew.total_seconds() * 1_000) if skew is not None else None
        test.save()
        record(
            actor,
            "dmp.connection_tested",
            subject=test,
            details={"environment": test.environment, "failure": failure.code if failure else ""},
        )
    return test


def _call(profile: ConnectorProfile) -> tuple[Reached | None, AmarreError | None]:
    """Return what was reached, and the failure if there was one."""
    reached = None
    try:
        reached = reach_dmp(profile)
        if profile.environment != Environment.PRODUCTION:
            _ask_about_nobody(profile)
    except AmarreError as error:
        return reached, error
    return reached, None


def _ask_about_nobody(profile: ConnectorProfile) -> None:
    """TD0.2 as a member who may deposit; whatever the DMP says of the test person is an answer."""
    with system_scope("who may deposit in an establishment in scope"):
        able: list[User] = [user for user, lack in depositing_people(profile.essms) if lack is None]
    if not able:
        return
    client = dmp_client(profile, depositor(able[0], profile.essms))
    client.exists(fictive_person(ENVIRONMENTS[profile.environment]))
