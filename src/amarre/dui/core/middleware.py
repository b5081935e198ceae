"""Request identifier, headers common to every answer, closing of idle sessions."""

from __future__ import annotations

import time
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from amarre.dui.core.request_context import RequestContext, new_request_id, request_context

GetResponse = Callable[[HttpRequest], HttpResponse]

PERMISSIONS_POLICY = (
    "accelerometer=(), browsing-topics=(), camera=(self), display-capture=(), geolocation=(), gyroscope=(), "
    "magnetometer=(), microphone=(), midi=(), payment=(), usb=()"
)
# The session is written at most this often for a person at work.
_TOUCH_EVERY_SECONDS = 20
_SEEN_KEY = "seen_at"
# Sent by the blocks that look again by themselves: nobody is at work for all that.
WATCH_HEADER = "X-Amarre-Watch"


class RequestContextMiddleware:
    """Give each request an identifier of ours, returned in `X-Request-Id`; a caller's own is ignored."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer within the context of the request."""
        context = RequestContext(new_request_id(), str(request.META.get("REMOTE_ADDR", "")))
        with request_context(context):
            response = self.get_response(request)
        response.headers["X-Request-Id"] = context.request_id
        return response


class SecurityHeadersMiddleware:
    """Headers that Django does not set itself; pages are never kept by a browser or a proxy."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer with the headers."""
        response = self.get_response(request)
        response.headers.setdefault("Permissions-Policy", PERMISSIONS_POLICY)
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        response.headers.setdefault("Cache-Control", "no-store")
        return response


class IdleSessionMiddleware:
    """Close a session after SESSION_COOKIE_AGE seconds without a request.

    The server's own stamp decides, not the cookie. It is refreshed at most every 20 seconds, because writing
    the session at each request costs a third of the throughput. A page that looks again by itself is no
    activity: left open on a shared post, it would keep the session for ever.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Flush an idle session, refresh the stamp of an active one."""
        session = request.session
        seen = session.get(_SEEN_KEY) if settings.SESSION_COOKIE_NAME in request.COOKIES else None
        # Asked once read: only then is a session past its own date known to be empty.
        if not session.is_empty():
            instant = int(time.time())
            if isinstance(seen, int) and instant - seen > settings.SESSION_COOKIE_AGE:
                session.flush()
            elif not isinstance(seen, int):
                session[_SEEN_KEY] = instant
            elif instant - seen >= _TOUCH_EVERY_SECONDS and WATCH_HEADER not in request.headers:
                session[_SEEN_KEY] = instant
        return self.get_response(request)
