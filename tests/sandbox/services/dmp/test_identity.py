"""TD0.2, TD3.1 and the VIHF against the running sandbox."""

from __future__ import annotations

import datetime
from collections.abc import Callable

import pytest
from lxml import etree

from amarre.sandbox.app import Sandbox
from amarre.sandbox.pki import Use
from tests.sandbox.services.dmp import messages
from tests.sandbox.services.dmp.messages import STRUCTURE, Caller, Paper

BASE = "/si-dmp-server/v2/services"
Answer = tuple[int, dict[str, str], bytes]
Send = Callable[..., Answer]


@pytest.fixture
def caller(sandbox: Sandbox) -> Caller:
    return Caller(sandbox.pki.paths(Use.DMP_SIGNATURE, STRUCTURE), sandbox.clock.now())


@pytest.fixture
def post(sandbox: Sandbox, call: Callable[..., Answer]) -> Send:
    def send(
        service: str, body: bytes, kind: str = "application/soap+xml", use: Use = Use.DMP_AUTHENTICATION
    ) -> Answer:
        tls = sandbox.pki.paths(use, STRUCTURE)
        return call("POST", f"{BASE}/{service}", body, certificate=tls, content_type=kind)

    return send


def fault(answer: Answer) -> tuple[str, str]:
    root = etree.fromstring(answer[2])
    return root.findtext(".//{*}Subcode/{*}Value", ""), root.findtext(".//{*}Reason/{*}Text", "")


@pytest.mark.parametrize(
    ("ins", "oid", "found", "state", "authorisation"),
    [
        ("238042915110160", "1.2.250.1.213.1.4.10", "OK", "active", "VALIDE"),
        ("275126322074974", "1.2.250.1.213.1.4.8", "OK", "active", "NON_EXISTE"),
        ("141092915110242", "1.2.250.1.213.1.4.10", "OK", "active", "EXPIRE"),
        ("136085612110848", "1.2.250.1.213.1.4.10", "OK", "active", "INTERDIT"),
        ("250062915111275", "1.2.250.1.213.1.4.10", "OK", "inactive", "NON_EXISTE"),
        ("244079912210452", "1.2.250.1.213.1.4.10", "NF", None, None),
        ("238042915110160", "1.2.250.1.213.1.4.8", "NF", None, None),
    ],
)
def test_existence(
    post: Send, caller: Caller, ins: str, oid: str, found: str, state: str | None, authorisation: str | None
) -> None:
    status, _, body = post("patients", messages.existence(caller.but(ins=ins, oid=oid)))
    root = etree.fromstring(body)
    assert status == 200
    assert root.find(".//{*}acknowledgement").get("typeCode") == "AA"
    assert root.find(".//{*}queryResponseCode").get("code") == found
    # xsi:type holds a QName, which only resolves when HL7 is the default namespace.
    assert root.find(".//{*}acknowledgement").nsmap[None] == "urn:hl7-org:v3"
    patient = root.find(".//{*}patient/{*}statusCode")
    value = root.find(".//{*}attentionLine/{*}value")
    assert (None if patient is None else patient.get("code")) == state
    assert (None if value is None else value.get("code")) == authorisation


def test_a_wrong_key_is_answered_by_an_application_error(post: Send, caller: Caller) -> None:
    _, _, body = post("patients", messages.existence(caller.but(ins="238042915110161")))
    assert etree.fromstring(body).find(".//{*}acknowledgement").get("typeCode") == "AE"


@pytest.mark.parametrize(
    ("changes", "code", "words"),
    [
        ({"tamper": True}, "wsse:FailedCheck", "signature"),
        ({"issuer": "CN=autre"}, "wsse:InvalidSecurityToken", "Issuer"),
        ({"age": datetime.timedelta(minutes=7)}, "wsse:MessageExpired", "horloge"),
        ({"structure": "1990000010"}, "DMPInvalidCertificate", "Structure introuvable"),
        ({"sector": "SA66^1.2.250.1.71.4.2.4"}, "wsse:InvalidSecurityToken", "secteur"),
        ({"roles": (("10", "1.2.250.1.71.1.2.7"),)}, "wsse:InvalidSecurityToken", "Aucune spécialité"),
        ({"roles": (("XX", "1.2.250.1.71.1.2.7"),)}, "wsse:InvalidSecurityToken", "profession"),
        ({"mode": "PSC"}, "wsse:InvalidSecurityToken", "mode d'authentification"),
        ({"extra": {"Ressource_URN": "urn:autre"}}, "wsse:InvalidSecurityToken", "urn:dmp"),
        ({"extra": {"LPS_ID_HOMOLOGATION_DMP": ""}}, "wsse:InvalidSecurityToken", "homologation"),
    ],
)
def test_a_wrong_vihf_is_refused(
    post: Send, caller: Caller, changes: dict[str, object], code: str, words: str
) -> None:
    answer = post("patients", messages.existence(caller.but(**changes)))
    assert answer[0] == 500
    assert fault(answer)[0] == code
    assert words in fault(answer)[1]


