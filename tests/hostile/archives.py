"""Class 4: archives that climb, link, explode, overlap or lie about themselves.

Each is made from the files of a good archive, so that it reaches as far as a good one. Sources: zip-slip
(Snyk, 2018); Fifield, "A better zip bomb" (2019, overlapping files); PKWARE APPNOTE 6.3.10.
"""

from __future__ import annotations

import gzip
import io
import struct
import warnings
import zipfile
from collections.abc import Callable
from dataclasses import dataclass

Files = dict[str, bytes]
Make = Callable[[Files], bytes]
LOCAL, CENTRAL, END = b"PK\x03\x04", b"PK\x01\x02", b"PK\x05\x06"
DOCUMENT = "IHE_XDM/SUBSET01/DOC0001.XML"


def zipped(
    files: Files, *more: tuple[zipfile.ZipInfo | str, bytes], method: int = zipfile.ZIP_DEFLATED
) -> bytes:
    """Return an archive of files, then of entries added even when their name is taken."""
    buffer = io.BytesIO()
    with warnings.catch_warnings(), zipfile.ZipFile(buffer, "w", method) as target:
        warnings.simplefilter("ignore", UserWarning)
        for name, data in files.items():
            target.writestr(name, data)
        for entry, data in more:
            target.writestr(entry, data)
    return buffer.getvalue()


def _named(name: str, *, mode: int = 0, data: bytes = b"x") -> Make:
    def make(files: Files) -> bytes:
        # A name of the same length first: zipfile corrects some names when it writes them.
        plain = "Z" * len(name.encode())
        entry = zipfile.ZipInfo(plain)
        entry.create_system = 3
        entry.external_attr = mode << 16
        written = zipped(files, (entry, data))
        return written.replace(plain.encode(), name.encode())

    return make


def _spoiled(signature: bytes, offset: int, value: bytes, *, last: bool = True) -> Make:
    """Return an archive in which some bytes of a header are replaced; `offset` counts from its signature."""

    def make(files: Files) -> bytes:
        data = bytearray(zipped(files))
        start = data.rindex(signature) if last else data.index(signature)
        data[start + offset : start + offset + len(value)] = value
        return bytes(data)

    return make


def _both(field_central: int, field_local: int, value: bytes) -> Make:
    """Return an archive whose last entry says the same wrong thing in both its headers."""

    def make(files: Files) -> bytes:
        data = bytearray(zipped(files))
        for signature, offset in ((CENTRAL, field_central), (LOCAL, field_local)):
            start = data.rindex(signature)
            data[start + offset : start + offset + len(value)] = value
        return bytes(data)

    return make


def _bomb(files: Files) -> bytes:
    return zipped(files, ("bombe.bin", bytes(300_000_000)))


def _many_bombs(files: Files) -> bytes:
    block = bytes(range(256)) * 40 + bytes(990_000)
    return zipped(files, *((f"b{number}.bin", block) for number in range(150)))


def _overlapping(files: Files) -> bytes:
    """One compressed block, claimed by a hundred entries (Fifield's construction, simplified)."""
    data = zipped({**files, "bombe.bin": bytes(900_000)})
    start = data.index(CENTRAL)
    end = data.rindex(END)
    last = data.rindex(CENTRAL, 0, end)
    entry = data[last:end]
    entries = b"".join(entry.replace(b"bombe.bin", b"b%07d" % number + b"x") for number in range(100))
    count = len(files) + 1 + 100
    tail = bytearray(data[end:])
    tail[8:12] = struct.pack("<HH", count, count)
    tail[12:16] = struct.pack("<I", end - start + len(entries))
    return data[:end] + entries + bytes(tail)


