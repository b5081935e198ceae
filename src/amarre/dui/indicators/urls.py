"""Addresses of the indicators."""

from __future__ import annotations

from django.urls import path

from amarre.dui.indicators.views import indicator_views

app_name = "indicators"
urlpatterns = [
    path("indicateurs/", indicator_views.show_indicators, name="show_indicators"),
    path("indicateurs/<str:code>/", indicator_views.list_behind, name="list_behind"),
    path("indicateurs/<str:code>/export.csv", indicator_views.export_list, name="export_list"),
]
