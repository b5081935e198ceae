"""How foreign bytes reach a browser: the picture of a page, or a file that opens outside of the site."""

from __future__ import annotations

from django.http import HttpResponse

PAGE_WIDTH = 910
_TYPES = {
    "pdf": "application/pdf",
    "jpg": "image/jpeg",
    "png": "image/png",
    "xml": "text/xml; charset=utf-8",
    "odt": "application/vnd.oasis.opendocument.text",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}


def page_picture(png: bytes) -> HttpResponse:
    """Return a page drawn by the reader."""
    return _private(HttpResponse(png, content_type="image/png"))


def file(data: bytes, name: str, suffix: str) -> HttpResponse:
    """Return a file to be saved, never opened inside the site. `name` holds no trait of a person."""
    response = HttpResponse(data, content_type=_TYPES.get(suffix, "application/octet-stream"))
    response["Content-Disposition"] = f'attachment; filename="{name}.{suffix}"'
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return _private(response)


def _private(response: HttpResponse) -> HttpResponse:
    response["Cache-Control"] = "private, no-store"
    response["X-Content-Type-Options"] = "nosniff"
    return response
