"""Rules on the files a structured body carries."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterator

from lxml import etree

from amarre.interop.cda.reading import select
from amarre.interop.cda.rules.base import Hit, Subject, rule
from amarre.interop.cda.rules.structured.reading import BODY, BODY_PLACE, NARRATIVE, all_sections, title_of

MEDIA_TYPES = frozenset({"application/pdf", "image/jpeg", "image/png", "image/gif", "image/tiff"})
FILES = "observationMedia et valeur encodée en base64"


@rule(
    "CDA-R93",
    source=f"{NARRATIVE} ; HL7 CDA R2, {FILES}",
    sentence="Dans la rubrique « {section} », un fichier joint {what}.",
    advice="Joignez le fichier de nouveau, en PDF ou en image, puis refaites le document.",
)
def attached_files(subject: Subject) -> Iterator[Hit]:
    """Files are inside the document, readable, of a known kind, and those that are shown exist."""
    known = {element.get("ID") for element in subject.all(f"{BODY}//h:observationMedia")}
    for section in all_sections(subject):
        name = title_of(section)
        for element in select(section, "h:text//h:renderMultiMedia"):
            if not set(element.get("referencedObject", "").split()) <= known:
                yield Hit(subject.where(element), {"section": name, "what": "est annoncé mais absent"})
        for element in select(section, "h:entry//h:observationMedia/h:value"):
            if what := _file_problem(element):
                yield Hit(subject.where(element), {"section": name, "what": what})


def _file_problem(value: etree._Element) -> str:
    if select(value, "h:reference"):
        return "est hors du document"
    if value.get("mediaType") not in MEDIA_TYPES:
        return "n'est ni un PDF ni une image"
    try:
        content = base64.b64decode("".join((value.text or "").split()), validate=True)
    except (binascii.Error, ValueError):
        return "n'est pas lisible"
    if value.get("mediaType") == "application/pdf" and not content.startswith(b"%PDF-"):
        return "est annoncé comme un PDF et n'en est pas un" if content else "est vide"
    return "" if content else "est vide"


@rule(
    "CDA-R96",
    source="Réglage de l'installation : taille maximale d'un document (non fixée par les textes publics)",
    sentence="Les fichiers joints sont trop volumineux : {size} Ko en tout, {limit} Ko au plus.",
    advice="Joignez moins de fichiers, ou réduisez les images.",
)
def attached_size(subject: Subject) -> Iterator[Hit]:
    """Size of all the attached files together, under the setting."""
    values = subject.all(f"{BODY}//h:observationMedia/h:value")
    size = sum(len(value.text or "") * 3 // 4 for value in values)
    limit = subject.context.max_body_bytes
    if size > limit:
        yield Hit(BODY_PLACE, {"size": size // 1000, "limit": limit // 1000})


RULES = (attached_files, attached_size)
