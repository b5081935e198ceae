"""Gives each request its actor, and traces what the policy refused."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from amarre.dui.access import actors
from amarre.dui.access.errors import AccessError, NoActiveEssms
from amarre.dui.accounts.models import User
from amarre.dui.audit.services.record import record_refusal
from amarre.dui.core.actor import Actor


class ActorMiddleware:
    """Set `request.actor`, `request.place` and `request.places` from the session, rights read afresh."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Find who acts, then answer. Runs outside the read-only guard: a dead session is flushed here."""
        user = request.user
        places = actors.places_of(user) if isinstance(user, User) else []
        place = actors.chosen_place(places, request.session.get(actors.SESSION_ESSMS))
        request.places = places  # type: ignore[attr-defined]
        request.place = place  # type: ignore[attr-defined]
        request.actor = None  # type: ignore[attr-defined]
        if isinstance(user, User):
            request.actor = actors.build_actor(  # type: ignore[attr-defined]
                user,
                place,
                session_key=request.session.session_key or "",
                means=str(request.session.get(actors.SESSION_MEANS, "")),
            )
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> None:
        """Trace a refusal, once the transaction of the view is rolled back; the page is shown by others."""
        actor = getattr(request, "actor", None)
        if isinstance(exception, AccessError) and isinstance(actor, Actor):
            if isinstance(exception, NoActiveEssms):
                return
            match = request.resolver_match
            record_refusal(
                actor,
                "access.refused",
                details={
                    "code": exception.code,
                    "permission": str(exception.params.get("permission", "")),
                    "page": match.view_name if match is not None else "",
                },
            )
