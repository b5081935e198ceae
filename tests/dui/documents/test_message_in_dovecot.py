"""The message as a real mail server stores and describes it, read by the standard library."""

from __future__ import annotations

import base64
import imaplib
from pathlib import Path

import pytest

from amarre.dui.documents import store
from amarre.sandbox.pki import Pki
from tests.dui.connected import House
from tests.dui.documents.mail import part, send
from tests.interop.clients.test_mssante_dovecot import authority, dovecot, kit

__all__ = ["authority", "dovecot"]
pytestmark = [pytest.mark.django_db, pytest.mark.needs("dovecot")]


def test_dovecot_describes_the_message_and_gives_its_parts_back(
    house: House, request: pytest.FixtureRequest
) -> None:
    pki: Pki = request.getfixturevalue("authority")
    server: tuple[Path, int] = request.getfixturevalue("dovecot")
    version = house.filed()
    message = send(house, version)
    client = kit(pki, server[1])
    assert client.append_sent(part(message), message.message_id)
    assert client.find_sent(message.message_id) == 1
    with imaplib.IMAP4("localhost", server[1]) as mailbox:
        mailbox.starttls(client.profile.context)
        mailbox.authenticate("EXTERNAL", lambda challenge: b"")
        mailbox.select('"Messages envoyes"', readonly=True)
        _, found = mailbox.search(None, "HEADER", "Message-ID", message.message_id)
        number = found[0].split()[-1].decode()
        structure = str(mailbox.fetch(number, "(BODYSTRUCTURE)")[1][0]).lower()
        assert '"mixed"' in structure
        for expected in ('"plain"', '"zip"', '"pdf"', "ihe_xdm.zip", '"utf-8"'):
            assert expected in structure, structure
        pdf = mailbox.fetch(number, "(BODY.PEEK[3])")[1][0]
        assert isinstance(pdf, tuple)
        assert base64.b64decode(pdf[1]) == store.get(version.pdf_sha256)
        headers = mailbox.fetch(number, "(BODY.PEEK[HEADER.FIELDS (X-MSS-INS X-MSS-NIL)])")[1][0]
        assert isinstance(headers, tuple)
        assert b"X-MSS-INS: O" in headers[1]
