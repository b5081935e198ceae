"""The throw-away authority: names, purposes, permissions, and that nothing is made twice."""

from __future__ import annotations

import datetime
import ssl
import stat

import pytest
from cryptography import x509
from cryptography.x509.oid import NameOID

from amarre.sandbox import pki
from amarre.sandbox.app import Sandbox
from amarre.sandbox.pki import CertificatePaths, FaultyUse, Use, certificate_paths, faulty_paths
from tests.conftest import FixedClock


def let_in(sandbox: Sandbox, paths: CertificatePaths) -> bool:
    """Tell whether the server's TLS accepts a client certificate, in memory, without a socket."""
    there, back = ssl.MemoryBIO(), ssl.MemoryBIO()
    context = ssl.create_default_context(cafile=str(sandbox.pki.authorities))
    context.load_cert_chain(paths.certificate, paths.key)
    client = context.wrap_bio(back, there, server_hostname="localhost")
    server = sandbox.pki.server_context().wrap_bio(there, back, server_side=True)
    for side in (client, server, client, server):
        try:
            side.do_handshake()
        except ssl.SSLWantReadError:
            continue
        except ssl.SSLError:
            return False
    return server.getpeercert() is not None


def test_every_structure_has_every_use_at_the_documented_path(sandbox: Sandbox) -> None:
    data = sandbox.settings.data_dir
    for structure in sandbox.settings.structures:
        for use in Use:
            paths = certificate_paths(data, use, structure.identifier)
            certificate = x509.load_pem_x509_certificate(paths.certificate.read_bytes())
            subject = certificate.subject
            owner = subject.get_attributes_for_oid(NameOID.ORGANIZATIONAL_UNIT_NAME)[0].value
            assert owner == structure.identifier
            assert subject.get_attributes_for_oid(NameOID.ORGANIZATION_NAME)[0].value == structure.name
            assert let_in(sandbox, paths) is (use is not Use.DMP_SIGNATURE)
            assert stat.S_IMODE(paths.key.stat().st_mode) == 0o600
            assert "FICTIF" in certificate.issuer.rfc4514_string()


@pytest.mark.req("INSi certificate: CN exactly INSI-MANU")
def test_the_insi_certificate_is_named_as_the_service_wants(sandbox: Sandbox) -> None:
    path = certificate_paths(sandbox.settings.data_dir, Use.INSI, "1990000002").certificate
    subject = x509.load_pem_x509_certificate(path.read_bytes()).subject
    assert subject.get_attributes_for_oid(NameOID.COMMON_NAME)[0].value == "INSI-MANU"
    assert subject.rfc4514_string().startswith("CN=INSI-MANU,OU=1990000002,O=")


def test_faulty_certificates_are_faulty(sandbox: Sandbox) -> None:
    for fault in FaultyUse:
        assert not let_in(sandbox, faulty_paths(sandbox.settings.data_dir, fault))


def test_nothing_is_made_again_before_its_end(sandbox: Sandbox) -> None:
    data, structures = sandbox.settings.data_dir, sandbox.settings.structures
    path = certificate_paths(data, Use.PSC, "1990000002").key
    before = path.read_bytes()
    pki.ensure(data, structures, sandbox.clock)
    assert path.read_bytes() == before


def test_an_ending_authority_is_made_again(
    tmp_path_factory: pytest.TempPathFactory, sandbox: Sandbox
) -> None:
    data = tmp_path_factory.mktemp("old")
    past = FixedClock(sandbox.clock.now() - datetime.timedelta(days=3 * 365 - 10))
    pki.ensure(data, (), past)
    before = (data / "pki" / "server" / "server.pem").read_bytes()
    pki.ensure(data, (), sandbox.clock)
    assert (data / "pki" / "server" / "server.pem").read_bytes() != before
