"""TD2.1: what is frozen stays frozen; what the DMP would refuse does not leave."""

from __future__ import annotations

import hashlib
import logging
import uuid
from email.parser import BytesParser
from email.policy import HTTP
from urllib.parse import unquote
from xml.etree import ElementTree

import pytest

from amarre.interop.common.mtom import read_message
from amarre.interop.common.soap import read_envelope
from amarre.interop.common.xml import parse_foreign
from amarre.interop.dmp import (
    AuthenticationMode,
    DmpSubmissionError,
    FrozenSubmission,
    Visibility,
    build_assertion,
    build_request,
    prepare_submission,
)
from amarre.interop.dmp.errors import (
    DmpAuthorStructureMismatch,
    DmpDocumentTooLarge,
    DmpFrozenUnreadable,
    DmpIdentifierOutsideRoot,
    DmpIdentityMismatch,
    DmpModeNotAllowed,
    DmpTypeNotAccepted,
)
from amarre.interop.dmp.model import Structure
from amarre.interop.xds import CdaNotDescribable, codes
from tests.conftest import FixedClock, SequenceIds
from tests.interop.dmp import material

R = f"{{{codes.RIM}}}"


def frozen(document: bytes | None = None, **options: object) -> FrozenSubmission:
    return prepare_submission(
        material.profile(**options.pop("profile", {})),  # type: ignore[arg-type]
        material.identity(),
        document or material.document(),
        clock=FixedClock(material.NOW),
        ids=SequenceIds(),
        **options,  # type: ignore[arg-type]
    )


def request_of(submission: FrozenSubmission, attempt: int) -> tuple[str, bytes]:
    assertion = build_assertion(
        material.profile(),
        submission.actor,
        submission.patient,
        now=material.NOW,
        assertion_id=uuid.UUID(int=attempt * 10),
    )
    return build_request(
        submission,
        assertion,
        message_id=uuid.UUID(int=attempt * 10 + 1),
        boundary=uuid.UUID(int=attempt * 10 + 2),
    )


def test_two_attempts_carry_the_same_bytes_under_two_headers() -> None:
    submission = frozen()
    first, second = (read_message(*request_of(submission, attempt)) for attempt in (1, 2))
    assert [part.data for part in first.parts.values()] == [part.data for part in second.parts.values()]
    assert [part.data for part in first.parts.values()] == [submission.document, submission.signature]
    ids = [read_envelope(message.root.data).addressing.message_id for message in (first, second)]
    assert len(set(ids)) == 2


def test_the_request_names_each_part_it_carries() -> None:
    message = read_message(*request_of(frozen(), 1))
    payload = read_envelope(message.root.data).payload
    carried = {}
    for element in payload.iterfind(f"{{{codes.XDSB}}}Document"):
        carried[element.get("id")] = message.part_for(element[0].get("href") or "").data
    assert carried == {"Document01": frozen().document, "Signature01": carried["Signature01"]}
    assert carried["Signature01"].startswith(b"<?xml")


def test_a_mail_parser_of_another_hand_finds_the_same_documents() -> None:
    """What leaves is read by the standard library: headers, references (RFC 2392), bytes."""
    submission = frozen()
    content_type, body = request_of(submission, 1)
    whole = BytesParser(policy=HTTP).parsebytes(
        b"Content-Type: " + content_type.encode() + b"\r\n\r\n" + body
    )
    assert whole.get_content_type() == "multipart/related"
    assert (whole.get_param("type"), whole.get_param("start-info")) == (
        "application/xop+xml",
        "application/soap+xml",
    )
    parts = {part["Content-ID"].strip("<>"): part for part in whole.iter_parts()}
    root = parts.pop(str(whole.get_param("start")).strip("<>"))
    assert not any(part.defects for part in (whole, root, *parts.values()))
    envelope = ElementTree.fromstring(root.get_payload(decode=True))
    carried = {}
    for holder in envelope.iter(f"{{{codes.XDSB}}}Document"):
        named = unquote(holder[0].get("href", "").removeprefix("cid:"))
        carried[holder.get("id")] = parts[named].get_payload(decode=True)
    assert carried == {"Document01": submission.document, "Signature01": submission.signature}


def test_freezing_survives_the_outbox() -> None:
    submission = frozen(visibility=(Visibility.MASQUE_PS,))
    again = FrozenSubmission.from_bytes(submission.to_bytes())
    assert again == submission
    assert again.to_bytes() == submission.to_bytes()


def sealed(body: bytes) -> bytes:
    return hashlib.sha256(body).hexdigest().encode() + b"\n" + body


@pytest.mark.parametrize("body", [b"", b"[]", b"{}", b"\xff", b'{"version": 99}', b'{"version": 1}'])
def test_frozen_bytes_of_another_shape_are_explained(body: bytes) -> None:
    for data in (body, sealed(body)):
        with pytest.raises(DmpFrozenUnreadable):
            FrozenSubmission.from_bytes(data)


