"""Class 1 at every entrance of the sandbox that takes XML: each attack rides on an acceptable message."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from cryptography import x509

from amarre.interop.common.clock import SystemClock
from amarre.interop.ins.insi import traits_request
from amarre.sandbox.app import Sandbox
from amarre.sandbox.pki import Use
from amarre.sandbox.service import SandboxRequest, SandboxResponse, Verdict
from amarre.sandbox.services.mssante.archive import ArchiveUnreadable, read_archive
from tests.conftest import FixedClock, SequenceIds
from tests.hostile.limits import bounded
from tests.hostile.xml_external import attacks, canary
from tests.sandbox.services.dmp import messages
from tests.sandbox.services.dmp.messages import STRUCTURE, Caller, Paper
from tests.sandbox.services.insi.test_card_mode import QUERY, card, profile
from tests.sandbox.services.mssante import samples

DMP = "/si-dmp-server/v2/services"
SOAP = "application/soap+xml; charset=UTF-8"
Outcome = tuple[bool, str, object]


def ask(
    sandbox: Sandbox, service: str, path: str, body: bytes, kind: str = SOAP, use: Use | None = None
) -> Outcome:
    """Hand one request to a service; return whether it was accepted, its sentence, all that came out."""
    certificate = None
    if use is not None:
        pem = sandbox.pki.paths(use, STRUCTURE).certificate.read_bytes()
        certificate = x509.load_pem_x509_certificate(pem)
    request = SandboxRequest("POST", path, "", {"content-type": kind}, body, certificate, sandbox.clock.now())
    answer: tuple[SandboxResponse, Verdict] = sandbox.services[service].handle(request)  # type: ignore[attr-defined]
    response, verdict = answer
    return verdict.accepted, verdict.summary, (response.body.decode("utf-8", "replace"), verdict)


class Desk:
    """Each entrance: a valid message, and how bytes put in its place are judged."""

    def __init__(self, sandbox: Sandbox) -> None:
        self.sandbox = sandbox
        self.count = 0

    def caller(self) -> Caller:
        paths = self.sandbox.pki.paths(Use.DMP_SIGNATURE, STRUCTURE)
        return Caller(paths, self.sandbox.clock.now())

    def dmp(self, service: str) -> tuple[bytes, Callable[[bytes], Outcome]]:
        valid = messages.existence(self.caller())
        return valid, lambda data: ask(
            self.sandbox, "dmp", f"{DMP}/{service}", data, use=Use.DMP_AUTHENTICATION
        )

    def part(self, which: str) -> tuple[bytes, Callable[[bytes], Outcome]]:
        """One part of a deposit: its root, its document or its signature."""
        kind, body = messages.deposit(self.caller(), self.paper())
        boundary = b"--frontiere-de-test"
        pieces = body.split(boundary)[1:-1]
        parts = {
            name: piece.partition(b"\r\n\r\n")[2][:-2]
            for name, piece in zip(("root", "document", "signature"), pieces, strict=True)
        }

        def judge(data: bytes) -> Outcome:
            self.sandbox.store.clear()
            sent = body.replace(parts[which], data)
            assert sent != body or data == parts[which]
            return ask(self.sandbox, "dmp", f"{DMP}/repository", sent, kind, use=Use.DMP_AUTHENTICATION)

        return parts[which], judge

    def paper(self) -> Paper:
        self.count += 1
        return Paper(self.count)

    def insi(self) -> tuple[bytes, Callable[[bytes], Outcome]]:
        clock = FixedClock(SystemClock().now())
        request = traits_request(QUERY, profile(self.sandbox), clock, SequenceIds(), card(self.sandbox))
        kind = f'application/soap+xml; action="{request.action}"'
        return request.body, lambda data: ask(self.sandbox, "insi", "/lps", data, kind)

    def archive(self, name: str) -> tuple[bytes, Callable[[bytes], Outcome]]:
        """METADATA.XML or the document of an archive sent by MSSanté."""

        def judge(data: bytes) -> Outcome:
            try:
                found = read_archive(_zipped(files | {name: data}))
            except ArchiveUnreadable as error:
                return False, str(error), error
            return True, "lu", found

        with zipfile.ZipFile(io.BytesIO(samples.archive())) as source:
            files = {item: source.read(item) for item in source.namelist()}
        return files[name], judge


def _zipped(files: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as target:
        for name, data in files.items():
            target.writestr(name, data)
    return buffer.getvalue()


ENTRANCES: dict[str, Callable[[Desk], tuple[bytes, Callable[[bytes], Outcome]]]] = {
    "DMP, envelope with its VIHF": lambda desk: desk.dmp("patients"),
    "DMP, root of a deposit": lambda desk: desk.part("root"),
    "DMP, document of a deposit": lambda desk: desk.part("document"),
    "DMP, signature of a deposit": lambda desk: desk.part("signature"),
    "INSi, request with its card": lambda desk: desk.insi(),
    "MSSanté, METADATA.XML": lambda desk: desk.archive("IHE_XDM/SUBSET01/METADATA.XML"),
    "MSSanté, document": lambda desk: desk.archive("IHE_XDM/SUBSET01/DOC0001.XML"),
}


@pytest.mark.req("S4")
@pytest.mark.parametrize("name", ENTRANCES)
def test_nothing_is_read_outside_nor_called(sandbox: Sandbox, name: str, tmp_path: Path) -> None:
    valid, judge = ENTRANCES[name](Desk(sandbox))
    accepted, sentence, _ = judge(valid)
    assert accepted, sentence
    with canary(tmp_path) as bird, bounded(name, seconds=10):
        for attack in attacks(valid, bird):
            accepted, sentence, shown = judge(attack.data)
            assert sentence, attack.name
            assert not (accepted and attack.refused), attack.name
            bird.assert_untouched(shown)
