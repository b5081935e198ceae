"""The state of the simulated DMP: sets and documents, in the sandbox's store, never twice.

Keys: `set/<uniqueId>`, `entry/<entryUUID>` (JSON), `object/<entryUUID>` (ExtrinsicObject as the registry
gives it), `document/<uniqueId>` (bytes), `unique/<uniqueId>` → entryUUID, `vihf/<id>` and `message/<id>`
(already seen), `access/<INS>/<caller>` (authorisation given by TD0.3).
"""

from __future__ import annotations

import copy
import datetime
import hashlib
import json
from dataclasses import asdict, dataclass, replace

from lxml import etree

from amarre.interop.common.clock import IdSource
from amarre.interop.common.xml import parse_foreign
from amarre.sandbox.service import Store
from amarre.sandbox.services.dmp import metadata
from amarre.sandbox.services.dmp.metadata import RIM, RegistryObject

SERVICE = "dmp"
REPOSITORY = "1.2.250.1.213.4.1.1.1.2"
APPROVED = "urn:oasis:names:tc:ebxml-regrep:StatusType:Approved"
DEPRECATED = "urn:oasis:names:tc:ebxml-regrep:StatusType:Deprecated"
ARCHIVED = "urn:asip:ci-sis:2010:StatusType:Archived"
DELETED = "urn:asip:ci-sis:2010:StatusType:Deleted"
SIGNATURE_TYPE = "E1762"
# What the registry adds to a document, never taken from a request.
ADDED_SLOTS = frozenset({"hash", "size", "repositoryUniqueId"})


@dataclass(frozen=True, slots=True)
class Entry:
    """One document of the registry."""

    entry_uuid: str
    unique_id: str
    patient: str
    title: str
    type_code: str
    class_code: str
    status: str
    hash: str
    size: int
    submission_set: str
    structure: str
    received_at: str
    replaces: str = ""
    # Stable across the versions of its metadata; each version has its own entryUUID.
    logical_id: str = ""
    version: int = 1
    # False for a version of the metadata that another one follows.
    current: bool = True
    # Codes of confidentiality, and national identifiers of the authors.
    confidentiality: tuple[str, ...] = ()
    authors: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class NewDocument:
    """A document about to be registered."""

    metadata: RegistryObject
    data: bytes
    replaces: str = ""


