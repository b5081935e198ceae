"""Session in progress, and its end: « Changer d'utilisateur » on a shared computer."""

from __future__ import annotations

import datetime

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from amarre.dui.accounts.services import log_out as service
from amarre.dui.accounts.services.log_in import SESSION_SINCE


@never_cache
@require_safe
def show_session(request: HttpRequest) -> HttpResponse:
    """Show who is logged in and since when, with the button that gives the place to somebody else."""
    since = request.session.get(SESSION_SINCE)
    context = {
        "since": datetime.datetime.fromisoformat(since) if since else None,
        "minutes": settings.SESSION_COOKIE_AGE // 60,
    }
    return render(request, "accounts/session.html", context)


@login_not_required
@never_cache
@require_POST
def log_out(request: HttpRequest) -> HttpResponse:
    """Close the session here, then at Pro Santé Connect.

    The page goes on by itself: a redirection would be stopped by the `form-action` of the page that held the
    form, which knows this site only.
    """
    address = service.log_out(request)
    if not address:
        return redirect("accounts:login")
    return render(request, "accounts/logged_out.html", {"psc_logout_url": address})
