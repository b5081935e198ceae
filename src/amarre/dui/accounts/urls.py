"""Addresses of the accounts. There is no other way in."""

from __future__ import annotations

from django.urls import path

from amarre.dui.accounts.views import login_views, session_views

app_name = "accounts"
urlpatterns = [
    path("connexion/", login_views.show_login, name="login"),
    path("connexion/psc/", login_views.begin_login, name="begin_login"),
    path("connexion/retour/", login_views.return_from_psc, name="return_from_psc"),
    path("deconnexion/", session_views.log_out, name="logout"),
    path("session/", session_views.show_session, name="session"),
]
