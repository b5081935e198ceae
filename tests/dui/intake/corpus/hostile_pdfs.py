"""Attack class 5: PDFs that want to harm, each with what must become of it.

`Expected` is a reason of refusal, or the notes that must be told when the file is neutralised. `None` as a
reason stands for « stopped by the limits »: time or memory.
"""

from __future__ import annotations

import io
import random
import zipfile
from collections.abc import Callable
from dataclasses import dataclass

from pikepdf import Array, Dictionary, Name, ObjectStreamMode, Pdf, String

from amarre.dui.intake.apart.verdicts import Note, Reason
from tests.dui.intake.corpus import pdf_writing as w

CANARY = "/etc/hostname"


@dataclass(frozen=True, slots=True)
class Expected:
    """What becomes of a file: refused for one of `reasons` (None: stopped by the limits), or told `notes`."""

    reasons: tuple[Reason | None, ...] = ()
    notes: frozenset[Note] = frozenset()


@dataclass(frozen=True, slots=True)
class Hostile:
    """One file of the corpus, made when asked."""

    name: str
    make: Callable[[], bytes]
    expected: Expected


def _refused(*reasons: Reason | None) -> Expected:
    return Expected(reasons=reasons)


def _told(*notes: Note) -> Expected:
    return Expected(notes=frozenset(notes))


def _catalog(**entries: object) -> Callable[[], bytes]:
    def change(pdf: Pdf) -> None:
        for key, value in entries.items():
            pdf.Root[f"/{key}"] = value

    return lambda: w.written(change)


def _noted(subtype: str, **entries: object) -> Callable[[], bytes]:
    return lambda: w.written(lambda pdf: w.annotation(pdf, subtype, **entries))


def _page_action() -> bytes:
    def change(pdf: Pdf) -> None:
        pdf.pages[0].obj.AA = Dictionary(O=w.script())

    return w.written(change)


def _named_script() -> bytes:
    names = Dictionary(JavaScript=Dictionary(Names=Array([String("a"), w.script()])))
    return _catalog(Names=names)()


def _hidden_launch() -> bytes:
    """An action that starts a program, inside a compressed object stream."""

    def change(pdf: Pdf) -> None:
        made = pdf.make_indirect(w.action("Launch", F=String("cmd.exe")))
        w.annotation(pdf, "Link", A=made)

    return w.written(change, object_stream_mode=ObjectStreamMode.generate)


def _chained_launch() -> bytes:
    chain = w.action("URI", URI=String("https://exemple.invalid"), Next=w.action("Launch", F=String("a")))
    return _noted("Link", A=chain)()


def _embedded() -> bytes:
    def change(pdf: Pdf) -> None:
        described = w.attachment(pdf, "facture.exe", b"MZ" + bytes(200))
        pdf.Root.Names = Dictionary(EmbeddedFiles=Dictionary(Names=Array([String("a"), described])))

    return w.written(change)


def _attached_note() -> bytes:
    def change(pdf: Pdf) -> None:
        w.annotation(pdf, "FileAttachment", FS=w.attachment(pdf, "a.bat", b"del *"))

    return w.written(change)


def _xfa(*, dynamic: bool) -> bytes:
    def change(pdf: Pdf) -> None:
        w.field(pdf)
        pdf.Root.AcroForm.XFA = Array([String("template"), pdf.make_stream(b"<template/>")])
        if dynamic:
            pdf.Root.NeedsRendering = True

    return w.written(change)


def _form_with_script() -> bytes:
    return w.written(lambda pdf: w.field(pdf, AA=Dictionary(C=w.script("event.value = 1"))))


def _layers() -> bytes:
    def change(pdf: Pdf) -> None:
        layer = pdf.make_indirect(Dictionary(Type=Name.OCG, Name=String("secret")))
        pdf.Root.OCProperties = Dictionary(OCGs=Array([layer]), D=Dictionary(OFF=Array([layer])))
        pdf.pages[0].obj.Resources.Properties = Dictionary(L=layer)
        content = b"/OC /L BDC BT /F 14 Tf 40 600 Td (Cache) Tj ET EMC " + w.PAGE
        pdf.pages[0].obj.Contents = pdf.make_stream(content)

    return w.written(change)


