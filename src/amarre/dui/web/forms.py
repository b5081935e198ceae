"""Form rendering: one renderer, one template for the form, one for the field.

Django 5.2 writes ``aria-describedby="id_x_helptext id_x_error"`` itself; our templates give the help and the
errors exactly those identifiers.
"""

from __future__ import annotations

import datetime
import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms.renderers import TemplatesSetting


class FormRenderer(TemplatesSetting):
    """Render every form of the product (``FORM_RENDERER``; needs ``django.forms`` in INSTALLED_APPS)."""

    form_template_name = "web/formulaires/formulaire.html"
    field_template_name = "web/formulaires/champ.html"


class CameraFileInput(forms.ClearableFileInput):
    """A file field that opens the camera of a telephone; the server reads the picture: no script."""

    def __init__(self, attrs: dict[str, Any] | None = None, accept: str = "image/*") -> None:
        super().__init__({"accept": accept, "capture": "environment", **(attrs or {})})


class FrenchDateInput(forms.DateInput):
    """A date typed as people write it: « 20/11/2026 ». Spaces, dots and hyphens are understood."""

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        given = {"inputmode": "numeric", "placeholder": "JJ/MM/AAAA", "autocomplete": "off"}
        super().__init__({**given, **(attrs or {})}, format="%d/%m/%Y")


NO_SUCH_DATE = "Cette date n’existe pas : vérifiez le jour et le mois."
_WRITTEN = re.compile(r"\d{1,2}([/.\- ]?)\d{1,2}\1\d{4}|\d{4}-\d{1,2}-\d{1,2}")


class FrenchDateField(forms.DateField):
    """A date as people write it: ``20/11/2026``, ``20.11.2026``, ``20-11-2026``, ``20 11 2026``."""

    widget = FrenchDateInput
    default_error_messages = {
        "invalid": "Écrivez la date ainsi : 20/11/2026.",
        "calendar": NO_SUCH_DATE,
    }

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault(
            "input_formats", ["%d/%m/%Y", "%d.%m.%Y", "%d-%m-%Y", "%d %m %Y", "%d%m%Y", "%Y-%m-%d"]
        )
        super().__init__(**kwargs)

    def to_python(self, value: Any) -> datetime.date | None:
        """Return the date; one well written that the calendar has not is told apart."""
        try:
            return super().to_python(value)
        except ValidationError:
            if _WRITTEN.fullmatch(str(value).strip()):
                raise ValidationError(self.error_messages["calendar"], code="calendar") from None
            raise


# CSS class of a control by kind of widget; the field template asks for it.
def control_class(widget: forms.Widget) -> str:
    """Return the class that styles `widget`: control, list, or check."""
    if isinstance(widget, forms.CheckboxInput | forms.RadioSelect | forms.CheckboxSelectMultiple):
        return "form-check-input"
    if isinstance(widget, forms.Select | forms.SelectMultiple):
        return "form-select"
    return "form-control"
