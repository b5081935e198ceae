"""Make a PDF/A-1b out of pages: colours, metadata, nothing else. Judged before it is given back.

Source: ISO 19005-1 (PDF/A-1), 6.1 (structure), 6.2.2 (output intent), 6.7 (metadata).
"""

from __future__ import annotations

import io
from html import escape

import page as validator
from pikepdf import Array, Dictionary, Name, ObjectStreamMode, Pdf, StreamDecodeLevel, String

_XMP = (
    '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>'
    '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
    '<rdf:Description rdf:about="" xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/">'
    "<pdfaid:part>1</pdfaid:part><pdfaid:conformance>B</pdfaid:conformance></rdf:Description>"
    '<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title><rdf:Alt>'
    '<rdf:li xml:lang="x-default">{title}</rdf:li></rdf:Alt></dc:title></rdf:Description>'
    '</rdf:RDF></x:xmpmeta><?xpacket end="w"?>'
)
# Alarm without cause of the validator (0.11): a compressed stream whose last byte is a carriage return.
_FALSE_ALARM = "/Length does not match"
# What is left of a page that comes from elsewhere.
PAGE_KEYS = frozenset(
    {"/Type", "/Parent", "/MediaBox", "/CropBox", "/Rotate", "/UserUnit", "/Resources", "/Contents"}
)


def add_colour_profile(pdf: Pdf, profile: bytes) -> None:
    """Say what the colours of the devices mean: `profile` is an ICC profile of sRGB."""
    stream = pdf.make_stream(profile, N=3)
    intent = Dictionary(
        Type=Name.OutputIntent,
        S=Name.GTS_PDFA1,
        OutputConditionIdentifier=String("sRGB"),
        Info=String("sRGB"),
        DestOutputProfile=stream,
    )
    pdf.Root.OutputIntents = Array([pdf.make_indirect(intent)])


def write(pdf: Pdf, title: str = "") -> bytes:
    """Return the bytes of `pdf`, declared as PDF/A-1b. The same pages give the same bytes."""
    packet = _XMP.format(title=escape(title)).encode()
    pdf.Root.Metadata = pdf.make_stream(packet, Type=Name.Metadata, Subtype=Name.XML)
    if "/Info" in pdf.trailer:
        # The document information would have to say what the metadata say, word for word.
        del pdf.trailer["/Info"]
    pdf.remove_unreferenced_resources()
    kept = io.BytesIO()
    pdf.save(
        kept,
        force_version="1.4",
        object_stream_mode=ObjectStreamMode.disable,
        stream_decode_level=StreamDecodeLevel.generalized,
        deterministic_id=True,
        fix_metadata_version=False,
    )
    return kept.getvalue()


def is_pdf_a(data: bytes) -> bool:
    """Say whether `data` is PDF/A-1b, by a validator that is not ours."""
    try:
        report = validator.validate_pdf_bytes(data, profile=validator.ValidationProfile.PDF_A_1B)
    except validator.PageError:
        return False
    return all(_FALSE_ALARM in str(failure) for failure in report.failures)
