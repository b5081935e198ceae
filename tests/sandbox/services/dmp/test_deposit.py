"""TD2.1 against the running sandbox, by requests built by hand and signed by foreign libraries."""

from __future__ import annotations

import http.client
import threading
import urllib.error
from collections.abc import Callable

import pytest
from lxml import etree

from amarre.sandbox.app import Sandbox
from amarre.sandbox.pki import Use
from tests.sandbox.services.dmp import messages
from tests.sandbox.services.dmp.messages import STRUCTURE, Caller, Paper

REPOSITORY = "/si-dmp-server/v2/services/repository"
Answer = tuple[int, dict[str, str], bytes]
Deposit = Callable[..., Answer]


@pytest.fixture
def caller(sandbox: Sandbox) -> Caller:
    return Caller(sandbox.pki.paths(Use.DMP_SIGNATURE, STRUCTURE), sandbox.clock.now())


@pytest.fixture
def deposit(sandbox: Sandbox, call: Callable[..., Answer], caller: Caller) -> Deposit:
    tls = sandbox.pki.paths(Use.DMP_AUTHENTICATION, STRUCTURE)

    def send(paper: Paper, who: Caller | None = None, *, xop: bool = True) -> Answer:
        kind, body = messages.deposit(who or caller, paper, xop=xop)
        return call("POST", REPOSITORY, body, certificate=tls, content_type=kind)

    return send


def errors(answer: Answer) -> list[str]:
    return [item.get("errorCode") for item in etree.fromstring(answer[2]).iter("{*}RegistryError")]


def documents(sandbox: Sandbox) -> dict[str, dict[str, object]]:
    return sandbox.state()["dmp"]["documents"]  # type: ignore[index,call-overload]


def test_a_right_deposit_is_stored_byte_for_byte(sandbox: Sandbox, deposit: Deposit) -> None:
    paper = Paper(1)
    status, headers, body = deposit(paper)
    response = etree.fromstring(body).find(".//{*}RegistryResponse")
    verdict = sandbox.journal.list("dmp")[0].verdict
    assert [remark.sentence for remark in verdict.remarks if not remark.passed] == []
    assert response is not None
    assert (status, response.get("status", "").rpartition(":")[2]) == (200, "Success")
    assert headers["content-type"].startswith("application/soap+xml")
    assert list(documents(sandbox)) == [paper.unique_id]
    stored = sandbox.store.get("dmp", f"document/{paper.unique_id}")
    assert stored == messages.cda(paper)
    assert len(sandbox.state()["dmp"]["signatures"]) == 1  # type: ignore[index,call-overload]


def test_documents_inline_in_base64_are_read_too(sandbox: Sandbox, deposit: Deposit) -> None:
    assert errors(deposit(Paper(2), xop=False)) == []
    assert sandbox.store.get("dmp", f"document/{Paper(2).unique_id}") == messages.cda(Paper(2))


@pytest.mark.parametrize(
    ("paper", "code"),
    [
        (Paper(3, drop="serviceStartTime"), "XDSRegistryMetadataError"),
        (Paper(3, type_code="34876-3"), "XDSRegistryMetadataError"),
        (Paper(3, class_code="10"), "XDSRegistryMetadataError"),
        (Paper(3, patient="275126322074974^^^&1.2.250.1.213.1.4.8&ISO^NH"), "XDSPatientIdDoesNotMatch"),
        (Paper(3, cda_patient="275126322074974"), "XDSPatientIdDoesNotMatch"),
        (Paper(3, signature=False), "XDSRepositoryMetadataError"),
        (Paper(3, spoil_digest=True), "XDSRepositoryMetadataError"),
        (
            Paper(
                3,
                association='<Association id="r" associationType="urn:ihe:iti:2007:AssociationType:RPLC" '
                'sourceObject="Document01" targetObject="urn:uuid:11111111-1111-1111-1111-111111111111"/>',
            ),
            "XDSReplaceFailed",
        ),
        (
            Paper(
                3,
                association='<Association id="r" sourceObject="Document09" targetObject="SubmissionSet01" '
                'associationType="urn:oasis:names:tc:ebxml-regrep:AssociationType:HasMember"/>',
            ),
            "UnresolvedReferenceException",
        ),
    ],
)
def test_a_wrong_deposit_is_refused_and_not_stored(
    sandbox: Sandbox, deposit: Deposit, paper: Paper, code: str
) -> None:
    assert code in errors(deposit(paper))
    assert documents(sandbox) == {}
    assert not sandbox.journal.list("dmp")[0].verdict.accepted


def test_the_same_identifier_is_stored_once(sandbox: Sandbox, deposit: Deposit) -> None:
    deposit(Paper(4))
    assert "XDSDuplicateUniqueIdInRegistry" in errors(deposit(Paper(4)))
    assert "XDSNonIdenticalHash" in errors(deposit(Paper(4, set_number=44, text="QUFB")))
    assert len(documents(sandbox)) == 1


def test_replacing_deprecates_the_old_version(sandbox: Sandbox, deposit: Deposit) -> None:
    deposit(Paper(5))
    old = documents(sandbox)[Paper(5).unique_id]
    link = (
        '<Association id="r" associationType="urn:ihe:iti:2007:AssociationType:RPLC" '
        f'sourceObject="Document01" targetObject="{old["entry_uuid"]}"/>'
    )
    assert errors(deposit(Paper(6, association=link))) == []
    states = {key: str(value["status"]).rpartition(":")[2] for key, value in documents(sandbox).items()}
    assert states == {Paper(5).unique_id: "Deprecated", Paper(6).unique_id: "Approved"}


