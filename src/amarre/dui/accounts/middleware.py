"""Says, on the way to the login page, that a session was closed by the server."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import parse_qsl, urlencode, urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import resolve_url

CLOSED_PARAMETER = "fin"
CLOSED = "session"
# The session closed, but what was sent is kept.
KEPT = "texte"


class ClosedSessionMiddleware:
    """Mark the redirection to the login when the browser still held a session that the server ended."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Add `fin=session`; forget where to go on when it was a form, whose address answers to POST only."""
        held = settings.SESSION_COOKIE_NAME in request.COOKIES
        response = self.get_response(request)
        location = response.headers.get("Location", "")
        parts = urlsplit(location)
        if not held or parts.path != resolve_url(settings.LOGIN_URL) or not request.session.is_empty():
            return response
        query = dict(parse_qsl(parts.query))
        if "next" not in query:
            return response
        if request.method not in ("GET", "HEAD"):
            del query["next"]
        response.headers["Location"] = f"{parts.path}?{urlencode({**query, CLOSED_PARAMETER: CLOSED})}"
        return response
