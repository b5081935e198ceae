"""The message opened by foreign readers: the standard library's modern parser, and zipfile."""

from __future__ import annotations

import dataclasses
import datetime
import email
import email.policy
import io
import re
import zipfile
from email.message import EmailMessage

import pytest

from amarre.interop.ins import QualifiedIdentity
from amarre.interop.mssante import (
    DocumentSet,
    OutgoingMessage,
    Sender,
    SentDocument,
    UsagerTraits,
    Visibility,
    build_message,
    check_recipient,
    citizen_address,
    is_accepted,
    new_message_id,
    normalise,
    pdf_names,
    professional_label,
    xdm_subject,
)
from amarre.interop.mssante import errors as reasons
from amarre.interop.mssante.sasl import oauthbearer, xoauth2
from tests.conftest import SequenceIds
from tests.interop.mssante.identities import qualified

NURSE = "claire.roussel@infirmier.mssante.fr"
SENDER = Sender(
    "amarre.domicile@deux-quais.mssante.fr",
    "Service à domicile",
    "domicile@deux-quais.mssante.fr",
    "DEV000000",
)
USAGER = UsagerTraits("D'ARTÉMARE", "Éléonore", datetime.date(1950, 1, 2))
PDF = b"%PDF-1.7\n%%EOF\n"


def document(code: str = "51969-4", label: str = "Projet personnalisé", **more: object) -> SentDocument:
    values = {"code": code, "label": label, "act_date": datetime.date(2026, 3, 3), "pdf": PDF} | more
    return SentDocument(**values)  # type: ignore[arg-type]


def archive() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as target:
        target.writestr("README.TXT", "archive")
    return buffer.getvalue()


def outgoing(
    *documents: SentDocument, identity: QualifiedIdentity | None = None, **more: object
) -> OutgoingMessage:
    values: dict[str, object] = {
        "sender": SENDER,
        "recipients": (NURSE,),
        "message_id": "<5f0c7b3a-1@deux-quais.mssante.fr>",
        "sent_at": datetime.datetime(2026, 3, 3, 9, 15, tzinfo=datetime.UTC),
        "body": "Bonjour,\nvoici le projet de la personne.\n.\nÀ bientôt",
        "documents": DocumentSet(USAGER, archive(), documents or (document(),), identity),
    }
    return OutgoingMessage(**(values | more))  # type: ignore[arg-type]


def opened(message: OutgoingMessage) -> EmailMessage:
    parsed = email.message_from_bytes(build_message(message), policy=email.policy.default)
    assert isinstance(parsed, EmailMessage)
    assert not parsed.defects
    return parsed


@pytest.mark.req("ECO.2.1.1")
def test_a_foreign_client_opens_the_message() -> None:
    mail = opened(outgoing(identity=qualified()))
    assert mail["From"].addresses[0].display_name == "Service à domicile"
    assert mail["From"].addresses[0].addr_spec == SENDER.address
    assert mail["Reply-To"] == SENDER.reply_to
    assert mail["To"] == NURSE
    assert mail["Date"].datetime == datetime.datetime(2026, 3, 3, 9, 15, tzinfo=datetime.UTC)
    assert str(mail["Date"]) == "Tue, 03 Mar 2026 10:15:00 +0100"
    assert mail["Message-ID"] == "<5f0c7b3a-1@deux-quais.mssante.fr>"
    assert mail["Subject"] == "XDM/1.0/DDM+Projet personnalise D'ARTEMARE Eleonore 02/01/1950"
    assert mail["Disposition-Notification-To"] == SENDER.address
    assert (mail["X-MSS-NIL"], mail["X-MSS-INS"], mail["X-MSS-CODECDA"]) == ("DEV000000", "O", "51969-4")
    body = mail.get_body(("plain",))
    assert body is not None
    assert (
        body.get_content().replace("\r\n", "\n")
        == "Bonjour,\nvoici le projet de la personne.\n.\nÀ bientôt\n"
    )
    zipped, pdf = mail.iter_attachments()
    assert (zipped.get_filename(), zipped.get_content_type()) == ("IHE_XDM.zip", "application/zip")
    assert zipfile.ZipFile(io.BytesIO(zipped.get_content())).read("README.TXT") == b"archive"
    assert pdf.get_filename() == "20260303_Projet_personnalise_D_ARTEMARE_Eleonore.pdf"
    assert pdf.get_content() == PDF


