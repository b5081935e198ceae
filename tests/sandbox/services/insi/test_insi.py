"""The simulated INSi, judged by requests written by hand, then met by the kit over a real socket."""

from __future__ import annotations

import os
import ssl
import uuid
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import httpx2
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from lxml import etree

from amarre.cast import ESTABLISHMENTS
from amarre.cast.usagers import USAGERS
from amarre.interop.clients.insi import InsiClient, OutcomeKind
from amarre.interop.common.clock import SystemClock, SystemIds
from amarre.interop.common.soap import HtmlInsteadOfSoap
from amarre.interop.common.xml import XmlNotWellFormed
from amarre.interop.ins import BirthDate, Environment, Sexe
from amarre.interop.ins.insi import (
    AnswerDoesNotMatch,
    CertificateNotAllowed,
    GatewayUnavailable,
    InsiProfile,
    QuotaExceeded,
    SearchCriteria,
    SearchTechnicalError,
    ServiceUnavailable,
    SoftwareNotAuthorised,
    TeleserviceUnavailable,
    VitaleQuery,
)
from amarre.interop.transport.errors import AnswerLate, AnswerLost
from amarre.interop.transport.http import Deadlines, TlsHttpTransport
from amarre.interop.transport.tls import client_context
from amarre.sandbox.app import Sandbox
from amarre.sandbox.pki import Use
from amarre.sandbox.service import SandboxRequest, SandboxResponse, Verdict
from amarre.sandbox.services.insi import answers
from amarre.sandbox.services.insi.persons import EXPECTATIONS, INJECTED, Expectation, known_persons
from amarre.sandbox.services.insi.quota import Quota
from amarre.sandbox.services.insi.rules import APPLICATION, FAULTS, GATEWAY
from tests.conftest import FixedClock

ACTION = "urn:ServiceIdentiteCertifiee:1.0.0:rechercherInsAvecTraitsIdentite"
STRUCTURE = ESTABLISHMENTS[0].struct_idnat
IDAM = "AMARRE-FICTIF-0001"

HEADER = """<ctxbam:ContexteBAM xmlns:ctxbam="urn:siram:bam:ctxbam" Nature="CTXBAM" Version="01_02">
<ctxbam:Id>8b6c0a52-3f0e-4f0b-9c57-0e6a1f6f3d11</ctxbam:Id><ctxbam:Temps>2026-01-15T09:30:00Z</ctxbam:Temps>
<ctxbam:Emetteur>{structure}</ctxbam:Emetteur><ctxbam:COUVERTURE/></ctxbam:ContexteBAM>
<c:ContexteLPS xmlns:c="urn:siram:lps:ctxlps" Version="01_00">
<c:Id>5a2d7f7c-6f57-4b0e-8a50-2b9a6f7a9c22</c:Id><c:Temps>2026-01-15T09:30:00.000Z</c:Temps>
<c:Emetteur>{structure}</c:Emetteur><c:LPS><c:IDAM R="4">{idam}</c:IDAM><c:Version>1.0</c:Version>
<c:Instance>0f3f2c38-52f5-4a8b-8f0b-6b2f4d5a7e33</c:Instance><c:Nom>urn:lps:essai:1.0</c:Nom></c:LPS>
</c:ContexteLPS><a:Action xmlns:a="http://www.w3.org/2005/08/addressing">{action}</a:Action>
<a:MessageID xmlns:a="http://www.w3.org/2005/08/addressing">uuid:3d0f9a0e-8c1b-4a55-9f0d-5f6d2f0b8a44</a:MessageID>
"""
ZOE = (
    "<NomNaissance>ADRUN</NomNaissance><Prenom>ZOE</Prenom><Sexe>F</Sexe>"
    "<DateNaissance>1975-12-31</DateNaissance><LieuNaissance>63220</LieuNaissance>"
)


def hand_made(body: str = ZOE, header: str = HEADER, idam: str = IDAM) -> bytes:
    """Return a request written by hand."""
    head = header.format(structure=STRUCTURE, idam=idam, action=ACTION)
    return (
        '<?xml version="1.0"?><E:Envelope xmlns:E="http://www.w3.org/2003/05/soap-envelope"><E:Header>'
        f'{head}</E:Header><E:Body><RECSANSVITALE xmlns="http://www.cnamts.fr/INSiRecSans">{body}'
        "</RECSANSVITALE></E:Body></E:Envelope>"
    ).encode()


