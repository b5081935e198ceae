"""The fields of the structured forms: a day, a month or a year; a list; a line of words."""

from __future__ import annotations

import datetime
import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from amarre.dui.authoring.structured.fields import LONGEST, FieldType, LineField
from amarre.dui.authoring.structured.values import kept_day
from amarre.interop.cda.structured import PartialDay
from amarre.interop.cda.structured.writing import french_day

_SEPARATORS = re.compile(r"[\s./-]+")
# What is pasted from elsewhere and no document can hold.
_CONTROLS = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f]")


def clean_words(text: str) -> str:
    """Return words as a document can hold them: no control character, one kind of line break."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").replace("\x0b", "\n").replace("\x0c", "\n")
    return _CONTROLS.sub("", lines).strip()


class WordsField(forms.CharField):
    """A line of words, or several."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", LONGEST)
        kwargs.setdefault("required", False)
        kwargs.setdefault(
            "error_messages", {"max_length": "Pas plus de %(limit_value)d signes : il y en a %(show_value)d."}
        )
        super().__init__(**kwargs)

    def to_python(self, value: object) -> str:
        """Return the words cleaned."""
        return clean_words(str(value)) if value is not None else ""


class PartialDayField(forms.CharField):
    """« 12/03/2019 », « 03/2019 » or « 2019 »: what people remember. Kept as AAAA-MM-JJ, AAAA-MM or AAAA."""

    default_error_messages = {"invalid": "Écrivez la date ainsi : 12/03/2019, 03/2019 ou 2019."}

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("required", False)
        kwargs.setdefault("max_length", 12)
        placeholder = "JJ/MM/AAAA"
        kwargs.setdefault(
            "widget",
            forms.TextInput({"inputmode": "numeric", "autocomplete": "off", "placeholder": placeholder}),
        )
        super().__init__(**kwargs)

    def to_python(self, value: object) -> str:
        """Return the day as it is kept, "" when there is none. Raises ValidationError."""
        written = str(value or "").strip()
        parts = [part for part in _SEPARATORS.split(written) if part]
        if not parts:
            return ""
        if not all(part.isascii() and part.isdigit() for part in parts):
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        if len(parts) == 1 and len(written) == 8:
            parts = [written[:2], written[2:4], written[4:]]
        if len(parts[0]) == 4 and len(parts) > 1:
            parts.reverse()
        try:
            match [int(part) for part in parts]:
                case [year]:
                    return kept_day(PartialDay(year))
                case [month, year]:
                    return kept_day(PartialDay(year, month))
                case [number, month, year]:
                    return kept_day(datetime.date(year, month, number))
        except ValueError:
            pass
        raise ValidationError(self.error_messages["invalid"], code="invalid")

    def prepare_value(self, value: Any) -> Any:
        """Return a kept day as people write it; what was typed stays as it is."""
        return shown_day(value) if isinstance(value, str) else value


def shown_day(kept: str) -> str:
    """Return « 12/03/2019 » for what a draft keeps; other words unchanged."""
    if re.fullmatch(r"\d{4}-\d{2}(-\d{2})?", kept):
        year, month, *number = (int(part) for part in kept.split("-"))
        try:
            return french_day(datetime.date(year, month, number[0]) if number else PartialDay(year, month))
        except ValueError:
            return kept
    return kept


def form_field(field: LineField) -> forms.Field:
    """Return the form field of a field of a line. None is required: a draft may be incomplete."""
    attrs = {"placeholder": f"Ex. : {field.placeholder}"} if field.placeholder else {}
    match field.type:
        case FieldType.DAY:
            return PartialDayField(label=field.label)
        case FieldType.CHOICE:
            return forms.ChoiceField(
                label=field.label, required=False, choices=(("", "À choisir"), *field.choices)
            )
        case FieldType.TEXT:
            return WordsField(label=field.label, widget=forms.TextInput(attrs))