def _signed() -> bytes:
    signature = Dictionary(
        Type=Name.Sig, Filter=Name("/Adobe.PPKLite"), ByteRange=Array([0, 1, 2, 3]), Contents=String("00")
    )
    return w.written(lambda pdf: w.field(pdf, Kids=Array([]), X=signature))


def _external_stream() -> bytes:
    return w.one_page(b"<< /Length 0 /F (%s) >>\nstream\n\nendstream" % CANARY.encode())


def _external_picture() -> bytes:
    picture = b"<< /Type /XObject /Subtype /Image /Width 9 /Height 9 /ColorSpace /DeviceGray "
    picture += b"/BitsPerComponent 8 /Length 0 /F << /FS /URL /F (http://127.0.0.1:9/x.png) >> >>\n"
    return w.one_page(
        b"q 99 0 0 99 0 0 cm /I Do Q", b"/XObject << /I 6 0 R >>", o6=picture + b"stream\n\nendstream"
    )


def _unknown_handler() -> bytes:
    """Encrypted for a certificate nobody has."""
    return w.raw(
        {
            1: b"<< /Type /Catalog /Pages 2 0 R >>",
            2: b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
            3: b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] >>",
            6: b"<< /Filter /Adobe.PubSec /V 4 /SubFilter /adbe.pkcs7.s5 >>",
        },
        trailer=b"/Encrypt 6 0 R /ID [<00><00>]",
    )


def _truncated() -> bytes:
    whole = w.written(lambda pdf: None)
    return whole[: len(whole) // 3]


def _noise() -> bytes:
    return b"%PDF-1.4\n" + random.Random(5).randbytes(40_000)


def _mutated(seed: int) -> Callable[[], bytes]:
    def make() -> bytes:
        rng, data = random.Random(seed), bytearray(w.one_page())
        for _ in range(60):
            data[rng.randrange(20, len(data))] = rng.randrange(256)
        return bytes(data)

    return make


def _with_archive() -> bytes:
    kept = io.BytesIO()
    kept.write(w.one_page())
    with zipfile.ZipFile(kept, "a") as archive:
        archive.writestr("a.exe", b"MZ")
    return kept.getvalue()


def _cyclic_tree() -> bytes:
    return w.raw(
        {
            1: b"<< /Type /Catalog /Pages 2 0 R >>",
            2: b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
            3: b"<< /Type /Pages /Parent 2 0 R /Kids [2 0 R] /Count 1 >>",
        }
    )


def _own_parent() -> bytes:
    return w.raw(
        {
            1: b"<< /Type /Catalog /Pages 2 0 R >>",
            2: b"<< /Type /Pages /Parent 2 0 R /Kids [2 0 R] /Count 9 >>",
        }
    )


def _deep_tree() -> bytes:
    depth = 20_000
    objects = {1: b"<< /Type /Catalog /Pages 2 0 R >>"}
    objects |= {
        n: b"<< /Type /Pages /Parent %d 0 R /Kids [%d 0 R] /Count 1 >>" % (n - 1, n + 1)
        for n in range(2, depth)
    }
    objects[depth] = b"<< /Type /Page /Parent %d 0 R /MediaBox [0 0 9 9] >>" % (depth - 1)
    return w.raw(objects)


def _nested_arrays() -> bytes:
    return w.raw(
        {
            1: b"<< /Type /Catalog /Pages 2 0 R /X %s%s >>" % (b"[" * 200_000, b"]" * 200_000),
            2: b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
            3: b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] >>",
        }
    )


def _stream_bomb(times: int) -> Callable[[], bytes]:
    def make() -> bytes:
        data, filters = w.zeros(400 * 1024 * 1024, times)
        return w.one_page(w.stream(data, filters))

    return make


def _many_filters() -> bytes:
    return w.one_page(w.stream(b"00>", b"/Filter [%s]" % (b"/ASCIIHexDecode " * 3000)))