def certificate(common_name: str, clock: FixedClock) -> x509.Certificate:
    """Return a certificate with this common name and our structure as OU."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name(
        [
            x509.NameAttribute(NameOID.ORGANIZATIONAL_UNIT_NAME, STRUCTURE),
            x509.NameAttribute(NameOID.COMMON_NAME, common_name),
        ]
    )
    return (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(clock.now())
        .not_valid_after(clock.now().replace(year=2030))
        .sign(key, hashes.SHA256())
    )


def ask(
    sandbox: Sandbox,
    clock: FixedClock,
    body: bytes,
    *,
    cn: str = "INSI-MANU",
    method: str = "POST",
    content_type: str = f'application/soap+xml; charset=utf-8; action="{ACTION}"',
) -> tuple[SandboxResponse, Verdict]:
    """Give one request to the service, without a socket."""
    request = SandboxRequest(
        method, "/lps", "", {"content-type": content_type}, body, certificate(cn, clock), clock.now()
    )
    return sandbox.services["insi"].handle(request)  # type: ignore[attr-defined, no-any-return]


def fault_of(response: SandboxResponse) -> str:
    """Return the code of a fault, "" when the answer is no fault."""
    root = etree.fromstring(response.body)
    return str(root.xpath("string(//s:Erreur/@code)", namespaces={"s": "urn:siram"}))


def test_a_request_written_by_hand_is_answered(sandbox: Sandbox, clock: FixedClock) -> None:
    response, verdict = ask(sandbox, clock, hand_made())
    assert response.status == 200
    root = etree.fromstring(response.body)
    ns = {"r": "http://www.cnamts.fr/INSiResultat"}
    assert root.xpath("string(//r:CodeCR)", namespaces=ns) == "00"
    assert root.xpath("string(//r:NumIdentifiant)", namespaces=ns) == "2751263220749"
    assert verdict.accepted
    assert all(remark.passed and remark.source for remark in verdict.remarks)
    assert verdict.decoded["Nom de naissance"] == "ADRUN"
    assert len(verdict.remarks) == len(GATEWAY) + len(APPLICATION)


@pytest.mark.parametrize(
    ("body", "cn", "fault"),
    [
        (hand_made(), "insi-manu", "desir_560"),
        (hand_made(), "dmp.amarre.example", "desir_560"),
        (hand_made(idam="AUTORISATIONCNDA"), "INSI-AUTO", "desir_550"),
        (hand_made(header=HEADER.replace("01_02", "01_01")), "INSI-MANU", "desir_entete"),
        (hand_made(header=HEADER.replace("01_00", "01_01")), "INSI-MANU", "desir_entete"),
        (hand_made(header=HEADER.replace("<ctxbam:COUVERTURE/>", "")), "INSI-MANU", "desir_entete"),
        (hand_made(header=HEADER.replace("a:MessageID", "a:RelatesTo")), "INSI-MANU", "desir_entete"),
        (hand_made(header=HEADER.replace("{action}", "urn:autre")), "INSI-MANU", "desir_entete"),
        (hand_made(header=""), "INSI-MANU", "desir_550"),
        (hand_made("<Prenom>ZOE</Prenom>"), "INSI-MANU", "insi_19"),
        (hand_made(ZOE.replace("ADRUN", "Adrun")), "INSI-MANU", "insi_20"),
        (hand_made(ZOE.replace("<Sexe>", "<Prenom>LEA</Prenom><Sexe>")), "INSI-MANU", "insi_21"),
        (hand_made(ZOE.replace("<Prenom>ZOE</Prenom>", "")), "INSI-MANU", "insi_21"),
        (hand_made(ZOE.replace("<Sexe>F", "<Sexe>")), "INSI-MANU", "insi_24"),
        (hand_made(ZOE.replace("1975-12-31", "31/12/1975")), "INSI-MANU", "insi_25"),
        (hand_made(ZOE.replace("63220", "632")), "INSI-MANU", "insi_26"),
        (hand_made(ZOE.replace("NomNaissance", "Inconnu")), "INSI-MANU", "desir_entete"),
        (b"<a>", "INSI-MANU", "desir_entete"),
        (b"<!DOCTYPE a><a/>", "INSI-MANU", "desir_entete"),
        (b"<a/>", "INSI-MANU", "desir_entete"),
    ],
)
def test_what_the_real_service_would_refuse_is_refused(
    sandbox: Sandbox, clock: FixedClock, body: bytes, cn: str, fault: str
) -> None:
    response, verdict = ask(sandbox, clock, body, cn=cn)
    assert (response.status, fault_of(response)) == (500, fault)
    assert not verdict.accepted
    assert not verdict.remarks[-1].passed


def test_oddities_are_remarked_and_tolerated(sandbox: Sandbox, clock: FixedClock) -> None:
    odd = HEADER.replace("urn:lps:essai:1.0", "essai").replace("</c:Emetteur>", "0</c:Emetteur>")
    _, verdict = ask(sandbox, clock, hand_made(header=odd))
    assert verdict.accepted
    assert {remark.rule for remark in verdict.remarks if not remark.passed} == {"emetteur", "progiciel"}


def test_http_that_is_not_soap_12_is_refused(sandbox: Sandbox, clock: FixedClock) -> None:
    assert ask(sandbox, clock, b"", method="GET")[0].status == 405
    assert ask(sandbox, clock, hand_made(), content_type="text/xml")[0].status == 415


def test_the_base_holds_the_published_persons_and_the_cast() -> None:
    persons = known_persons()
    names = {person.nom for person in persons}
    assert {"TCHITCHI", "HERMANN", "ADRDEUX", "PROVISOIRE"} <= names
    for usager in USAGERS:
        if usager.insi == "found":
            assert any(person.matricule == usager.matricule for person in persons)
            assert any(
                person.oid == usager.ins_oid and person.nom == usager.nom_naissance for person in persons
            )


# --- the kit over a real socket -------------------------------------------------------------------------


class Kit:
    """Makes clients of the kit with a certificate of the sandbox's authority, and closes them."""

    def __init__(self, sandbox: Sandbox) -> None:
        self._sandbox = sandbox
        self._transports: list[TlsHttpTransport] = []

    def __call__(self, *, use: Use = Use.INSI, idam: str = IDAM, wait: float = 5.0) -> InsiClient:
        paths = self._sandbox.pki.paths(use, STRUCTURE)
        transport = TlsHttpTransport(client_context(paths.authorities, paths.certificate, paths.key))
        self._transports.append(transport)
        profile = InsiProfile(
            f"{self._sandbox.https_url}/lps",
            idam,
            "amarre",
            "0.1",
            str(uuid.UUID(int=7)),
            STRUCTURE,
            Environment.SANDBOX,
        )
        deadlines = Deadlines(connect=3, first_byte=wait, whole=wait)
        return InsiClient(transport, profile, SystemClock(), SystemIds(), deadlines)

    def close(self) -> None:
        for transport in self._transports:
            transport.close()


