"""The simulated operator, driven by bare smtplib and imaplib."""

from __future__ import annotations

import contextlib
import email
import email.policy
import imaplib
import smtplib
import ssl
import time
from collections.abc import Iterator
from email.message import EmailMessage, Message
from pathlib import Path

import pytest

from amarre.sandbox.app import Sandbox
from amarre.sandbox.settings import SandboxSettings
from tests.sandbox.services.mssante.samples import MAILBOX, NURSE, STRUCTURE, archive, cda, message


def settings(folder: Path, slow: float = 0.5) -> SandboxSettings:
    return SandboxSettings(
        data_dir=folder, plain_port=0, https_port=0, smtp_port=0, imap_port=0, slow_answer_seconds=slow
    )


@pytest.fixture(scope="module")
def data_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("sandbox")


@pytest.fixture(scope="module")
def running(data_dir: Path) -> Iterator[Sandbox]:
    with Sandbox(settings(data_dir), services=("mssante",)) as sandbox:
        yield sandbox


@pytest.fixture
def sandbox(running: Sandbox) -> Sandbox:
    running.reset()
    return running


def tls(sandbox: Sandbox, use: str = "mssante", structure: str = STRUCTURE) -> ssl.SSLContext:
    folder = sandbox.settings.data_dir / "pki"
    context = ssl.create_default_context(cafile=str(folder / "ca.pem"))
    pair = folder / "clients" / structure
    context.load_cert_chain(pair / f"{use}.pem", pair / f"{use}.key")
    return context


def port(sandbox: Sandbox, name: str) -> int:
    return int(sandbox.addresses()[name].rpartition(":")[2])


def smtp(sandbox: Sandbox, context: ssl.SSLContext | None = None) -> smtplib.SMTP:
    client = smtplib.SMTP("localhost", port(sandbox, "smtp"), "localhost", timeout=5)
    try:
        client.starttls(context=context or tls(sandbox))
        client.ehlo()
    except (smtplib.SMTPException, OSError):
        client.close()
        raise
    return client


def send(
    sandbox: Sandbox, mail: EmailMessage, to: str = NURSE, notify: str = "SUCCESS,FAILURE,DELAY"
) -> None:
    with smtp(sandbox) as client:
        client.sendmail(
            MAILBOX,
            [to],
            mail.as_bytes(policy=email.policy.SMTP),
            ["RET=HDRS", "ENVID=5f0c7b3a-1@deux-quais.mssante.fr"],
            [f"NOTIFY={notify}", f"ORCPT=rfc822;{to}"],
        )


def inbox(sandbox: Sandbox, folder: str = "INBOX") -> list[Message]:
    client = imaplib.IMAP4("localhost", port(sandbox, "imap"), timeout=5)
    client.starttls(tls(sandbox))
    client.authenticate("EXTERNAL", lambda challenge: b"")
    client.select(folder, readonly=True)
    found: list[Message] = []
    for number in client.search(None, "ALL")[1][0].split():
        data = client.fetch(number.decode(), "(BODY.PEEK[])")[1][0]
        assert isinstance(data, tuple)
        found.append(email.message_from_bytes(data[1]))
    client.logout()
    return found


def status_fields(report: Message) -> dict[str, str]:
    part = next(item for item in report.walk() if item.get_content_type() == "message/delivery-status")
    groups = part.get_payload()
    assert isinstance(groups, list)
    return {name.lower(): value for group in groups for name, value in group.items()}


def test_a_right_message_is_taken_and_a_delivery_report_comes_back(sandbox: Sandbox) -> None:
    send(sandbox, message())
    (report,) = inbox(sandbox)
    assert report.get_content_type() == "multipart/report"
    assert report.get_param("report-type") == "delivery-status"
    fields = status_fields(report)
    assert fields["action"] == "delivered"
    assert fields["final-recipient"] == f"rfc822; {NURSE}"
    assert fields["original-envelope-id"] == "5f0c7b3a-1@deux-quais.mssante.fr"
    assert "<5f0c7b3a-1@deux-quais.mssante.fr>" in report.as_string()
    state = sandbox.state()["mssante"]
    assert state == {
        "<5f0c7b3a-1@deux-quais.mssante.fr>": {
            "message_id": "<5f0c7b3a-1@deux-quais.mssante.fr>",
            "accepted": 1,
            "sender": MAILBOX,
            "recipients": [NURSE],
        }
    }
    (exchange,) = sandbox.journal.list("mssante")
    assert exchange.verdict.accepted
    assert exchange.verdict.summary == "Message accepté pour 1 destinataire."
    assert len(exchange.verdict.remarks) == 22


def test_no_report_when_none_was_asked(sandbox: Sandbox) -> None:
    send(sandbox, message(), notify="NEVER")
    assert inbox(sandbox) == []


def test_an_unknown_mailbox_gives_a_failure_report(sandbox: Sandbox) -> None:
    send(sandbox, message(to="inconnue@infirmier.mssante.fr"), to="inconnue@infirmier.mssante.fr")
    fields = status_fields(inbox(sandbox)[0])
    assert (fields["action"], fields["status"]) == ("failed", "5.1.1")


