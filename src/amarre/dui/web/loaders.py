"""Template loader that sets French typography once, when a template is compiled.

Authors write « Personne ne correspond ? » with plain spaces; the page gets no-break spaces at no cost per
request. Text coming from data goes through the filter ``typo``.
"""

from __future__ import annotations

from django.template.base import Origin
from django.template.loaders import app_directories

from amarre.dui.web.typography import french_markup


class Loader(app_directories.Loader):
    """Load the templates of our applications with French no-break spaces."""

    def get_contents(self, origin: Origin) -> str:
        """Return the source of the template `origin`; other packages' templates are left as they are."""
        source = str(super().get_contents(origin))
        return (
            french_markup(source)
            if "amarre" in str(origin.name) and "templates" in str(origin.name)
            else source
        )
