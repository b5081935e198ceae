"""Pages against an empty page: same middlewares, same session, same database, in this process."""

from __future__ import annotations

from django.urls import reverse

from scripts.bench.house import Ground
from scripts.bench.timing import Row, Work
from scripts.bench.urls import EMPTY


def rows(ground: Ground) -> list[Row]:
    """Return the rows of the pages."""
    record = reverse("usagers:show_dossier", args=[ground.dossier.pk])
    people = reverse("usagers:list_people")
    empty = _get(ground, EMPTY)
    same = "against an empty page behind the same middlewares, same person logged in; SQLite file, in process"
    return [
        Row(
            "record page", _get(ground, record), empty, 4.0, f"GET of a dossier's page, trace written, {same}"
        ),
        Row(
            "list of people",
            _get(ground, people),
            empty,
            None,
            f"GET of the first page of 151 people, {same}",
        ),
    ]


def _get(ground: Ground, url: str) -> Work:
    def get() -> object:
        response = ground.client.get(url)
        if response.status_code != 200:
            raise RuntimeError(f"{url} answered {response.status_code}")
        return response

    return get