@pytest.mark.parametrize(
    ("scenario", "action", "status"),
    [
        ("boite-inconnue", "failed", "5.1.1"),
        ("boite-pleine", "failed", "5.2.2"),
        ("remise-retardee", "delayed", "4.4.1"),
    ],
)
def test_situations_that_end_in_a_report(sandbox: Sandbox, scenario: str, action: str, status: str) -> None:
    sandbox.choose("mssante", scenario, 1)
    send(sandbox, message())
    fields = status_fields(inbox(sandbox)[0])
    assert (fields["action"], fields["status"]) == (action, status)


def test_a_reading_receipt_comes_when_asked_for(sandbox: Sandbox) -> None:
    sandbox.choose("mssante", "accuse-de-lecture", 1)
    send(sandbox, message())
    receipt = inbox(sandbox)[1]
    assert receipt.get_param("report-type") == "disposition-notification"
    assert "Disposition: manual-action/MDN-sent-manually; displayed" in receipt.as_string()


def test_the_answer_may_be_lost_after_acceptance(sandbox: Sandbox) -> None:
    sandbox.choose("mssante", "reponse-perdue", 1)
    with pytest.raises(smtplib.SMTPServerDisconnected):
        send(sandbox, message())
    assert len(sandbox.state()["mssante"]) == 1  # type: ignore[arg-type]
    assert status_fields(inbox(sandbox)[0])["action"] == "delivered"


def test_the_answer_may_be_late(sandbox: Sandbox) -> None:
    sandbox.choose("mssante", "reponse-lente", 1)
    start = time.monotonic()
    send(sandbox, message())
    assert time.monotonic() - start >= 0.5


def test_the_server_may_be_closed(sandbox: Sandbox) -> None:
    sandbox.choose("mssante", "indisponible")
    with pytest.raises(smtplib.SMTPException):
        send(sandbox, message())


def test_the_recipient_may_be_refused_at_once(sandbox: Sandbox) -> None:
    sandbox.choose("mssante", "boite-inconnue-immediate")
    with pytest.raises(smtplib.SMTPRecipientsRefused) as refusal:
        send(sandbox, message())
    assert refusal.value.recipients[NURSE][0] == 550


def test_a_second_copy_is_counted_and_remarked(sandbox: Sandbox) -> None:
    send(sandbox, message())
    send(sandbox, message())
    (entry,) = sandbox.state()["mssante"].values()  # type: ignore[attr-defined]
    assert entry["accepted"] == 2
    assert not sandbox.journal.list("mssante")[0].verdict.remarks[-1].passed


def test_without_starttls_nothing_is_said(sandbox: Sandbox) -> None:
    with smtplib.SMTP("localhost", port(sandbox, "smtp"), "localhost", timeout=5) as client:
        client.ehlo()
        assert client.has_extn("starttls")
        assert not client.has_extn("dsn")
        assert client.mail(MAILBOX)[0] == 530
    client_imap = imaplib.IMAP4("localhost", port(sandbox, "imap"), timeout=5)
    with pytest.raises(imaplib.IMAP4.error):
        client_imap.authenticate("EXTERNAL", lambda challenge: b"")
    client_imap.shutdown()


def test_without_a_client_certificate_nobody_enters(sandbox: Sandbox) -> None:
    context = ssl.create_default_context(cafile=str(sandbox.settings.data_dir / "pki" / "ca.pem"))
    with pytest.raises((smtplib.SMTPServerDisconnected, OSError)):
        with contextlib.closing(smtp(sandbox, context)) as refused:
            refused.mail(MAILBOX)
    client = imaplib.IMAP4("localhost", port(sandbox, "imap"), timeout=5)
    with pytest.raises((imaplib.IMAP4.abort, OSError)):
        _enter(client, context)
    client.shutdown()


def _enter(client: imaplib.IMAP4, context: ssl.SSLContext) -> None:
    client.starttls(context)
    client.authenticate("EXTERNAL", lambda challenge: b"")


def test_another_certificate_does_not_open_the_mailbox(sandbox: Sandbox) -> None:
    with smtp(sandbox, tls(sandbox, use="insi")) as client:
        assert client.mail(MAILBOX)[0] == 530
    with smtp(sandbox, tls(sandbox, structure="1990000010")) as client:
        assert client.mail(MAILBOX)[0] == 553
    client_imap = imaplib.IMAP4("localhost", port(sandbox, "imap"), timeout=5)
    client_imap.starttls(tls(sandbox, use="insi"))
    with pytest.raises(imaplib.IMAP4.error):
        client_imap.authenticate("EXTERNAL", lambda challenge: b"")
    client_imap.shutdown()


def test_external_login_is_offered_for_submission(sandbox: Sandbox) -> None:
    with smtp(sandbox) as client:
        assert client.auth("EXTERNAL", lambda challenge=None: "", initial_response_ok=False)[0] == 235


