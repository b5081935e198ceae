"""The official samples on the page of the site that shows a received CDA: every word of every section."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from conformance_cda import ROOT
from conformance_model import Check, Result
from lxml import etree, html

from amarre.interop.common.errors import AmarreError

if TYPE_CHECKING:
    from amarre.dui.usagers.models import Identity

HL7 = "{urn:hl7-org:v3}"


def shown(official: Path) -> Iterator[Result]:
    """Show every sample in a dossier that is not its own: each word of its sections, or why it is refused."""
    from conformance_product import house

    with house() as place:
        identity = place.dossier().identity
        for path in sorted((official / ROOT / "ExemplesCDA").glob("*.xml")):
            yield Result(path.name, tuple(_missing(path.read_bytes(), identity)))


def _missing(data: bytes, identity: Identity) -> Iterator[str]:
    """Yield what the page does not show."""
    from zoneinfo import ZoneInfo

    from django.template.loader import render_to_string

    from amarre.dui.intake.cda_page import cda_page

    try:
        page = cda_page(data, identity, ZoneInfo("Europe/Paris"))
    except AmarreError as error:
        yield f"refusé : {error.explanation().what}"
        return
    markup = render_to_string("intake/_cda.html", {"page": page})
    on_page = _bare(html.fromstring(markup).text_content())
    document = etree.parse(io.BytesIO(data), etree.XMLParser(resolve_entities=False, huge_tree=True))
    for section in document.iter(f"{HL7}section"):
        for name in ("title", "text"):
            words = " ".join(" ".join(part.itertext()) for part in section.findall(f"{HL7}{name}")).split()
            lost = [word for word in words if _bare(word) not in on_page]
            if lost:
                yield f"non montré ({name}) : {', '.join(lost[:5])}"


def _bare(text: str) -> str:
    """Return the text without spaces: where lines break is a matter of taste."""
    return "".join(text.split())


CHECKS = (
    Check(
        "cda-samples-shown",
        "exemples officiels sur la page d'un document reçu",
        (f"{ROOT}/ExemplesCDA",),
        shown,
    ),
)
