"""INSi called with a professional's card: simple TLS, a signed assertion, and everything that is refused."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator

import pytest
from cryptography import x509
from lxml import etree

from amarre.cast import ESTABLISHMENTS, persona
from amarre.cast.organisation import INSI_IDAM
from amarre.interop.clients.insi import InsiClient, OutcomeKind
from amarre.interop.common.clock import SystemClock, SystemIds
from amarre.interop.common.xmldsig import sign_enveloped_with
from amarre.interop.ins import BirthDate, Environment, Sexe
from amarre.interop.ins.insi import (
    AccessRefused,
    CardHolder,
    CertificateNotAllowed,
    CpxCard,
    InsiProfile,
    SearchCriteria,
    SoftwareSigner,
    TraitsQuery,
    traits_request,
)
from amarre.interop.transport.http import HttpRequest, TlsHttpTransport
from amarre.interop.transport.tls import client_context
from amarre.sandbox.app import Sandbox
from amarre.sandbox.cards import EXPIRED, GENERIC, card_paths
from amarre.sandbox.service import SandboxRequest, SandboxResponse, Verdict
from amarre.sandbox.services.insi.assertion import CARD_RULES
from tests.conftest import FixedClock, SequenceIds
from tests.interop.ins.insi.cards import signer
from tests.sandbox.services.dmp.messages import key_of

ZOE = SearchCriteria("ADRUN", "ZOE", Sexe.F, BirthDate("1975-12-31"), "63220")
QUERY = TraitsQuery("ADRUN", "ZOE", Sexe.F, BirthDate("1975-12-31"), "63220")
NURSE = persona("nadege-le-goff")
HOLDER = CardHolder(NURSE.subject_name_id, ESTABLISHMENTS[2].finess_eg, "SA07")


def profile(sandbox: Sandbox) -> InsiProfile:
    return InsiProfile(
        f"{sandbox.simple_url}/lps",
        INSI_IDAM,
        "amarre",
        "0.1",
        str(uuid.UUID(int=7)),
        "sans objet",
        Environment.SANDBOX,
    )


def card(sandbox: Sandbox, name: str = "nadege-le-goff", holder: CardHolder = HOLDER) -> CpxCard:
    """Return one of the sandbox's cards."""
    paths = card_paths(sandbox.settings.data_dir, name)
    return CpxCard(
        holder, SoftwareSigner(key_of(paths), x509.load_pem_x509_certificate(paths.certificate.read_bytes()))
    )


@pytest.fixture
def transport(sandbox: Sandbox) -> Iterator[TlsHttpTransport]:
    made = TlsHttpTransport(client_context(sandbox.pki.authorities))
    yield made
    made.close()


def test_a_nominative_card_searches_without_a_client_certificate(
    sandbox: Sandbox, transport: TlsHttpTransport
) -> None:
    client = InsiClient(transport, profile(sandbox), SystemClock(), SystemIds(), card=card(sandbox))
    outcome = client.search_by_traits(ZOE)
    assert outcome.kind is OutcomeKind.FOUND
    exchange = sandbox.journal.list("insi")[0]
    assert exchange.certificate == ""
    assert exchange.verdict.decoded["Porteur de la carte"] == NURSE.subject_name_id
    assert exchange.verdict.decoded["Personne de test"].startswith("La sonde la plus simple")
    assert all(remark.passed and remark.source for remark in exchange.verdict.remarks)
    assert {rule.name for rule in CARD_RULES} <= {remark.rule for remark in exchange.verdict.remarks}


def test_a_generic_card_is_refused(sandbox: Sandbox, transport: TlsHttpTransport) -> None:
    holder = CardHolder(f"3{ESTABLISHMENTS[0].finess_eg}/CPE00001", ESTABLISHMENTS[0].finess_eg, "SA07")
    client = InsiClient(
        transport, profile(sandbox), SystemClock(), SystemIds(), card=card(sandbox, GENERIC, holder)
    )
    assert isinstance(client.search_by_traits(ZOE).error, CertificateNotAllowed)


def test_an_expired_card_is_refused(sandbox: Sandbox, transport: TlsHttpTransport) -> None:
    holder = CardHolder(persona("maud-keravel").subject_name_id, "990000028", "SA07")
    expired = card(sandbox, EXPIRED, holder)
    client = InsiClient(transport, profile(sandbox), SystemClock(), SystemIds(), card=expired)
    assert isinstance(client.search_by_traits(ZOE).error, AccessRefused)
    assert _failed(sandbox.journal.list("insi")[0].verdict) == "carte_valable"


def test_without_an_assertion_nobody_is_known(sandbox: Sandbox, transport: TlsHttpTransport) -> None:
    client = InsiClient(transport, profile(sandbox), SystemClock(), SystemIds())
    assert isinstance(client.search_by_traits(ZOE).error, AccessRefused)
    assert _failed(sandbox.journal.list("insi")[0].verdict) == "assertion_presente"


