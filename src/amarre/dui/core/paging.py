"""Keyset paging: the next page starts after the last row shown, at constant cost whatever the depth."""

from __future__ import annotations

import base64
import binascii
import datetime
import json
from dataclasses import dataclass
from typing import Any, Generic, TypeVar, cast

from django.core.exceptions import ValidationError
from django.db.models import Field, Model, Q, QuerySet

M = TypeVar("M", bound=Model)


@dataclass(frozen=True, slots=True)
class Page(Generic[M]):
    """Rows of one page; `next_cursor` is empty on the last one."""

    items: list[M]
    next_cursor: str


def _encode(values: list[str]) -> str:
    raw = json.dumps(values, separators=(",", ":")).encode()
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def _decode(cursor: str, size: int) -> list[str] | None:
    try:
        values = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except (ValueError, binascii.Error, RecursionError):
        return None
    if isinstance(values, list) and len(values) == size and all(isinstance(v, str) for v in values):
        return values
    return None


def _after(queryset: QuerySet[M], order: tuple[str, ...], cursor: str) -> Q | None:
    names = [name.lstrip("-") for name in order]
    values = _decode(cursor, len(order))
    if values is None:
        return None
    meta = queryset.model._meta
    fields = [cast("Field[Any, Any]", meta.get_field("id" if name == "pk" else name)) for name in names]
    try:
        wanted: list[Any] = [field.to_python(value) for field, value in zip(fields, values, strict=True)]
    except (ValidationError, OverflowError):
        return None
    if not all(_is_ordinary(value) for value in wanted):
        return None
    condition, equal = Q(), Q()
    for sign, name, value in zip(order, names, wanted, strict=True):
        condition |= equal & Q(**{f"{name}__{'lt' if sign.startswith('-') else 'gt'}": value})
        equal &= Q(**{name: value})
    return condition


def _is_ordinary(value: object) -> bool:
    """Refuse a date that no time zone can be applied to (year 1, year 9999): we wrote none."""
    return not isinstance(value, datetime.date) or 1800 <= value.year <= 2999


def keyset_page(
    queryset: QuerySet[M], *, order: tuple[str, ...], cursor: str = "", size: int = 50
) -> Page[M]:
    """Return one page of `queryset` sorted by `order` (field names, "-" for descending).

    The last field of `order` is unique ("pk" or "-pk"). Fields of `order` never hold an identity trait: their
    values travel in the address. A cursor that we did not make gives the first page.
    """
    rows = queryset.order_by(*order)
    after = _after(queryset, order, cursor) if cursor else None
    if after is not None:
        rows = rows.filter(after)
    items = list(rows[: size + 1])
    if len(items) <= size:
        return Page(items, "")
    last = items[size - 1]
    values = []
    for name in order:
        value = getattr(last, name.lstrip("-"))
        values.append(value.isoformat() if hasattr(value, "isoformat") else str(value))
    return Page(items[:size], _encode(values))