def test_the_same_model_gives_the_same_bytes() -> None:
    first, second = build_message(outgoing()), build_message(outgoing())
    assert first == second
    assert first.isascii()
    assert b"\n" not in first.replace(b"\r\n", b"")
    assert max(len(line) for line in first.split(b"\r\n")) < 998
    assert build_message(outgoing(message_id="<another@deux-quais.mssante.fr>")) != first


@pytest.mark.req("ECO.2.4.2")
def test_without_a_qualified_identity_the_header_says_no() -> None:
    assert opened(outgoing())["X-MSS-INS"] == "N"


@pytest.mark.req("ECO.2.4.1")
def test_many_documents_keep_their_codes_readable() -> None:
    many = tuple(document(f"{34100 + n}-{n % 10}", "Compte rendu très long " * 3) for n in range(30))
    raw = build_message(outgoing(*many)).decode("ascii")
    header = re.search(r"^X-MSS-CODECDA: (.*)\r$", raw, re.MULTILINE)
    assert header is not None
    assert header[1].split(",") == [item.code for item in many]
    mail = opened(outgoing(*many))
    assert mail["Subject"] == "XDM/1.0/DDM+30 documents D'ARTEMARE Eleonore 02/01/1950"
    names = [item.get_filename() for item in mail.iter_attachments()]
    assert len(set(names)) == 31
    assert "filename*" not in raw


def test_without_documents_no_document_header() -> None:
    mail = opened(outgoing(documents=None, subject="Réunion de suivi"))
    assert mail["Subject"] == "Réunion de suivi"
    assert mail["X-MSS-CODECDA"] is None
    assert mail["X-MSS-INS"] is None
    assert mail["X-MSS-NIL"] == "DEV000000"


@pytest.mark.req("ECO.2.1.3")
def test_the_label_of_the_subject_is_cut_at_40_characters() -> None:
    label = "Lettre de liaison à la sortie d'un établissement"
    subject = xdm_subject((document(label=label),), USAGER)
    assert subject == "XDM/1.0/DDM+Lettre de liaison a la sortie d'un etabl D'ARTEMARE Eleonore 02/01/1950"
    assert xdm_subject((document(),), dataclasses.replace(USAGER, birth_date=None)).endswith("Eleonore")


@pytest.mark.req("ECO.2.1.6")
def test_file_names() -> None:
    usager = dataclasses.replace(USAGER, record_number="D/12 3")
    assert pdf_names((document(), document()), usager) == [
        "20260303_Projet_personnalise_D_ARTEMARE_Eleonore_D_12_3.pdf",
        "20260303_Projet_personnalise_D_ARTEMARE_Eleonore_D_12_3_2.pdf",
    ]


