"""Property tests give the same answer at each run, and a slow machine does not fail them."""

from __future__ import annotations

from hypothesis import settings

settings.register_profile("amarre", deadline=None, derandomize=True, database=None)
settings.load_profile("amarre")