class Registry:
    """Reads and writes the documents. Writing one submission is atomic."""

    def __init__(self, store: Store, ids: IdSource) -> None:
        self._store = store
        self._ids = ids

    def first_time(self, kind: str, identifier: str) -> bool:
        """Remember an identifier of that kind; return whether it had never been seen."""
        return self._store.put_new(SERVICE, f"{kind}/{identifier}", b"1")

    def has_set(self, unique_id: str) -> bool:
        """Tell whether a submission set of that uniqueId was registered."""
        return self._store.get(SERVICE, f"set/{unique_id}") is not None

    def by_unique_id(self, unique_id: str) -> Entry | None:
        """Return the document of that uniqueId."""
        found = self._store.get(SERVICE, f"unique/{unique_id}")
        return None if found is None else self.by_uuid(found.decode())

    def by_uuid(self, entry_uuid: str) -> Entry | None:
        """Return the document of that entryUUID."""
        found = self._store.get(SERVICE, f"entry/{entry_uuid}")
        return None if found is None else _decode(found)

    def by_logical_id(self, logical_id: str) -> Entry | None:
        """Return the current version of the metadata of that logical identifier."""
        return next((entry for entry in self.entries() if entry.logical_id == logical_id), None)

    def entries(self) -> list[Entry]:
        """Return every document, signatures included, oldest first; one version of metadata each."""
        found = []
        for key in self._store.keys(SERVICE, "entry/"):
            value = self._store.get(SERVICE, key)
            entry = None if value is None else _decode(value)
            if entry is not None and entry.current:
                found.append(entry)
        return sorted(found, key=lambda entry: (entry.received_at, entry.unique_id))

    def document(self, unique_id: str) -> bytes | None:
        """Return the bytes of a document."""
        return self._store.get(SERVICE, f"document/{unique_id}")

    def object(self, entry: Entry) -> etree._Element:
        """Return the ExtrinsicObject of a document, with its present status. Raises KeyError."""
        found = self._store.get(SERVICE, f"object/{entry.entry_uuid}")
        if found is None:
            raise KeyError(entry.entry_uuid)
        element = parse_foreign(found)
        element.set("status", entry.status)
        return element

    def change_status(self, entry: Entry, status: str) -> None:
        """Give another status to a document."""
        self._store.put(SERVICE, f"entry/{entry.entry_uuid}", _encode(replace(entry, status=status)))

    def new_version(self, entry: Entry, item: RegistryObject) -> Entry:
        """Replace the metadata of a document: a new entryUUID, the next version, the same logical id."""
        codes = item.codes.get(metadata.CONFIDENTIALITY, ())
        new = replace(
            entry,
            entry_uuid=self._ids.uuid().urn,
            version=entry.version + 1,
            confidentiality=tuple(code.code for code in codes),
        )
        self._store.put_many(
            SERVICE,
            {
                f"entry/{entry.entry_uuid}": _encode(replace(entry, current=False, status=DEPRECATED)),
                f"entry/{new.entry_uuid}": _encode(new),
                f"object/{new.entry_uuid}": _as_registered(item.element, new),
                f"unique/{new.unique_id}": new.entry_uuid.encode(),
            },
        )
        return new

    def access(self, ins: str, caller: str) -> str:
        """Return the authorisation that TD0.3 gave or removed, "" when it never did."""
        found = self._store.get(SERVICE, f"access/{ins}/{caller}")
        return "" if found is None else found.decode()

    def set_access(self, ins: str, caller: str, value: str) -> None:
        """Keep the authorisation of a caller."""
        self._store.put(SERVICE, f"access/{ins}/{caller}", value.encode())

    def register(
        self,
        submission_set: RegistryObject,
        documents: list[NewDocument],
        *,
        structure: str,
        now: datetime.datetime,
    ) -> list[Entry]:
        """Store a submission at once: set, documents, deprecation of what they replace."""
        set_id = submission_set.identifiers[metadata.SET_UNIQUE]
        values = {f"set/{set_id}": etree.tostring(submission_set.element)}
        created = []
        for document in documents:
            item = document.metadata
            unique_id = item.identifiers[metadata.ENTRY_UNIQUE]
            identifier = self._ids.uuid().urn
            entry = Entry(
                entry_uuid=identifier,
                logical_id=identifier,
                unique_id=unique_id,
                patient=item.identifiers[metadata.ENTRY_PATIENT],
                title=item.title,
                type_code=item.code(metadata.TYPE).code,
                class_code=item.code(metadata.CLASS).code,
                status=APPROVED,
                hash=digest(document.data),
                size=len(document.data),
                submission_set=set_id,
                structure=structure,
                received_at=now.isoformat(),
                replaces=document.replaces,
                confidentiality=tuple(code.code for code in item.codes.get(metadata.CONFIDENTIALITY, ())),
                authors=tuple(
                    value.partition("^")[0]
                    for author in item.authors
                    for value in author.slots.get("authorPerson", ())
                ),
            )
            created.append(entry)
            values[f"entry/{entry.entry_uuid}"] = _encode(entry)
            values[f"object/{entry.entry_uuid}"] = _as_registered(item.element, entry)
            values[f"unique/{unique_id}"] = entry.entry_uuid.encode()
            values[f"document/{unique_id}"] = document.data
            old = self.by_uuid(document.replaces) if document.replaces else None
            if old is not None:
                values[f"entry/{old.entry_uuid}"] = _encode(replace(old, status=DEPRECATED))
        self._store.put_many(SERVICE, values)
        return created


def digest(data: bytes) -> str:
    """Return the SHA-1 of a document in hexadecimal, as the DMP computes it (XDS attribute hash)."""
    return hashlib.sha1(data, usedforsecurity=False).hexdigest()


def _encode(entry: Entry) -> bytes:
    return json.dumps(asdict(entry), ensure_ascii=False).encode()


def _decode(data: bytes) -> Entry:
    values = json.loads(data)
    for name in ("confidentiality", "authors"):
        values[name] = tuple(values.get(name, ()))
    return Entry(**values)


def _as_registered(element: etree._Element, entry: Entry) -> bytes:
    """Return the ExtrinsicObject with what the registry adds (identifiers, version, hash, size)."""
    registered = copy.deepcopy(element)
    old = registered.get("id", "")
    for item in registered.iter():
        for name in ("classifiedObject", "registryObject"):
            if isinstance(item.tag, str) and item.get(name) == old:
                item.set(name, entry.entry_uuid)
    registered.set("id", entry.entry_uuid)
    registered.set("lid", entry.logical_id)
    registered.set("status", entry.status)
    for child in list(registered):
        added = child.tag == f"{{{RIM}}}Slot" and child.get("name") in ADDED_SLOTS
        if added or child.tag == f"{{{RIM}}}VersionInfo":
            registered.remove(child)
    additions = {"hash": entry.hash, "size": str(entry.size), "repositoryUniqueId": REPOSITORY}
    for name, value in additions.items():
        slot = etree.Element(f"{{{RIM}}}Slot", name=name)
        values = etree.SubElement(slot, f"{{{RIM}}}ValueList")
        etree.SubElement(values, f"{{{RIM}}}Value").text = value
        registered.insert(0, slot)
    # ebRIM orders Slot, Name, Description, VersionInfo, Classification, ExternalIdentifier.
    position = 0
    for index, child in enumerate(registered):
        if isinstance(child.tag, str) and etree.QName(child).localname in {"Slot", "Name", "Description"}:
            position = index + 1
    registered.insert(position, etree.Element(f"{{{RIM}}}VersionInfo", versionName=str(entry.version)))
    etree.cleanup_namespaces(registered)
    return etree.tostring(registered)
