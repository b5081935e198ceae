"""Addresses of the directory."""

from __future__ import annotations

from django.urls import path

from amarre.dui.directory.views.directory_views import choose_directory_entry, search_directory

app_name = "directory"
urlpatterns = [
    path("annuaire/", search_directory, name="search_directory"),
    path("annuaire/choisir/", choose_directory_entry, name="choose_entry"),
]
