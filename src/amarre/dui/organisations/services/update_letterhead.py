"""Change the letterhead of an establishment. A logo is a picture of ours: pixels re-encoded, nothing else."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import transaction
from PIL import Image

from amarre.dui.access import policy
from amarre.dui.access.permissions import Permission
from amarre.dui.audit.services.record import record
from amarre.dui.core.actor import Actor
from amarre.dui.core.clock import now
from amarre.dui.organisations.models import Essms, Letterhead
from amarre.dui.organisations.selectors import letterhead_of
from amarre.interop.common.pictures import encoded, open_picture

# 3.4 × 1.9 cm on the page, at 500 dots per inch.
LOGO_SIZE = (670, 374)
MOST_LOGO_BYTES = 5 * 1024 * 1024
# A photograph weighs less as JPEG; a drawing is sharper as PNG.
LARGEST_PNG = 120_000


@dataclass(frozen=True, slots=True)
class Logo:
    """A logo as kept."""

    data: bytes
    form: Letterhead.LogoFormat


def make_logo(data: bytes) -> Logo:
    """Return the logo made from a PNG or JPEG file: reduced, on white (PDF/A-1 has no transparency).

    Raises PictureFormatRefused, PictureTooLarge, PictureBroken.
    """
    picture = open_picture(data, most_bytes=MOST_LOGO_BYTES)
    picture.thumbnail(LOGO_SIZE, Image.Resampling.LANCZOS)
    if picture.mode == "RGBA":
        paper = Image.new("RGB", picture.size, "white")
        paper.paste(picture, mask=picture.getchannel("A"))
        picture = paper
    png = encoded(picture, "PNG")
    if len(png) <= LARGEST_PNG:
        return Logo(png, Letterhead.LogoFormat.PNG)
    return Logo(encoded(picture, "JPEG"), Letterhead.LogoFormat.JPEG)


def update_letterhead(
    *,
    actor: Actor,
    essms: Essms,
    address_lines: str,
    footer: str,
    logo: Logo | None = None,
    remove_logo: bool = False,
) -> Letterhead:
    """Store the letterhead; `logo` replaces the one kept, None leaves it, `remove_logo` takes it away.

    Documents already filed keep theirs. Raises AccessError, django.core.exceptions.ValidationError.
    """
    policy.require(actor, Permission.CONFIGURE_ESSMS, essms)
    with transaction.atomic():
        letterhead = letterhead_of(essms)
        wanted: dict[str, str | bytes] = {
            "address_lines": address_lines.replace("\r\n", "\n").strip(),
            "footer": footer.strip(),
        }
        if logo is not None:
            wanted |= {"logo": logo.data, "logo_format": logo.form}
        elif remove_logo:
            wanted |= {"logo": b"", "logo_format": ""}
        changed = sorted(name for name, value in wanted.items() if _kept(letterhead, name) != value)
        if changed:
            for name in changed:
                setattr(letterhead, name, wanted[name])
            letterhead.updated_at = now()
            letterhead.save()
            record(
                actor, "organisations.letterhead_updated", subject=essms, details={"fields": changed}
            )  # fmt: skip
    return letterhead


def _kept(letterhead: Letterhead, name: str) -> object:
    value = getattr(letterhead, name)
    # PostgreSQL gives a memoryview.
    return bytes(value) if name == "logo" else value
