"""Class 1: documents that try to make the reader open a file, call an address or believe a DTD.

`attacks(valid, canary)` turns any valid document into one that carries each attack, so that it reaches as far
as a good one would. Sources: OWASP XXE prevention sheet; XML 1.0 §2.8, §4.2, §4.4; XInclude 1.0; the DTD
attacks of Späth, Mainka, Mladenov, Schwenk, "SoK: XML Parser Vulnerabilities" (2016).
"""

from __future__ import annotations

import http.server
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

SECRET = "CANARI-7f3a91"


@dataclass
class Canary:
    """A file that nobody may read and an address that nobody may call."""

    file: Path
    url: str
    calls: list[str] = field(default_factory=list)

    def assert_untouched(self, *shown: object) -> None:
        """Fail when the file's content shows up in what came out, or when somebody called."""
        for item in shown:
            text = item.decode("utf-8", "replace") if isinstance(item, bytes) else repr(item)
            assert SECRET not in text
        assert self.calls == []


@contextmanager
def canary(folder: Path) -> Iterator[Canary]:
    """Write the file, listen at the address."""
    file = folder / "canari.txt"
    file.write_text(SECRET, "utf-8")
    found = Canary(file, "")

    class Listen(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            found.calls.append(self.path)
            self.send_response(200)
            self.end_headers()
            self.wfile.write(f"<!ENTITY x '{SECRET}'>".encode())

        def log_message(self, format: str, *args: object) -> None:
            return None

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Listen)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    found.url = f"http://127.0.0.1:{server.server_port}"
    try:
        yield found
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@dataclass(frozen=True)
class Attack:
    """One hostile document. `refused` False: it may be read, so long as the canary stays untouched."""

    name: str
    data: bytes
    refused: bool = True


def attacks(valid: bytes, canary: Canary) -> list[Attack]:
    """Return every attack carried by a valid document (UTF-8, no DTD)."""
    text = re.sub(r"^﻿?<\?xml[^>]*\?>\s*", "", valid.decode("utf-8"))
    found = re.search(r"<([A-Za-z_][\w.:-]*)", text)
    assert found is not None
    root, file, url = found[1], canary.file.as_uri(), canary.url
    found_list = [Attack(name, data.encode()) for name, data in _doctypes(text, root, file, url)]
    found_list += _encodings(text, root, file)
    found_list += [Attack(name, data.encode(), refused=False) for name, data in _links(text, file, url)]
    return found_list


def _inside(text: str, piece: str, *, attribute: str = "") -> str:
    """Return the document with a piece right after its root tag, and an attribute in it."""
    end = _end_of_tag(text)
    tag = text[:end] + (f" {attribute}" if attribute else "")
    return tag + ">" + piece + text[end + 1 :]


def _end_of_tag(text: str) -> int:
    """Return where the root tag ends, outside its quotes; a self-closing root is not used here."""
    quote = ""
    for place, letter in enumerate(text[text.index("<") :], text.index("<")):
        if quote:
            quote = "" if letter == quote else quote
        elif letter in "\"'":
            quote = letter
        elif letter == ">":
            return place
    raise AssertionError("no root tag")