def test_a_vihf_signed_by_the_authentication_certificate_is_refused(
    sandbox: Sandbox, post: Send, caller: Caller
) -> None:
    wrong = caller.but(signer=sandbox.pki.paths(Use.DMP_AUTHENTICATION, STRUCTURE))
    code, text = fault(post("patients", messages.existence(wrong)))
    assert code == "DMPInvalidCertificate"
    assert "Not a valid signature certificate" in text


def test_a_vihf_about_somebody_else_is_refused(post: Send, caller: Caller) -> None:
    _, _, body = post(
        "patients", messages.existence(caller, ins="275126322074974", oid="1.2.250.1.213.1.4.8")
    )
    assert etree.fromstring(body).find(".//{*}acknowledgementDetail/{*}code").get("code").startswith("wsse:")


def test_a_signature_moved_around_another_assertion_is_refused(post: Send, caller: Caller) -> None:
    root = etree.fromstring(messages.existence(caller))
    security = root.find(".//{*}Security")
    signed = security[0]
    forged = messages.vihf(caller.but(ins="275126322074974"))
    forged.replace(forged.find("{*}Signature"), signed.find("{*}Signature"))
    forged.find("{*}Subject").append(signed)
    security.append(forged)
    code, _ = fault(post("patients", etree.tostring(root)))
    assert code == "wsse:FailedCheck"


def test_missing_addressing_gives_the_real_sentence(post: Send, caller: Caller) -> None:
    root = etree.fromstring(messages.existence(caller))
    header = root.find("{*}Header")
    header.remove(header.find("{*}ReplyTo"))
    code, text = fault(post("patients", etree.tostring(root)))
    assert code == "wsa:MessageAddressingHeaderRequired"
    assert text == "A required header representing a Message Addressing Property is not present"


def test_an_answer_may_belong_to_another_request(sandbox: Sandbox, post: Send, caller: Caller) -> None:
    body = messages.existence(caller)
    asked = etree.fromstring(body).findtext(".//{*}MessageID")
    sandbox.choose("dmp", "reponse-autre-demande", 1)
    assert etree.fromstring(post("patients", body)[2]).findtext(".//{*}RelatesTo") != asked
    assert etree.fromstring(post("patients", body)[2]).findtext(".//{*}RelatesTo") == asked


def test_a_document_is_found_by_its_unique_id(sandbox: Sandbox, post: Send, caller: Caller) -> None:
    kind, body = messages.deposit(caller, Paper(1))
    post("repository", body, kind)
    entry = sandbox.state()["dmp"]["documents"][Paper(1).unique_id]  # type: ignore[index,call-overload]
    _, _, answer = post("registry", messages.by_unique_id(caller, Paper(1).unique_id))
    found = [item.get("id") for item in etree.fromstring(answer).iter("{*}ObjectRef")]
    card = messages.card_of(sandbox.pki.data_dir, caller)
    assert found == [entry["entry_uuid"]]
    _, _, answer = post("registry", messages.by_unique_id(card, Paper(1).unique_id, "LeafClass"))
    leaf = etree.fromstring(answer).find(".//{*}ExtrinsicObject")
    slots = {slot.get("name"): slot.findtext(".//{*}Value") for slot in leaf.findall("{*}Slot")}
    assert slots["hash"] == entry["hash"]
    assert slots["repositoryUniqueId"] == "1.2.250.1.213.4.1.1.1.2"
    _, _, answer = post("registry", messages.by_unique_id(caller, "1.2.3.4"))
    assert list(etree.fromstring(answer).iter("{*}ObjectRef")) == []


def test_another_person_sees_nothing(post: Send, caller: Caller) -> None:
    kind, body = messages.deposit(caller, Paper(1))
    post("repository", body, kind)
    other = caller.but(ins="275126322074974", oid="1.2.250.1.213.1.4.8")
    _, _, answer = post("registry", messages.by_unique_id(other, Paper(1).unique_id))
    assert list(etree.fromstring(answer).iter("{*}ObjectRef")) == []


def test_a_card_lists_the_documents_of_the_person(sandbox: Sandbox, post: Send, caller: Caller) -> None:
    kind, body = messages.deposit(caller, Paper(1))
    post("repository", body, kind)
    slots = {
        "$XDSDocumentEntryPatientId": f"'{messages.INS}^^^&{messages.OID}&ISO^NH'",
        "$XDSDocumentEntryStatus": "('urn:oasis:names:tc:ebxml-regrep:StatusType:Approved')",
        "$XDSDocumentEntryTypeCode": "('80788-3^^2.16.840.1.113883.6.1')",
    }
    card = messages.card_of(sandbox.pki.data_dir, caller)
    identifier = "urn:uuid:14d4debf-8f97-4251-9a74-a90016b0af0d"
    _, _, answer = post("registry", messages.query(card, identifier, slots))
    root = etree.fromstring(answer)
    assert [item.get("mimeType") for item in root.iter("{*}ExtrinsicObject")] == ["text/xml"]
    slots["$XDSDocumentEntryPatientId"] = f"({slots['$XDSDocumentEntryPatientId']})"
    _, _, answer = post("registry", messages.query(card, identifier, slots))
    codes = [item.get("errorCode") for item in etree.fromstring(answer).iter("{*}RegistryError")]
    assert codes == ["XDSStoredQueryParamNumber"]
    _, _, answer = post("registry", messages.query(card, "urn:uuid:0", slots))
    assert b"XDSUnknownStoredQuery" in answer


