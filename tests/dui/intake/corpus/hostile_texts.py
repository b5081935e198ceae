"""Texts of an office (ODT, DOCX) that want to harm: archives first (attack class 4), then what they hold."""

from __future__ import annotations

import io
import stat
import struct
import zipfile
from collections.abc import Callable
from dataclasses import dataclass

from amarre.dui.intake.apart.verdicts import Note, Reason

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
ELSEWHERE = "http://127.0.0.1:{port}/{name}"
DOCX_TYPES = (
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/><Override PartName="/word/document.xml" '
    'ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>'
)
ODT_MIMETYPE = "application/vnd.oasis.opendocument.text"
_OFFICE = "urn:oasis:names:tc:opendocument:xmlns:"
_ODT_NAMES = " ".join(
    f'xmlns:{prefix}="{_OFFICE}{name}:1.0"'
    for prefix, name in (
        ("office", "office"), ("text", "text"), ("draw", "drawing"), ("script", "script"),
        ("svg", "svg-compatible"), ("meta", "meta"), ("form", "form"),
    )
) + ' xmlns:xlink="http://www.w3.org/1999/xlink"'  # fmt: skip


@dataclass(frozen=True, slots=True)
class HostileText:
    """One file; `reasons`: why it is refused, or `notes` when it is made harmless."""

    name: str
    make: Callable[[], bytes]
    reasons: tuple[Reason | None, ...] = ()
    notes: frozenset[Note] = frozenset({Note.OFFICE})


def zipped(parts: dict[str, bytes | str], **changes: object) -> bytes:
    """Return an archive; `changes` are attributes given to every entry."""
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            entry = zipfile.ZipInfo(name)
            entry.compress_type = zipfile.ZIP_DEFLATED
            for key, value in changes.items():
                setattr(entry, key, value)
            archive.writestr(entry, content)
    return kept.getvalue()


def docx_parts(body: str = "", relationships: str = "", **more: bytes | str) -> dict[str, bytes | str]:
    """Return the parts of a DOCX: one paragraph, `body`. `more`: parts by name, ``/`` written ``__``."""
    document = (
        f'<w:document xmlns:w="{W}" xmlns:r="{R}" xmlns:v="urn:schemas-microsoft-com:vml" '
        f'xmlns:o="urn:schemas-microsoft-com:office:office"><w:body>'
        f"<w:p><w:r><w:t>Compte rendu</w:t></w:r></w:p>"
        f"{body}</w:body></w:document>"
    )
    main = f'<Relationship Id="a" Type="{R}/officeDocument" Target="word/document.xml"/>'
    return {
        "[Content_Types].xml": DOCX_TYPES,
        "_rels/.rels": f'<Relationships xmlns="{PACKAGE}">{main}</Relationships>',
        "word/document.xml": document,
        "word/_rels/document.xml.rels": f'<Relationships xmlns="{PACKAGE}">{relationships}</Relationships>',
    } | {name.replace("__", "/"): value for name, value in more.items()}


def odt_parts(body: str = "", head: str = "", **more: bytes | str) -> dict[str, bytes | str]:
    """Return the parts of an ODT with one paragraph and `body`."""
    content = (
        f'<office:document-content {_ODT_NAMES} office:version="1.3">{head}<office:body><office:text>'
        f"<text:p>Compte rendu</text:p>{body}</office:text></office:body></office:document-content>"
    )
    manifest = (
        '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0" '
        f'manifest:version="1.3">'
        f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{ODT_MIMETYPE}"/>'
        '<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/>'
        "</manifest:manifest>"
    )
    return {
        "mimetype": ODT_MIMETYPE,
        "content.xml": content,
        "META-INF/manifest.xml": manifest,
    } | {name.replace("__", "/"): value for name, value in more.items()}


def related(kind: str, target: str, *, outside: bool = True) -> str:
    """Return a relationship of a DOCX."""
    mode = ' TargetMode="External"' if outside else ""
    return f'<Relationship Id="x{kind}" Type="{R}/{kind}" Target="{target}"{mode}/>'


