"""Receipts of foreign servers, read without knowing who wrote them."""

from __future__ import annotations

import random

import pytest

from amarre.interop.mssante import ReceiptKind, parse_receipts
from amarre.interop.mssante.dsn import MAX_REPORT_BYTES, decode_xtext
from amarre.interop.mssante.errors import ReportTooLarge
from amarre.interop.mssante.status import explain, most_precise
from tests.hostile.limits import bounded
from tests.interop.mssante import samples

ALL = [
    samples.POSTFIX_FAILED,
    samples.POSTFIX_SUCCESS_TWO,
    samples.POSTFIX_DELAYED,
    samples.EXCHANGE_FAILED,
    samples.DOVECOT_QUOTA,
    samples.MDN_DISPLAYED,
    samples.MDN_INTEGRATION_ERROR,
    samples.MES_NOTICE,
    samples.INTEGRATION_MAIL,
]


@pytest.mark.parametrize(
    ("data", "kind", "status", "recipient", "sentence"),
    [
        (
            samples.POSTFIX_FAILED,
            "rejete",
            "5.1.1",
            "nobody@infirmier.mssante.fr",
            "Cette boîte n'existe pas.",
        ),
        (
            samples.POSTFIX_DELAYED,
            "retarde",
            "4.4.1",
            "one@medecin.mssante.fr",
            "Le serveur du destinataire ne répond pas, ou refuse cette adresse.",
        ),
        (
            samples.EXCHANGE_FAILED,
            "rejete",
            "5.1.10",
            "ancien@hopital.example",
            "Cette boîte n'existe pas, ou son domaine ne reçoit aucun message.",
        ),
        (
            samples.MDN_DISPLAYED,
            "lu",
            "",
            "marie.martin@medecin.mssante.fr",
            "Le destinataire a ouvert le message.",
        ),
        (
            samples.MDN_INTEGRATION_ERROR,
            "non_integre",
            "902",
            "soins@essms-test.mssante.fr",
            "Le logiciel du destinataire n'a pas pu ranger le document. Patient inconnu du destinataire.",
        ),
        (samples.MES_NOTICE, "rejete", "5.2.1", "", "La boîte du destinataire est fermée."),
        (
            samples.INTEGRATION_MAIL,
            "non_integre",
            "904",
            "soins@essms-test.mssante.fr",
            "Le logiciel du destinataire n'a pas pu ranger le document."
            " INS différente de celle du destinataire.",
        ),
    ],
)
def test_one_receipt_of_each_shape(
    data: bytes, kind: str, status: str, recipient: str, sentence: str
) -> None:
    (receipt,) = parse_receipts(data)
    assert (receipt.kind, receipt.status, receipt.recipient) == (ReceiptKind(kind), status, recipient)
    assert receipt.original_message_id == samples.ORIGINAL
    assert receipt.sentence == sentence
    assert receipt.advice


def test_a_report_may_speak_of_several_recipients() -> None:
    first, second = parse_receipts(samples.POSTFIX_SUCCESS_TWO)
    assert (first.kind, first.recipient) == (ReceiptKind.REMIS, "one@medecin.mssante.fr")
    assert (second.kind, second.recipient) == (ReceiptKind.RELAYE, "two@other.example")
    assert first.original_message_id == second.original_message_id == samples.ORIGINAL
    assert first.key != second.key
    assert first.arrived_at is not None
    assert first.arrived_at.isoformat() == "2026-11-20T09:15:03+00:00"


def test_a_full_mailbox_by_dovecot() -> None:
    (receipt,) = parse_receipts(samples.DOVECOT_QUOTA)
    assert receipt.original_message_id == samples.ORIGINAL
    assert (receipt.kind, receipt.status) == (ReceiptKind.REJETE, "5.2.2")
    assert receipt.sentence == "La boîte du destinataire est pleine."


def test_line_ends_do_not_matter() -> None:
    for data in ALL:
        unix = data.replace(b"\r\n", b"\n")
        assert parse_receipts(unix) == parse_receipts(unix.replace(b"\n", b"\r\n"))


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\x00\xff\xfe",
        b"From: a@b.fr\nSubject: Bonjour\n\nBonjour",
        b"Content-Type: multipart/report\n\n",
        b"Subject: =?utf-8?b?%%%?=\nContent-Type: text/plain; charset=none\n\nx",
        b"Content-Type: multipart/mixed; boundary=x\n\n" + b"--x\n" * 5000,
        b"Content-Type: message/rfc822\r\n\r\n" * 3000,
    ],
)
def test_what_is_no_receipt_gives_nothing(data: bytes) -> None:
    assert parse_receipts(data) == ()


