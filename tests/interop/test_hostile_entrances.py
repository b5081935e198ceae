"""Class 1 at every entrance of the kit that takes XML: each attack rides on an acceptable document."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from lxml import etree

from amarre.interop.cda import check, decode, encode, extract_body
from amarre.interop.cda.display import display, render_text
from amarre.interop.common.errors import AmarreError
from amarre.interop.common.mtom import Part
from amarre.interop.common.soap import read_envelope
from amarre.interop.dmp import DmpDocument
from amarre.interop.ins.insi import parse_answer
from amarre.interop.ins.insi.explain import diagnose
from amarre.interop.xdm import read_archive
from amarre.interop.xds import RetrievedDocument, document_entry_from_cda
from tests.hostile.limits import bounded
from tests.hostile.xml_external import attacks, canary
from tests.interop.cda.structured_documents import FULL, structured
from tests.interop.clients.bad_answers import DATA, Shape, authorised, listed, mime, retrieved
from tests.interop.clients.test_dmp import OK, registry, soap
from tests.interop.clients.test_dmp_bad_answers import ME, connector, document, play
from tests.interop.dmp import material
from tests.interop.dmp.test_td0_2 import answer
from tests.interop.ins.insi import material as insi
from tests.interop.xdm.test_archive import METADATA, archive, changed, files

EXISTS = soap(etree.tostring(answer()).decode())
STRUCTURED = encode(structured(FULL["VSM"]))


@dataclass(frozen=True)
class Entrance:
    """`valid` is accepted by `read`; `read` raises an AmarreError, or returns what a caller would get."""

    name: str
    valid: bytes
    read: Callable[[bytes], object]


def by_soap(call: str) -> Callable[[bytes], object]:
    return lambda data: play(Shape("hostile", "", call, "", data))


def by_root_part(data: bytes) -> object:
    content_type, body = mime(data, Part("d@a", "text/xml", DATA))
    return play(Shape("hostile", "", "retrieve", "", body, content_type))


def by_document_part(data: bytes) -> object:
    content_type, body = mime(retrieved(), Part("d@a", "text/xml", data))
    client = connector(Shape("hostile", "", "retrieve", "", body, content_type))
    # Hash and size unknown, as for a document whose list gave none: the content alone is judged.
    return client.retrieve(ME, DmpDocument(document(size=0, sha1="")))


def by_deposit(data: bytes) -> object:
    client = connector(Shape("hostile", "", "submit", "", registry(OK)))
    frozen = client.prepare(ME, data)
    return [field for field in dataclasses.astuple(frozen) if field != data]


def by_metadata(data: bytes) -> object:
    return read_archive(changed(METADATA, data))


ENTRANCES = (
    Entrance("INSi answer", insi.found(), parse_answer),
    Entrance("INSi anomaly", insi.gateway_fault("siram_40", "x"), diagnose),
    Entrance("SOAP envelope", EXISTS, lambda data: read_envelope(data).payload.xpath("string()")),
    Entrance("DMP, existence", EXISTS, by_soap("exists")),
    Entrance("DMP, authorisation", authorised("DMPOk", "Autorisation ajoutée"), by_soap("authorise")),
    Entrance("DMP, list", listed(), by_soap("list")),
    Entrance("DMP, change", registry(OK), by_soap("change")),
    Entrance("DMP, acknowledgement", registry(OK), by_soap("submit")),
    Entrance("DMP, MTOM root", retrieved(), by_root_part),
    Entrance("DMP, document received", DATA, by_document_part),
    Entrance("DMP, document deposited", material.document(), by_deposit),
    Entrance("CDA, header", material.document(), decode),
    Entrance("CDA, body", material.document(), extract_body),
    Entrance("CDA, checks", material.document(), check),
    Entrance("CDA, display", STRUCTURED, lambda data: render_text(display(data))),
    Entrance("CDA, metadata", material.document(), document_entry_from_cda),
    Entrance("XDM, METADATA.XML", files(archive())[METADATA], by_metadata),
)


@pytest.mark.req("S4")
@pytest.mark.parametrize("entrance", ENTRANCES, ids=lambda entrance: entrance.name)
def test_nothing_is_read_outside_nor_called(entrance: Entrance, tmp_path: Path) -> None:
    entrance.read(entrance.valid)
    with canary(tmp_path) as bird, bounded(entrance.name, seconds=10):
        for attack in attacks(entrance.valid, bird):
            try:
                result = entrance.read(attack.data)
            except AmarreError as error:
                bird.assert_untouched(error.explanation(), str(error))
            else:
                # A diagnosis says what the bytes are; a document that does not look like XML is only kept.
                kept = isinstance(result, RetrievedDocument) and result.data == attack.data
                assert not attack.refused or kept or entrance.read is diagnose, attack.name
                bird.assert_untouched(None if kept else result)