def _doctypes(text: str, root: str, file: str, url: str) -> Iterator[tuple[str, str]]:
    """Everything that needs a DTD."""
    used = _inside(text, "&x;")
    body = "<?xml version='1.0' encoding='UTF-8'?>"
    external = {
        "file": f"SYSTEM '{file}'",
        "http": f"SYSTEM '{url}/e'",
        "public": f"PUBLIC '-//X//Y' '{url}/e'",
        "ftp": "SYSTEM 'ftp://127.0.0.1:9/e'",
        "data": "SYSTEM 'data:text/plain,x'",
        "jar": f"SYSTEM 'jar:{url}/a.jar!/e'",
        "netdoc": "SYSTEM 'netdoc:/etc/passwd'",
        "php": "SYSTEM 'php://filter/read=convert.base64-encode/resource=/etc/passwd'",
        "expect": "SYSTEM 'expect://id'",
        "gopher": "SYSTEM 'gopher://127.0.0.1:9/_x'",
        "share": "SYSTEM '\\\\127.0.0.1\\x\\e'",
        "relative": "SYSTEM 'canari.txt'",
        "device": "SYSTEM 'file:///dev/zero'",
    }
    for name, identifier in external.items():
        yield f"entity: {name}", f"{body}<!DOCTYPE {root} [<!ENTITY x {identifier}>]>{used}"
    yield "external subset: file", f"{body}<!DOCTYPE {root} SYSTEM '{file}'>{text}"
    yield "external subset: http", f"{body}<!DOCTYPE {root} SYSTEM '{url}/d'>{text}"
    yield "external subset: public", f"{body}<!DOCTYPE {root} PUBLIC '-//X//Y' '{url}/d'>{text}"
    yield "parameter entity: file", f"{body}<!DOCTYPE {root} [<!ENTITY % p SYSTEM '{file}'> %p;]>{text}"
    yield "parameter entity: http", f"{body}<!DOCTYPE {root} [<!ENTITY % p SYSTEM '{url}/p'> %p;]>{text}"
    both = f"<!ENTITY % f SYSTEM '{file}'><!ENTITY % p SYSTEM '{url}/p'> %p; %q;"
    yield "out of band", f"{body}<!DOCTYPE {root} [{both}]>{text}"
    yield "told by the error", f"{body}<!DOCTYPE {root} [<!ENTITY x SYSTEM '{file}/absent'>]>{used}"
    yield "internal entity", f"{body}<!DOCTYPE {root} [<!ENTITY x 'mot'>]>{used}"
    in_attribute = _inside(text, "", attribute="a='&x;'")
    yield "entity in an attribute", f"{body}<!DOCTYPE {root} [<!ENTITY x 'mot'>]>{in_attribute}"
    yield "default attribute", f"{body}<!DOCTYPE {root} [<!ATTLIST {root} a CDATA 'mot'>]>{text}"
    yield "attribute made an ID", f"{body}<!DOCTYPE {root} [<!ATTLIST {root} a ID #IMPLIED>]>{text}"
    yield (
        "unparsed entity",
        f"{body}<!DOCTYPE {root} [<!NOTATION n SYSTEM '{url}/n'><!ENTITY x SYSTEM '{file}' NDATA n>]>{text}",
    )
    yield "empty DTD", f"{body}<!DOCTYPE {root} []>{text}"
    yield "bare DTD", f"{body}<!DOCTYPE {root}>{text}"
    yield "DTD on lines", f"{body}<!DOCTYPE\n\t{root}\n[\n<!ENTITY x SYSTEM '{file}'>\n]\n>{used}"
    yield "DTD after a comment", f"{body}<!-- a -->\n<!DOCTYPE {root} SYSTEM '{file}'>{text}"
    yield "DTD after an instruction", f"{body}<?a b?><!DOCTYPE {root} SYSTEM '{file}'>{text}"
    yield "DTD of another root", f"{body}<!DOCTYPE html [<!ENTITY x SYSTEM '{file}'>]>{used}"
    yield "DTD in small letters", f"{body}<!doctype {root} SYSTEM '{file}'>{text}"
    yield "entity without a DTD", f"{body}{used}"
    yield "standalone no", f"<?xml version='1.0' standalone='no'?><!DOCTYPE {root} SYSTEM '{url}/d'>{text}"


def _encodings(text: str, root: str, file: str) -> list[Attack]:
    """The same DTD, hidden from whoever looks for its letters."""
    attack = f"<!DOCTYPE {root} [<!ENTITY x SYSTEM '{file}'>]>{_inside(text, '&x;')}"

    def declared(name: str) -> str:
        return f"<?xml version='1.0' encoding='{name}'?>{attack}"

    return [
        Attack("UTF-8 mark first", b"\xef\xbb\xbf" + declared("UTF-8").encode()),
        Attack("UTF-16 little", declared("UTF-16").encode("utf-16")),
        Attack("UTF-16 big, no mark", attack.encode("utf-16-be")),
        Attack("UTF-32", attack.encode("utf-32")),
        Attack("UTF-7", declared("UTF-7").replace("<!", "+ADwAIQ-").encode()),
        Attack("EBCDIC", declared("cp037").encode("cp037", "replace")),
        Attack("ISO-2022", declared("ISO-2022-JP").encode()),
        Attack("said UTF-16, is not", declared("UTF-16").encode()),
    ]


def _links(text: str, file: str, url: str) -> Iterator[tuple[str, str]]:
    """Links that a reader has no reason to follow; they need no DTD and may stand in a good document."""
    include = "xmlns:xi='http://www.w3.org/2001/XInclude'"
    yield "XInclude: text", _inside(text, f"<xi:include {include} href='{file}' parse='text'/>")
    yield "XInclude: XML", _inside(text, f"<xi:include {include} href='{url}/i'/>")
    yield "style sheet", f"<?xml-stylesheet type='text/xsl' href='{url}/s'?>{text}"
    yield "model", f"<?xml-model href='{url}/m'?>{text}"
    schema = "xmlns:xsi='http://www.w3.org/2001/XMLSchema-instance' xsi:noNamespaceSchemaLocation"
    yield "schema", _inside(text, f"<a xmlns='' {schema}='{url}/s.xsd'/>")
    yield "base", _inside(text, f"<a xmlns='' xml:base='{url}/'/>")
    yield "link", _inside(text, f"<a xmlns='' xmlns:l='http://www.w3.org/1999/xlink' l:href='{url}/l'/>")
