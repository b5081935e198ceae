"""Keep a copy of a document received from elsewhere: the bytes as they came, compared with the dossier."""

from __future__ import annotations

import datetime
from dataclasses import dataclass, field

from django.db import transaction

from amarre.dui.access.permissions import Permission
from amarre.dui.access.policy import require
from amarre.dui.access.scope import system_scope
from amarre.dui.audit.services.record import record
from amarre.dui.core.actor import Actor
from amarre.dui.core.clock import now
from amarre.dui.documents import store
from amarre.dui.intake.errors import IntakeError, NeitherCdaNorPdf, NotThisPerson, PersonToConfirm
from amarre.dui.intake.models import ReceivedDocument
from amarre.dui.intake.reader import convert
from amarre.dui.intake.same_person import compare_with_identity
from amarre.dui.usagers.models import Dossier
from amarre.interop.cda import CdaWithoutBody, ReceivedActor, decode, extract_body
from amarre.interop.cda.display import PatientMatch

Origin, Media = ReceivedDocument.Origin, ReceivedDocument.Media
_PDF = b"%PDF-"
_HEAD_BYTES = 1024
# Media types of a body that is shown as pages; plain text is shown as words.
_DRAWN = frozenset({"application/pdf", "image/jpeg", "image/png"})
_WITHOUT_TITLE = "Document sans titre"


@dataclass(frozen=True, slots=True)
class Received:
    """A document as its origin gave it. What is left empty is read in the header, when it is a CDA.

    `reference` is its identifier there (uniqueId); the author, the structure and the type as written.
    """

    origin: ReceivedDocument.Origin
    data: bytes = field(repr=False)
    reference: str = ""
    title: str = ""
    type_code: str = ""
    type_label: str = ""
    author: str = ""
    organisation: str = ""
    written_on: datetime.date | None = None


@dataclass(frozen=True, slots=True)
class _Facts:
    """What a CDA says of itself, and of whom."""

    media: ReceivedDocument.Media
    match: str = ""
    title: str = ""
    type_code: str = ""
    type_label: str = ""
    author: str = ""
    organisation: str = ""
    written_on: datetime.date | None = None


@dataclass(frozen=True, slots=True)
class _Copy:
    """What is shown page by page: the file made harmless, or the code of what refused it."""

    pdf: bytes = field(default=b"", repr=False)
    pages: int = 0
    notes: tuple[str, ...] = ()
    refusal: str = ""


def file_received(
    *, dossier: Dossier, received: Received, actor: Actor, confirmed: bool = False
) -> ReceivedDocument:
    """File `received` in `dossier`, to be read only: it never leaves as a document of ours.

    The same reference of the same origin gives the same row. `confirmed`: a person compared the identities
    and takes the document for this dossier; never enough when they differ. Raises the access errors,
    NotThisPerson, PersonToConfirm, NeitherCdaNorPdf, and what reading a CDA raises (XmlError,
    NotClinicalDocument).
    """
    require(actor, Permission.WRITE_DOCUMENTS, dossier)
    known = _known(dossier, received)
    if known is not None:
        return known
    facts = _facts(received.data, dossier, confirmed)
    copy = _shown_copy(received.data, facts.media)
    with transaction.atomic():
        with system_scope("dossier in scope, locked: one copy of a document at a time"):
            Dossier.objects.select_for_update(of=("self",)).get(pk=dossier.pk)
        known = _known(dossier, received)
        if known is not None:
            return known
        row = ReceivedDocument(
            dossier=dossier,
            origin=received.origin,
            reference=received.reference,
            media=facts.media,
            sha256=store.put(received.data),
            shown_sha256=store.put(copy.pdf) if copy.pdf else "",
            pages=copy.pages,
            notes=list(copy.notes),
            refusal=copy.refusal,
            type_code=(received.type_code or facts.type_code)[:60],
            type_label=(received.type_label or facts.type_label)[:200],
            title=(received.title or facts.title or _WITHOUT_TITLE)[:200],
            author=(received.author or facts.author)[:200],
            organisation=(received.organisation or facts.organisation)[:200],
            written_on=received.written_on or facts.written_on,
            match=facts.match,
            received_at=now(),
            received_by_id=actor.user_id,
        )
        row.save()
        record(
            actor,
            "received.filed",
            subject=row,
            dossier_id=dossier.pk,
            usager_id=dossier.identity_id,
            details={
                "origin": row.origin,
                "media": row.media,
                "match": row.match,
                "confirmed": confirmed,
            },
        )
    return row


def _known(dossier: Dossier, received: Received) -> ReceivedDocument | None:
    if not received.reference:
        return None
    with system_scope("documents received in a dossier in scope"):
        return ReceivedDocument.objects.filter(
            dossier=dossier, origin=received.origin, reference=received.reference
        ).first()


def _shown_copy(data: bytes, media: ReceivedDocument.Media) -> _Copy:
    """Make the copy of the file to show; a file that is refused is kept all the same, and not shown."""
    file = data if media is Media.PDF else _body(data)
    if not file:
        return _Copy()
    try:
        made = convert([file])
    except IntakeError as error:
        return _Copy(refusal=error.code)
    return _Copy(made.pdf, made.pages, tuple(sorted(note.value for note in made.notes)))


def _body(cda: bytes) -> bytes:
    """Return the file an unstructured CDA carries, when it is one that is drawn; else b""."""
    header = decode(cda)
    if header.structured or header.media_type not in _DRAWN:
        return b""
    try:
        return extract_body(cda)
    except CdaWithoutBody:
        return b""


def _facts(data: bytes, dossier: Dossier, confirmed: bool) -> _Facts:
    if _PDF in data[:_HEAD_BYTES]:
        # It names nobody that a program can read.
        if not confirmed:
            raise PersonToConfirm
        return _Facts(Media.PDF)
    if not data.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"):
        raise NeitherCdaNorPdf
    header = decode(data)
    compared = compare_with_identity(header.patient, dossier.identity)
    if compared.match is PatientMatch.DIFFERENT:
        differing = ", ".join(item.label for item in compared.traits.discrepancies)
        raise NotThisPerson(differing=differing or "matricule INS")
    if compared.match is PatientMatch.TO_CONFIRM and not confirmed:
        raise PersonToConfirm
    author = header.authors[0] if header.authors else None
    return _Facts(
        media=Media.CDA,
        match=compared.match.value,
        title=header.title,
        type_code=header.type_code.code,
        type_label=header.type_code.display,
        author=_name(author),
        organisation=author.organization if author else header.custodian,
        written_on=header.effective_time.astimezone(dossier.essms.zone).date()
        if header.effective_time
        else None,
    )


def _name(author: ReceivedActor | None) -> str:
    if author is None:
        return ""
    name = author.name
    return " ".join(part for part in (name.suffix, name.given, name.family) if part) or author.device
