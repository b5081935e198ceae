"""IHE_XDM.zip: read by a foreign unzip, the same bytes twice; hostile archives refused within bounds."""

from __future__ import annotations

import io
import struct
import subprocess
import zipfile
from pathlib import Path

import pytest

from amarre.interop.common.archives import ArchiveLimits
from amarre.interop.xdm import (
    XdmError,
    XdmSender,
    XdmSubmission,
    build_archive,
    is_xdm_name,
    read_archive,
)
from amarre.interop.xdm.errors import (
    XdmDocumentMissing,
    XdmHashMismatch,
    XdmMetadataMissing,
    XdmNotAnArchive,
    XdmTooLarge,
    XdmUnsafeEntry,
)
from amarre.interop.xds import Author, Institution, Person
from tests.interop.dmp import material

METADATA = "IHE_XDM/SUBSET01/METADATA.XML"
DOCUMENT = "IHE_XDM/SUBSET01/DOC0001.XML"


def archive(*documents: bytes) -> bytes:
    profile = material.profile()
    submission = XdmSubmission(
        unique_id=f"{material.ROOT_OID}.8.1",
        source_id=profile.software.oid,
        time=material.NOW,
        author=Author(
            Person("899700000013", "ROUX", "Claire"), institution=Institution("SSIAD", "1290099993")
        ),
        content_type=profile.content_type,
        title="Projet personnalisé",
    )
    sender = XdmSender(material.HOUSE.name, material.HOUSE.mailbox_app, "Amarre", "0.1.0", "Amarre")
    return build_archive(
        documents or (material.document(),), submission, sender, ["infirmiere@exemple.mssante.fr"]
    )


def files(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as found:
        return {name: found.read(name) for name in found.namelist()}


def rezip(content: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as target:
        for name, data in content.items():
            target.writestr(name, data)
    return buffer.getvalue()


def test_layout_and_contents() -> None:
    found = files(archive())
    assert list(found) == ["README.TXT", "INDEX.HTM", METADATA, DOCUMENT]
    assert found[DOCUMENT] == material.document()
    readme = found["README.TXT"].decode("ascii")
    assert material.HOUSE.mailbox_app in readme
    assert "Amarre 0.1.0" in readme
    assert b'href="IHE_XDM/SUBSET01/DOC0001.XML"' in found["INDEX.HTM"]
    # Who it is about is said by the metadata and the document, nowhere else.
    assert material.PERSON.nom_naissance not in readme + found["INDEX.HTM"].decode()


def test_the_same_input_gives_the_same_bytes() -> None:
    assert archive() == archive()


@pytest.mark.needs("unzip")
def test_a_foreign_program_finds_it_sound(tmp_path: Path) -> None:
    target = tmp_path / "IHE_XDM.zip"
    target.write_bytes(archive())
    done = subprocess.run(["unzip", "-t", str(target)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


def test_we_read_what_we_write() -> None:
    (found,) = read_archive(archive())
    (document,) = found.documents
    assert found.submission_unique_id == f"{material.ROOT_OID}.8.1"
    assert found.patient_id is not None
    assert found.patient_id.value == material.identity().matricule.value
    assert document.data == material.document()
    assert document.hash_checked
    assert document.metadata.unique_id == material.DOCUMENT_OID
    assert material.PERSON.nom_naissance not in repr(found)


def test_names_in_another_case_or_with_backslashes_are_read() -> None:
    content = {name.lower().replace("/", "\\"): data for name, data in files(archive()).items()}
    assert len(read_archive(rezip(content))[0].documents) == 1
    assert is_xdm_name("ihe_xdm.ZIP")
    assert not is_xdm_name("IHE_XDM.zip.exe")


def test_two_documents_of_two_persons_are_never_mixed() -> None:
    other = material.document(unique_id=f"{material.ROOT_OID}.7.2").replace(
        material.identity().matricule.value.encode(), b"275126322074974"
    )
    with pytest.raises(ValueError, match="one person"):
        archive(material.document(), other)
    with pytest.raises(ValueError, match="at least one"):
        build_archive((), None, None, ())  # type: ignore[arg-type]


def changed(name: str, data: bytes | None) -> bytes:
    content = files(archive())
    if data is None:
        del content[name]
    else:
        content[name] = data
    return rezip(content)


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"", XdmNotAnArchive),
        (b"PK\x03\x04 not a zip", XdmNotAnArchive),
        (archive()[:-30], XdmNotAnArchive),
        (changed(METADATA, None), XdmMetadataMissing),
        (changed(DOCUMENT, None), XdmDocumentMissing),
        (changed(DOCUMENT, material.document() + b" "), XdmHashMismatch),
        (changed(DOCUMENT, material.document().replace(b"2026", b"2025", 1)), XdmHashMismatch),
        (changed("../evil.txt", b"x"), XdmUnsafeEntry),
        (changed("/etc/passwd", b"x"), XdmUnsafeEntry),
        (changed("C:\\evil.txt", b"x"), XdmUnsafeEntry),
        (changed(DOCUMENT.lower(), b"x"), XdmUnsafeEntry),
        (rezip({f"f{number}": b"" for number in range(300)}), XdmTooLarge),
        (changed("bomb.txt", b"\0" * 20_000_000), XdmTooLarge),
    ],
)
def test_hostile_or_damaged_archives(data: bytes, expected: type[XdmError]) -> None:
    with pytest.raises(expected):
        read_archive(data)


def test_a_metadata_uri_never_reaches_another_folder() -> None:
    metadata = files(archive())[METADATA].replace(b"DOC0001.XML", b"../../README.TXT")
    with pytest.raises(XdmDocumentMissing):
        read_archive(changed(METADATA, metadata))


def test_sizes_are_counted_not_believed() -> None:
    """The directory of the ZIP says one byte; the stream holds more."""
    data = bytearray(changed("big.txt", bytes(range(256)) * 8000))
    for signature, offset in ((b"PK\x01\x02", 24), (b"PK\x03\x04", 22)):
        start = data.rindex(signature, 0, data.rindex(b"big.txt"))
        data[start + offset : start + offset + 4] = struct.pack("<I", 1)
    with pytest.raises(XdmError):
        read_archive(bytes(data), ArchiveLimits(entry_bytes=100_000))


def test_a_link_and_an_encrypted_entry_are_refused() -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as target:
        info = zipfile.ZipInfo("IHE_XDM/link")
        info.create_system = 3
        info.external_attr = 0o120777 << 16
        target.writestr(info, "/etc/passwd")
    with pytest.raises(XdmUnsafeEntry):
        read_archive(buffer.getvalue())
    locked = bytearray(archive())
    locked[locked.index(b"PK\x01\x02") + 8] |= 1
    with pytest.raises(XdmUnsafeEntry):
        read_archive(bytes(locked))


def test_the_archive_itself_is_bounded() -> None:
    with pytest.raises(XdmTooLarge):
        read_archive(archive(), ArchiveLimits(archive_bytes=100))
