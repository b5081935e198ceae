"""Addresses of the shell. The project's root URLconf includes them and names the error handlers."""

from __future__ import annotations

from django.conf import settings
from django.urls import path

from amarre.dui.web import views

app_name = "web"
urlpatterns = [
    path("plus/", views.more, name="plus"),
    path("services/", views.services, name="services"),
    path("apparence/", views.theme, name="theme"),
]
if getattr(settings, "AMARRE_ENVIRONMENT", "production") in ("demo", "test"):
    from amarre.dui.web import styleguide

    urlpatterns += styleguide.urlpatterns