def test_damaged_receipts_never_raise() -> None:
    source = random.Random(20261120)
    for data in ALL:
        for _ in range(60):
            damaged = bytearray(data)
            for _ in range(source.randrange(1, 12)):
                position = source.randrange(len(damaged))
                damaged[position : position + source.randrange(8)] = source.randbytes(source.randrange(8))
            for receipt in parse_receipts(bytes(damaged)):
                assert receipt.sentence


def test_a_receipt_beyond_the_limit_is_refused_before_reading() -> None:
    with pytest.raises(ReportTooLarge):
        parse_receipts(bytes(MAX_REPORT_BYTES + 1))


@pytest.mark.parametrize(
    ("status", "diagnostic", "code"),
    [
        ("5.0.0", "smtp;550 5.1.10 not found", "5.1.10"),
        ("5.1.1", "smtp;550 5.7.1 no", "5.1.1"),
        ("", "552 5.2.2 full", "5.2.2"),
        ("5.0.0 (undefined)", "smtp; 550 no such user", "5.0.0"),
        ("5.0.0", "host 10.5.1.1 said no", "5.0.0"),
        ("5.0.0", "smtp;421 4.4.2 cut", "5.0.0"),
    ],
)
def test_the_most_precise_code_wins(status: str, diagnostic: str, code: str) -> None:
    assert most_precise(status, diagnostic) == code


def test_every_code_has_a_sentence_and_unknown_ones_too() -> None:
    assert explain("5.1.99") == explain("5.1.0")
    assert explain("5.9.9").sentence == "Le message n'a pas été remis ; le serveur ne dit pas pourquoi."
    assert explain("nothing") == explain("5.9.9")
    assert explain("4.2.2").sentence == explain("5.2.2").sentence
    assert explain("4.2.2").advice != explain("5.2.2").advice


def test_xtext_is_read() -> None:
    assert decode_xtext("a+2Bb+3Dc+20d+zz") == "a+b=c d+zz"


def _nested(levels: int) -> bytes:
    """Multiparts within multiparts, each with a boundary of its own."""
    return b"".join(
        b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (level, level)
        for level in range(levels)
    )


BOMBS = {
    "5,000 multiparts, one in another": _nested(5_000),
    "200,000 parts": b"Content-Type: multipart/report; boundary=x\r\n\r\n" + b"--x\r\n\r\n\r\n" * 200_000,
    "300,000 headers": b"X-A: b\r\n" * 300_000 + b"\r\n",
    "a header of 10 MB": b"Subject: " + b"a" * 10_000_000 + b"\r\n\r\n",
    "a header folded 300,000 times": b"Subject: a" + b"\r\n b" * 300_000 + b"\r\n\r\n",
    "200,000 encoded words": b"Subject: " + b"=?utf-8?q?a?= " * 200_000 + b"\r\n\r\n",
    "10 MB of one line": b"Content-Type: text/plain\r\n\r\n" + b"a" * 10_000_000,
    "a boundary of 1 MB": b"Content-Type: multipart/report; boundary=" + b"b" * 1_000_000 + b"\r\n\r\n--b",
    "a boundary of 1 MB, in pieces": (
        b"Content-Type: multipart/report;"
        + b"".join(b"\r\n boundary*%d=bbbbbbbbbb;" % number for number in range(30_000))
        + b"\r\n\r\n--b"
    ),
    "boundaries in a line": (b"boundary=" * 100 + b"\r\n") * 1_000,
    "200,000 recipients": (
        b"Content-Type: multipart/report; report-type=delivery-status; boundary=x\r\n\r\n--x\r\n"
        b"Content-Type: message/delivery-status\r\n\r\n"
        + b"Final-Recipient: rfc822; a@b.fr\r\nAction: failed\r\n\r\n" * 200_000
        + b"--x--"
    ),
}  # fmt: skip


def test_what_a_report_says_is_read_whatever_the_original_weighs() -> None:
    for data in (one for one in ALL if b"multipart/report" in one):
        end = b"\n" + b"A" * 76
        assert parse_receipts(data + end * 300_000) == parse_receipts(data)


@pytest.mark.req("quality-bars 1.3, class 8")
@pytest.mark.parametrize("name", BOMBS)
def test_a_mail_that_costs_more_to_read_than_to_send(name: str) -> None:
    with bounded(name):
        for receipt in parse_receipts(BOMBS[name]):
            assert receipt.sentence
