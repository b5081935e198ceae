"""Logins that this browser has begun: kept in its server-side session, each used once."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from django.contrib.sessions.backends.base import SessionBase

from amarre.interop.psc import AuthorizationRequest
from amarre.interop.psc.errors import LoginTooOld, StateMismatch

SESSION_KEY = "psc_pending"
LIFE = datetime.timedelta(minutes=10)
# Several tabs may begin a login; beyond this the oldest is forgotten.
KEPT = 5


@dataclass(frozen=True, slots=True)
class PendingLogin:
    """What a login needs when the browser comes back. `next_path` was checked when it began."""

    state: str
    nonce: str
    code_verifier: str
    next_path: str


def remember(
    session: SessionBase, request: AuthorizationRequest, next_path: str, now: datetime.datetime
) -> None:
    """Keep a login that begins."""
    pending = dict(session.get(SESSION_KEY, {}))
    pending[request.state] = {
        "nonce": request.nonce,
        "code_verifier": request.code_verifier,
        "next_path": next_path,
        "at": now.isoformat(),
    }
    for oldest in sorted(pending, key=lambda state: pending[state]["at"])[:-KEPT]:
        del pending[oldest]
    session[SESSION_KEY] = pending


def take(session: SessionBase, state: str, now: datetime.datetime) -> PendingLogin:
    """Return the login of `state` and forget it, at once in the store: a second return finds nothing.

    Raises StateMismatch when this browser began no such login, LoginTooOld after ten minutes.
    """
    pending = dict(session.get(SESSION_KEY, {}))
    found = pending.pop(state, None)
    if found is None:
        raise StateMismatch()
    session[SESSION_KEY] = pending
    session.save()
    if now - datetime.datetime.fromisoformat(found["at"]) > LIFE:
        raise LoginTooOld(minutes=int(LIFE.total_seconds() // 60))
    return PendingLogin(state, found["nonce"], found["code_verifier"], found["next_path"])
