"""Close the session here, and give the address that closes it at Pro Santé Connect."""

from __future__ import annotations

import logging

from django.contrib.auth import logout as close_django_session
from django.db import transaction
from django.http import HttpRequest

from amarre.dui.accounts import psc
from amarre.dui.accounts.services.log_in import SESSION_LOGOUT_HINT
from amarre.dui.audit.services.record import record
from amarre.dui.core.actor import Actor
from amarre.interop.common.errors import AmarreError

logger = logging.getLogger(__name__)


def log_out(request: HttpRequest) -> str:
    """Close the session, whatever Pro Santé Connect does; return the address to go on to, "" when unknown."""
    id_token = str(request.session.get(SESSION_LOGOUT_HINT, ""))
    actor = getattr(request, "actor", None)
    with transaction.atomic():
        if isinstance(actor, Actor):
            record(actor, "accounts.logged_out")
        close_django_session(request)
    if not id_token:
        return ""
    try:
        with psc.connected() as (client, metadata):
            return client.end_session_url(metadata, id_token=id_token)
    except AmarreError as error:
        logger.warning("Pro Santé Connect session left open: %s", error)
        return ""
