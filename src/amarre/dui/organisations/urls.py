"""Addresses of the organisations."""

from __future__ import annotations

from django.urls import path

from amarre.dui.organisations.views.settings_views import settings

app_name = "organisations"
urlpatterns = [path("etablissement/reglages/", settings, name="settings")]
