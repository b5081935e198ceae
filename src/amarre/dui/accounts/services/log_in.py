"""Log in with Pro Santé Connect: begin, then open the session when the browser comes back."""

from __future__ import annotations

from collections.abc import Callable
from typing import cast
from urllib.parse import parse_qs

from django.conf import settings
from django.contrib.auth import login as open_django_session
from django.contrib.sessions.backends.base import SessionBase
from django.db import transaction
from django.http import HttpRequest
from django.utils.module_loading import import_string

from amarre.dui.accounts import psc
from amarre.dui.accounts.errors import AccountError, ClosedAccount, NoWorkplace, UnknownAccount
from amarre.dui.accounts.models import User
from amarre.dui.accounts.services import pending_logins
from amarre.dui.audit.services.record import record, record_refusal
from amarre.dui.core.actor import Actor, ActorKind
from amarre.dui.core.clock import now
from amarre.interop.common.errors import AmarreError
from amarre.interop.psc import Login, parse_authorization_response

BACKEND = "amarre.dui.accounts.backends.SubjectBackend"
# The ID token says who asks when the Pro Santé Connect session is closed. It opens nothing: access tokens are
# never kept, neither in the session nor elsewhere.
SESSION_LOGOUT_HINT = "psc_logout_hint"
SESSION_SINCE = "logged_in_at"

# (account, FINESS and SIRET of the activities, session, means) → the actor, None without any role in force.
Entrance = Callable[[User, frozenset[str], SessionBase, str], Actor | None]


def begin(request: HttpRequest, next_path: str) -> str:
    """Return the address of Pro Santé Connect where the browser goes; the login is kept in its session.

    Raises the errors of `psc.connected`.
    """
    with psc.connected() as (client, metadata):
        asked = client.authorization_request(metadata)
    pending_logins.remember(request.session, asked, next_path, now())
    return asked.url


def finish(request: HttpRequest) -> str:
    """Open the session of the person who comes back, and return the path where to go.

    Raises AccountError, PscError, TransportError; each refusal is traced with its code and opens nothing.
    """
    try:
        login, next_path = _checked_login(request)
    except AmarreError as error:
        _trace_refusal(error, None)
        raise
    user = User.objects.filter(subject_name_id=login.professional.subject_name_id).first()
    try:
        _open(request, login, user)
    except AccountError as error:
        _trace_refusal(error, user)
        raise
    return next_path


def _checked_login(request: HttpRequest) -> tuple[Login, str]:
    query = request.META.get("QUERY_STRING", "")
    try:
        state = parse_qs(query, keep_blank_values=True, max_num_fields=20).get("state", [""])[0]
    except ValueError:
        # No provider sends that many parameters: a return that we did not begin.
        state = ""
    pending = pending_logins.take(request.session, state, now())
    with psc.connected() as (client, metadata):
        code = parse_authorization_response(query, metadata=metadata, expected_state=pending.state)
        login = client.login(metadata, code=code, code_verifier=pending.code_verifier, nonce=pending.nonce)
    return login, pending.next_path


def _open(request: HttpRequest, login: Login, user: User | None) -> None:
    """Open the session: everything of the anonymous one is thrown away, its key first (session fixation)."""
    if user is None:
        raise UnknownAccount()
    if not user.is_active:
        raise ClosedAccount()
    entrance = cast(Entrance, import_string(settings.LOGIN_ENTRANCE))
    acr, mode = login.identity_token.acr, login.professional.auth_mode or login.identity_token.auth_mode
    with transaction.atomic():
        request.session.flush()
        open_django_session(request, user, backend=BACKEND)
        means = f"psc:{acr}:{mode.lower()}" if mode else f"psc:{acr}"
        actor = entrance(user, login.professional.structure_numbers(), request.session, means)
        if actor is None:
            request.session.flush()
            raise NoWorkplace()
        request.session[SESSION_LOGOUT_HINT] = login.tokens.id_token
        request.session[SESSION_SINCE] = now().isoformat()
        record(actor, "accounts.logged_in", subject=user, details={"acr": acr, "mode": str(mode)})


def _trace_refusal(error: AmarreError, user: User | None) -> None:
    """Trace a refusal. A person Amarre does not know is not named: the trace names accounts only."""
    actor = Actor(
        kind=ActorKind.PERSON,
        name=user.get_full_name() if user else "Personne inconnue",
        user_id=user.pk if user else None,
        means="psc",
    )
    details = {"code": error.code, "remote_code": error.remote_code[:64]}
    record_refusal(actor, "accounts.login_refused", subject=user, details=details)
