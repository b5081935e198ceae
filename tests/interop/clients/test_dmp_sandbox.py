"""The DMP client against the sandbox: real socket, client certificate, foreign decoder, real refusals."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from amarre.interop.clients.dmp import DmpClient
from amarre.interop.common.clock import SystemClock, SystemIds
from amarre.interop.common.errors import AmarreError, Effect
from amarre.interop.dmp import DmpError, DmpState, FrozenSubmission, SigningCredentials
from amarre.interop.dmp.errors import DmpCertificateRefused
from amarre.interop.transport.http import TlsHttpTransport
from amarre.interop.transport.tls import client_context
from amarre.interop.xds.errors import XdsBusy, XdsNonIdenticalHash
from amarre.sandbox.app import Sandbox
from amarre.sandbox.pki import Use
from amarre.sandbox.settings import SandboxSettings
from tests.interop.dmp import material


class Rig:
    """One sandbox, one client that talks to it as the first establishment of the cast."""

    def __init__(self, sandbox: Sandbox) -> None:
        self.sandbox = sandbox
        structure = material.HOUSE.struct_idnat
        tls = sandbox.pki.paths(Use.DMP_AUTHENTICATION, structure)
        signing = sandbox.pki.paths(Use.DMP_SIGNATURE, structure)
        chain = x509.load_pem_x509_certificates(signing.certificate.read_bytes())
        key = load_pem_private_key(signing.key.read_bytes(), None)
        assert isinstance(key, rsa.RSAPrivateKey)
        self.transport = TlsHttpTransport(
            client_context(ca_file=tls.authorities, cert_file=tls.certificate, key_file=tls.key)
        )
        self.profile = material.profile(
            base_url=f"{sandbox.https_url}/si-dmp-server/v2/services",
            credentials=SigningCredentials(key, chain[0], tuple(chain[1:])),
            responsible=replace(material.actor(), authenticated_at=None),
        )
        self.client = DmpClient(self.transport, self.profile, clock=SystemClock(), ids=SystemIds())

    def prepare(self) -> FrozenSubmission:
        now = SystemClock().now() - datetime.timedelta(minutes=5)
        number = SystemIds().uuid().int % 10**12
        document = material.document(unique_id=f"{material.ROOT_OID}.7.{number}", written=now)
        return self.client.prepare(material.identity(), document)

    def held(self) -> dict[str, object]:
        state = self.sandbox.state()["dmp"]
        assert isinstance(state, dict)
        return dict(state["documents"])


@pytest.fixture(scope="module")
def sandbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    settings = SandboxSettings(
        data_dir=tmp_path_factory.mktemp("sandbox"),
        plain_port=0,
        https_port=0,
        durable=False,
        structures=_structures(),
    )
    with Sandbox(settings, services=("dmp",)) as running:
        yield running


def _structures() -> tuple:  # type: ignore[type-arg]
    found = SandboxSettings(data_dir=Path()).structures
    return tuple(item for item in found if item.identifier == material.HOUSE.struct_idnat)


@pytest.fixture
def rig(sandbox: Sandbox) -> Iterator[Rig]:
    sandbox.reset()
    found = Rig(sandbox)
    yield found
    found.transport.close()


def test_a_deposit_is_accepted_and_found_again(rig: Rig) -> None:
    status = rig.client.exists(material.identity())
    assert status.state is DmpState.ACTIVE
    frozen = rig.prepare()
    assert rig.client.find_frozen(frozen) is None
    acknowledgement = rig.client.submit(frozen)
    assert acknowledgement.document_unique_id == frozen.document_unique_id
    found = rig.client.find_by_unique_id(material.identity(), frozen.document_unique_id)
    assert found is not None
    assert found.entry_uuid.startswith("urn:uuid:")
    assert list(rig.held()) == [frozen.document_unique_id]


def test_a_second_attempt_of_the_same_bytes_is_one_document(rig: Rig) -> None:
    frozen = FrozenSubmission.from_bytes(rig.prepare().to_bytes())
    assert not rig.client.submit(frozen).already_there
    assert rig.client.submit(frozen).already_there
    assert len(rig.held()) == 1


@pytest.mark.parametrize("situation", ["depot-perdu", "depot-tronque"])
def test_a_lost_answer_is_unknown_then_found_by_query(rig: Rig, situation: str) -> None:
    frozen = rig.prepare()
    rig.sandbox.choose("dmp", situation, 1)
    with pytest.raises(AmarreError) as caught:
        rig.client.submit(frozen)
    assert caught.value.effect is Effect.UNKNOWN
    assert rig.client.find_frozen(frozen) is not None
    assert len(rig.held()) == 1


@pytest.mark.parametrize(
    ("situation", "state"), [("dmp-absent", DmpState.ABSENT), ("dmp-ferme", DmpState.CLOSED)]
)
def test_absent_and_closed(rig: Rig, situation: str, state: DmpState) -> None:
    rig.sandbox.choose("dmp", situation, 1)
    assert rig.client.exists(material.identity()).state is state


@pytest.mark.parametrize(
    ("situation", "expected"),
    [
        ("certificat-signature", DmpCertificateRefused),
        ("depot-occupe", XdsBusy),
        ("empreinte-differente", XdsNonIdenticalHash),
    ],
)
def test_refusals_are_explained(rig: Rig, situation: str, expected: type[AmarreError]) -> None:
    frozen = rig.prepare()
    rig.sandbox.choose("dmp", situation, 1)
    with pytest.raises(expected) as caught:
        rig.client.submit(frozen)
    assert caught.value.effect is Effect.NONE
    assert not rig.held()


def test_signing_with_the_authentication_certificate_is_refused(rig: Rig) -> None:
    paths = rig.sandbox.pki.paths(Use.DMP_AUTHENTICATION, material.HOUSE.struct_idnat)
    chain = x509.load_pem_x509_certificates(paths.certificate.read_bytes())
    key = load_pem_private_key(paths.key.read_bytes(), None)
    assert isinstance(key, rsa.RSAPrivateKey)
    wrong = replace(rig.profile, credentials=SigningCredentials(key, chain[0], tuple(chain[1:])))
    client = DmpClient(rig.transport, wrong, clock=SystemClock(), ids=SystemIds())
    with pytest.raises(DmpError) as caught:
        client.exists(material.identity())
    assert isinstance(caught.value, DmpCertificateRefused)
