"""Template loader that sets French typography once, when a template is compiled.

Authors write « Personne ne correspond ? » with plain spaces; the page gets no-break spaces at no cost per
request. Text coming from data goes through the filter ``typo``.
"""

from __future__ import annotations

from pathlib import Path

from django.template.base import Origin
from django.template.loaders import app_directories

from amarre.dui.web.typography import french_markup

DUI = Path(__file__).resolve().parent.parent


class Loader(app_directories.Loader):
    """Load the HTML templates of our applications with French no-break spaces; leave other packages alone."""

    def get_contents(self, origin: Origin) -> str:
        """Return the source of the template `origin`."""
        source = str(super().get_contents(origin))
        path = Path(str(origin.name))
        return french_markup(source) if path.suffix == ".html" and DUI in path.parents else source