def _picture_bomb() -> bytes:
    data, filters = w.zeros(60 * 1024 * 1024)
    head = b"/Type /XObject /Subtype /Image /Width 60000 /Height 60000 /ColorSpace /DeviceRGB "
    picture = w.stream(data, head + b"/BitsPerComponent 8 " + filters)
    return w.one_page(b"q 595 0 0 842 0 0 cm /I Do Q", b"/XObject << /I 6 0 R >>", o6=picture)


def _sized(box: bytes) -> Callable[[], bytes]:
    return lambda: w.one_page().replace(b"[0 0 595 842]", box)


def _many_pages(count: int) -> Callable[[], bytes]:
    def make() -> bytes:
        kids = b" ".join(b"%d 0 R" % n for n in range(3, 3 + count))
        objects = {
            1: b"<< /Type /Catalog /Pages 2 0 R >>",
            2: b"<< /Type /Pages /Kids [%s] /Count %d >>" % (kids, count),
        }
        page = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] >>"
        return w.raw(objects | dict.fromkeys(range(3, 3 + count), page))

    return make


def _many_objects() -> bytes:
    objects = {
        1: b"<< /Type /Catalog /Pages 2 0 R >>",
        2: b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        3: b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] >>",
    }
    return w.raw(objects | dict.fromkeys(range(4, 150_000), b"<< >>"))


def _table_loop() -> bytes:
    data = w.one_page()
    start = data.rindex(b"xref\n0")
    return data.replace(b"/Root 1 0 R", b"/Root 1 0 R /Prev %d" % start)


def _form_draws_itself() -> bytes:
    form = w.stream(
        b"/X Do /X Do",
        b"/Type /XObject /Subtype /Form /BBox [0 0 9 9] /Resources << /XObject << /X 6 0 R >> >>",
    )
    return w.one_page(b"/X Do", b"/XObject << /X 6 0 R >>", o6=form)


def _forms_multiply() -> bytes:
    """Each form draws the next one twenty times: 20⁹ drawings."""
    more = {}
    for number in range(6, 15):
        inside = b"/Resources << /XObject << /X %d 0 R >> >>" % (number + 1)
        body = b"/X Do " * 20 if number < 14 else b"0 0 5 5 re f"
        more[f"o{number}"] = w.stream(body, b"/Type /XObject /Subtype /Form /BBox [0 0 9 9] " + inside)
    return w.one_page(b"/X Do", b"/XObject << /X 6 0 R >>", **more)


def _endless_drawing() -> bytes:
    data, filters = w.deflated(b"0 0 m 595 842 l 10 800 m 500 3 l S\n" * 900_000)
    return w.one_page(w.stream(data, filters))


def _tiny_tiles() -> bytes:
    pattern = w.stream(
        b"0 0 1 1 re f",
        b"/Type /Pattern /PatternType 1 /PaintType 1 /TilingType 1 /BBox [0 0 1 1] /XStep 0.001 /YStep 0.001 "
        b"/Resources << >>",
    )
    return w.one_page(b"/Pattern cs /P scn 0 0 595 842 re f", b"/Pattern << /P 6 0 R >>", o6=pattern)


def _glyph_draws_itself() -> bytes:
    font = b"<< /Type /Font /Subtype /Type3 /FontBBox [0 0 9 9] /FontMatrix [1 0 0 1 0 0] /FirstChar 65 "
    font += b"/LastChar 65 /Widths [9] /Encoding << /Differences [65 /a] >> /CharProcs << /a 7 0 R >> "
    font += b"/Resources << /Font << /T 6 0 R >> >> >>"
    glyph = w.stream(b"9 0 d0 BT /T 1 Tf (AAAA) Tj ET")
    return w.one_page(b"BT /T 9 Tf (A) Tj ET", b"/Font << /T 6 0 R >>", o6=font, o7=glyph)


