"""The one careful reader of ZIP archives that came from outside: nothing is written, nothing is believed.

Sources: PKWARE APPNOTE 6.3.10 (§4.3.6 layout, §4.3.16 end of central directory, §4.4.4 flags). Bounds are
checked before what they bound is built: the directory by its size in bytes, each entry while it inflates.
The sizes and the counts that an archive declares are its sender's words.
"""

from __future__ import annotations

import io
import posixpath
import stat
import struct
import zipfile
import zlib
from dataclasses import dataclass
from enum import StrEnum

_CHUNK = 64 * 1024
_METHODS = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})
_END, _END_BYTES, _LONGEST_COMMENT = b"PK\x05\x06", 22, 65_535
# A name of a document and its extra fields, with room: 46 bytes are fixed.
_DIRECTORY_BYTES_PER_ENTRY = 1_024
# Flags: encrypted, strongly encrypted, headers masked.
_ENCRYPTED = 0x0001 | 0x0040 | 0x2000
# A small file may compress well without being a bomb: the ratio counts from here.
_RATIO_FROM = 1024 * 1024
_NESTED = (b"PK\x03\x04", b"PK\x05\x06", b"\x1f\x8b", b"7z\xbc\xaf'\x1c", b"Rar!\x1a\x07")


class ArchiveFault(StrEnum):
    """Why an archive is refused."""

    UNREADABLE = "unreadable"
    TOO_LARGE = "too_large"
    UNSAFE = "unsafe"


class ArchiveRefused(Exception):
    """An archive that must not be opened; `detail` is French, whoever reads the format words the rest."""

    def __init__(self, fault: ArchiveFault, detail: str) -> None:
        self.fault = fault
        self.detail = detail
        super().__init__(f"{fault.value}: {detail}")


@dataclass(frozen=True, slots=True)
class ArchiveLimits:
    """Bounds: bytes received, entries, bytes of one entry and of all once inflated, inflated ÷ deflated."""

    archive_bytes: int = 30 * 1024 * 1024
    entries: int = 200
    entry_bytes: int = 20 * 1024 * 1024
    total_bytes: int = 40 * 1024 * 1024
    ratio: int = 100


def read_entries(data: bytes, limits: ArchiveLimits) -> dict[str, bytes]:
    """Return the files of an archive by path, folders left out, separators all "/".

    Two names that differ by case only are the same file. Raises ArchiveRefused.
    """
    if len(data) > limits.archive_bytes:
        raise ArchiveRefused(ArchiveFault.TOO_LARGE, "taille de l'archive")
    _check_directory(data, limits)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return _inflate(archive, limits)
    except (
        zipfile.BadZipFile, zlib.error, struct.error, EOFError, OSError, ValueError, NotImplementedError
    ) as error:  # fmt: skip
        raise ArchiveRefused(ArchiveFault.UNREADABLE, "archive abîmée ou incomplète") from error


def _check_directory(data: bytes, limits: ArchiveLimits) -> None:
    """Bound the central directory before anything reads it: each entry costs twenty times its own bytes."""
    if not data.startswith(b"PK"):
        raise ArchiveRefused(ArchiveFault.UNREADABLE, "début de l'archive absent")
    end = len(data) - _END_BYTES
    if end < 0 or data[end : end + 4] != _END or data[-2:] != b"\0\0":
        end = data.rfind(_END, max(0, len(data) - _END_BYTES - _LONGEST_COMMENT))
    if end < 0:
        raise ArchiveRefused(ArchiveFault.UNREADABLE, "fin de l'archive absente")
    if int.from_bytes(data[end + 12 : end + 16], "little") > limits.entries * _DIRECTORY_BYTES_PER_ENTRY:
        raise ArchiveRefused(ArchiveFault.TOO_LARGE, "nombre de fichiers")


def _inflate(archive: zipfile.ZipFile, limits: ArchiveLimits) -> dict[str, bytes]:
    infos = archive.infolist()
    if len(infos) > limits.entries:
        raise ArchiveRefused(ArchiveFault.TOO_LARGE, "nombre de fichiers")
    files: dict[str, bytes] = {}
    seen: set[str] = set()
    remaining, reached = limits.total_bytes, 0
    for info in sorted(infos, key=lambda item: item.header_offset):
        name = _safe_name(info)
        if info.header_offset < reached or info.header_offset + info.compress_size > archive.start_dir:
            raise ArchiveRefused(ArchiveFault.UNSAFE, "fichiers superposés")
        # The local header is 30 bytes at least; one that shares the data of its neighbour is a bomb.
        reached = info.header_offset + 30 + info.compress_size
        if info.is_dir():
            continue
        if name.lower() in seen:
            raise ArchiveRefused(ArchiveFault.UNSAFE, "deux fichiers du même nom")
        seen.add(name.lower())
        files[name] = _bounded_read(archive, info, min(limits.entry_bytes, remaining), limits.ratio)
        if files[name].startswith(_NESTED):
            raise ArchiveRefused(ArchiveFault.UNSAFE, "une archive dans l'archive")
        if len(files[name]) != info.file_size:
            raise ArchiveRefused(ArchiveFault.UNREADABLE, "taille annoncée fausse")
        remaining -= len(files[name])
    return files


def _safe_name(info: zipfile.ZipInfo) -> str:
    """Return the relative path of an entry. Raises ArchiveRefused."""
    # What zipfile cuts at a NUL, another program may not.
    written = info.orig_filename.replace("\\", "/")
    parts = written.split("/")
    hidden = any(ord(letter) < 32 or letter in ":\x7f" for letter in written)
    if written.startswith("/") or ".." in parts or hidden:
        raise ArchiveRefused(ArchiveFault.UNSAFE, "chemin interdit")
    if info.flag_bits & _ENCRYPTED:
        raise ArchiveRefused(ArchiveFault.UNSAFE, "fichier chiffré")
    kind = stat.S_IFMT(info.external_attr >> 16)
    if kind and not (stat.S_ISREG(kind) or stat.S_ISDIR(kind)):
        raise ArchiveRefused(ArchiveFault.UNSAFE, "lien ou fichier spécial")
    if info.compress_type not in _METHODS:
        raise ArchiveRefused(ArchiveFault.UNSAFE, "compression inattendue")
    name = posixpath.normpath(written)
    if name in (".", ""):
        raise ArchiveRefused(ArchiveFault.UNSAFE, "chemin interdit")
    return name


def _bounded_read(archive: zipfile.ZipFile, info: zipfile.ZipInfo, limit: int, ratio: int) -> bytes:
    """Inflate one entry, stopping as soon as a bound is passed."""
    chunks: list[bytes] = []
    size = 0
    ceiling = max(info.compress_size * ratio, _RATIO_FROM)
    with archive.open(info) as stream:
        while chunk := stream.read(_CHUNK):
            size += len(chunk)
            if size > limit:
                raise ArchiveRefused(ArchiveFault.TOO_LARGE, "taille décompressée")
            if size > ceiling:
                raise ArchiveRefused(ArchiveFault.TOO_LARGE, "taux de compression")
            chunks.append(chunk)
    return b"".join(chunks)
