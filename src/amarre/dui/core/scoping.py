"""Querysets scoped by construction: a sensitive model cannot be queried without saying for whom.

    class Dossier(StrictModel):
        scope_path = "essms"              # lookup that leads to the establishment's primary key
        objects = ScopedManager()

    Dossier.objects.visible_to(actor)     # rows of the actor's establishment
    Dossier.objects.all()                 # raises UnscopedQuery
    with system_scope("worker: due exchanges"):
        Dossier.objects.all()             # allowed, and the reason is written where it is read

Reached from a row already obtained (``dossier.projets.all()``), rows are in scope. Creating is not reading:
``objects.create`` is allowed; services check the right before.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, Self, TypeVar

from django.db import models

from amarre.dui.core.actor import Actor

M = TypeVar("M", bound=models.Model)

_reason: ContextVar[str] = ContextVar("amarre_scope_reason", default="")


class UnscopedQuery(RuntimeError):
    """A sensitive model was queried without an actor: a fault of ours, never shown as such to a person."""


@contextmanager
def internal_scope(reason: str) -> Iterator[None]:
    """Allow unscoped queries for the time of the block; `reason` says why, in English."""
    if not reason.strip():
        raise ValueError("a scope needs a reason")
    token = _reason.set(reason)
    try:
        yield
    finally:
        _reason.reset(token)


def scope_reason() -> str:
    """Return the reason of the unscoped block in progress, or an empty string."""
    return _reason.get()


class ScopedQuerySet(models.QuerySet[M]):
    """A queryset that knows whom its rows may be shown to."""

    def visible_to(self, actor: Actor) -> Self:
        """Return the rows of the establishment `actor` acts for; none when they act for no establishment."""
        if actor.essms_id is None:
            return self.none()
        path = getattr(self.model, "scope_path")  # noqa: B009 (declared by each scoped model)
        return self.filter(**{path: actor.essms_id})


class ScopedManager(models.Manager[M]):
    """Manager of a sensitive model; with questions of its own: ``ScopedManager.over(DossierQuerySet)``."""

    queryset_class: type[ScopedQuerySet[Any]] = ScopedQuerySet

    @classmethod
    def over(cls, queryset_class: type[ScopedQuerySet[Any]]) -> ScopedManager[Any]:
        """Return a manager whose `visible_to` gives a `queryset_class`."""
        return type(
            f"ScopedManagerOver{queryset_class.__name__}", (cls,), {"queryset_class": queryset_class}
        )()

    def get_queryset(self) -> ScopedQuerySet[M]:
        """Return the queryset, or raise UnscopedQuery outside a scope."""
        if not scope_reason() and not self._reached_from_a_row():
            raise UnscopedQuery(
                f"{self.model.__name__}.objects needs visible_to(actor), or system_scope(reason)"
            )
        return self._unscoped()

    def _reached_from_a_row(self) -> bool:
        # Django's managers of related rows carry the row they were reached from.
        return getattr(self, "instance", None) is not None

    def _unscoped(self) -> ScopedQuerySet[M]:
        return self.queryset_class(self.model, using=self._db, hints=self._hints)  # type: ignore[attr-defined]

    def visible_to(self, actor: Actor) -> ScopedQuerySet[M]:
        """Return the rows that `actor` may be shown (see the queryset's own `visible_to`)."""
        rows = self.get_queryset() if self._reached_from_a_row() else self._unscoped()
        return rows.visible_to(actor)

    def create(self, **values: Any) -> M:
        """Create one row: writing needs no read scope."""
        return self._unscoped().create(**values)
