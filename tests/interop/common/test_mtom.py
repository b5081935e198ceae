"""MTOM: what we write is read by the standard library's mail parser; what is wrong is told apart."""

from __future__ import annotations

from email.parser import BytesParser
from email.policy import HTTP

import pytest

from amarre.interop.common.mtom import (
    MtomError,
    MtomHtmlPage,
    MtomMalformed,
    MtomMissingPart,
    MtomTooLarge,
    MtomTruncated,
    MtomWrongContentType,
    Part,
    include,
    read_message,
    write_mtom,
)

BINARY = bytes(range(256)) * 40 + b"\r\n--not-the-boundary\r\n\r\n"


def written() -> tuple[str, bytes]:
    part = Part("doc 1@amarre.local", "text/xml", BINARY)
    return write_mtom(b"<envelope/>", [part], action="urn:action", boundary="uuid:1-2-3")


def test_a_foreign_parser_finds_the_same_bytes() -> None:
    content_type, body = written()
    head = b"Content-Type: " + content_type.encode() + b"\r\n\r\n"
    message = BytesParser(policy=HTTP).parsebytes(head + body)
    parts = list(message.iter_parts())
    assert message.get_content_type() == "multipart/related"
    assert message.get_param("type") == "application/xop+xml"
    assert message.get_param("start-info") == "application/soap+xml"
    assert [part["Content-ID"] for part in parts] == ["<root@amarre.local>", "<doc 1@amarre.local>"]
    assert parts[0].get_payload(decode=True) == b"<envelope/>"
    assert parts[1].get_payload(decode=True) == BINARY


def test_we_read_what_we_write_byte_for_byte() -> None:
    message = read_message(*written())
    href = include("doc 1@amarre.local").get("href") or ""
    assert href == "cid:doc%201@amarre.local"
    assert message.root.data == b"<envelope/>"
    assert message.part_for(href).data == BINARY


def test_the_root_part_may_come_last_and_headers_may_fold() -> None:
    body = (
        b"preamble\r\n--b\r\nContent-Type: text/xml\r\nContent-ID:\r\n <one@x>\r\n\r\n1\r\n"
        b"--b\r\nContent-Type: application/xop+xml\r\nContent-ID: <root@x>\r\n\r\n<e/>\r\n--b--\r\nepilogue"
    )
    message = read_message('multipart/related; boundary=b; start="<root@x>"', body)
    assert message.root.data == b"<e/>"
    assert message.part_for("cid:one%40x").data == b"1"


def test_a_plain_soap_answer_is_a_message_without_parts() -> None:
    message = read_message("application/soap+xml; charset=utf-8", b"<e/>")
    assert message.root.data == b"<e/>"
    assert not message.parts


@pytest.mark.parametrize(
    ("content_type", "body", "expected"),
    [
        ("text/html", b"<html>proxy</html>", MtomHtmlPage),
        ("multipart/related; boundary=b", b"  <!DOCTYPE html><p>", MtomHtmlPage),
        ("application/json", b"{}", MtomWrongContentType),
        ("", b"", MtomWrongContentType),
        ("multipart/related", b"--b\r\n", MtomMalformed),
        ("multipart/related; boundary=b", b"", MtomTruncated),
        ("multipart/related; boundary=b", b"nothing here", MtomMalformed),
        ("multipart/related; boundary=b", b"--b\r\nContent-ID: <r>\r\n\r\n<e/>", MtomTruncated),
        ("multipart/related; boundary=b", b"--b\r\nno header\r\n--b--", MtomMalformed),
        (
            "multipart/related; boundary=b",
            b"--b\r\nContent-ID: <r>\r\n\r\n1\r\n--b\r\nContent-ID: <r>\r\n\r\n2\r\n--b--",
            MtomMalformed,
        ),
        (
            'multipart/related; boundary=b; start="<z>"',
            b"--b\r\nContent-ID: <r>\r\n\r\n1\r\n--b--",
            MtomMalformed,
        ),
        (
            "multipart/related; boundary=b",
            b"--b\r\nContent-ID: <r>\r\nContent-Transfer-Encoding: base64\r\n\r\n1\r\n--b--",
            MtomMalformed,
        ),
        ("multipart/related; boundary=b", b"--b" + b"\r\nA: b\r\n\r\n1\r\n--b" * 200 + b"--", MtomTooLarge),
        ("multipart/related; boundary=b", b"--b\r\nA: " + b"b" * 9000 + b"\r\n\r\n1\r\n--b--", MtomTooLarge),
    ],
)
def test_each_defect_has_its_own_error(content_type: str, body: bytes, expected: type[MtomError]) -> None:
    with pytest.raises(expected):
        read_message(content_type, body)


def test_every_truncation_is_refused() -> None:
    content_type, body = written()
    # The last two bytes (CRLF after the closing boundary) may be missing without harm.
    for length in range(1, len(body) - 3, 97):
        with pytest.raises(MtomError):
            read_message(content_type, body[:length])


def test_the_size_is_bounded_before_anything_is_read() -> None:
    with pytest.raises(MtomTooLarge):
        read_message("application/soap+xml", b"x" * 101, max_bytes=100)


@pytest.mark.parametrize("href", ["cid:other", "http://outside.example/doc", "file:///etc/passwd", ""])
def test_a_reference_never_leaves_the_message(href: str) -> None:
    with pytest.raises(MtomMissingPart):
        read_message(*written()).part_for(href)


@pytest.mark.parametrize("boundary", ["", "a b", 'a"b', "x" * 71])
def test_an_illegal_boundary_is_a_programming_error(boundary: str) -> None:
    with pytest.raises(ValueError, match="boundary"):
        write_mtom(b"", [], action="a", boundary=boundary)


def test_a_boundary_inside_the_content_is_refused() -> None:
    with pytest.raises(ValueError, match="occurs"):
        write_mtom(b"--here", [], action="a", boundary="here")
