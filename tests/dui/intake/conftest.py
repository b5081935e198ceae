"""The reader of foreign files, in this process: fast, and without the limits that would end the tests."""

from __future__ import annotations

import os
from collections.abc import Callable

import pytest

from amarre.dui.intake.apart import admission, confinement
from amarre.dui.intake.apart.admission import Admitted, admit
from amarre.dui.intake.colour_profile import srgb_profile

# What touches no database is read once, in the ordinary run.
collect_ignore = (
    ["test_conversion.py", "test_hostile_files.py", "test_office_conversion.py"]
    if os.environ.get("DATABASE_URL")
    else []
)


@pytest.fixture
def admit_here(monkeypatch: pytest.MonkeyPatch) -> Callable[..., Admitted]:
    """Return a function (files…) → document, without confinement. Raises Refused."""
    monkeypatch.setattr(admission, "allow_cpu", lambda seconds: None)
    monkeypatch.setattr(confinement, "allow_cpu", lambda seconds: None)
    return lambda *files: admit(files, srgb_profile())
