"""Login page, departure to Pro Santé Connect, and return."""

from __future__ import annotations

from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from amarre.dui.accounts.errors import SessionClosed, SessionClosedKept
from amarre.dui.accounts.middleware import CLOSED, CLOSED_PARAMETER, KEPT
from amarre.dui.accounts.services import log_in
from amarre.dui.core.readonly import writes_on_get
from amarre.dui.web import errors, shell
from amarre.interop.common.errors import AmarreError, Contact

_CLOSINGS = {CLOSED: SessionClosed, KEPT: SessionClosedKept}


def safe_next(request: HttpRequest) -> str:
    """Return the path asked for after the login: of this site only, the home page otherwise."""
    wanted = request.GET.get("next", "")
    inside = url_has_allowed_host_and_scheme(wanted, allowed_hosts=None, require_https=request.is_secure())
    return wanted if inside and wanted.startswith("/") else settings.LOGIN_REDIRECT_URL


@login_not_required
@never_cache
@require_safe
def show_login(request: HttpRequest) -> HttpResponse:
    """Show the one way in: Pro Santé Connect."""
    next_path = safe_next(request)
    if request.user.is_authenticated:
        return redirect(next_path)
    closed = None
    kind = _CLOSINGS.get(request.GET.get(CLOSED_PARAMETER, ""))
    if kind is not None:
        error = kind(minutes=settings.SESSION_COOKIE_AGE // 60)
        closed = error.explanation(errors.new_reference(error.code))
    context = {
        "begin_url": f"{reverse('accounts:begin_login')}?{urlencode({'next': next_path})}",
        "explication": closed,
        "contact": shell.contact(request, Contact.PILOTE_DUI),
    }
    return render(request, "accounts/login.html", context)


@login_not_required
@never_cache
@require_safe
def begin_login(request: HttpRequest) -> HttpResponse:
    """Send the browser to Pro Santé Connect."""
    next_path = safe_next(request)
    public = urlsplit(settings.PSC.public_url)
    if public.netloc and request.get_host() != public.netloc:
        # The return address is fixed: begun under another host name, the session would not be found again.
        query = urlencode({"next": next_path})
        return redirect(f"{settings.PSC.public_url}{reverse('accounts:begin_login')}?{query}")
    try:
        return redirect(log_in.begin(request, next_path))
    except AmarreError as error:
        return _refused(request, error)


@login_not_required
@never_cache
@writes_on_get
@require_safe
def return_from_psc(request: HttpRequest) -> HttpResponse:
    """Open the session: a GET that writes, because Pro Santé Connect sends the browser back by a GET."""
    try:
        return redirect(log_in.finish(request))
    except AmarreError as error:
        return _refused(request, error)


def _refused(request: HttpRequest, error: AmarreError) -> HttpResponse:
    explanation = error.explanation(error.reference or errors.new_reference(error.code))
    status = errors.status_of(error)
    context = {
        "explication": explanation,
        "contact": shell.contact(request, explanation.contact),
        "tone": errors.tone_of(status),
    }
    return render(request, "accounts/refused.html", context, status=status)
