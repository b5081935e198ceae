"""A cursor written by somebody else gives the first page, never an error of the database."""

from __future__ import annotations

import base64
import json

import pytest

from amarre.dui.audit.models import Trace
from amarre.dui.core.paging import keyset_page


@pytest.mark.django_db
@pytest.mark.parametrize(
    "values",
    [
        ["0001-01-01T00:00:00+00:00", "1"],
        ["9999-12-31T23:59:59-14:00", "1"],
        ["0001-01-01T00:00:00+14:00", "1"],
        ["2026-11-20T10:00:00+00:00", "9" * 40],
        ["2026-11-20T10:00:00+00:00", "-" + "9" * 40],
        ["2026-11-20T10:00:00+00:00", "NaN"],
        ["", ""],
    ],
)
def test_a_cursor_out_of_the_calendar_gives_the_first_page(values: list[str]) -> None:
    cursor = base64.urlsafe_b64encode(json.dumps(values).encode()).decode().rstrip("=")
    page = keyset_page(Trace.objects.all(), order=("-at", "-id"), cursor=cursor, size=5)
    assert (page.items, page.next_cursor) == ([], "")