def test_a_changed_bit_or_a_cut_in_frozen_bytes_is_seen() -> None:
    data = frozen().to_bytes()
    for position in range(0, len(data), 997):
        changed = bytearray(data)
        changed[position] ^= 1
        for bad in (bytes(changed), data[:position]):
            with pytest.raises(DmpFrozenUnreadable):
                FrozenSubmission.from_bytes(bad)


def test_metadata_describe_the_document_and_its_signature() -> None:
    root = parse_foreign(frozen(visibility=(Visibility.INVISIBLE_PATIENT,)).metadata)
    entries = {item.get("id"): item for item in root.iter(f"{R}ExtrinsicObject")}
    assert set(entries) == {"Document01", "Signature01"}

    def coded(entry: str, scheme: str) -> list[str | None]:
        return [
            item.get("nodeRepresentation")
            for item in entries[entry].iterfind(f"{R}Classification[@classificationScheme='{scheme}']")
        ]

    assert coded("Document01", codes.DOC_CONFIDENTIALITY) == ["N", "INVISIBLE_PATIENT"]
    assert coded("Document01", codes.DOC_CLASS) == ["44"]
    assert coded("Document01", codes.DOC_FORMAT) == ["urn:ihe:iti:xds-sd:pdf:2008"]
    assert coded("Document01", codes.DOC_PRACTICE) == [material.HOUSE.practice_setting]
    assert coded("Signature01", codes.DOC_TYPE) == ["E1762"]
    assert coded("Signature01", codes.DOC_CONFIDENTIALITY) == ["N", "MASQUE_PS", "INVISIBLE_PATIENT"]
    links = [
        (
            item.get("associationType", "").rpartition(":")[2],
            item.get("sourceObject"),
            item.get("targetObject"),
        )
        for item in root.iter(f"{R}Association")
    ]
    assert links == [
        ("HasMember", "SubmissionSet01", "Document01"),
        ("HasMember", "SubmissionSet01", "Signature01"),
        ("signs", "Signature01", "SubmissionSet01"),
    ]


def test_a_replacement_points_to_the_registry_identifier() -> None:
    old = "urn:uuid:7953af1a-ba1c-11eb-816f-0050569e422e"
    root = parse_foreign(frozen(replaces=old).metadata)
    link = root.find(f".//{R}Association[@associationType='urn:ihe:iti:2007:AssociationType:RPLC']")
    assert link is not None
    assert (link.get("sourceObject"), link.get("targetObject")) == ("Document01", old)


@pytest.mark.parametrize(
    ("document", "profile", "expected"),
    [
        (b"", {"mode": AuthenticationMode.INDIRECTE_RENFORCEE}, DmpModeNotAllowed),
        (b"", {"max_document_bytes": 100}, DmpDocumentTooLarge),
        (material.document(unique_id="1.2.250.1.999.1"), {}, DmpIdentifierOutsideRoot),
        (material.document(unique_id=f"{material.ROOT_OID}.7.012"), {}, DmpIdentifierOutsideRoot),
        (material.document(unique_id=f"{material.ROOT_OID}.7.{'1' * 64}"), {}, DmpIdentifierOutsideRoot),
        (
            material.document().replace(material.PERSON.matricule.encode(), b"2751263220749"),
            {},
            DmpIdentityMismatch,
        ),
        (material.document().replace(b'code="80788-3"', b'code="EXPORT_DUI"'), {}, DmpSubmissionError),
        (
            material.document().replace(
                f'code="{material.HOUSE.practice_setting}"'.encode(), b'code="ESSMS"'
            ),
            {},
            DmpTypeNotAccepted,
        ),
    ],
)
def test_what_the_dmp_would_refuse_does_not_leave(
    document: bytes, profile: dict[str, object], expected: type[Exception]
) -> None:
    with pytest.raises((expected, CdaNotDescribable)):
        frozen(document or None, profile=profile)


def test_an_author_of_another_structure_is_refused() -> None:
    other = "1990000999"
    changes = {
        "structure": Structure(other, "Autre", material.profile().structure.sector),
        "credentials": material.credentials(other),
    }
    with pytest.raises(DmpAuthorStructureMismatch):
        frozen(profile=changes)


def test_no_trait_reaches_a_log_or_a_repr(caplog: pytest.LogCaptureFixture) -> None:
    submission = frozen()
    with caplog.at_level(logging.DEBUG):
        logging.getLogger("test").debug("%r %r %r", submission, submission.patient, material.profile())
    assert material.PERSON.matricule not in caplog.text
    assert material.PERSON.nom_naissance not in caplog.text
    assert "PRIVATE" not in caplog.text
