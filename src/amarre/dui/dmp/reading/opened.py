"""A document of the DMP once opened: what a page shows of it, and whose it is."""

from __future__ import annotations

from dataclasses import dataclass

from amarre.dui.dmp.reading.errors import UnknownFormat
from amarre.dui.dmp.reading.lines import Line, line_of
from amarre.dui.dmp.services.read_document import ReadDocument
from amarre.dui.intake.cda_page import CdaPage, PictureAddress, cda_page
from amarre.dui.usagers.models import Dossier
from amarre.interop.cda import ReceivedDocument, ReceivedPatient, extract_body
from amarre.interop.cda.display import PatientComparison, PatientMatch, extract_media
from amarre.interop.ins.traits import Trait

PDF = "application/pdf"
# What a browser may show, by its first bytes: the type announced is not believed.
SIGNATURES: tuple[tuple[bytes, str], ...] = (
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"%PDF-", PDF),
)
_XML_BEGINS = b"<"
_BYTES_BEFORE_XML = b"\xef\xbb\xbf \t\r\n"


@dataclass(frozen=True, slots=True)
class TraitRow:
    """One trait: ours, the document's, whether they really differ."""

    label: str
    ours: str
    theirs: str
    differs: bool


@dataclass(frozen=True, slots=True)
class Opened:
    """What the page of a document needs.

    `page` is None for a file that is no CDA: it names nobody. `media` is the
    real type of the file to frame or to download ("" when the words are on the page).
    """

    line: Line
    page: CdaPage | None
    rows: tuple[TraitRow, ...]
    media: str
    announced: str

    @property
    def comparison(self) -> PatientComparison | None:
        """What comparing its person with the dossier gave, None when it names nobody."""
        return self.page.comparison if self.page else None

    @property
    def has_words(self) -> bool:
        """True when its words are on the page, not in a file."""
        tree = self.page.tree if self.page else None
        return tree is not None and bool(tree.sections or (tree.attached and tree.attached.blocks))

    @property
    def has_file(self) -> bool:
        """True when there is a file to show or to give."""
        if self.page is None:
            return True
        attached = self.page.tree.attached
        return attached is not None and bool(attached.size) and not self.has_words

    @property
    def is_of_another(self) -> bool:
        """True when the traits are those of somebody else: it cannot be filed here."""
        return self.comparison is not None and self.comparison.match is PatientMatch.DIFFERENT

    @property
    def to_confirm(self) -> bool:
        """True when a person has to look before it is filed."""
        if self.comparison is None:
            return True
        return self.comparison.match is PatientMatch.TO_CONFIRM


def opened(read: ReadDocument, dossier: Dossier, picture_address: PictureAddress) -> Opened:
    """Return what is shown of a document just read. One query.

    Raises UnknownFormat, and what reading a CDA raises (XmlError, NotClinicalDocument, CdaWithoutBody).
    """
    data = read.content.data
    line = line_of(read.document, dossier.essms.zone)
    announced = read.content.mime_type
    if not is_xml(data):
        media = real_type(data)
        if not media:
            raise UnknownFormat(media=announced[:60] or "inconnu")
        return Opened(line, None, (), media, announced)
    page = cda_page(data, dossier.identity, dossier.essms.zone, picture_address)
    attached = page.tree.attached
    media = real_type(extract_body(data)) if attached is not None and attached.size else ""
    kind = attached.media_type if attached is not None else announced
    return Opened(line, page, _rows(page.tree.header, dossier, page.comparison), media, kind)


def body_of(data: bytes) -> tuple[bytes, str]:
    """Return the file inside a document read, and its real type ("" for one that no browser shows).

    Raises CdaWithoutBody, XmlError, NotClinicalDocument.
    """
    body = extract_body(data) if is_xml(data) else data
    return body, real_type(body)


def picture_of(data: bytes, identifier: str) -> tuple[bytes, str]:
    """Return a picture inside a document read, and its real type. Raises MediaUnreadable."""
    _, content = extract_media(data, identifier)
    return content, real_type(content)


def real_type(data: bytes) -> str:
    """Return the type of a file by its first bytes, "" when it is none that a browser may show."""
    return next((media for begins, media in SIGNATURES if data.startswith(begins)), "")


def is_xml(data: bytes) -> bool:
    """Tell whether a document begins as XML does."""
    return data[:64].lstrip(_BYTES_BEFORE_XML).startswith(_XML_BEGINS)


def _rows(header: ReceivedDocument, dossier: Dossier, comparison: PatientComparison) -> tuple[TraitRow, ...]:
    """Return the five traits side by side, in their fixed order."""
    identity, patient = dossier.identity, header.patient
    found = {item.trait for item in comparison.traits.discrepancies}
    pairs = (
        (Trait.NOM_NAISSANCE, "Nom de naissance", identity.nom_naissance, patient.birth_name),
        (Trait.PRENOMS, "Prénoms de naissance", identity.prenoms, _given(patient)),
        (Trait.SEXE, "Sexe", identity.sexe, patient.sex),
        (Trait.DATE_NAISSANCE, "Date de naissance", identity.traits.date_naissance.french, _birth(patient)),
        (Trait.LIEU_NAISSANCE, "Lieu de naissance", identity.lieu_naissance, patient.birthplace_code),
    )
    return tuple(TraitRow(label, ours, theirs, trait in found) for trait, label, ours, theirs in pairs)


def _given(patient: ReceivedPatient) -> str:
    return patient.given_names or patient.first_given_name


def _birth(patient: ReceivedPatient) -> str:
    text = patient.birth_date
    return f"{text[6:8]}/{text[4:6]}/{text[:4]}" if len(text) == 8 else text