@pytest.fixture
def kit(sandbox: Sandbox) -> Iterator[Kit]:
    made = Kit(sandbox)
    yield made
    made.close()


CATARINA = SearchCriteria("TCHITCHI", "OLA CATARINA BELLA", Sexe.F, BirthDate("1936-06-21"), "63220")
HERMANN = SearchCriteria("HERMANN", "GATIEN", Sexe.M, BirthDate("1981-03-24"), "63220")


def test_the_series_of_the_authorisation_scenario(kit: Kit) -> None:
    outcome = kit().search_by_traits(CATARINA)
    assert outcome.kind is OutcomeKind.FOUND
    assert [call.code for call in outcome.calls] == ["01", "00"]
    assert outcome.individual is not None
    assert outcome.individual.ins.matricule.value == "236066322083656"


def test_nobody_several_and_a_published_wrong_key(kit: Kit) -> None:
    nobody = replace(CATARINA, nom_naissance="HOUILLES", prenoms="PIERRE PAUL JACQUES", sexe=Sexe.M)
    outcome = kit().search_by_traits(nobody)
    assert (outcome.kind, len(outcome.calls)) == (OutcomeKind.NOT_FOUND, 4)
    leonardo = SearchCriteria("DE VINCI", "LEONARDO", Sexe.M, BirthDate("2014-02-01"), "63220")
    assert kit().search_by_traits(leonardo).kind is OutcomeKind.SEVERAL
    odd = kit().search_by_traits(HERMANN)
    assert odd.individual is not None
    assert len(odd.individual.warnings) == 1
    assert len(odd.individual.former) == 2