def field(instruction: str, cut: int = 0) -> str:
    """Return a field of Word; `cut`: its instruction is written in two pieces."""
    pieces = [instruction[:cut], instruction[cut:]] if cut else [instruction]
    runs = "".join(f'<w:r><w:instrText xml:space="preserve">{piece}</w:instrText></w:r>' for piece in pieces)
    marks = (f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>' for kind in ("begin", "separate", "end"))
    begin, separate, end = marks
    return f"<w:p>{begin}{runs}{separate}<w:r><w:t>?</w:t></w:r>{end}</w:p>"


def docx(**options: object) -> Callable[[], bytes]:
    """Return the maker of a DOCX."""
    return lambda: zipped(docx_parts(**options))  # type: ignore[arg-type]


def odt(**options: object) -> Callable[[], bytes]:
    """Return the maker of an ODT."""
    return lambda: zipped(odt_parts(**options))  # type: ignore[arg-type]


def _duplicate() -> bytes:
    parts = zipped(docx_parts(aa=b"1", bb=b"2"))
    return parts.replace(b"bb", b"aa")


def _lying() -> bytes:
    """The directory says a few bytes, the part gives megabytes."""
    data = bytearray(zipped(docx_parts(word__a=bytes(30_000_000))))
    size = struct.pack("<I", 30_000_000)
    while (place := data.find(size)) >= 0:
        data[place : place + 4] = struct.pack("<I", 10)
    return bytes(data)


def _overlapping() -> bytes:
    """Two entries of the directory lead to the same bytes."""
    data = bytearray(zipped(docx_parts(word__a=b"1" * 50, word__b=b"2" * 50)))
    last = data.rindex(b"PK\x01\x02")
    previous = data.rindex(b"PK\x01\x02", 0, last)
    data[last + 42 : last + 46] = data[previous + 42 : previous + 46]
    return bytes(data)


def _doctype(entity: str) -> str:
    return f"<!DOCTYPE a [{entity}]>" + str(docx_parts()["word/document.xml"])


def _elsewhere(name: str) -> str:
    return ELSEWHERE.format(port=9, name=name)


_FETCHED = frozenset({Note.OFFICE, Note.EXTERNAL})
_LAUGHS = "".join(f'<!ENTITY a{n + 1} "{f"&a{n};" * 20}">' for n in range(9))
_MACRO_TYPES = DOCX_TYPES.replace(
    "wordprocessingml.document.main", "wordprocessingml.documentMacroEnabled.main"
).replace("application/vnd.openxmlformats-officedocument.", "application/vnd.ms-word.macroEnabled.")
_IMAGE = (
    '<text:p><draw:frame svg:width="2cm" svg:height="2cm"><draw:image xlink:href="{}"/></draw:frame></text:p>'
)

HOSTILE_TEXTS: tuple[HostileText, ...] = (
    HostileText("nom qui remonte", docx(**{"..__..__evil": b"x"}), (Reason.OFFICE_BROKEN,)),
    HostileText("nom absolu", docx(__etc__cron=b"x"), (Reason.OFFICE_BROKEN,)),
    HostileText("nom à la manière de Windows", docx(**{"a\\..\\b": b"x"}), (Reason.OFFICE_BROKEN,)),
    HostileText("nom avec un disque", docx(**{"C:a": b"x"}), (Reason.OFFICE_BROKEN,)),
    HostileText(
        "lien symbolique",
        lambda: zipped(docx_parts(), external_attr=(stat.S_IFLNK | 0o777) << 16),
        (Reason.OFFICE_BROKEN,),
    ),
    HostileText("deux fois le même nom", _duplicate, (Reason.OFFICE_BROKEN,)),
    HostileText("parties qui se recouvrent", _overlapping, (Reason.OFFICE_BOMB, Reason.OFFICE_BROKEN)),
    HostileText("taille fausse", _lying, (Reason.OFFICE_BROKEN,)),
    HostileText("50 Mo de zéros", docx(word__a=bytes(50_000_000)), (Reason.OFFICE_BOMB,)),
    HostileText(
        "90 Mo au total", docx(**{f"word__{n}": bytes(10_000_000) for n in range(9)}), (Reason.OFFICE_BOMB,)
    ),
    HostileText("3 000 parties", docx(**{f"word__{n}": b"" for n in range(3_000)}), (Reason.OFFICE_BOMB,)),
    HostileText(
        "archive chiffrée",
        lambda: zipped(docx_parts()).replace(
            b"PK\x01\x02\x14\x03\x14\x00\x00", b"PK\x01\x02\x14\x03\x14\x00\x01"
        ),
        (Reason.OFFICE_ENCRYPTED,),
    ),
    HostileText("archive coupée", lambda: zipped(docx_parts())[:400], (Reason.OFFICE_BROKEN,)),
    HostileText("archive quelconque", lambda: zipped({"a.txt": b"x"}), (Reason.UNKNOWN_FORMAT,)),
    HostileText(
        "document à macros",
        lambda: zipped(docx_parts() | {"[Content_Types].xml": _MACRO_TYPES}),
        (Reason.OFFICE_MACROS,),
    ),
    HostileText(
        "macros cachées",
        lambda: zipped(docx_parts() | {"word/vbaProject.bin": b"x"}),
        (Reason.OFFICE_MACROS,),
    ),
    HostileText(
        "macros d'un ODT",
        lambda: zipped(odt_parts() | {"Basic/Standard/Module1.xml": "<a/>"}),
        (Reason.OFFICE_MACROS,),
    ),
    HostileText(
        "scripts d'un ODT",
        lambda: zipped(odt_parts() | {"Scripts/python/a.py": "x"}),
        (Reason.OFFICE_MACROS,),
    ),
    HostileText(
        "ODT chiffré",
        lambda: zipped(odt_parts() | {"META-INF/manifest.xml": "<a><encryption-data/></a>"}),
        (Reason.OFFICE_ENCRYPTED,),
    ),
    HostileText(
        "tableur",
        lambda: zipped({"[Content_Types].xml": "spreadsheetml.sheet.main+xml"}),
        (Reason.OTHER_OFFICE,),
    ),
    HostileText(
        "diaporama",
        lambda: zipped({"[Content_Types].xml": "presentationml.presentation"}),
        (Reason.OTHER_OFFICE,),
    ),
    HostileText(
        "entité externe",
        lambda: zipped(
            docx_parts() | {"word/document.xml": _doctype('<!ENTITY a SYSTEM "file:///etc/passwd">')}
        ),
        (Reason.OFFICE_BROKEN,),
    ),
    HostileText(
        "entités qui grossissent",
        lambda: zipped(odt_parts() | {"content.xml": _doctype(_LAUGHS)}),
        (Reason.OFFICE_BROKEN,),
    ),
    HostileText(
        "XML de 5 000 étages",
        lambda: zipped(odt_parts() | {"content.xml": "<a>" * 5_000 + "</a>" * 5_000}),
        (Reason.OFFICE_BROKEN,),
    ),
    HostileText(
        "image sur le réseau (DOCX)",
        docx(relationships=related("image", _elsewhere("i.png"))),
        notes=_FETCHED,
    ),
    HostileText(
        "modèle sur le réseau",
        docx(relationships=related("attachedTemplate", _elsewhere("m.dotm"))),
        notes=_FETCHED,
    ),
    HostileText(
        "page insérée",
        docx(
            body='<w:altChunk r:id="xaFChunk"/>',
            relationships=related("aFChunk", "afchunk.htm", outside=False),
        ),
        notes=_FETCHED,
    ),
    HostileText(
        "champ INCLUDEPICTURE",
        docx(body=field(f'INCLUDEPICTURE "{_elsewhere("c.png")}" \\d')),
        notes=_FETCHED,
    ),
    HostileText(
        "champ INCLUDETEXT coupé",
        docx(body=field(f'INCLUDETEXT "{_elsewhere("t.docx")}"', cut=5)),
        notes=_FETCHED,
    ),
    HostileText(
        "champ DDEAUTO",
        docx(body=field('DDEAUTO c:\\\\windows\\\\system32\\\\cmd.exe "/k calc"')),
        notes=_FETCHED,
    ),
    HostileText(
        "dessin VML lié",
        docx(
            body=f'<w:p><w:r><w:pict><v:shape><v:imagedata src="{_elsewhere("v.png")}"/></v:shape>'
            "</w:pict></w:r></w:p>"
        ),
        notes=_FETCHED,
    ),
    HostileText(
        "programme incorporé",
        lambda: zipped(
            docx_parts(relationships=related("oleObject", "embeddings/a.bin", outside=False))
            | {"word/embeddings/a.bin": b"MZ"}
        ),
        notes=_FETCHED | {Note.OBJECTS},
    ),
    HostileText("image sur le réseau (ODT)", odt(body=_IMAGE.format(_elsewhere("o.png"))), notes=_FETCHED),
    HostileText("image du disque (ODT)", odt(body=_IMAGE.format("file:///etc/hostname")), notes=_FETCHED),
    HostileText(
        "section d'un autre fichier",
        odt(
            body='<text:section text:name="s">'
            f'<text:section-source xlink:href="{_elsewhere("s.odt")}"/></text:section>'
        ),
        notes=_FETCHED,
    ),
    HostileText(
        "cadre d'une page",
        odt(
            body="<text:p><draw:frame>"
            f'<draw:floating-frame xlink:href="{_elsewhere("f.html")}"/></draw:frame></text:p>'
        ),
        notes=_FETCHED,
    ),
    HostileText(
        "macro à l'ouverture",
        odt(
            head="<office:scripts><office:event-listeners><script:event-listener "
            'script:event-name="dom:load" xlink:href="vnd.sun.star.script:a"/>'
            "</office:event-listeners></office:scripts>"
        ),
        notes=_FETCHED,
    ),
    HostileText(
        "page qui se recharge",
        lambda: zipped(
            odt_parts()
            | {
                "meta.xml": f"<office:document-meta {_ODT_NAMES}><office:meta>"
                f'<meta:auto-reload xlink:href="{_elsewhere("r.odt")}"/>'
                "</office:meta></office:document-meta>"
            }
        ),
        notes=_FETCHED,
    ),
)
