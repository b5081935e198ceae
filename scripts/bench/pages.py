"""Pages against a page of bare Django, and against an empty one: same session, same database."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from scripts.bench import bare_page
from scripts.bench.house import Ground
from scripts.bench.timing import Row, Work
from scripts.bench.urls import EMPTY


def rows(ground: Ground) -> list[Row]:
    """Return the rows of the pages."""
    record = reverse("usagers:show_dossier", args=[ground.dossier.pk])
    people = reverse("usagers:list_people")
    bare = _get(*bare_page.prepare(ground))
    empty = _get(ground.client, EMPTY)
    same = "same person logged in; SQLite file, in process"
    return [
        Row(
            "record page", _get(ground.client, record), bare, 4.0,
            "GET of a dossier's page: rights, banner, menu, state of what is done, trace written; against a "
            f"person and 20 notes in bare Django, middlewares of a new project, {same}",
        ),
        Row(
            "record page, empty", _get(ground.client, record), empty, None,
            f"the same page against an empty one behind our own middlewares, {same}",
        ),
        Row(
            "list of people", _get(ground.client, people), bare, None,
            f"GET of the first page of 151 people, against the same bare page, {same}",
        ),
    ]  # fmt: skip


def _get(client: Any, url: str) -> Work:
    def get() -> object:
        response = client.get(url)
        if response.status_code != 200:
            raise RuntimeError(f"{url} answered {response.status_code}")
        return response

    return get
