"""A received CDA ready for a page: its tree, who wrote it, and whether it is about the person of the dossier.

    page = cda_page(data, dossier.identity, dossier.essms.zone)
    …{% include "intake/_cda.html" with page=page %}

Nothing of the document is markup for us: templates escape every word (`_cda_*.html`).
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from amarre.dui.intake.same_person import compare_with_identity
from amarre.dui.usagers.models import Identity
from amarre.dui.web.chips import Tone
from amarre.dui.web.dates import day, hour
from amarre.interop.cda import ReceivedActor, ReceivedDocument
from amarre.interop.cda.display import (
    DisplayDocument,
    DisplayLimits,
    PatientComparison,
    PatientMatch,
    display,
)

# What one page shows; beyond, the kit stops and says so. The document itself is kept whole.
PAGE_LIMITS = DisplayLimits(characters=500_000, cells=20_000, blocks=20_000)
# Address of a picture inside the document, from its identifier; "" when it is not shown.
PictureAddress = Callable[[str], str]

_TONES = {
    PatientMatch.SAME: Tone.OK,
    PatientMatch.SAME_FORMER_INS: Tone.OK,
    PatientMatch.TO_CONFIRM: Tone.WATCH,
    PatientMatch.DIFFERENT: Tone.DANGER,
}


@dataclass(frozen=True, slots=True)
class CdaPage:
    """What the templates show. `facts`: (label, value) of the header, in the order people ask for them.

    `pictures`: identifier of a file inside the document → address of ours that gives it.
    """

    tree: DisplayDocument
    comparison: PatientComparison
    facts: tuple[tuple[str, str], ...]
    pictures: Mapping[str, str] = field(default_factory=dict)

    @property
    def tone(self) -> str:
        """Tone of the message about the person (`composants/message.html`)."""
        return _TONES[self.comparison.match].value

    @property
    def person(self) -> str:
        """The conclusion about the person."""
        return self.comparison.sentences[0]

    @property
    def why(self) -> tuple[str, ...]:
        """What the conclusion rests on."""
        return self.comparison.sentences[1:]


def _no_picture(identifier: str) -> str:
    return ""


def cda_page(
    data: bytes, identity: Identity, zone: datetime.tzinfo, picture_address: PictureAddress = _no_picture
) -> CdaPage:
    """Read a received CDA for the screen; `identity` is that of a dossier in scope.

    Raises XmlError, NotClinicalDocument, CdaWithoutBody.
    """
    tree = display(data, PAGE_LIMITS)
    return CdaPage(
        tree,
        compare_with_identity(tree.header.patient, identity),
        header_facts(tree.header, zone),
        {item.identifier: picture_address(item.identifier) for item in tree.media},
    )


def header_facts(header: ReceivedDocument, zone: datetime.tzinfo) -> tuple[tuple[str, str], ...]:
    """Return what a reader asks of a header: type, authors, dates, structure; what is absent is left out."""
    authenticator = header.legal_authenticator
    facts = (
        ("Type", header.type_code.display or header.type_code.code),
        ("Écrit par", " ; ".join(filter(None, (actor_words(author) for author in header.authors)))),
        ("Validé par", actor_words(authenticator) if authenticator else ""),
        ("Date du document", _instant(header.effective_time, zone)),
        ("Date de l’acte", day(header.service_start.astimezone(zone)) if header.service_start else ""),
        ("Structure qui le conserve", header.custodian),
    )
    return tuple((label, value) for label, value in facts if value)


def actor_words(actor: ReceivedActor) -> str:
    """Return « Dr Aminata SOW, cardiologue, CH du Large », as written in the document."""
    name = " ".join(
        filter(None, (actor.name.suffix or actor.name.prefix, actor.name.given, actor.name.family))
    )
    return ", ".join(filter(None, (name or actor.device, actor.code.display, actor.organization)))


def _instant(at: datetime.datetime | None, zone: datetime.tzinfo) -> str:
    if at is None:
        return ""
    local = at.astimezone(zone)
    return f"{day(local)} à {hour(local)}"
