"""The files of one document: chosen on the post, or photographed with a telephone."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile

from amarre.dui.intake.apart.limits import MAX_FILES, MAX_UPLOAD_BYTES, MIB
from amarre.dui.web.forms import CameraFileInput

_ACCEPTED = "application/pdf,image/jpeg,image/png,.pdf,.jpg,.jpeg,.png,.odt,.docx"


class SeveralFilesInput(forms.FileInput):
    """A file field that takes several files."""

    allow_multiple_selected = True


class SeveralFilesField(forms.FileField):
    """Every file chosen, in order."""

    widget = SeveralFilesInput

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile]:
        """Clean each file; nothing chosen is an empty list."""
        chosen: Sequence[Any] = data if isinstance(data, list | tuple) else [data]
        return [super(SeveralFilesField, self).clean(one, initial) for one in chosen if one]


class FilesForm(forms.Form):
    """One of the two fields at least."""

    papers = SeveralFilesField(
        label="Fichier",
        help_text=f"PDF, JPEG ou PNG, ou un texte ODT ou DOCX. Plusieurs photos font un seul document, dans "
        f"l'ordre. {MAX_UPLOAD_BYTES // MIB} Mo et {MAX_FILES} fichiers au plus.",
        widget=SeveralFilesInput(attrs={"accept": _ACCEPTED}),
        allow_empty_file=True,
    )
    photo = forms.FileField(
        label="Ou une photo du papier",
        widget=CameraFileInput(accept="image/jpeg,image/png"),
        help_text="Posez le papier à plat, bien éclairé, et cadrez-le en entier.",
        allow_empty_file=True,
    )

    use_required_attribute = False

    def full_clean(self) -> None:
        """Validate each as optional: one of the two is asked, so none is said to be « facultatif »."""
        for field in self.fields.values():
            field.required = False
        super().full_clean()
        for field in self.fields.values():
            field.required = True

    def clean(self) -> dict[str, Any]:
        """Ask for one file at least."""
        if not self.errors and not self.chosen:
            raise ValidationError("Choisissez un fichier, ou prenez le papier en photo.", code="nothing")
        return self.cleaned_data

    @property
    def chosen(self) -> list[UploadedFile]:
        """The files of a valid form, in order."""
        photo = self.cleaned_data.get("photo")
        return [*self.cleaned_data.get("papers", []), *([photo] if photo else [])]