def _directory_flood(files: Files) -> bytes:
    """Half a million entries of no byte: 25 MB of directory, some gigabytes once in memory."""
    data = zipped(files)
    end, last = data.rindex(END), data.rindex(CENTRAL, 0, data.rindex(END))
    entry = data[last:end]
    entries = entry * (25_000_000 // len(entry))
    tail = bytearray(data[end:])
    tail[12:16] = struct.pack("<I", end - data.index(CENTRAL) + len(entries))
    return data[:end] + entries + bytes(tail)


def _two_ends(files: Files) -> bytes:
    """A comment that holds another end of directory: readers differ on which one counts."""
    inner = zipped({"autre.txt": b"x"})
    data = bytearray(zipped(files))
    end = data.rindex(END)
    data[end + 20 : end + 22] = struct.pack("<H", len(inner))
    return bytes(data) + inner[:-1] + b"\x01"


def _renamed_inside(files: Files) -> bytes:
    """The directory says one name, the file's own header another."""
    data = zipped(files)
    start = data.rindex(LOCAL)
    name = list(files)[-1].encode()
    return data[:start] + data[start:].replace(name, name[:-1] + b"Z", 1)


@dataclass(frozen=True)
class Hostile:
    """One archive; it must be refused, whatever it is read for."""

    name: str
    make: Make


ARCHIVES: tuple[Hostile, ...] = (
    # Where it would write.
    Hostile("climbs", _named("../../evil.txt")),
    Hostile("climbs with backslashes", _named("..\\..\\evil.txt")),
    Hostile("climbs from inside", _named("IHE_XDM/../../evil.txt")),
    Hostile("absolute", _named("/etc/cron.d/evil")),
    Hostile("absolute, backslash", _named("\\\\serveur\\partage\\evil")),
    Hostile("drive", _named("C:\\evil.txt")),
    Hostile("stream of a file", _named("DOC0001.XML:evil")),
    Hostile("NUL in the name", _named("DOC.XML\0.exe")),
    Hostile("line end in the name", _named("DOC\r\nX.XML")),
    Hostile("only dots", _named("./.")),
    Hostile("symbolic link", _named("IHE_XDM/lien", mode=0o120777, data=b"/etc/passwd")),
    Hostile("device", _named("IHE_XDM/zero", mode=0o020666)),
    Hostile("pipe", _named("IHE_XDM/tube", mode=0o010666)),
    # Two in one.
    Hostile("the same name twice", lambda files: zipped(files, (DOCUMENT, b"<autre/>"))),
    Hostile("the same name in small letters", lambda files: zipped(files, (DOCUMENT.lower(), b"<autre/>"))),
    Hostile(
        "the same name after its folder", lambda files: zipped(files, (f"IHE_XDM/./{DOCUMENT[8:]}", b"x"))
    ),
    Hostile("two directories", _two_ends),
    Hostile("another name inside", _renamed_inside),
    Hostile("an archive in the archive", lambda files: zipped(files, ("autre.zip", zipped(files)))),
    Hostile("a gzip in the archive", lambda files: zipped(files, ("autre.gz", gzip.compress(b"x")))),
    Hostile("behind a PDF", lambda files: b"%PDF-1.4\n" + zipped(files)),
    # Too much.
    Hostile("300 MB of zeros", _bomb),
    Hostile("150 files of 1 MB", _many_bombs),
    Hostile("overlapping files", _overlapping),
    Hostile("201 files", lambda files: zipped({**files, **{f"f{n}.txt": b"" for n in range(201)}})),
    Hostile("half a million entries", _directory_flood),
    Hostile(
        "31 MB of noise", lambda files: zipped(files, ("bruit", bytes(31_500_000)), method=zipfile.ZIP_STORED)
    ),
    # Lies and damage.
    Hostile("size said smaller", _both(24, 22, struct.pack("<I", 1))),
    Hostile("size said larger", _both(24, 22, struct.pack("<I", 2**31))),
    Hostile("compressed size said larger", _both(20, 18, struct.pack("<I", 2**31))),
    Hostile("wrong control sum", _both(16, 14, b"\1\2\3\4")),
    Hostile("encrypted", _both(8, 6, b"\1\0")),
    Hostile("strongly encrypted", _both(8, 6, b"\x41\0")),
    Hostile("unknown compression", _both(10, 8, b"\x63\0")),
    Hostile("LZMA", lambda files: zipped(files, method=zipfile.ZIP_LZMA)),
    Hostile("bzip2", lambda files: zipped(files, method=zipfile.ZIP_BZIP2)),
    Hostile("file before the beginning", _spoiled(CENTRAL, 42, struct.pack("<I", 2**32 - 2))),
    Hostile("file in the directory", _spoiled(CENTRAL, 42, struct.pack("<I", 60))),
    Hostile("directory before the beginning", _spoiled(END, 16, struct.pack("<I", 2**32 - 2))),
    Hostile("cut", lambda files: zipped(files)[:-30]),
    Hostile("no end", lambda files: zipped(files).replace(END, b"PK\x05\x07")),
    Hostile("empty", lambda files: b""),
    Hostile("nothing in it", lambda files: zipped({})),
    Hostile("four letters", lambda files: b"PK\x03\x04"),
)
