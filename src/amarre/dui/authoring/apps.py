"""Django application of the documents to write."""

from __future__ import annotations

from django.apps import AppConfig


class AuthoringConfig(AppConfig):
    """Documents to write."""

    name = "amarre.dui.authoring"
    label = "authoring"
    verbose_name = "Documents à écrire"

    def ready(self) -> None:
        """Register what writing adds to the frame."""
        from amarre.dui.authoring.interface import frame
        from amarre.dui.authoring.structured import forms  # noqa: F401 - declares the structured forms

        frame.register()
