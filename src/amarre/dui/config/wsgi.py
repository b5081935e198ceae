"""WSGI entry. Without DJANGO_SETTINGS_MODULE it starts in production, which refuses anything missing."""

from __future__ import annotations

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "amarre.dui.config.settings.production")
application = get_wsgi_application()

from amarre.dui.config.checks import refuse_to_start_in_production  # noqa: E402 (needs the apps)

refuse_to_start_in_production()
