"""How a block is typed: one form per block, from its content and back.

A form refuses only what cannot be kept (a date that is none, a text too long): a draft may be incomplete, the
validation asks for the mandatory blocks. An empty form gives {}.

The page of a draft shows `form` with `form.template_name` (the form is `form`, its block `form.block`), every
name of field prefixed by the key of the block. A form with lines (treatments…) always offers one empty line
more: the button `<button name="suite" value="{{ form.block.key }}">` saves the draft and comes back to this
block, where a new empty line waits.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping
from typing import Any

from django import forms

from amarre.dui.authoring.blocks import CHOICE, DATE, LONGEST_TEXT, TEXT, Block, Content, Shown, date_of
from amarre.dui.web.forms import FrenchDateField


class BlockForm(forms.Form):
    """The form of one block. `data` is None for a page shown first, the POST otherwise."""

    template_name = "authoring/blocs/simple.html"
    use_required_attribute = False

    def __init__(self, block: Block, content: Content, data: Mapping[str, Any] | None = None) -> None:
        super().__init__(data, prefix=block.key, initial=self.initial_of(content))
        self.block = block

    def full_clean(self) -> None:
        """Validate every field as optional: `required` only tells the author what the validation will ask."""
        asked = [name for name, field in self.fields.items() if field.required]
        for name in asked:
            self.fields[name].required = False
        super().full_clean()
        for name in asked:
            self.fields[name].required = True

    @classmethod
    @abstractmethod
    def initial_of(cls, content: Content) -> dict[str, Any]:
        """Return the initial values of the fields from what the draft keeps."""

    @abstractmethod
    def content(self) -> dict[str, Any]:
        """Return what the draft keeps, once the form is valid: JSON only, {} when nothing was typed."""


class TextForm(BlockForm):
    """A text area."""

    template_name = "authoring/blocs/texte.html"
    text = forms.CharField(
        max_length=LONGEST_TEXT,
        error_messages={"max_length": "Pas plus de %(limit_value)d signes : il y en a %(show_value)d."},
    )

    def __init__(self, block: Block, content: Content, data: Mapping[str, Any] | None = None) -> None:
        super().__init__(block, content, data)
        _told(self.fields["text"], block)
        self.fields["text"].widget = _area(block)

    @classmethod
    def initial_of(cls, content: Content) -> dict[str, Any]:
        """Return the text."""
        return {"text": content.get("text", "")}

    def content(self) -> dict[str, Any]:
        """Return {"text": …}."""
        text = self.cleaned_data["text"].replace("\r\n", "\n").strip()
        return {"text": text} if text else {}


class ChoiceForm(BlockForm):
    """A list of radio buttons."""

    value = forms.ChoiceField(widget=forms.RadioSelect)

    def __init__(self, block: Block, content: Content, data: Mapping[str, Any] | None = None) -> None:
        super().__init__(block, content, data)
        _told(self.fields["value"], block).choices = block.choices  # type: ignore[attr-defined]

    @classmethod
    def initial_of(cls, content: Content) -> dict[str, Any]:
        """Return the code of the answer."""
        return {"value": content.get("value", "")}

    def content(self) -> dict[str, Any]:
        """Return {"value": code}."""
        value = self.cleaned_data["value"]
        return {"value": value} if value else {}


class DateForm(BlockForm):
    """A day, typed as people write it."""

    date = FrenchDateField()

    def __init__(self, block: Block, content: Content, data: Mapping[str, Any] | None = None) -> None:
        super().__init__(block, content, data)
        _told(self.fields["date"], block)

    @classmethod
    def initial_of(cls, content: Content) -> dict[str, Any]:
        """Return the day."""
        return {"date": date_of(content)}

    def content(self) -> dict[str, Any]:
        """Return {"date": ISO day}."""
        found = self.cleaned_data["date"]
        return {"date": found.isoformat()} if found else {}


def _told(field: forms.Field, block: Block) -> forms.Field:
    """Return `field` with the words of its block."""
    field.label, field.help_text, field.required = block.title, block.help, block.required
    return field


def _area(block: Block) -> forms.Widget:
    """Return a line for an object, a few for an address or a section, a page for a letter."""
    if block.shown is Shown.SUBJECT:
        return forms.TextInput()
    rows = {Shown.RECIPIENT: 3, Shown.PLAIN: 14}.get(block.shown, 5)
    return forms.Textarea(attrs={"rows": rows})


_forms: dict[str, type[BlockForm]] = {}


def register(kind: str, form: type[BlockForm]) -> None:
    """Declare the form of a kind of block."""
    _forms[kind] = form


def form_of(block: Block, content: Content, data: Mapping[str, Any] | None = None) -> BlockForm:
    """Return the form of `block`, bound when `data` is given."""
    return _forms[block.kind](block, content, data)


register(TEXT, TextForm)
register(CHOICE, ChoiceForm)
register(DATE, DateForm)
