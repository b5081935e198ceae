"""A typed error becomes a page that explains it; a closed session sends the whole page to the login."""

from __future__ import annotations

import logging
from collections.abc import Callable

from django.conf import settings
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import resolve_url

from amarre.dui.web import errors
from amarre.dui.web.pages import wants_fragment
from amarre.interop.common.errors import AmarreError

logger = logging.getLogger(__name__)


class ExplainedErrors:
    """Turn `AmarreError` and an unreachable database into the five-part page (or its htmx fragment)."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass the request on."""
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Return the page of `exception`, or None for an exception that is not ours to explain."""
        if isinstance(exception, AmarreError):
            reference = exception.reference or errors.new_reference(exception.code)
            logger.warning("%s shown as %s", exception, reference)
            return errors.explained(request, exception.explanation(reference), errors.status_of(exception))
        if isinstance(exception, OperationalError):
            unavailable = errors.with_reference(errors.UNAVAILABLE)
            logger.error("database unavailable, shown as %s", unavailable.reference, exc_info=exception)
            return errors.explained_alone(unavailable, 503)
        return None


class LoginByWholePage:
    """An htmx request without session must not put the login page inside a block: the browser goes there."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Turn a redirection to the login into the header htmx obeys."""
        response = self.get_response(request)
        location = response.headers.get("Location", "")
        if not location or not wants_fragment(request):
            return response
        if location.split("?")[0] != resolve_url(settings.LOGIN_URL):
            return response
        answer = HttpResponse(status=204, headers={"HX-Redirect": location})
        answer.cookies = response.cookies
        return answer