def _broken_font() -> bytes:
    program = random.Random(9).randbytes(30_000)
    descriptor = (
        b"<< /Type /FontDescriptor /FontName /ABCDEF+X /Flags 4 /FontBBox [0 0 9 9] /FontFile2 8 0 R >>"
    )
    font = b"<< /Type /Font /Subtype /TrueType /BaseFont /ABCDEF+X /FontDescriptor 7 0 R /FirstChar 65 "
    font += b"/LastChar 65 /Widths [9] >>"
    return w.one_page(
        b"BT /T 9 Tf (A) Tj ET", b"/Font << /T 6 0 R >>", o6=font, o7=descriptor,
        o8=w.stream(b"\x00\x01\x00\x00\x00\xff" + program),
    )  # fmt: skip


def _broken_picture(filters: bytes) -> Callable[[], bytes]:
    def make() -> bytes:
        head = b"/Type /XObject /Subtype /Image /Width 900 /Height 900 /ColorSpace /DeviceGray "
        head += b"/BitsPerComponent 8 "
        picture = w.stream(random.Random(3).randbytes(5_000), head + b"/Filter " + filters)
        return w.one_page(b"q 99 0 0 99 0 0 cm /I Do Q", b"/XObject << /I 6 0 R >>", o6=picture)

    return make


