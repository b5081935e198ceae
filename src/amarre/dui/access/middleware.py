"""Gives each request its actor, traces what the policy refused, keeps forms whose session had closed."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import parse_qsl, urlencode, urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import resolve_url
from django.urls import reverse

from amarre.dui.access import actors, kept_forms
from amarre.dui.access.errors import AccessError, NoActiveEssms
from amarre.dui.accounts.middleware import CLOSED, CLOSED_PARAMETER, KEPT
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


class KeepsLateForms:
    """On the way to the login, keep the form that came after its session had closed; forget it once accepted.

    Outside of what closes sessions and of what turns to the login: both have spoken when this one does.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer; a form refused for want of a session leads back to itself after the login."""
        holder = kept_forms.holder_of(request)
        response = self.get_response(request)
        if holder is None:
            return response
        is_form = kept_forms.may_be_kept(request)
        parts = urlsplit(response.headers.get("Location", ""))
        query = dict(parse_qsl(parts.query))
        if parts.path != resolve_url(settings.LOGIN_URL):
            if is_form:
                kept_forms.forget_accepted(request, response, holder)
        elif is_form and kept_forms.keep(request, response, holder):
            query = {"next": reverse("access:resume"), CLOSED_PARAMETER: KEPT}
            response.headers["Location"] = f"{parts.path}?{urlencode(query)}"
        elif query.get(CLOSED_PARAMETER) == CLOSED:
            kept_forms.remember(response, holder)
        return response
