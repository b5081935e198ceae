"""A professional declares their access to a DMP, or takes it back (TD0.3).

Direct, not through the outbox: it opens the reading of the person in front of the screen, asking again is
harmless (the DMP answers that it is done), and an access declared hours later would serve nobody.
"""

from __future__ import annotations

from django.db import transaction

from amarre.dui.audit.services.record import About, record, record_refusal
from amarre.dui.dmp.reading.asking import Question, question_about, retold
from amarre.dui.dmp.reading.control import ReadingSituation, leaving_points
from amarre.interop.common.errors import AmarreError
from amarre.interop.dmp import AuthorisationAction, AuthorisationChange


def declare_access(situation: ReadingSituation) -> AuthorisationChange:
    """Declare that the person agreed: their agreement was noted before.

    Raises the access errors, what holds the reading back, the transport errors and the refusals of the DMP.
    """
    return _change(question_about(situation), AuthorisationAction.AJOUT, "dmp.access_declared")


def remove_access(situation: ReadingSituation) -> AuthorisationChange:
    """Take the access back, whatever the person says now.

    Raises as `declare_access`, DmpModeNotAllowed where only the person may.
    """
    question = question_about(situation, leaving_points)
    return _change(question, AuthorisationAction.SUPPRESSION, "dmp.access_removed")


def _change(question: Question, action: AuthorisationAction, verb: str) -> AuthorisationChange:
    dossier, actor = question.situation.dossier, question.situation.actor
    about = About(subject=dossier, dossier_id=dossier.pk, usager_id=dossier.identity_id)
    about["details"] = {"mode": question.mode}
    try:
        done = question.reader.client.set_authorisation(question.identity, action)
    except AmarreError as error:
        retold(error)
        about["details"] = {"mode": question.mode, "failure": error.code}
        record_refusal(actor, verb, **about)
        raise
    with transaction.atomic():
        record(actor, verb, **about)
    return done