HOSTILE_PDFS: tuple[Hostile, ...] = (
    Hostile("script à l'ouverture", _catalog(OpenAction=w.script()), _told(Note.SCRIPTS, Note.ACTIONS)),
    Hostile("script dans la table des noms", _named_script, _told(Note.SCRIPTS)),
    Hostile("script d'une page", _page_action, _told(Note.SCRIPTS, Note.ACTIONS)),
    Hostile("script d'un champ", _form_with_script, _told(Note.SCRIPTS, Note.ACTIONS, Note.FORM)),
    Hostile("script d'un lien", _noted("Link", A=w.script()), _told(Note.SCRIPTS)),
    Hostile(
        "script à la fermeture", _catalog(AA=Dictionary(WC=w.script())), _told(Note.SCRIPTS, Note.ACTIONS)
    ),
    Hostile(
        "programme lancé à l'ouverture",
        _catalog(OpenAction=w.action("Launch", F=String("a.exe"))),
        _refused(Reason.LAUNCH),
    ),
    Hostile("programme lancé par un lien caché", _hidden_launch, _refused(Reason.LAUNCH)),
    Hostile("programme lancé à la suite d'un lien", _chained_launch, _refused(Reason.LAUNCH)),
    Hostile(
        "données importées",
        _noted("Link", A=w.action("ImportData", F=String("x.fdf"))),
        _refused(Reason.LAUNCH),
    ),
    Hostile(
        "formulaire envoyé",
        _noted("Link", A=w.action("SubmitForm", F=String("http://exemple.invalid"))),
        _told(Note.ACTIONS),
    ),
    Hostile(
        "lien vers le web",
        _noted("Link", A=w.action("URI", URI=String("http://exemple.invalid"))),
        _told(Note.LINKS),
    ),
    Hostile(
        "lien vers un fichier",
        _noted("Link", A=w.action("GoToR", F=String(r"\\serveur\partage"))),
        _told(Note.LINKS),
    ),
    Hostile("lien vers une pièce jointe", _noted("Link", A=w.action("GoToE")), _told(Note.LINKS)),
    Hostile("programme joint", _embedded, _told(Note.ATTACHMENTS)),
    Hostile("pièce jointe en note", _attached_note, _told(Note.ATTACHMENTS)),
    Hostile(
        "enveloppe de documents",
        _catalog(Collection=Dictionary(Type=Name.Collection)),
        _refused(Reason.PORTFOLIO),
    ),
    Hostile("formulaire dynamique", lambda: _xfa(dynamic=True), _refused(Reason.DYNAMIC_FORM)),
    Hostile("formulaire XFA figé", lambda: _xfa(dynamic=False), _told(Note.FORM)),
    Hostile("multimédia", _noted("RichMedia"), _told(Note.MULTIMEDIA)),
    Hostile("scène en relief", _noted("3D"), _told(Note.MULTIMEDIA)),
    Hostile("son", _noted("Link", A=w.action("Sound")), _told(Note.MULTIMEDIA)),
    Hostile("calque caché", _layers, _told(Note.LAYERS, Note.DRAWN)),
    Hostile("signature", _signed, _told(Note.SIGNED)),
    Hostile("contenu dans un autre fichier", _external_stream, _told(Note.EXTERNAL)),
    Hostile("image sur le réseau", _external_picture, _told(Note.EXTERNAL)),
    Hostile("mot de passe", lambda: w.encrypted("secret", "maître"), _refused(Reason.ENCRYPTED)),
    Hostile("chiffré pour un certificat", _unknown_handler, _refused(Reason.ENCRYPTED)),
    Hostile("droits restreints", lambda: w.encrypted("", "maître"), _told(Note.RESTRICTED)),
    Hostile("tronqué", _truncated, _refused(Reason.BROKEN)),
    Hostile("bruit", _noise, _refused(Reason.BROKEN)),
    Hostile("programme et PDF", lambda: b"MZ\x90\x00" + w.one_page(), _refused(Reason.POLYGLOT)),
    Hostile("page web et PDF", lambda: b"<html><script>1</script>" + w.one_page(), _refused(Reason.POLYGLOT)),
    Hostile("image et PDF", lambda: b"GIF89a" + w.one_page(), _refused(Reason.POLYGLOT)),
    Hostile("PDF et archive", _with_archive, _refused(Reason.POLYGLOT)),
    Hostile("PDF et longue suite", lambda: w.one_page() + b"A" * 1_000_000, _refused(Reason.POLYGLOT)),
    Hostile("pages en cercle", _cyclic_tree, _refused(Reason.BROKEN)),
    Hostile("pages parentes d'elles-mêmes", _own_parent, _refused(Reason.BROKEN)),
    Hostile("arbre de 20 000 étages", _deep_tree, _refused(Reason.BROKEN, None)),
    Hostile("200 000 crochets", _nested_arrays, _refused(Reason.BROKEN, None)),
    Hostile("400 Mo dans un flux", _stream_bomb(1), _refused(None)),
    Hostile("400 Mo dans trois flux emboîtés", _stream_bomb(3), _refused(None)),
    Hostile("3 000 filtres", _many_filters, _told(Note.BLANK)),
    Hostile("image de 3,6 milliards de points", _picture_bomb, _refused(Reason.TOO_MANY_PIXELS)),
    Hostile("page immense", _sized(b"[0 0 1000000000 1000000000]"), _refused(Reason.BROKEN)),
    Hostile("page sans surface", _sized(b"[0 0 0 0]"), _refused(Reason.BROKEN)),
    Hostile("page de mots", _sized(b"[/a /b (c) null]"), _told(Note.REPAIRED)),
    Hostile("sans page", _many_pages(0), _refused(Reason.BROKEN)),
    Hostile("5 000 pages", _many_pages(5_000), _refused(Reason.TOO_MANY_PAGES)),
    Hostile("150 000 objets", _many_objects, _refused(Reason.TOO_COMPLEX)),
    Hostile("table qui renvoie à elle-même", _table_loop, _told(Note.REPAIRED)),
    Hostile("forme qui se dessine elle-même", _form_draws_itself, _refused(None)),
    Hostile("formes qui se multiplient", _forms_multiply, _refused(None)),
    Hostile("dessin sans fin", _endless_drawing, _refused(None)),
    Hostile("motif minuscule", _tiny_tiles, _refused(None)),
    Hostile("lettre qui s'écrit elle-même", _glyph_draws_itself, Expected()),
    Hostile("police abîmée", _broken_font, Expected()),
    Hostile("image JPEG 2000 abîmée", _broken_picture(b"/JPXDecode"), Expected()),
    Hostile("image JBIG2 abîmée", _broken_picture(b"/JBIG2Decode"), Expected()),
    Hostile("image CCITT abîmée", _broken_picture(b"/CCITTFaxDecode"), Expected()),
)
MUTATED_PDFS: tuple[Callable[[], bytes], ...] = tuple(_mutated(seed) for seed in range(40))
