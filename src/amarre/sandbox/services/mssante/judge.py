"""The rule table by which the sandbox judges a message, each row with its source.

The message is read by the standard library and by archive.py; nothing of the emitter's code is used.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from email.errors import MessageError
from email.header import decode_header, make_header
from email.message import Message
from email.parser import BytesParser
from email.policy import compat32
from email.utils import getaddresses, parseaddr, parsedate_to_datetime

from amarre.sandbox.service import Remark
from amarre.sandbox.services.mssante.archive import Archive, ArchiveUnreadable, read_archive
from amarre.sandbox.services.mssante.directory import CITIZEN_DOMAIN, WHITE_LIST
from amarre.sandbox.words import counted

SOCLE = "Référentiel socle MSSanté #2 v1.0.1, {}"
MES = "Mon espace santé, Messagerie, éditeurs, v1.3"
XDM = "IHE ITI TF-2, 3.32 (XDM) ; IHE ITI TF-3, 4.2"
IG = "IG Transmission de documents CDA en HL7v2 (ANS, 04/2026), règles MSSanté"

# OID of the national identifiers (Référentiel INS): NIR, NIA, and the two test ranges.
INS_OIDS = frozenset(
    {"1.2.250.1.213.1.4.8", "1.2.250.1.213.1.4.9", "1.2.250.1.213.1.4.10", "1.2.250.1.213.1.4.11"}
)
MAX_BYTES = 25 * 1024 * 1024
_SUBJECT = re.compile(r"XDM/1\.0/DDM\+[ -~]{1,40} [A-Z' -]+ [A-Za-z' -]+?( \d{2}/\d{2}/\d{4})?")
_PDF_NAME = re.compile(r"\d{8}_[A-Za-z0-9-]+(?:_[A-Za-z0-9-]+)*_[A-Z0-9_-]+_[A-Za-z0-9_-]+\.pdf")
_MESSAGE_ID = re.compile(r"<[^\s<>@]+@[A-Za-z0-9.-]+>")


@dataclass(frozen=True, slots=True)
class Attachment:
    """A named part."""

    name: str
    content_type: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Mail:
    """A message, read."""

    size: int
    headers: Message[str, str]
    sender: str
    recipients: tuple[str, ...]
    texts: tuple[tuple[str, str], ...]
    attachments: tuple[Attachment, ...]
    archive: Archive | None
    archive_problem: str
    message_id: str

    def header(self, name: str) -> str:
        """Return a header, decoded and unfolded, "" when absent."""
        value = str(self.headers.get(name, ""))
        try:
            return " ".join(str(make_header(decode_header(value))).split())
        except (MessageError, LookupError, ValueError):
            return value

    @property
    def archives(self) -> list[Attachment]:
        """The parts that pretend to be the XDM archive."""
        return [item for item in self.attachments if item.name.lower().endswith(".zip")]

    @property
    def pdfs(self) -> list[Attachment]:
        """The PDF parts."""
        return [item for item in self.attachments if item.name.lower().endswith(".pdf")]


@dataclass(frozen=True, slots=True)
class Row:
    """One rule: `check` returns "" when it is kept, else what is wrong, in French."""

    rule: str
    source: str
    check: Callable[[Mail], str]


def read_mail(data: bytes, sender: str, recipients: tuple[str, ...]) -> Mail:
    """Read a message; a broken archive is kept as a problem, not raised."""
    message = BytesParser(policy=compat32).parsebytes(data)
    texts: list[tuple[str, str]] = []
    attachments: list[Attachment] = []
    for part in message.walk():
        if part.is_multipart():
            continue
        payload = part.get_payload(decode=True)
        content = payload if isinstance(payload, bytes) else b""
        name = part.get_filename()
        if name:
            attachments.append(Attachment(str(name), part.get_content_type(), content))
        else:
            texts.append((part.get_content_type(), str(part.get_content_charset() or "us-ascii")))
    archive, problem = None, ""
    zipped = next((item for item in attachments if item.name.lower().endswith(".zip")), None)
    if zipped is not None:
        try:
            archive = read_archive(zipped.data)
        except ArchiveUnreadable as error:
            problem = str(error)
    message_id = " ".join(str(message.get("Message-ID", "")).split())
    return Mail(
        len(data), message, sender, recipients, tuple(texts), tuple(attachments), archive, problem, message_id
    )


def judge(mail: Mail) -> tuple[Remark, ...]:
    """Return one remark per rule that concerns this message."""
    return tuple(_remarks(mail))


def _remarks(mail: Mail) -> Iterator[Remark]:
    rows = MESSAGE_RULES + (ARCHIVE_RULES if mail.archives else PLAIN_RULES)
    for row in rows:
        if mail.archives and mail.archive is None and row in ARCHIVE_RULES[2:]:
            continue
        problem = row.check(mail)
        yield Remark(row.rule, row.source, not problem, problem or "Conforme.")


def _message_id(mail: Mail) -> str:
    return (
        "" if _MESSAGE_ID.fullmatch(mail.message_id) else "L'identifiant du message est absent ou mal formé."
    )


def _date(mail: Mail) -> str:
    try:
        parsedate_to_datetime(mail.header("Date"))
    except (ValueError, TypeError):
        return "La date est absente ou illisible."
    return ""


def _from(mail: Mail) -> str:
    label, address = parseaddr(mail.header("From"))
    if address.lower() != mail.sender.lower():
        return "L'adresse affichée n'est pas celle de l'expéditeur réel."
    return "" if label.strip() else "Le nom affiché de l'expéditeur manque."


def _reply_to(mail: Mail) -> str:
    _, address = parseaddr(mail.header("Reply-To"))
    if not address:
        return "Une boîte applicative doit indiquer à quelle boîte organisationnelle répondre."
    domain = address.rpartition("@")[2].lower()
    trusted = any(domain.endswith(suffix) for suffix in WHITE_LIST)
    return "" if trusted else "L'adresse de réponse n'est pas une adresse MSSanté."


def _to(mail: Mail) -> str:
    shown = {address.lower() for _, address in getaddresses([mail.header("To"), mail.header("Cc")])}
    real = {address.lower() for address in mail.recipients}
    return "" if real <= shown else "Un destinataire réel n'apparaît pas dans le message."


def _nil(mail: Mail) -> str:
    return "" if re.fullmatch(r"[A-Za-z0-9._-]+", mail.header("X-MSS-NIL")) else "L'en-tête X-MSS-NIL manque."


def _utf8(mail: Mail) -> str:
    plain = [charset for kind, charset in mail.texts if kind == "text/plain"]
    if not plain:
        return "Le corps en texte manque."
    return (
        "" if all(charset in ("utf-8", "us-ascii") for charset in plain) else "Le texte n'est pas en UTF-8."
    )


def _citizens(mail: Mail) -> list[str]:
    return [item for item in mail.recipients if item.lower().endswith(f"@{CITIZEN_DOMAIN}")]


def _not_mixed(mail: Mail) -> str:
    citizens = _citizens(mail)
    if citizens and len(citizens) < len(mail.recipients):
        return "Le message s'adresse à la fois à un usager et à des professionnels."
    return "Le message s'adresse à plusieurs usagers." if len(citizens) > 1 else ""


def _citizen_address(mail: Mail) -> str:
    for address in _citizens(mail):
        if not _key_is_right(address.partition("@")[0].upper()):
            return "L'adresse d'usager n'est pas un matricule INS de 15 caractères avec sa clé."
    return ""


def _key_is_right(matricule: str) -> bool:
    match = re.fullmatch(r"([1-9]\d{4}(?:\d{2}|2[AB])\d{6})(\d{2})", matricule)
    if match is None:
        return False
    number = int(match[1].replace("2A", "19").replace("2B", "18"))
    return int(match[2]) == 97 - number % 97


def _size(mail: Mail) -> str:
    return "" if mail.size <= MAX_BYTES else "Le message dépasse 25 Mo."


def _subject_free(mail: Mail) -> str:
    return "L'objet annonce une archive qui est absente." if mail.header("Subject").startswith("XDM/") else ""


def _no_document_headers(mail: Mail) -> str:
    present = [name for name in ("X-MSS-CODECDA", "X-MSS-INS") if mail.headers.get(name) is not None]
    return f"{', '.join(present)} : à ne pas mettre sans archive." if present else ""


def _archive_name(mail: Mail) -> str:
    if len(mail.archives) != 1:
        return "Le message doit porter une seule archive."
    return "" if mail.archives[0].name == "IHE_XDM.zip" else "L'archive ne s'appelle pas IHE_XDM.zip."


def _archive_readable(mail: Mail) -> str:
    return f"Archive refusée : {mail.archive_problem}." if mail.archive is None else ""


def _tree(mail: Mail) -> str:
    archive = _archive(mail)
    missing = [name for name in ("README.TXT", "INDEX.HTM") if not archive.has(name)]
    return f"{', '.join(missing)} manque à la racine de l'archive." if missing else ""


def _metadata(mail: Mail) -> str:
    archive = _archive(mail)
    if archive.submission_sets != 1 or not archive.entries:
        return "Les métadonnées doivent décrire un lot de soumission et au moins un document."
    for entry in archive.entries:
        if entry.content is None:
            return "Un document décrit n'est pas dans l'archive."
        if entry.declared_hash.lower() != entry.digest or entry.declared_size != str(len(entry.content)):
            return "L'empreinte ou la taille déclarée d'un document est fausse."
    if not archive.cda:
        return "L'archive ne contient aucun document CDA."
    return ""


def _single_usager(mail: Mail) -> str:
    archive = _archive(mail)
    patients = {entry.patient for entry in archive.entries} | {archive.set_patient}
    if len(patients) != 1 or "" in patients:
        return "Les documents ne concernent pas un seul et même usager."
    identifier = patients.pop()
    extension = identifier.partition("^")[0]
    known = all(extension in {value for _, value in cda.patient_ids} for cda in archive.cda)
    return "" if known else "L'usager des métadonnées n'est pas celui du document."


def _codes(mail: Mail) -> str:
    announced = [item.strip() for item in mail.header("X-MSS-CODECDA").split(",")]
    real = {cda.code for cda in _archive(mail).cda}
    return "" if set(announced) == real else "X-MSS-CODECDA ne donne pas les codes des documents."


def _ins(mail: Mail) -> str:
    value = mail.header("X-MSS-INS")
    if value not in ("O", "N"):
        return "X-MSS-INS doit valoir O ou N."
    carried = all(any(root in INS_OIDS for root, _ in cda.patient_ids) for cda in _archive(mail).cda)
    if (value == "O") != carried:
        return "X-MSS-INS contredit l'identifiant porté par les documents."
    return ""


def _subject(mail: Mail) -> str:
    subject = mail.header("Subject")
    if not _SUBJECT.fullmatch(subject):
        return "L'objet n'a pas la forme XDM/1.0/DDM+libellé NOM prénom JJ/MM/AAAA."
    if not _archive(mail).cda:
        return ""
    cda = _archive(mail).cda[0]
    if cda.birth_name and f" {_plain(cda.birth_name).upper()} " not in subject:
        return "Le nom de naissance de l'objet n'est pas celui du document."
    date = f"{cda.birth_date[6:8]}/{cda.birth_date[4:6]}/{cda.birth_date[:4]}"
    if subject[-10:].count("/") == 2 and subject[-10:] != date:
        return "La date de naissance de l'objet n'est pas celle du document."
    return ""


def _pdf_copies(mail: Mail) -> str:
    documents = _archive(mail).cda
    if len(mail.pdfs) != len(documents):
        return (
            f"Il faut une copie PDF par document : {counted(len(documents), 'attendue')}, "
            f"{counted(len(mail.pdfs), 'jointe')}."
        )
    if not all(item.data.startswith(b"%PDF-") for item in mail.pdfs):
        return "Une copie jointe n'est pas un PDF."
    copies = [item.data for item in mail.pdfs]
    if any(cda.pdf and cda.pdf not in copies for cda in documents):
        return "La copie PDF n'est pas celle que le document contient."
    return ""


def _pdf_names(mail: Mail) -> str:
    wrong = [item for item in mail.pdfs if not _PDF_NAME.fullmatch(item.name)]
    return "Le nom d'une copie PDF n'a pas la forme AAAAMMJJ_type_NOM_prenom.pdf." if wrong else ""


def _masking(mail: Mail) -> str:
    codes = {code for entry in _archive(mail).entries for code in entry.confidentiality}
    if not _citizens(mail) and "MASQUE_PS" in codes:
        return "Un document masqué aux professionnels leur est adressé."
    if _citizens(mail) and "INVISIBLE_PATIENT" in codes:
        return "Un document invisible pour l'usager lui est adressé."
    return ""


def _archive(mail: Mail) -> Archive:
    if mail.archive is None:
        raise ArchiveUnreadable(mail.archive_problem)
    return mail.archive


def _plain(text: str) -> str:
    decomposed = unicodedata.normalize("NFD", text)
    return "".join(char for char in decomposed if not unicodedata.combining(char))


MESSAGE_RULES: tuple[Row, ...] = (
    Row("Identifiant du message", SOCLE.format("ECO.2.2.1"), _message_id),
    Row("Date", "RFC 5322, 3.6", _date),
    Row("Expéditeur et nom affiché", SOCLE.format("ECO.2.2.7"), _from),
    Row("Adresse de réponse", SOCLE.format("ECO.2.2.5"), _reply_to),
    Row("Destinataires visibles", "RFC 5322, 3.6.3", _to),
    Row("Numéro du logiciel (X-MSS-NIL)", SOCLE.format("ECO.2.4.3"), _nil),
    Row("Corps en texte UTF-8", SOCLE.format("ECO.2.2.3, ECO.2.2.4"), _utf8),
    Row("Professionnels et usager séparés", IG, _not_mixed),
    Row("Adresse d'usager", MES, _citizen_address),
    Row("Taille", MES, _size),
)
PLAIN_RULES: tuple[Row, ...] = (
    Row("Objet sans archive", SOCLE.format("ECO.2.1.3"), _subject_free),
    Row("En-têtes réservés aux documents", SOCLE.format("ECO.2.4.1, ECO.2.4.2"), _no_document_headers),
)
ARCHIVE_RULES: tuple[Row, ...] = (
    Row("Nom de l'archive", SOCLE.format("ECO.2.1.1"), _archive_name),
    Row("Archive lisible", XDM, _archive_readable),
    Row("Arborescence de l'archive", XDM, _tree),
    Row("Métadonnées des documents", XDM, _metadata),
    Row("Un seul usager", SOCLE.format("ECO.2.1.2"), _single_usager),
    Row("Codes des documents (X-MSS-CODECDA)", SOCLE.format("ECO.2.4.1"), _codes),
    Row("INS qualifiée (X-MSS-INS)", SOCLE.format("ECO.2.4.2"), _ins),
    Row("Objet", SOCLE.format("ECO.2.1.3"), _subject),
    Row("Copie PDF de chaque document", SOCLE.format("ECO.2.1.5"), _pdf_copies),
    Row("Nom des copies PDF", SOCLE.format("ECO.2.1.6"), _pdf_names),
    Row("Visibilité des documents", IG, _masking),
)
