"""The mailbox client against a real Dovecot, started for the occasion on loopback."""

from __future__ import annotations

import datetime
import grp
import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from amarre.interop.clients.mssante import MssanteClient, MssanteProfile
from amarre.interop.common.clock import SystemClock, SystemIds
from amarre.interop.mssante import ReceiptKind
from amarre.interop.transport.errors import ClientCertificateRefused
from amarre.interop.transport.imap import open_mailbox
from amarre.interop.transport.mail import Login, MailDeadlines, MailServer
from amarre.interop.transport.tls import client_context
from amarre.sandbox import pki
from amarre.sandbox.pki import Pki, Use
from amarre.sandbox.settings import Structure
from tests.interop.mssante.samples import EXCHANGE_FAILED, MDN_DISPLAYED, ORIGINAL, POSTFIX_FAILED
from tests.sandbox.services.mssante.samples import MAILBOX, ORG, STRUCTURE

pytestmark = pytest.mark.needs("dovecot")

CONFIGURATION = """
protocols = imap
listen = 127.0.0.1
base_dir = {root}/run
state_dir = {root}/state
log_path = {root}/log
default_internal_user = {internal}
default_internal_group = {group}
default_login_user = {login}
ssl = required
ssl_min_protocol = TLSv1.2
ssl_cert = <{pki}/server/server.pem
ssl_key = <{pki}/server/server.key
ssl_ca = <{pki}/ca.pem
ssl_require_crl = no
ssl_verify_client_cert = yes
auth_ssl_require_client_cert = yes
auth_ssl_username_from_cert = yes
ssl_cert_username_field = commonName
auth_mechanisms = external
auth_username_chars =
passdb {{
  driver = static
  mechanisms = external
  args = nopassword=y
}}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={root}/mail
}}
mail_location = maildir:{root}/mail/box
first_valid_uid = 0
first_valid_gid = 0
namespace inbox {{
  inbox = yes
  mailbox "Messages envoyes" {{
    special_use = \\Sent
    auto = create
  }}
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = 0
  }}
}}
service anvil {{
  chroot =
}}
service stats {{
  chroot =
}}
"""


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Pki:
    return pki.ensure(
        tmp_path_factory.mktemp("authority"), (Structure(STRUCTURE, "Service domicile"),), SystemClock()
    )


@pytest.fixture(scope="module")
def dovecot(authority: Pki) -> Iterator[tuple[Path, int]]:
    # A short path: Dovecot puts sockets under it (108 characters at most).
    root = Path(tempfile.mkdtemp(prefix="dv"))
    privileged = os.getuid() == 0
    owner = pwd.getpwnam("nobody") if privileged else pwd.getpwuid(os.getuid())
    mail = root / "mail"
    mail.mkdir()
    if privileged:
        root.chmod(0o755)
        os.chown(mail, owner.pw_uid, owner.pw_gid)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    values = {
        "root": root,
        "pki": authority.data_dir / "pki",
        "internal": "dovecot" if privileged else owner.pw_name,
        "group": "dovecot" if privileged else grp.getgrgid(owner.pw_gid).gr_name,
        "login": "dovenull" if privileged else owner.pw_name,
        "uid": owner.pw_uid,
        "gid": owner.pw_gid,
        "port": port,
    }
    (root / "dovecot.conf").write_text(CONFIGURATION.format(**values))
    process = subprocess.Popen(["/usr/sbin/dovecot", "-F", "-c", str(root / "dovecot.conf")])
    try:
        _wait(port, process, root)
        yield root, port
    finally:
        process.terminate()
        process.wait(10)
        shutil.rmtree(root, ignore_errors=True)


def _wait(port: int, process: subprocess.Popen[bytes], root: Path) -> None:
    for _ in range(100):
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
        if process.poll() is not None:
            break
    log = root / "log"
    pytest.fail(f"Dovecot did not start: {log.read_text() if log.exists() else ''}")


def kit(authority: Pki, port: int, *, certificate: bool = True) -> MssanteClient:
    paths = authority.paths(Use.MSSANTE, STRUCTURE)
    context = client_context(authority.authorities)
    if certificate:
        context = client_context(authority.authorities, paths.certificate, paths.key)
    deadlines = MailDeadlines(connect=3, command=10, content=10, whole=30)
    profile = MssanteProfile(
        "localhost", 1, port, context, MAILBOX, "Service", ORG, "DEV1", deadlines=deadlines
    )
    return MssanteClient(profile, SystemClock(), SystemIds())


def test_sent_copies_and_receipts_in_a_real_mailbox(authority: Pki, dovecot: tuple[Path, int]) -> None:
    _, port = dovecot
    client = kit(authority, port)
    message = b"From: a@b.fr\r\nMessage-ID: " + ORIGINAL.encode() + b"\r\nSubject: x\r\n\r\nbody\r\n"
    assert client.find_sent(ORIGINAL) == 0
    assert client.append_sent(message, ORIGINAL)
    assert not client.append_sent(message, ORIGINAL)
    assert client.find_sent(ORIGINAL) == 1
    assert client.find_sent(ORIGINAL[:-1]) == 0
    server = MailServer("localhost", port, client.profile.context)
    with open_mailbox(server, Login(MAILBOX)) as mailbox:
        assert mailbox.sent_folder() == "Messages envoyes"
        for report in (
            POSTFIX_FAILED,
            EXCHANGE_FAILED,
            MDN_DISPLAYED,
            b"Subject: hello\r\n\r\nnot a receipt\r\n",
        ):
            mailbox.append("INBOX", report, datetime.datetime.now(datetime.UTC))
    batch = client.receipts(since=datetime.date(2020, 1, 1))
    kinds = [item.kind for item in batch.receipts]
    assert kinds == [ReceiptKind.REJETE, ReceiptKind.REJETE, ReceiptKind.LU]
    assert {item.original_message_id for item in batch.receipts} == {ORIGINAL}
    assert client.receipts(batch.cursor).receipts == ()


def test_a_missing_certificate_is_explained(authority: Pki, dovecot: tuple[Path, int]) -> None:
    with pytest.raises(ClientCertificateRefused):
        kit(authority, dovecot[1], certificate=False).receipts()