def test_concurrent_deposits_of_one_document_have_one_effect(sandbox: Sandbox, deposit: Deposit) -> None:
    answers: list[list[str]] = []
    threads = [threading.Thread(target=lambda: answers.append(errors(deposit(Paper(7))))) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(not item for item in answers) == [False] * 5 + [True]
    assert len(documents(sandbox)) == 1


def test_an_answer_lost_after_the_deposit_leaves_the_document_stored(
    sandbox: Sandbox, deposit: Deposit
) -> None:
    sandbox.choose("dmp", "depot-perdu", 1)
    with pytest.raises((http.client.HTTPException, urllib.error.URLError, OSError)):
        deposit(Paper(8))
    assert list(documents(sandbox)) == [Paper(8).unique_id]
    assert sandbox.scenarios.active("dmp") == ""


def test_a_truncated_answer_leaves_the_document_stored(sandbox: Sandbox, deposit: Deposit) -> None:
    sandbox.choose("dmp", "depot-tronque", 1)
    with pytest.raises(http.client.IncompleteRead):
        deposit(Paper(9))
    assert list(documents(sandbox)) == [Paper(9).unique_id]


@pytest.mark.parametrize(
    ("situation", "expected"),
    [
        ("type-refuse", "XDSRegistryMetadataError"),
        ("doublon", "XDSDuplicateUniqueIdInRegistry"),
        ("empreinte-differente", "XDSNonIdenticalHash"),
        ("depot-occupe", "XDSRepositoryBusy"),
        ("dmp-absent", "XDSUnknownPatientId"),
    ],
)
def test_situations_give_the_official_code(
    sandbox: Sandbox, deposit: Deposit, situation: str, expected: str
) -> None:
    sandbox.choose("dmp", situation, 1)
    assert expected in errors(deposit(Paper(10)))
    assert documents(sandbox) == {}
    assert errors(deposit(Paper(10))) == []


@pytest.mark.parametrize(
    ("situation", "expected"),
    [
        ("dmp-ferme", "DMPClosed"),
        ("autorisation-interdite", "DMPAccessDeniedByRightsService"),
        ("certificat-signature", "DMPInvalidCertificate"),
    ],
)
def test_situations_that_answer_a_fault(
    sandbox: Sandbox, deposit: Deposit, situation: str, expected: str
) -> None:
    sandbox.choose("dmp", situation, 1)
    status, _, body = deposit(Paper(11))
    assert status == 500
    assert etree.fromstring(body).findtext(".//{*}Subcode/{*}Value") == expected
    assert documents(sandbox) == {}


def test_a_truncated_request_is_refused(
    sandbox: Sandbox, call: Callable[..., Answer], caller: Caller
) -> None:
    kind, body = messages.deposit(caller, Paper(12))
    tls = sandbox.pki.paths(Use.DMP_AUTHENTICATION, STRUCTURE)
    status, _, answer = call("POST", REPOSITORY, body[: len(body) // 2], certificate=tls, content_type=kind)
    assert status == 500
    assert "incomplet" in etree.fromstring(answer).findtext(".//{*}Text")


@pytest.mark.parametrize(
    ("use", "structure"), [(Use.DMP_AUTHENTICATION, STRUCTURE), (Use.DMP_SIGNATURE, "1990000010")]
)
def test_a_set_signed_by_the_wrong_certificate_is_refused(
    sandbox: Sandbox, call: Callable[..., Answer], caller: Caller, use: Use, structure: str
) -> None:
    paper = Paper(13)
    document = messages.cda(paper)
    kind, body = messages.deposit(caller, paper)
    right = messages.xades(caller.signer, paper, document)
    wrong = messages.xades(sandbox.pki.paths(use, structure), paper, document)
    # Signing is not random: the signature document of the request is found again byte for byte.
    assert body.count(right) == 1
    tls = sandbox.pki.paths(Use.DMP_AUTHENTICATION, STRUCTURE)
    answer = call("POST", REPOSITORY, body.replace(right, wrong), certificate=tls, content_type=kind)
    assert etree.fromstring(answer[2]).findtext(".//{*}Subcode/{*}Value") == "DMPInvalidCertificate"
    assert documents(sandbox) == {}


@pytest.mark.parametrize(
    ("old", "new", "rule"),
    [
        (b"2026-03-14T09:45:15Z", b"2026-03-15T09:45:15Z", "xades.signature"),
        (b"AA==", b"AAA=", "xades.signature"),
        (b"#IHEManifest", b"#S0-SignedProperties", "xades.signature"),
        (b"<KeyInfo>", b"<KeyName/><KeyInfo>", ""),
    ],
)
def test_a_changed_signature_is_refused(
    sandbox: Sandbox, call: Callable[..., Answer], caller: Caller, old: bytes, new: bytes, rule: str
) -> None:
    kind, body = messages.deposit(caller, Paper(14))
    signature = messages.xades(caller.signer, Paper(14), messages.cda(Paper(14)))
    tls = sandbox.pki.paths(Use.DMP_AUTHENTICATION, STRUCTURE)
    changed = body.replace(signature, signature.replace(old, new))
    call("POST", REPOSITORY, changed, certificate=tls, content_type=kind)
    failed = {item.rule for item in sandbox.journal.list("dmp")[0].verdict.remarks if not item.passed}
    assert (rule in failed) is bool(rule)
