"""Own reading of an IHE_XDM.zip: tree, ebRIM metadata, CDA headers. It shares no code with the emitter.

Sources: IHE ITI TF-2, 3.32 (XDM media); IHE ITI TF-3, 4.2 and 4.3 (document entry, submission set, ebRIM);
HL7 CDA R2 (ClinicalDocument).
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import posixpath
import re
from dataclasses import dataclass, field

from lxml import etree

from amarre.interop.common.archives import ArchiveFault, ArchiveLimits, ArchiveRefused, read_entries
from amarre.interop.common.xml import XmlError, parse_foreign

RIM = "{urn:oasis:names:tc:ebxml-regrep:xsd:rim:3.0}"
CDA = "{urn:hl7-org:v3}"
DOCUMENT_ENTRY = "urn:uuid:7edca82f-054d-47f2-a032-9b2a5b5186c1"
SUBMISSION_SET = "urn:uuid:a54d6aa5-d40d-43f9-88c5-b4633d873bdd"
ENTRY_PATIENT = "urn:uuid:58a6f841-87b3-4a3e-92fd-a8ffeff98427"
SET_PATIENT = "urn:uuid:6b5aea1a-874d-4603-a4bc-96a0a7b38446"
CONFIDENTIALITY = "urn:uuid:f4f85eac-e6cb-4883-b524-f2705394840f"


class ArchiveUnreadable(Exception):
    """The archive cannot be judged; the message says why, in French."""


@dataclass(frozen=True, slots=True)
class CdaHeader:
    """What the rules need of a CDA."""

    code: str
    label: str
    patient_ids: tuple[tuple[str, str], ...]
    birth_name: str
    given_name: str
    birth_date: str
    # The PDF of a nonXMLBody, b"" for a structured body.
    pdf: bytes


@dataclass(frozen=True, slots=True)
class Entry:
    """One DocumentEntry of the metadata and the file it points to."""

    uri: str
    declared_hash: str
    declared_size: str
    patient: str
    confidentiality: frozenset[str]
    content: bytes | None
    cda: CdaHeader | None

    @property
    def digest(self) -> str:
        """SHA-1 of the file, as the metadata must declare it."""
        return hashlib.sha1(self.content or b"", usedforsecurity=False).hexdigest()


@dataclass(frozen=True, slots=True)
class Archive:
    """The archive, read."""

    names: tuple[str, ...]
    submission_sets: int
    set_patient: str
    entries: tuple[Entry, ...]
    cda: tuple[CdaHeader, ...] = field(default=())

    def has(self, name: str) -> bool:
        """Tell whether a file exists, whatever its case."""
        return name.upper() in (item.upper() for item in self.names)


def read_archive(data: bytes) -> Archive:
    """Return what the archive holds. Raises ArchiveUnreadable."""
    files = _unpack(data)
    metadata = next(
        (name for name in files if re.fullmatch(r"IHE_XDM/[A-Z0-9]{1,8}/METADATA\.XML", name, re.IGNORECASE)),
        None,
    )
    if metadata is None:
        raise ArchiveUnreadable("le fichier METADATA.XML est absent de IHE_XDM/SUBSET01")
    root = _xml(files[metadata], "METADATA.XML")
    folder = posixpath.dirname(metadata)
    entries = tuple(_entry(item, folder, files) for item in root.iter(f"{RIM}ExtrinsicObject"))
    sets = [item for item in root.iter(f"{RIM}RegistryPackage") if item.get("id") in _set_ids(root)]
    patient = _external(sets[0], SET_PATIENT) if sets else ""
    found = tuple(entry.cda for entry in entries if entry.cda is not None)
    return Archive(tuple(files), len(sets), patient, entries, found)


def _unpack(data: bytes) -> dict[str, bytes]:
    try:
        return read_entries(data, ArchiveLimits())
    except ArchiveRefused as error:
        words = {
            ArchiveFault.UNREADABLE: "ce n'est pas une archive ZIP lisible",
            ArchiveFault.TOO_LARGE: "l'archive contient trop de fichiers, ou des fichiers trop volumineux",
            ArchiveFault.UNSAFE: "l'archive contient une entrée interdite",
        }
        raise ArchiveUnreadable(f"{words[error.fault]} ({error.detail})") from error


def _xml(data: bytes, name: str) -> etree._Element:
    try:
        return parse_foreign(data)
    except XmlError as error:
        raise ArchiveUnreadable(f"{name} n'est pas un document XML lisible") from error


def _set_ids(root: etree._Element) -> set[str | None]:
    nodes = root.iter(f"{RIM}Classification")
    return {
        item.get("classifiedObject") for item in nodes if item.get("classificationNode") == SUBMISSION_SET
    }


def _external(item: etree._Element, scheme: str) -> str:
    for identifier in item.findall(f"{RIM}ExternalIdentifier"):
        if identifier.get("identificationScheme") == scheme:
            return identifier.get("value", "")
    return ""


def _slot(item: etree._Element, name: str) -> str:
    for slot in item.findall(f"{RIM}Slot"):
        if slot.get("name") == name:
            return "".join(value.text or "" for value in slot.iter(f"{RIM}Value"))
    return ""


def _entry(item: etree._Element, folder: str, files: dict[str, bytes]) -> Entry:
    uri = _slot(item, "URI")
    content = files.get(posixpath.normpath(posixpath.join(folder, uri))) if uri else None
    codes = frozenset(
        node.get("nodeRepresentation", "")
        for node in item.findall(f"{RIM}Classification")
        if node.get("classificationScheme") == CONFIDENTIALITY
    )
    cda = read_cda(content) if content is not None and item.get("mimeType") == "text/xml" else None
    return Entry(
        uri, _slot(item, "hash"), _slot(item, "size"), _external(item, ENTRY_PATIENT), codes, content, cda
    )


def read_cda(data: bytes) -> CdaHeader:
    """Return the header of a CDA. Raises ArchiveUnreadable."""
    root = _xml(data, "le document CDA")
    if root.tag != f"{CDA}ClinicalDocument":
        raise ArchiveUnreadable("un document de l'archive n'est pas un CDA")
    role = root.find(f"{CDA}recordTarget/{CDA}patientRole")
    code = root.find(f"{CDA}code")
    ids = role.findall(f"{CDA}id") if role is not None else []
    patient = role.find(f"{CDA}patient") if role is not None else None
    birth = patient.find(f"{CDA}birthTime") if patient is not None else None
    return CdaHeader(
        code=code.get("code", "") if code is not None else "",
        label=code.get("displayName", "") if code is not None else "",
        patient_ids=tuple((item.get("root", ""), item.get("extension", "")) for item in ids),
        birth_name=_name(patient, "family", "BR"),
        given_name=_name(patient, "given", "BR") or _name(patient, "given", ""),
        birth_date=birth.get("value", "") if birth is not None else "",
        pdf=_pdf(root),
    )


def _name(patient: etree._Element | None, part: str, qualifier: str) -> str:
    if patient is None:
        return ""
    for item in patient.findall(f"{CDA}name/{CDA}{part}"):
        if not qualifier or item.get("qualifier") == qualifier:
            return (item.text or "").strip()
    return ""


def _pdf(root: etree._Element) -> bytes:
    text = root.find(f"{CDA}component/{CDA}nonXMLBody/{CDA}text")
    if text is None or text.get("mediaType") != "application/pdf":
        return b""
    try:
        return base64.b64decode("".join((text.text or "").split()), validate=True)
    except (binascii.Error, ValueError):
        return b""