def test_only_insi_answers_there(sandbox: Sandbox, transport: TlsHttpTransport) -> None:
    for path in ("/si-dmp-server/v2/services/registry", "/insi-verification-non-officielle/v0/unitaire"):
        assert transport.send(HttpRequest("POST", f"{sandbox.simple_url}{path}", {}, b"x")).status == 404


def _failed(verdict: Verdict) -> str:
    return next((remark.rule for remark in verdict.remarks if not remark.passed), "")


def judged(
    sandbox: Sandbox, clock: FixedClock, change: Callable[[etree._Element], object], age: float = 0
) -> str:
    """Return the rule that refuses a good request once changed, "" when it is accepted."""
    clock.instant = SystemClock().now()
    request = traits_request(QUERY, profile(sandbox), clock, SequenceIds(), card(sandbox))
    root = etree.fromstring(request.body)
    change(root)
    clock.advance(age)
    received = SandboxRequest(
        "POST",
        "/lps",
        "",
        {"content-type": f'application/soap+xml; action="{request.action}"'},
        etree.tostring(root),
        None,
        clock.now(),
    )
    answer: tuple[SandboxResponse, Verdict] = sandbox.services["insi"].handle(received)  # type: ignore[attr-defined]
    return _failed(answer[1])


def _resign(
    root: etree._Element, change: Callable[[etree._Element], object], signing: SoftwareSigner
) -> None:
    """Change an assertion, then sign it again: the signature is right, what it says is not."""
    assertion = root.find(".//{*}Assertion")
    assertion.remove(assertion.find("{*}Signature"))
    change(assertion)
    alone = etree.fromstring(etree.tostring(assertion))
    sign_enveloped_with(alone, signing.sign, signing.certificate, identifier=alone.get("ID"), position=1)
    assertion.getparent().replace(assertion, alone)


def _set(path: str, text: str) -> Callable[[etree._Element], object]:
    def change(assertion: etree._Element) -> None:
        assertion.find(path).text = text

    return change


def _drop(name: str) -> Callable[[etree._Element], object]:
    def change(assertion: etree._Element) -> None:
        node = assertion.find(f".//{{*}}Attribute[@Name='{name}']")
        node.getparent().remove(node)

    return change


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        (lambda a: a.set("Version", "1.1"), "assertion_presente"),
        (_set("{*}Issuer", "CN=AUTRE"), "assertion_emetteur"),
        (lambda a: a.find("{*}Issuer").set("Format", "urn:autre"), "assertion_emetteur"),
        (_set("{*}Subject/{*}NameID", "899700000013"), "assertion_porteur"),
        (lambda a: a.find("{*}Subject/{*}NameID").set("NameQualifier", "PSC"), "assertion_porteur"),
        (lambda a: a.set("IssueInstant", "hier"), "assertion_fraiche"),
        (lambda a: a.set("IssueInstant", "2099-01-01T00:00:00Z"), "assertion_fraiche"),
        (_drop("identifiantFacturation"), "assertion_facturation"),
        (_drop("secteurActivite"), "assertion_secteur"),
        (lambda a: a.find(".//{*}Attribute").set("Name", "codeSpecialite"), "assertion_facturation"),
    ],
)
def test_a_well_signed_assertion_that_says_wrong_things(
    sandbox: Sandbox, clock: FixedClock, change: Callable[[etree._Element], object], rule: str
) -> None:
    signing = card(sandbox).signer
    assert isinstance(signing, SoftwareSigner)
    assert judged(sandbox, clock, lambda root: _resign(root, change, signing)) == rule


def test_a_signature_that_does_not_hold(sandbox: Sandbox, clock: FixedClock) -> None:
    def forge(root: etree._Element) -> None:
        root.find(".//{*}NameID").text = "899700000013"

    def other_key(root: etree._Element) -> None:
        _resign(root, lambda assertion: None, signer())

    def inclusive(root: etree._Element) -> None:
        method = root.find(".//{*}CanonicalizationMethod")
        method.set("Algorithm", "http://www.w3.org/TR/2001/REC-xml-c14n-20010315")

    def wrap(root: etree._Element) -> None:
        assertion = root.find(".//{*}Assertion")
        assertion.getparent().append(etree.fromstring(etree.tostring(assertion)))

    def nothing(root: etree._Element) -> None:
        return

    assert judged(sandbox, clock, nothing) == ""
    assert judged(sandbox, clock, nothing, age=3_700) == "assertion_fraiche"
    assert judged(sandbox, clock, forge) == "assertion_signature"
    assert judged(sandbox, clock, other_key) == "carte_autorite"
    assert judged(sandbox, clock, inclusive) == "assertion_algorithmes"
    assert judged(sandbox, clock, wrap) == "assertion_presente"