def test_a_domain_outside_the_white_list_is_refused(sandbox: Sandbox) -> None:
    with smtp(sandbox) as client:
        client.mail(MAILBOX)
        assert client.rcpt("medecin@example.com") == (550, b"5.7.1 Domaine hors de la liste blanche MSSante")
        assert client.rcpt(NURSE, ["NOTIFY=SOMETIMES"])[0] == 501


REFUSALS: list[tuple[str, EmailMessage]] = [
    ("Numéro du logiciel (X-MSS-NIL)", message(headers={"X-MSS-NIL": None})),
    ("Expéditeur et nom affiché", message(headers={"From": MAILBOX})),
    ("Expéditeur et nom affiché", message(headers={"From": "Autre <autre@deux-quais.mssante.fr>"})),
    ("Adresse de réponse", message(headers={"Reply-To": None})),
    ("Identifiant du message", message(headers={"Message-ID": None})),
    ("Objet", message(headers={"Subject": "Projet de CORSE Figatellix"})),
    ("Objet", message(headers={"Subject": "XDM/1.0/DDM+Projet DUPONT Figatellix 01/06/1955"})),
    ("Objet", message(headers={"Subject": "XDM/1.0/DDM+Projet CORSE Figatellix 02/06/1955"})),
    ("Codes des documents (X-MSS-CODECDA)", message(headers={"X-MSS-CODECDA": "11490-0"})),
    ("INS qualifiée (X-MSS-INS)", message(headers={"X-MSS-INS": "N"})),
    ("Nom de l'archive", message(zip_name="documents.zip")),
    ("Archive lisible", message(zipped=b"PK not a zip")),
    ("Archive lisible", message(zipped=archive(leave_out=("IHE_XDM/SUBSET01/METADATA.XML",)))),
    ("Archive lisible", message(zipped=archive(extra={"../evil": b"x"}))),
    ("Arborescence de l'archive", message(zipped=archive(leave_out=("README.TXT",)))),
    ("Métadonnées des documents", message(zipped=archive(wrong_hash=True))),
    ("Métadonnées des documents", message(zipped=archive(leave_out=("IHE_XDM/SUBSET01/DOC0001.XML",)))),
    ("Un seul usager", message(zipped=archive((cda(), cda()), patients=("255069999912337", "1")))),
    ("Copie PDF de chaque document", message(pdfs={})),
    ("Copie PDF de chaque document", message(pdfs={"20261120_Projet_CORSE_F.pdf": b"%PDF-1.7 other"})),
    ("Nom des copies PDF", message(pdfs={"projet.pdf": message().get_payload()[2].get_payload(decode=True)})),  # type: ignore[index, union-attr]
    ("Visibilité des documents", message(zipped=archive(visibility="MASQUE_PS"))),
]


@pytest.mark.parametrize(("rule", "mail"), REFUSALS)
def test_what_the_rules_refuse(sandbox: Sandbox, rule: str, mail: EmailMessage) -> None:
    with pytest.raises(smtplib.SMTPDataError) as refusal:
        send(sandbox, mail)
    assert refusal.value.smtp_code == 554
    (exchange,) = sandbox.journal.list("mssante")
    assert rule in [remark.rule for remark in exchange.verdict.remarks if not remark.passed]
    assert all(remark.source for remark in exchange.verdict.remarks)
    assert sandbox.state()["mssante"] == {}


def test_mailboxes_survive_a_restart(tmp_path: Path, data_dir: Path, running: Sandbox) -> None:
    folder = tmp_path / "again"
    (folder).mkdir()
    (folder / "pki").symlink_to(data_dir / "pki")
    with Sandbox(settings(folder), services=("mssante",)) as first:
        send(first, message())
        client = imaplib.IMAP4("localhost", port(first, "imap"), timeout=5)
        client.starttls(tls(first))
        client.authenticate("EXTERNAL", lambda challenge: b"")
        client.append("Sent", "(\\Seen)", "", b"Message-ID: <kept@x>\r\n\r\nbody\r\n")
        client.select("INBOX")
        client.store("1", "+FLAGS", "(\\Flagged)")
        validity = client.response("UIDVALIDITY")[1]
        client.logout()
    with Sandbox(settings(folder), services=("mssante",)) as second:
        assert len(inbox(second)) == 1
        assert inbox(second, "Sent")[0]["Message-ID"] == "<kept@x>"
        client = imaplib.IMAP4("localhost", port(second, "imap"), timeout=5)
        client.starttls(tls(second))
        client.authenticate("EXTERNAL", lambda challenge: b"")
        client.select("INBOX")
        assert client.response("UIDVALIDITY")[1] == validity
        assert client.search(None, "FLAGGED")[1] == [b"1"]
        client.logout()
        assert len(second.state()["mssante"]) == 1  # type: ignore[arg-type]


def test_parts_nested_without_end_are_refused(sandbox: Sandbox) -> None:
    with smtp(sandbox) as client:
        client.mail(MAILBOX)
        client.rcpt(NURSE)
        code, _ = client.data("Content-Type: message/rfc822\r\n\r\n" * 3000)
    assert code == 554
    assert sandbox.state()["mssante"] == {}
