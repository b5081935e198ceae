"""The reader: one question on the standard input, one answer on the standard output, then the end."""

from __future__ import annotations

import codecs
import contextlib
import io
import sys
from collections.abc import Callable
from typing import Any

import pypdfium2 as pdfium
from pikepdf import Dictionary, Encryption, Name, Pdf
from PIL import Image

from amarre.dui.intake.apart import limits
from amarre.dui.intake.apart.admission import admit
from amarre.dui.intake.apart.confinement import allow_cpu, confine
from amarre.dui.intake.apart.joining import join
from amarre.dui.intake.apart.office_archive import clean_office
from amarre.dui.intake.apart.pdf_drawing import open_drawing, preview
from amarre.dui.intake.apart.photographs import read_photograph
from amarre.dui.intake.apart.protocol import Message
from amarre.dui.intake.apart.verdicts import Reason, Refused
from amarre.interop.common.pictures import encoded


def _admit(asked: Message) -> Message:
    profile, *files = asked.files
    done = admit(tuple(files), profile)
    head = {"pages": done.pages, "text": done.text.value, "notes": sorted(note.value for note in done.notes)}
    return Message(head, (done.pdf,))


def _join(asked: Message) -> Message:
    cover, band, body = asked.files
    allow_cpu(limits.JOIN_CPU_SECONDS)
    return Message({}, (join(cover, band, body, str(asked.head["title"])),))


def _draw(asked: Message) -> Message:
    allow_cpu(limits.PICTURE_CPU_SECONDS)
    with open_drawing(asked.files[0]) as document:
        number = int(asked.head["page"])
        if not 0 <= number < len(document):
            raise Refused(Reason.BROKEN)
        return Message({}, (preview(document[number], int(asked.head["width"])),))


def _picture(asked: Message) -> Message:
    allow_cpu(limits.PICTURE_CPU_SECONDS)
    return Message({}, (encoded(read_photograph(asked.files[0]), "PNG"),))


def _clean(asked: Message) -> Message:
    done = clean_office(asked.files[0])
    return Message(
        {"kind": done.kind.value, "notes": sorted(note.value for note in done.notes)}, (done.data,)
    )


QUESTIONS: dict[str, Callable[[Message], Message]] = {
    "admit": _admit,
    "clean": _clean,
    "join": _join,
    "picture": _picture,
    "draw": _draw,
}


def answer(asked: Message) -> Message:
    """Return the answer to one question; a refusal is one."""
    question: Any = QUESTIONS[asked.head["question"]]
    try:
        done: Message = question(asked)
    except Refused as refused:
        return Message({"refused": refused.reason.value})
    except pdfium.PdfiumError:
        return Message({"refused": Reason.BROKEN.value})
    return done


# Tag of EXIF: how the camera was held.
_ORIENTATION = 0x0112


def rehearse() -> None:
    """Do all of it once on a page and a picture of our own: what is loaded at first use is loaded now.

    After `confine` no file can be opened any more, those of Python's library included.
    """
    sample = io.BytesIO()
    with Pdf.new() as pdf:
        page = pdf.add_blank_page(page_size=(20, 20))
        font = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica)
        page.obj.Resources = Dictionary(Font=Dictionary(F=pdf.make_indirect(font)))
        page.obj.Contents = pdf.make_stream(b"1 0 0 rg BT /F 9 Tf 2 2 Td (\xe9) Tj ET")
        pdf.save(sample)
        locked = io.BytesIO()
        pdf.save(locked, encryption=Encryption(owner="a", user=""))
        Pdf.open(locked).close()
    pictures = []
    for encoding in ("PNG", "JPEG"):
        picture = io.BytesIO()
        exif = Image.Exif()
        exif[_ORIENTATION] = 6
        Image.new("RGB", (2, 2)).save(picture, encoding, exif=exif)
        pictures.append(picture.getvalue())
    with contextlib.suppress(Refused):
        # Without a colour profile nothing is a PDF/A: every way of converting is tried.
        admit((sample.getvalue(), *pictures), b"")
    with open_drawing(sample.getvalue()) as document:
        preview(document[0], 20)
    # The codecs that archives and XML name.
    for codec in ("cp437", "utf-16", "iso-8859-15", "cp1252"):
        codecs.lookup(codec)


def main() -> int:
    """Answer; what the limits stop ends with a code that is not zero, and is a refusal for who asked."""
    asked = Message.unpack(sys.stdin.buffer.read())
    rehearse()
    memory = limits.PICTURE_MEMORY_BYTES if asked.head.get("pictures") else limits.MEMORY_BYTES
    confine(memory, limits.INSPECTION_CPU_SECONDS)
    sys.stdout.buffer.write(answer(asked).pack())
    sys.stdout.buffer.flush()
    return 0


if __name__ == "__main__":
    sys.exit(main())
