"""Damaged answers, by a fixed seed: always an explained error, never a crash, never a false success."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator

from lxml import etree

from amarre.interop.common.errors import AmarreError, Effect
from amarre.interop.common.mtom import write_mtom
from amarre.interop.dmp import Acknowledgement, DmpStatus, FoundDocument
from amarre.interop.xdm import read_archive
from tests.interop.clients.test_dmp import BAD, OK, SOAP, Canned, client, found, registry, soap, submit
from tests.interop.dmp import material
from tests.interop.dmp.test_td0_2 import answer
from tests.interop.xdm.test_archive import archive


def damaged(data: bytes, count: int, seed: int = 7) -> Iterator[bytes]:
    """Yield variants with bytes changed, removed, added or cut."""
    chance = random.Random(seed)
    for _ in range(count):
        changed = bytearray(data)
        for _ in range(chance.choice([1, 2, 5])):
            place = chance.randrange(max(len(changed), 1))
            kind = chance.randrange(4)
            if kind == 0:
                changed[place : place + 1] = bytes([chance.randrange(256)])
            elif kind == 1:
                del changed[place : place + chance.choice([1, 5, 50])]
            elif kind == 2:
                changed[place:place] = bytes([chance.randrange(256)])
            else:
                del changed[max(place, 1) :]
        yield bytes(changed)


def outcome(call: Callable[[], object]) -> object:
    """Return what a call gives, or the explained error it raises; any other exception fails the test."""
    try:
        return call()
    except AmarreError as error:
        explanation = error.explanation("REF")
        assert explanation.what, "an error without a sentence"
        return error


def test_a_damaged_refusal_never_becomes_a_success() -> None:
    for body in damaged(registry(BAD, "XDSRegistryMetadataError"), 60):
        assert isinstance(outcome(lambda body=body: submit((200, SOAP, body))), AmarreError)


def test_a_damaged_acknowledgement_is_a_success_or_in_doubt_never_a_refusal() -> None:
    for body in damaged(registry(OK), 60):
        result = outcome(lambda body=body: submit((200, SOAP, body))[1])
        doubtful = isinstance(result, AmarreError) and result.effect is Effect.UNKNOWN
        assert doubtful or isinstance(result, Acknowledgement)


def test_damaged_query_answers_are_explained() -> None:
    multipart_type, multipart = write_mtom(found("urn:uuid:1"), [], action="urn:x", boundary="b")
    for content_type, whole in ((SOAP, found("urn:uuid:1")), (multipart_type, multipart)):
        for body in damaged(whole, 60):
            connector = client(Canned((200, content_type, body)))
            result = outcome(lambda it=connector: it.find_by_unique_id(material.identity(), "1.2.3"))
            assert result is None or isinstance(result, FoundDocument | AmarreError)


def test_damaged_existence_answers_are_explained() -> None:
    for body in damaged(soap(etree.tostring(answer()).decode()), 60):
        connector = client(Canned((200, SOAP, body)))
        result = outcome(lambda it=connector: it.exists(material.identity()))
        assert isinstance(result, DmpStatus | AmarreError)


def test_a_damaged_archive_gives_the_document_or_an_explanation() -> None:
    for data in damaged(archive(), 200):
        result = outcome(lambda data=data: [item.data for item in read_archive(data)[0].documents])
        assert isinstance(result, AmarreError) or result == [material.document()]