def test_a_cast_person_carries_the_oid_of_tests(kit: Kit) -> None:
    yvonne = SearchCriteria("LE BIHAN", "YVONNE", Sexe.F, BirthDate("1938-04-12"), "29151")
    outcome = kit().search_by_traits(yvonne)
    assert outcome.individual is not None
    assert outcome.individual.ins.oid.value == "1.2.250.1.213.1.4.10"


def test_search_by_card(kit: Kit) -> None:
    card = VitaleQuery("2751263220749", "74", "", "", "ADRUN", "1975-12-31", "1")
    outcome = kit().search_by_vitale(card)
    assert outcome.kind is OutcomeKind.FOUND


def test_wrong_certificate_and_wrong_authorisation(kit: Kit) -> None:
    assert isinstance(kit(use=Use.MSSANTE).search_by_traits(HERMANN).error, CertificateNotAllowed)
    assert isinstance(kit(idam="AUTRE").search_by_traits(HERMANN).error, SoftwareNotAuthorised)


@pytest.mark.parametrize(
    ("scenario", "error"),
    [
        ("erreur-technique", SearchTechnicalError),
        ("teleservices-indisponibles", TeleserviceUnavailable),
        ("passerelle-indisponible", GatewayUnavailable),
        ("autre-personne", AnswerDoesNotMatch),
        ("indisponible", ServiceUnavailable),
        ("page-html", HtmlInsteadOfSoap),
        ("reponse-perdue", AnswerLost),
        ("reponse-lente", AnswerLate),
    ],
)
def test_situations_become_explained_errors(
    sandbox: Sandbox, kit: Kit, scenario: str, error: type[Exception]
) -> None:
    sandbox.choose("insi", scenario, 1)
    outcome = kit(wait=1.0).search_by_traits(HERMANN)
    assert type(outcome.error) is error
    assert kit().search_by_traits(HERMANN).kind is OutcomeKind.FOUND


def test_a_truncated_answer_is_never_believed(sandbox: Sandbox, kit: Kit) -> None:
    sandbox.choose("insi", "reponse-tronquee", 1)
    outcome = kit(wait=2.0).search_by_traits(HERMANN)
    assert isinstance(outcome.error, (AnswerLost, XmlNotWellFormed))
    assert outcome.individual is None


def test_other_situations(sandbox: Sandbox, kit: Kit) -> None:
    sandbox.choose("insi", "introuvable")
    assert kit().search_by_traits(HERMANN).kind is OutcomeKind.NOT_FOUND
    sandbox.choose("insi", "plusieurs")
    assert kit().search_by_traits(HERMANN).kind is OutcomeKind.SEVERAL
    sandbox.choose("insi", "insi-102-au-lieu-de-01")
    assert isinstance(kit().search_by_traits(CATARINA).error, SearchTechnicalError)
    sandbox.choose("insi", "historique-desordonne")
    ecetinsi = SearchCriteria("ECETINSI", "PIERRE-ALAIN", Sexe.M, BirthDate("2009-07-14"), "63220")
    outcome = kit().search_by_traits(ecetinsi)
    assert b"<INSHISTO><DateDeb>" in outcome.calls[0].answer
    individual = outcome.individual
    assert individual is not None
    assert [former.start for former in individual.former] == ["2019-03-01"]


def test_no_certificate_no_conversation(sandbox: Sandbox) -> None:
    context = ssl.create_default_context(cafile=str(sandbox.pki.authorities))
    with httpx2.Client(verify=context, trust_env=False) as client, pytest.raises(httpx2.TransportError):
        client.post(f"{sandbox.https_url}/lps", content=hand_made())


@pytest.mark.parametrize("test", EXPECTATIONS, ids=[f"{item.nom} {item.prenom}" for item in EXPECTATIONS])
def test_every_published_person_gives_what_is_published(
    sandbox: Sandbox, clock: FixedClock, test: Expectation
) -> None:
    body = (
        f"<NomNaissance>{test.nom}</NomNaissance><Prenom>{test.prenom}</Prenom><Sexe>{test.sexe}</Sexe>"
        f"<DateNaissance>{test.naissance}</DateNaissance>"
    )
    response, verdict = ask(sandbox, clock, hand_made(body))
    found = etree.fromstring(response.body).findtext(".//{*}CodeCR")
    assert found == test.code
    assert verdict.decoded["Personne de test"].startswith(test.remark)
    if test.code == "01":
        for scenario, fault in (
            ("insi-102-au-lieu-de-01", "insi_102"),
            ("desir-1020-au-lieu-de-01", "desir_1020"),
        ):
            sandbox.choose("insi", scenario, 1)
            assert fault_of(ask(sandbox, clock, hand_made(body))[0]) == fault


