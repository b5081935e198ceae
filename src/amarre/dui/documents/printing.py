"""From the record to what is printed: letterhead, strict traits, words of a draft, signature.

The same content is filed with the document, or shown before (`preview_content`): without matricule nor
Datamatrix then, and marked as a draft on every page.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from amarre.dui.documents.authors import AuthorCard
from amarre.dui.documents.clinical_document import StructuredContent, VersionIdentifiers
from amarre.dui.documents.identity import printed_traits
from amarre.dui.documents.rendering import (
    DocumentContent,
    Issuer,
    Layout,
    Picture,
    Section,
    Signature,
)
from amarre.dui.organisations.models import Essms, Letterhead
from amarre.dui.organisations.selectors import letterhead_of
from amarre.dui.usagers.models import Dossier
from amarre.dui.web.dates import day, hour, long_day
from amarre.interop.ins import QualifiedIdentity

WATERMARK = "BROUILLON"
NOTICE = "Brouillon, pas encore validé par son auteur."
NOT_FILED = "brouillon"
# Of a document in the record, and in the metadata of the DMP.
LONGEST_TITLE = 128
# National number of a health professional (RPPS): an identifier of PSC without its first digit.
_RPPS_DIGITS = 11


@dataclass(frozen=True, slots=True)
class Draft:
    """What a context gives to have a document made: what it is, its text, and the act it tells of.

    `detail` tells documents of the same title apart in a list (the object of a letter). `structured`: its
    sections when the CDA is structured (N3); the PDF is then the copy people read.
    """

    source_kind: str
    source_id: int
    type_code: str
    title: str
    subtitle: str
    summary: tuple[tuple[str, str], ...]
    sections: tuple[Section, ...]
    act_started_at: datetime.datetime
    layout: Layout = Layout.REPORT
    recipient: tuple[str, ...] = ()
    detail: str = ""
    structured: StructuredContent | None = None

    @property
    def full_title(self) -> str:
        """The title under which the document is filed and leaves: « Courrier : demande de rendez-vous »."""
        return f"{self.title} : {self.detail}"[:LONGEST_TITLE].rstrip() if self.detail else self.title


def issuer_of(essms: Essms, letterhead: Letterhead | None = None) -> Issuer:
    """Return the letterhead as printed; `letterhead` stands for the one kept (a change shown before)."""
    used = letterhead or letterhead_of(essms)
    number = essms.finess_eg or essms.finess_ej
    logo = None
    if used.logo_format:
        logo = Picture(bytes(used.logo), "jpg" if used.logo_format == "jpg" else "png")
    return Issuer(
        organisme=essms.organisme.name,
        name=essms.name,
        address_lines=used.lines,
        telephone=essms.phone,
        identifier=f"FINESS {number}" if number else f"SIRET {essms.siret}",
        footer=used.footer,
        logo=logo,
    )


def filed_content(
    dossier: Dossier,
    draft: Draft,
    card: AuthorCard,
    identifiers: VersionIdentifiers,
    leaving: QualifiedIdentity | None,
    at: datetime.datetime,
) -> DocumentContent:
    """Return what the PDF of a version shows."""
    local = at.astimezone(dossier.essms.zone)
    signature = Signature(
        name=card.full_name,
        title=card.function.lower(),
        signed_at=f"Le {day(local)} à {hour(local)}",
        identifier=_printed_number(card),
    )
    return _content(
        dossier,
        draft,
        local,
        leaving=leaving,
        reference=identifiers.unique_id,
        version=identifiers.number,
        signature=signature,
    )


def preview_content(dossier: Dossier, draft: Draft, version: int, at: datetime.datetime) -> DocumentContent:
    """Return what the draft would show, unsigned, without the INS, marked as a draft."""
    local = at.astimezone(dossier.essms.zone)
    return _content(
        dossier, draft, local, leaving=None, reference=NOT_FILED, version=version, watermark=WATERMARK
    )


def _content(
    dossier: Dossier,
    draft: Draft,
    local: datetime.datetime,
    *,
    leaving: QualifiedIdentity | None,
    reference: str,
    version: int,
    signature: Signature | None = None,
    watermark: str = "",
) -> DocumentContent:
    essms = dossier.essms
    # « le 20 novembre 2026 »: letters do not name the day of the week.
    date = long_day(local.date()).split(" ", 1)[1]
    return DocumentContent(
        title=draft.title,
        subtitle=draft.subtitle,
        date=local.date(),
        reference=reference,
        version=version,
        issuer=issuer_of(essms),
        traits=printed_traits(dossier.identity, leaving),
        summary=draft.summary,
        sections=draft.sections,
        signature=signature,
        layout=draft.layout,
        recipient=draft.recipient,
        place_and_date=f"{essms.city}, le {date}" if essms.city else f"Le {date}",
        watermark=watermark,
        notice=NOTICE if watermark else "",
    )


def _printed_number(card: AuthorCard) -> str:
    number = card.identifier.extension
    digits = number[1:]
    is_rpps = number.startswith("8") and len(digits) == _RPPS_DIGITS and digits.isdecimal()
    return f"RPPS {digits}" if is_rpps else ""
