"""Start-up checks, numbered and explained."""

from __future__ import annotations

from django.core.checks import run_checks
from django.core.checks.messages import ERROR
from django.core.exceptions import ImproperlyConfigured


def refuse_to_start_on_errors() -> None:
    """Raise ImproperlyConfigured with every error the checks found; a server calls it at start-up."""
    errors = [message for message in run_checks() if message.level >= ERROR and not message.is_silenced()]
    if errors:
        raise ImproperlyConfigured("\n".join(str(message) for message in errors))
