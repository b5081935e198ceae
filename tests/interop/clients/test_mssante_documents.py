"""A CDA, an archive and a message written by the kit, judged by the sandbox's own reading."""

from __future__ import annotations

import datetime
import smtplib
from collections.abc import Iterator

import pytest

from amarre.interop.clients.mssante import MssanteClient
from amarre.interop.mssante import DocumentSet, OutgoingMessage, ReceiptKind, SentDocument, UsagerTraits
from amarre.interop.terminology.loader import ValueSetId, value_set
from amarre.interop.xdm.build import XdmSender, XdmSubmission, build_archive
from amarre.interop.xds.from_cda import document_entry_from_cda
from amarre.sandbox.app import Sandbox
from amarre.sandbox.settings import SandboxSettings
from tests.interop.clients.test_mssante import client
from tests.interop.dmp import material
from tests.sandbox.services.mssante.samples import MAILBOX, NURSE

PDF = b"%PDF-1.7\n% projet\n%%EOF\n"


@pytest.fixture(scope="module")
def sandbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    settings = SandboxSettings(
        data_dir=tmp_path_factory.mktemp("sandbox"), plain_port=0, https_port=0, smtp_port=0, imap_port=0
    )
    with Sandbox(settings, services=("mssante",)) as running:
        yield running


def outgoing(kit: MssanteClient) -> OutgoingMessage:
    cda = material.document(body=PDF)
    entry = document_entry_from_cda(cda, entry_id="Document01")
    archive = build_archive(
        [cda],
        XdmSubmission(
            unique_id=f"{material.ROOT_OID}.8.1",
            source_id=material.ROOT_OID,
            time=material.NOW,
            author=entry.authors[0],
            content_type=value_set(ValueSetId.DMP_CONTENT_TYPE).get(material.HOUSE.content_type),
        ),
        XdmSender(material.HOUSE.name, MAILBOX, "Amarre", "0.1.0", "Amarre"),
        (NURSE,),
    )
    person = material.PERSON
    usager = UsagerTraits(
        person.nom_naissance, person.premier_prenom, datetime.date.fromisoformat(person.date_naissance)
    )
    documents = (
        SentDocument(entry.type_code.code, entry.type_code.display, datetime.date(2026, 11, 20), PDF),
    )
    return OutgoingMessage(
        sender=kit.sender,
        recipients=(NURSE,),
        message_id=kit.new_message_id(),
        sent_at=material.NOW,
        body="Bonjour, voici le projet personnalisé.",
        documents=DocumentSet(usager, archive, documents, material.identity()),
    )


def test_the_whole_message_is_accepted_and_delivered(sandbox: Sandbox) -> None:
    kit = client(sandbox)
    message = outgoing(kit)
    data = kit.build(message)
    try:
        kit.submit(data, kit.envelope(message.recipients, message.message_id))
    finally:
        verdict = sandbox.journal.list("mssante")[0].verdict
        assert [(item.rule, item.sentence) for item in verdict.remarks if not item.passed] == []
    (receipt,) = kit.receipts_of(message.message_id)
    assert receipt.kind is ReceiptKind.REMIS
    assert verdict.decoded["À"] == NURSE


def test_the_unused_standard_client_sends_the_same_bytes(sandbox: Sandbox) -> None:
    kit = client(sandbox)
    message = outgoing(kit)
    with smtplib.SMTP("localhost", kit.profile.smtp_port, "localhost", timeout=5) as foreign:
        foreign.starttls(context=kit.profile.context)
        assert foreign.sendmail(MAILBOX, [NURSE], kit.build(message)) == {}
