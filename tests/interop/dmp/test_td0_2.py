"""TD0.2: the query, and every state the answer may tell."""

from __future__ import annotations

import uuid

import pytest
from lxml import etree

from amarre.interop.common.xml import parse_foreign
from amarre.interop.dmp import Authorisation, DmpError, DmpState, patient_id_of
from amarre.interop.dmp.errors import (
    DmpAbsent,
    DmpCertificateRefused,
    DmpClosed,
    DmpOtherRefusal,
    DmpUnexpectedAnswer,
)
from amarre.interop.dmp.td0_2 import HL7, build_query, read_status
from tests.interop.dmp import material

NS = {"h": HL7}
PATIENT = patient_id_of(material.identity())


def answer(
    *,
    ack: str = "AA",
    detail: str = "",
    response: str = "OK",
    state: str = "active",
    person: str = "",
    lines: str = "",
) -> etree._Element:
    identifier = person or f'<id root="{PATIENT.authority}" extension="{PATIENT.value}"/>'
    found = f"""<subject><registrationEvent><subject1><patient>{identifier}<statusCode code="{state}"/>
      <subjectOf><administrativeObservation><code code="RATTACHEMENT_ENS"/>
        <value xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:type="BL" value="true"/>
      </administrativeObservation></subjectOf></patient></subject1></registrationEvent></subject>"""
    text = f"""<PRPA_IN201308UV02 xmlns="{HL7}">{lines}
      <acknowledgement typeCode="{ack}">{detail}</acknowledgement>
      <controlActProcess>{found if response == "OK" else ""}
        <queryAck><queryResponseCode code="{response}"/></queryAck></controlActProcess></PRPA_IN201308UV02>"""
    return parse_foreign(text.encode())


def test_the_query_asks_for_one_person_by_matricule() -> None:
    root = build_query(
        material.profile(), PATIENT, now=material.NOW, message_id=uuid.UUID(int=1), query_id=uuid.UUID(int=2)
    )
    value = root.find(".//h:patientIdentifier/h:value", NS)
    assert value is not None
    assert (value.get("root"), value.get("extension")) == (PATIENT.authority, PATIENT.value)
    codes = [root.find(f"h:{name}", NS) for name in ("processingCode", "processingModeCode", "acceptAckCode")]
    assert [item.get("code") for item in codes if item is not None] == ["D", "T", "AL"]
    assert root.find("h:receiver/h:device/h:id[@root='1.2.250.1.213.4.1.1.1']", NS) is not None
    reason = root.find("h:controlActProcess/h:reasonCode", NS)
    assert reason is not None
    assert reason.get("code") == "TEST_EXST"


def test_an_active_dmp_may_receive() -> None:
    lines = (
        '<attentionLine><keyWordText code="AUTORISATION"/><value code="EXPIRE"/></attentionLine>'
        '<attentionLine><keyWordText code="STATUT_MT"/><value value="false"/></attentionLine>'
    )
    status = read_status(answer(lines=lines), PATIENT)
    assert status.state is DmpState.ACTIVE
    assert status.can_receive
    status.require_open()
    assert status.authorisation is Authorisation.EXPIRE
    assert status.attached_to_mes is True
    assert status.caller_is_treating_physician is False


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (answer(response="NF"), DmpState.ABSENT),
        (answer(state="terminated"), DmpState.CLOSED),
        (
            answer(
                ack="AE", detail='<acknowledgementDetail><code code="DMPClosed"/></acknowledgementDetail>'
            ),
            DmpState.CLOSED,
        ),
    ],
)
def test_an_absent_or_closed_dmp_is_an_answer_not_an_error(given: etree._Element, expected: DmpState) -> None:
    status = read_status(given, PATIENT)
    assert status.state is expected
    assert not status.can_receive
    with pytest.raises((DmpAbsent, DmpClosed)):
        status.require_open()


@pytest.mark.parametrize(
    ("code", "expected"),
    [("DMPInvalidCertificate", DmpCertificateRefused), ("DMPQuelqueChose", DmpOtherRefusal)],
)
def test_application_refusals_are_explained(code: str, expected: type[DmpError]) -> None:
    detail = f'<acknowledgementDetail><code code="{code}"/><text>refus</text></acknowledgementDetail>'
    with pytest.raises(expected) as caught:
        read_status(answer(ack="AE", detail=detail), PATIENT)
    assert caught.value.remote_code == code


@pytest.mark.parametrize(
    "given",
    [
        parse_foreign(b'<other xmlns="urn:hl7-org:v3"/>'),
        parse_foreign(f'<PRPA_IN201308UV02 xmlns="{HL7}"/>'.encode()),
        answer(response="QE"),
        answer(person=f'<id root="{PATIENT.authority}" extension="000000000000000"/>'),
    ],
)
def test_another_message_or_another_person_is_never_believed(given: etree._Element) -> None:
    with pytest.raises(DmpUnexpectedAnswer):
        read_status(given, PATIENT)
