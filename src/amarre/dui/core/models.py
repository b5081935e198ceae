"""Base of every model: what is saved was validated."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models

from amarre.dui.core.clock import now
from amarre.dui.core.scoping import internal_scope


class StrictModel(models.Model):
    """A model whose `save` always runs `full_clean`, so that no service can store an invalid row.

    `save` raises django.core.exceptions.ValidationError. Bulk methods do not validate: keep them for imports
    that validated already.
    """

    # How rows are reached, when the manager is a ScopedManager (see `core.scoping`).
    scope_path: ClassVar[str]

    class Meta:
        abstract = True

    def save(self, **options: Any) -> None:
        """Validate, then store."""
        self.full_clean()
        super().save(**options)

    def full_clean(self, *args: Any, **options: Any) -> None:
        """Validate the row; uniqueness is checked against every row, in scope or not."""
        with internal_scope("validation of one row"):
            super().full_clean(*args, **options)

    def validate_unique(self, *args: Any, **options: Any) -> None:
        """Check uniqueness against every row (forms call this without `full_clean`)."""
        with internal_scope("validation of one row"):
            super().validate_unique(*args, **options)

    def validate_constraints(self, *args: Any, **options: Any) -> None:
        """Check constraints against every row (forms call this without `full_clean`)."""
        with internal_scope("validation of one row"):
            super().validate_constraints(*args, **options)


class TimestampedModel(StrictModel):
    """A strict model that knows when it was created."""

    created_at = models.DateTimeField("créé le", default=now, editable=False)

    class Meta:
        abstract = True
