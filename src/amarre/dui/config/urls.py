"""Addresses of the site: each app gives its own, under the root."""

from __future__ import annotations

from django.conf import settings
from django.urls import include, path

from amarre.dui.config.apps_found import found_urls

handler400 = "amarre.dui.web.views.bad_request"
handler403 = "amarre.dui.web.views.permission_denied"
handler404 = "amarre.dui.web.views.not_found"
handler500 = "amarre.dui.web.views.server_error"

urlpatterns = [path("", include(module)) for module in found_urls(settings.DUI_APPS)]