@pytest.mark.parametrize(
    ("scenario", "nom", "history"),
    [
        ("test-2-04-cas2", "ECETINSI", 2),
        ("test-2-05", "PROVISOIRE", 0),
        ("test-2-08-cas1", "CORSE", 1),
        ("test-2-08-cas2", "HERMANN", 2),
    ],
)
def test_shapes_of_the_injection_files(
    sandbox: Sandbox, clock: FixedClock, scenario: str, nom: str, history: int
) -> None:
    sandbox.choose("insi", scenario, 1)
    root = etree.fromstring(ask(sandbox, clock, hand_made())[0].body)
    assert root.findtext(".//{*}NomNaissance") == nom
    assert len(root.findall(".//{*}INSHISTO")) == history


def test_prefixes_quota_and_delays(sandbox: Sandbox, kit: Kit, clock: FixedClock) -> None:
    sandbox.choose("insi", "prefixes", 1)
    outcome = kit().search_by_traits(HERMANN)
    assert outcome.kind is OutcomeKind.FOUND
    assert b"<ns2:RESULTAT" in outcome.calls[0].answer
    sandbox.choose("insi", "quota-depasse", 1)
    refused = kit().search_by_traits(HERMANN).error
    assert isinstance(refused, QuotaExceeded)
    assert refused.params["seconds"] == 2
    sandbox.choose("insi", "latence-100-ms", 1)
    assert kit().search_by_traits(HERMANN).calls[0].seconds >= 0.1
    sandbox.choose("insi", "rep-cr01", 1)
    assert fault_of(ask(sandbox, clock, hand_made())[0]) == ""


def test_the_quota_of_a_minute(clock: FixedClock) -> None:
    quota = Quota(2)
    assert [quota.wait("a", clock.now()) for _ in range(3)] == [0, 0, 60]
    assert quota.wait("b", clock.now()) == 0
    clock.advance(59)
    assert quota.wait("a", clock.now()) == 1
    clock.advance(1)
    assert quota.wait("a", clock.now()) == 0
    quota.reset()
    assert Quota(0).wait("a", clock.now()) == 0


def test_a_card_never_answers_by_the_insured_person(kit: Kit) -> None:
    child = VitaleQuery("", "", "2751263220749", "74", "NESSI", "2010-08-07", "1")
    outcome = kit().search_by_vitale(child)
    assert outcome.individual is not None
    assert outcome.individual.ins.matricule.base == "1100863220830"


OFFICIAL = "AMARRE_OFFICIAL"


def _official(name: str) -> etree.XMLSchema:
    found = sorted(Path(os.environ[OFFICIAL]).rglob(name))
    if not found:
        pytest.skip(f"{name} is not in the official folder")
    return etree.XMLSchema(etree.parse(found[0]))


@pytest.mark.needs("official")
def test_answers_are_valid_against_the_official_schema_but_where_asked_otherwise() -> None:
    schema = _official("INSi_RESULTAT_INS.xsd")

    def valid(answer: bytes) -> bool:
        node = etree.fromstring(answer).find(".//{http://www.cnamts.fr/INSiResultat}RESULTAT")
        return schema.validate(etree.fromstring(etree.tostring(node)))

    for prefixed in (False, True):
        for person in (*known_persons(), *INJECTED.values()):
            assert valid(answers.result("00", person, prefixed=prefixed)), person.nom
        assert valid(answers.result("01", None, prefixed=prefixed))
        assert valid(answers.result("02", None, prefixed=prefixed))
    # The injection file of test 2.04 breaks the schema: so does its situation.
    assert not valid(answers.result("00", INJECTED["test-2-04-cas2"], shuffled_history=True))


@pytest.mark.needs("official")
def test_faults_are_valid_against_the_official_schema_but_for_the_word_of_the_real_server() -> None:
    schema = _official("schema_faultSOAP_V01_01.xsd")
    refused = set()
    for code in FAULTS.values():
        error = etree.fromstring(answers.fault(code, "uuid:1")).find(".//{urn:siram}Erreur")
        if not schema.validate(etree.fromstring(etree.tostring(error))):
            refused.add((code.code, code.severity))
    assert refused == {("insi_102", "fatal")}