def test_a_structure_may_not_read_metadata(post: Send, caller: Caller) -> None:
    answer = post("registry", messages.by_unique_id(caller, "1.2.3", "LeafClass"))
    assert fault(answer)[0] == "DMPAccessDeniedByRightsService"


def test_a_structure_may_not_list_documents(post: Send, caller: Caller) -> None:
    slots = {
        "$XDSDocumentEntryPatientId": f"'{messages.INS}^^^&{messages.OID}&ISO^NH'",
        "$XDSDocumentEntryStatus": "('urn:oasis:names:tc:ebxml-regrep:StatusType:Approved')",
    }
    body = messages.query(caller, "urn:uuid:14d4debf-8f97-4251-9a74-a90016b0af0d", slots)
    assert fault(post("registry", body))[0] == "DMPAccessDeniedByRightsService"


def test_reused_assertions_and_shared_certificates_are_reported(
    sandbox: Sandbox, post: Send, caller: Caller
) -> None:
    body = messages.existence(caller)
    assert post("patients", body, use=Use.INSI)[0] == 200
    assert post("patients", body)[0] == 200
    later, first = sandbox.journal.list("dmp")
    assert {item.rule for item in first.verdict.remarks if not item.passed} == {"tls.dedicated"}
    assert {item.rule for item in later.verdict.remarks if not item.passed} == {"vihf.once", "wsa.messageid"}


FIND = "urn:uuid:14d4debf-8f97-4251-9a74-a90016b0af0d"
SLOTS = {
    "$XDSDocumentEntryPatientId": f"'{messages.INS}^^^&{messages.OID}&ISO^NH'",
    "$XDSDocumentEntryStatus": "('urn:oasis:names:tc:ebxml-regrep:StatusType:Approved')",
}
DECLARED = "urn:oasis:names:tc:SAML:2.0:ac:classes:SmartcardPKI"


def test_a_card_is_its_holder(sandbox: Sandbox, post: Send, caller: Caller) -> None:
    card = messages.card_of(sandbox.pki.data_dir, caller)
    assert post("registry", messages.query(card, FIND, SLOTS))[0] == 200
    stolen = post("registry", messages.query(card.but(name_id="899700000021"), FIND, SLOTS))
    assert fault(stolen)[0] == "DMPInvalidCertificate"
    assert "carte" in fault(stolen)[1]


def test_a_card_does_not_sign_for_a_structure_nor_a_structure_for_a_card(
    sandbox: Sandbox, post: Send, caller: Caller
) -> None:
    card = messages.card_of(sandbox.pki.data_dir, caller)
    for wrong in (card.but(mode="INDIRECTE"), caller.but(mode="DIRECTE")):
        assert fault(post("patients", messages.existence(wrong)))[0] == "DMPInvalidCertificate"


def test_air_declares_its_context_and_is_for_health_professions(
    sandbox: Sandbox, post: Send, caller: Caller
) -> None:
    air = caller.but(mode="INDIRECTE_RENFORCEE", declared=DECLARED)
    assert post("registry", messages.query(air, FIND, SLOTS))[0] == 200
    bare = post("registry", messages.query(air.but(declared=""), FIND, SLOTS))
    assert "AuthnContextDecl" in fault(bare)[1]
    educator = air.but(roles=(("51", "1.2.250.1.213.1.6.1.4"),))
    assert (
        fault(post("registry", messages.query(educator, FIND, SLOTS)))[0] == "DMPAccessDeniedByRightsService"
    )
    kind, body = messages.deposit(air, Paper(1))
    assert fault(post("repository", body, kind))[0] == "DMPAccessDeniedByRightsService"


def test_an_emergency_needs_no_authorisation_but_heeds_an_opposition(
    sandbox: Sandbox, post: Send, caller: Caller
) -> None:
    card = messages.card_of(sandbox.pki.data_dir, caller).but(purpose="bris_de_glace")
    for ins, status in (("275126322074974", 200), ("230012923210705", 500)):
        oid = "1.2.250.1.213.1.4.8" if status == 200 else messages.OID
        slots = SLOTS | {"$XDSDocumentEntryPatientId": f"'{ins}^^^&{oid}&ISO^NH'"}
        answer = post("registry", messages.query(card.but(ins=ins, oid=oid), FIND, slots))
        assert answer[0] == status
    assert "bris de glace" in fault(answer)[1]
