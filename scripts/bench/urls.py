"""The addresses of the site, and one page that does nothing: the floor of every page."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import include, path

EMPTY = "/banc-d-essai/vide/"


def empty(request: HttpRequest) -> HttpResponse:
    """Answer nothing, behind the same middlewares, to the same logged-in person."""
    return HttpResponse("")


urlpatterns = [path(EMPTY.lstrip("/"), empty), path("", include("amarre.dui.config.urls"))]
