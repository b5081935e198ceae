"""Words of the trace."""

from __future__ import annotations

from django.db import models


class Outcome(models.TextChoices):
    """What became of the act."""

    DONE = "done", "fait"
    REFUSED = "refused", "refusé"
    FAILED = "failed", "en échec"
