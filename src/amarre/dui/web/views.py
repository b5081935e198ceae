"""Error handlers, « Plus », appearance, state of the services, and the style guide of developers."""

from __future__ import annotations

import logging

from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST, require_safe

from amarre.dui.web import errors
from amarre.dui.web.context_processors import THEME_COOKIE, THEMES

logger = logging.getLogger(__name__)

THEME_CHOICES = (("", "Comme mon appareil"), ("light", "Clair"), ("dark", "Sombre"))
ONE_YEAR = 365 * 24 * 3600


@require_safe
def more(request: HttpRequest) -> HttpResponse:
    """Show the whole menu and the settings of appearance (last place of the telephone's bar)."""
    return render(request, "web/plus.html", {"themes": THEME_CHOICES})


@require_safe
def services(request: HttpRequest) -> HttpResponse:
    """Show the state of each national service."""
    return render(request, "web/services.html")


@require_POST
def theme(request: HttpRequest) -> HttpResponseRedirect:
    """Keep the chosen appearance in a cookie and go back where the person was."""
    back = request.headers.get("Referer", "")
    safe = url_has_allowed_host_and_scheme(back, {request.get_host()}, require_https=request.is_secure())
    response = redirect(back if safe else "web:plus")
    chosen = request.POST.get("theme", "")
    if chosen in THEMES:
        response.set_cookie(THEME_COOKIE, chosen, max_age=ONE_YEAR, samesite="Lax", httponly=True)
    else:
        response.delete_cookie(THEME_COOKIE, samesite="Lax")
    return response


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer 400, or 413 when what was sent is too large (``handler400``)."""
    if isinstance(exception, RequestDataTooBig | TooManyFieldsSent | TooManyFilesSent):
        return errors.explained(request, errors.TOO_LARGE, 413)
    return errors.explained(request, errors.BAD_REQUEST, 400)


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer 403 (``handler403``)."""
    return errors.explained(request, errors.FORBIDDEN, 403)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answer 403 to a form without a valid token (``CSRF_FAILURE_VIEW``)."""
    logger.warning("CSRF check failed: %s", reason)
    return errors.explained(request, errors.CSRF, 403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer 404 (``handler404``)."""
    return errors.explained(request, errors.NOT_FOUND, 404)


def server_error(request: HttpRequest) -> HttpResponse:
    """Answer 500 with an identifier that is also in the log (``handler500``)."""
    explanation = errors.with_reference(errors.BROKEN)
    logger.error("defect shown as %s", explanation.reference)
    return errors.explained_alone(explanation, 500)
