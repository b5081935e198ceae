"""Addresses of the exchanges."""

from __future__ import annotations

from django.urls import path

from amarre.dui.exchanges.views import exchange_views, stopped_views

app_name = "exchanges"
ONE = "envois/<int:exchange_id>/"
urlpatterns = [
    path("envois/arretes/", stopped_views.stopped, name="stopped"),
    path("envois/", exchange_views.list_exchanges, name="list_exchanges"),
    path(ONE, exchange_views.show_exchange, name="show_exchange"),
    path(ONE + "avancement/", exchange_views.show_progress, name="show_progress"),
    path(ONE + "reessayer/", exchange_views.retry, name="retry_exchange"),
    path(ONE + "annuler/", exchange_views.cancel, name="cancel_exchange"),
    path(ONE + "classer/", exchange_views.close, name="close_exchange"),
]
