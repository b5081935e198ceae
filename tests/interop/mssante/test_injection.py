"""No value adds a header, a recipient or a part: refused, or harmless."""

from __future__ import annotations

import dataclasses
import datetime
import email
import email.policy

import pytest

from amarre.interop.mssante import (
    DocumentSet,
    OutgoingMessage,
    Sender,
    SentDocument,
    UsagerTraits,
    build_message,
)
from amarre.interop.mssante.errors import MssanteError

PAYLOADS = [
    "a\r\nBcc: evil@x.mssante.fr",
    "a\nBcc: evil@x.mssante.fr",
    "a\rBcc: evil@x.mssante.fr",
    "a\x0bBcc: evil@x.mssante.fr",
    "a\x0cBcc: evil@x.mssante.fr",
    "a\x85Bcc: evil@x.mssante.fr",
    "a\u2028Bcc: evil@x.mssante.fr",
    "a\u2029Bcc: evil@x.mssante.fr",
    "a\x00Bcc: evil@x.mssante.fr",
    "a\x1cBcc: evil@x.mssante.fr",
    "=?utf-8?q?=0D=0ABcc:_evil@x.mssante.fr?=",
    '"><x@y.fr>, <evil@x.mssante.fr>',
    "a,b;c:d<e>f@g",
    "../../etc/passwd",
    'a"; filename="evil.exe',
    "a\\",
    "a" * 3000,
    "\udcff",
    "\U0001f600",
]
MESSAGE = OutgoingMessage(
    sender=Sender("app@a.mssante.fr", "Service", "org@a.mssante.fr", "DEV1"),
    recipients=("claire@b.mssante.fr",),
    message_id="<1@a.mssante.fr>",
    sent_at=datetime.datetime(2026, 3, 3, tzinfo=datetime.UTC),
    body="Bonjour",
    documents=DocumentSet(
        UsagerTraits("CORSE", "Figatellix"),
        b"PK",
        (SentDocument("1-8", "Projet", datetime.date(2026, 3, 3), b"%PDF-1.7"),),
        None,
    ),
)


def variants(payload: str) -> list[OutgoingMessage]:
    documents = MESSAGE.documents
    assert documents is not None
    usager = documents.usager
    with_usager = [
        dataclasses.replace(usager, birth_name=payload),
        dataclasses.replace(usager, first_name=payload),
        dataclasses.replace(usager, record_number=payload),
    ]
    with_document = [
        dataclasses.replace(documents.documents[0], label=payload),
        dataclasses.replace(documents.documents[0], code=payload),
    ]
    senders = [
        dataclasses.replace(MESSAGE.sender, **{name: payload})
        for name in ("address", "label", "reply_to", "nil")
    ]
    return [
        *(
            dataclasses.replace(MESSAGE, documents=dataclasses.replace(documents, usager=item))
            for item in with_usager
        ),
        *(
            dataclasses.replace(MESSAGE, documents=dataclasses.replace(documents, documents=(item,)))
            for item in with_document
        ),
        *(dataclasses.replace(MESSAGE, sender=item) for item in senders),
        dataclasses.replace(MESSAGE, recipients=(payload,)),
        dataclasses.replace(MESSAGE, message_id=payload),
        dataclasses.replace(MESSAGE, in_reply_to=payload),
        dataclasses.replace(MESSAGE, references=(payload,)),
        dataclasses.replace(MESSAGE, documents=None, subject=payload),
        dataclasses.replace(MESSAGE, body=payload),
    ]


@pytest.mark.parametrize("payload", PAYLOADS)
def test_a_hostile_value_is_refused_or_harmless(payload: str) -> None:
    for message in variants(payload):
        try:
            data = build_message(message)
        except MssanteError:
            continue
        assert data.isascii()
        assert max(len(line) for line in data.split(b"\r\n")) <= 998
        for policy in (email.policy.default, email.policy.compat32):
            mail = email.message_from_bytes(data, policy=policy)
            assert mail["Bcc"] is None
            assert mail.get_all("To") == ["claire@b.mssante.fr"]
            assert len(mail.get_all("From") or []) == 1
            names = [part.get_filename() for part in mail.walk() if part.get_filename()]
            expected = 0 if message.documents is None else 2
            assert len(names) == expected
            assert all(name.endswith((".pdf", ".zip")) and "/" not in name for name in names if name)
        assert "evil@x.mssante.fr" not in str(
            email.message_from_bytes(data, policy=email.policy.default)["To"]
        )
