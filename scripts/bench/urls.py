"""The addresses of the site, and two pages beside it: the floors."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import include, path

from scripts.bench import bare_page

EMPTY = "/banc-d-essai/vide/"


def empty(request: HttpRequest) -> HttpResponse:
    """Answer nothing, behind the same middlewares, to the same logged-in person."""
    return HttpResponse("")


urlpatterns = [
    path(EMPTY.lstrip("/"), empty),
    *bare_page.urlpatterns,
    path("", include("amarre.dui.config.urls")),
]