@pytest.mark.parametrize(
    ("message", "error"),
    [
        (outgoing(recipients=()), reasons.NoRecipient),
        (outgoing(recipients=("claire",)), reasons.AddressMalformed),
        (outgoing(recipients=("a@b.fr\r\nBcc: c@d.mssante.fr",)), reasons.AddressMalformed),
        (outgoing(recipients=("claire@gmail.com",)), reasons.AddressOutsideMssante),
        (outgoing(recipients=(NURSE, "255069999912337@patient.mssante.fr")), reasons.MixedRecipients),
        (outgoing(message_id="no brackets"), reasons.HeaderForbidden),
        (outgoing(message_id="<a@b.fr>\r\nX: y"), reasons.HeaderForbidden),
        (outgoing(documents=None, subject="a\nBcc: x@y.mssante.fr"), reasons.HeaderForbidden),
        (outgoing(document(label="a\r\nX: y")), reasons.HeaderForbidden),
        (outgoing(document(code="a,b")), reasons.HeaderForbidden),
        (outgoing(document(pdf=b"")), reasons.PdfMissing),
        (outgoing(documents=DocumentSet(USAGER, archive(), (), None)), reasons.DocumentsMissing),
        (outgoing(documents=DocumentSet(USAGER, b"", (document(),), None)), reasons.DocumentsMissing),
        (outgoing(sender=dataclasses.replace(SENDER, nil="")), reasons.SenderIncomplete),
        (outgoing(sender=dataclasses.replace(SENDER, label=" ")), reasons.SenderIncomplete),
        (outgoing(sender=dataclasses.replace(SENDER, label="a\nb")), reasons.HeaderForbidden),
        (outgoing(sender=dataclasses.replace(SENDER, address="a@b.fr")), reasons.AddressOutsideMssante),
        (outgoing(document(visibility=Visibility(masque_ps=True))), reasons.MaskingForbids),
        (
            outgoing(
                document(visibility=Visibility(invisible_patient=True)),
                recipients=("255069999912337@patient.mssante.fr",),
            ),
            reasons.MaskingForbids,
        ),
        (
            outgoing(
                document(pdf=b"%PDF-" + bytes(26 * 2**20)), recipients=("255069999912337@patient.mssante.fr",)
            ),
            reasons.MessageTooLarge,
        ),
    ],
)
def test_what_is_refused(message: OutgoingMessage, error: type[reasons.MssanteError]) -> None:
    with pytest.raises(error) as raised:
        build_message(message)
    explanation = raised.value.explanation()
    assert explanation.what
    assert explanation.advice


def test_to_an_usager_the_exchange_may_be_closed() -> None:
    message = outgoing(
        document(visibility=Visibility(masque_ps=True)),
        identity=qualified(),
        recipients=(citizen_address(qualified()),),
        end_of_exchange=True,
    )
    mail = opened(message)
    assert mail["To"] == "255069999912337@patient.mssante.fr"
    assert mail["X-MSS-MES"] == "FIN"


def test_a_citizen_address_needs_a_qualified_identity() -> None:
    with pytest.raises(reasons.CitizenNeedsQualifiedIns):
        citizen_address("255069999912337")  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("address", "accepted"),
    [
        ("a@medecin.mssante.fr", True),
        ("a@MEDECIN.MSSANTE.FR", True),
        ("a@patient.mssante.fr", True),
        ("a@mssante.fr", False),
        ("a@evil-mssante.fr", False),
        ("a@mssante.fr.evil.com", False),
    ],
)
def test_accepted_domains(address: str, accepted: bool) -> None:
    assert is_accepted(address) is accepted


def test_an_installation_may_accept_other_domains() -> None:
    assert check_recipient("a@apicrypt.example", ("apicrypt.example",)) == "a@apicrypt.example"


@pytest.mark.parametrize(
    "address",
    ["", "a", "a@", "@b.fr", "a b@c.fr", '"a b"@c.fr', "a@[127.0.0.1]", "a@b", "a..b@c.fr", "é@c.fr",
     "a@b.fr,c@d.fr", "a@b.fr;c", "<a@b.fr>", "a\x00@b.fr", "a@b.fr\n", "a" * 65 + "@b.fr"],
)  # fmt: skip
def test_malformed_addresses(address: str) -> None:
    with pytest.raises(reasons.AddressMalformed):
        normalise(address)


def test_labels_and_identifiers(ids: SequenceIds) -> None:
    assert professional_label("Marie", "Martin", title="Dr", entity="EHPAD") == "Dr_Marie_MARTIN_EHPAD"
    assert professional_label("Marie", "Martin") == "Marie_MARTIN"
    assert (
        new_message_id(SENDER.address, ids) == "<00000000-0000-0000-0000-000000000001@deux-quais.mssante.fr>"
    )


def test_sasl_strings() -> None:
    assert xoauth2("a@b.mssante.fr", "tok") == b"user=a@b.mssante.fr\x01auth=Bearer tok\x01\x01"
    assert oauthbearer("a@b.mssante.fr", "imap.fr", 143, "tok") == (
        b"n,a=a@b.mssante.fr,\x01host=imap.fr\x01port=143\x01auth=Bearer tok\x01\x01"
    )
    with pytest.raises(reasons.HeaderForbidden):
        xoauth2("a@b.mssante.fr", "tok\x01auth=Bearer other")
