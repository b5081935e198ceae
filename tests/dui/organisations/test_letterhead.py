"""The letterhead: a logo is re-encoded pixels, nobody but who sets the establishment changes it."""

from __future__ import annotations

import io

import pytest
from django.core.exceptions import ValidationError
from PIL import Image

from amarre.dui.access.errors import NotAllowed, OutOfScope
from amarre.dui.audit.models import Trace
from amarre.dui.core.actor import Actor
from amarre.dui.organisations.models import Essms, Letterhead
from amarre.dui.organisations.selectors import letterhead_of
from amarre.dui.organisations.services.update_letterhead import LOGO_SIZE, make_logo, update_letterhead
from amarre.interop.common.pictures import PictureFormatRefused, PictureTooLarge

pytestmark = pytest.mark.django_db


def picture(mode: str = "RGB", size: tuple[int, int] = (900, 300), form: str = "PNG") -> bytes:
    kept = io.BytesIO()
    colour = (0, 80, 104, 0) if mode == "RGBA" else "teal"
    Image.new(mode, size, colour).save(kept, form)
    return kept.getvalue()


def opened(data: bytes) -> Image.Image:
    return Image.open(io.BytesIO(data))


def test_without_one_the_address_is_printed(essms: Essms) -> None:
    essms.address, essms.postal_code, essms.city = "4 quai des Goémons", "99100", "Port-Amarre"
    assert letterhead_of(essms).lines == ("4 quai des Goémons", "99100 Port-Amarre")
    assert letterhead_of(essms).pk is None


def test_written_and_traced_once(essms: Essms, director: Actor) -> None:
    logo = make_logo(picture())
    for _ in range(2):
        update_letterhead(
            actor=director, essms=essms, address_lines=" BP 12\r\n99100 Port ", footer="Loi 1901", logo=logo
        )
    kept = letterhead_of(essms)
    assert kept.lines == ("BP 12", "99100 Port")
    assert (kept.footer, bytes(kept.logo), kept.logo_format) == ("Loi 1901", logo.data, "png")
    (trace,) = Trace.objects.filter(verb="organisations.letterhead_updated")
    assert trace.details == {"fields": ["address_lines", "footer", "logo", "logo_format"]}


def test_a_logo_stays_until_it_is_removed(essms: Essms, director: Actor) -> None:
    update_letterhead(actor=director, essms=essms, address_lines="", footer="", logo=make_logo(picture()))
    update_letterhead(actor=director, essms=essms, address_lines="", footer="Pied")
    assert letterhead_of(essms).logo_format == Letterhead.LogoFormat.PNG
    update_letterhead(actor=director, essms=essms, address_lines="", footer="Pied", remove_logo=True)
    assert (bytes(letterhead_of(essms).logo), letterhead_of(essms).logo_format) == (b"", "")


def test_a_logo_is_reduced_and_laid_on_white() -> None:
    logo = make_logo(picture("RGBA", (4000, 1000)))
    made = opened(logo.data)
    assert made.mode == "RGB"
    assert made.width <= LOGO_SIZE[0]
    assert made.getpixel((5, 5)) == (255, 255, 255)


def test_a_photograph_is_kept_as_jpeg() -> None:
    noise = io.BytesIO()
    Image.effect_noise((1200, 700), 90).convert("RGB").save(noise, "PNG")
    logo = make_logo(noise.getvalue())
    assert logo.form == Letterhead.LogoFormat.JPEG
    assert opened(logo.data).format == "JPEG"


def test_svg_and_floods_are_refused() -> None:
    with pytest.raises(PictureFormatRefused) as caught:
        make_logo(b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>")
    assert "SVG" in caught.value.explanation().what
    with pytest.raises(PictureTooLarge):
        make_logo(b"\x89PNG\r\n\x1a\n" + b"x" * 6_000_000)


@pytest.mark.parametrize("lines", ["1\n2\n3\n4\n5\n6", "x" * 81])
def test_too_many_lines_are_refused(essms: Essms, director: Actor, lines: str) -> None:
    with pytest.raises(ValidationError):
        update_letterhead(actor=director, essms=essms, address_lines=lines, footer="")


def test_rights(essms: Essms, actor: Actor, stranger: Actor) -> None:
    with pytest.raises(NotAllowed):
        update_letterhead(actor=actor, essms=essms, address_lines="", footer="x")
    with pytest.raises(OutOfScope):
        update_letterhead(actor=stranger, essms=essms, address_lines="", footer="x")
    assert letterhead_of(essms).pk is None
